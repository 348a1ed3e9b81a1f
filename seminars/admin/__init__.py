"""Admin of meetings and seminars, by story."""

from seminars.admin import meeting, seminar

__all__ = ["meeting", "seminar"]
