"""Models of the audit app, by story: where facts come from, what was changed, what a human wrote beside it."""

from sbs_portal.audit.models.change import Change, ChangeKind, Face
from sbs_portal.audit.models.journal import JournalEntry, JournalKind
from sbs_portal.audit.models.provenance import (
    Review,
    Source,
    SourceKind,
    Statement,
    Trust,
    What,
)

__all__ = [
    "Change",
    "ChangeKind",
    "Face",
    "JournalEntry",
    "JournalKind",
    "Review",
    "Source",
    "SourceKind",
    "Statement",
    "Trust",
    "What",
]
