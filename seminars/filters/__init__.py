"""Filters of meetings and seminars, by story."""
