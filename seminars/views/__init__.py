"""Views of meetings and seminars, by story."""
