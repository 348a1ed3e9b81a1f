"""Meetings and seminars, by story."""

from seminars.models.attendance import Attendance, AttendanceStatus
from seminars.models.delegation import Delegate, DelegateStatus, Delegation, SeminarUnit
from seminars.models.meeting import (
    Meeting,
    MeetingKind,
    MeetingParticipation,
    MeetingStatus,
    MeetingUnit,
)
from seminars.models.outcome import Outcome, OutcomeKind
from seminars.models.seminar import (
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarKind,
    SeminarStatus,
    Session,
    SessionKind,
)
from seminars.models.series import MeetingMode, MeetingSeries, SeriesAttendee

__all__ = [
    "Attendance",
    "AttendanceStatus",
    "Delegate",
    "DelegateStatus",
    "Delegation",
    "Lesson",
    "Meeting",
    "MeetingKind",
    "MeetingMode",
    "MeetingParticipation",
    "MeetingSeries",
    "MeetingStatus",
    "MeetingUnit",
    "Outcome",
    "OutcomeKind",
    "Presentation",
    "ReflectionWord",
    "Seminar",
    "SeminarHuvudman",
    "SeminarKind",
    "SeminarStatus",
    "SeminarUnit",
    "SeriesAttendee",
    "Session",
    "SessionKind",
]
