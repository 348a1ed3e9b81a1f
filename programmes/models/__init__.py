"""The programmes' models, by story."""

from programmes.models.catalogue import Cohort, FocusArea, Programme
from programmes.models.participation import (
    Participation,
    ParticipationStatus,
    StatusChange,
    TermExtension,
    TermPause,
    last_known_day,
)
from programmes.models.parts import (
    Agreement,
    AgreementKind,
    AssignmentRole,
    ParticipatingUnit,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Phase,
    Support,
    SupportLevel,
    SupportStatus,
)
from programmes.models.registration import Registration, RegistrationStep

__all__ = [
    "Agreement",
    "AgreementKind",
    "AssignmentRole",
    "Cohort",
    "FocusArea",
    "ParticipatingUnit",
    "Participation",
    "ParticipationAssignment",
    "ParticipationFocus",
    "ParticipationPhase",
    "ParticipationStatus",
    "Phase",
    "Programme",
    "Registration",
    "RegistrationStep",
    "StatusChange",
    "Support",
    "SupportLevel",
    "SupportStatus",
    "TermExtension",
    "TermPause",
    "last_known_day",
]
