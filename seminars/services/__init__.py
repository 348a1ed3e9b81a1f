"""Services of meetings and seminars, by story."""
