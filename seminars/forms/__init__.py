"""Forms of meetings and seminars, by story."""
