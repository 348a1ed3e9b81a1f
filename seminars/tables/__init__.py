"""Tables of meetings and seminars, by story."""
