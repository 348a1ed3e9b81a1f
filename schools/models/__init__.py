"""The register's models, by story."""

from schools.models.access import Access
from schools.models.calendar import SchoolBreak, SchoolCalendar
from schools.models.huvudman import Administration, County, Huvudman, HuvudmanKind, Municipality
from schools.models.invitation import Invitation, InvitationState
from schools.models.person import (
    Person,
    Provider,
    ProviderKind,
    RoleAssignment,
    SecurityMarking,
    StaffRole,
)
from schools.models.reveal import PersonReveal
from schools.models.succession import SuccessionKind, UnitSuccession
from schools.models.unit import SchoolForm, SchoolUnit, SchoolUnitVersion, UnitAlias, UnitStatus, shown_forms

__all__ = [
    "Access",
    "Administration",
    "County",
    "Huvudman",
    "HuvudmanKind",
    "Invitation",
    "InvitationState",
    "Municipality",
    "Person",
    "PersonReveal",
    "Provider",
    "ProviderKind",
    "RoleAssignment",
    "SchoolBreak",
    "SchoolCalendar",
    "SchoolForm",
    "SchoolUnit",
    "SchoolUnitVersion",
    "SecurityMarking",
    "StaffRole",
    "SuccessionKind",
    "UnitAlias",
    "UnitStatus",
    "UnitSuccession",
    "shown_forms",
]
