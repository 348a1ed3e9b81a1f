"""Everything a participation's page says, on one day: loaded once, read by every section.

Only what the reader may see is loaded: without the right to people there are no people here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import BigIntegerField, Q, QuerySet

from programmes import words
from programmes.models import (
    Agreement,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    ParticipationStatus,
    RegistrationStep,
    StatusChange,
    Support,
)
from programmes.terms import PositionKind, TermPosition, term_number
from sbs_portal.audit.models import Statement, What
from sbs_portal.db.questions import Given
from sbs_portal.db.statements import Together, hang
from sbs_portal.rights import READING, Action
from sbs_portal.scope import Scope
from sbs_portal.time import ImpreciseDate, today
from schools.models import RoleAssignment, SchoolUnitVersion, StaffRole
from schools.services.calendar import Calendars, break_rows, calendar_rows


@dataclass(frozen=True)
class UnitRow:
    """A unit in the participation as it was on the day; ``rektorer`` is None for who may not see people."""

    part: ParticipatingUnit
    name: str
    detail: str
    phase: ParticipationPhase | None
    rektorer: list[RoleAssignment] | None
    is_here: bool

    @property
    def joined(self) -> str:
        return words.since_words(self.part.joined, unknown="från början")


@dataclass(frozen=True)
class Asking:
    """Who asks for a page, on which day, and what they may read there: all that its statement is made of.

    The participation itself is not among it: its ids are told when the statement is asked.
    """

    scope: Scope
    day: date
    rights: frozenset[Action]

    participation = Given("participation", BigIntegerField())
    huvudman = Given("huvudman", BigIntegerField())
    municipality = Given("municipality", BigIntegerField())

    def may(self, action: Action) -> bool:
        return action in self.rights

    def parts(self, model) -> QuerySet:
        """The participation's rows of the model, those the asker sees."""
        return model.objects.visible_to(self.scope).filter(participation=self.participation)


Rows = Callable[[Asking], QuerySet]

_readings: dict[str, Rows] = {}
_keys: dict[str, Callable] = {}


def register_reading(name: str, rows: Rows, *, key: Callable | None = None) -> None:
    """What a page tells of: read with all the rest of it (``Overview.rows``), sorted by key."""
    _readings[name] = rows
    if key:
        _keys[name] = key


@lru_cache(maxsize=64)
def _statement(asking: Asking) -> Together:
    """All that the page tells of, in one statement, compiled once for each asker and day."""
    return Together({name: rows(asking) for name, rows in _readings.items()})


def _people(asking: Asking, rows: QuerySet) -> QuerySet:
    """Rows about people, for who may read of them."""
    return rows if asking.may(Action.PEOPLE_READ) else rows.none()


def _units(asking: Asking) -> QuerySet:
    return asking.parts(ParticipatingUnit).order_by().values("unit_id")


def _rektorer(asking: Asking) -> QuerySet:
    roles = RoleAssignment.objects.visible_to(asking.scope)
    roles = roles.filter(role=StaffRole.REKTOR, unit__in=_units(asking))
    return _people(asking, roles.select_related("person").order_by("pk"))


def _assignments(asking: Asking) -> QuerySet:
    found = asking.parts(ParticipationAssignment).active_on(asking.day)
    return _people(asking, found.select_related("person", "employer", "participation__huvudman"))


for _name, _rows in {
    "status_changes": lambda asking: asking.parts(StatusChange).select_related("by__person"),
    "registration_steps": lambda asking: asking.parts(RegistrationStep).select_related("by__person"),
    "phases": lambda asking: asking.parts(ParticipationPhase),
    "parts": lambda asking: asking.parts(ParticipatingUnit).select_related("unit"),
    "versions": lambda asking: SchoolUnitVersion.objects.filter(unit__in=_units(asking)),
    "rektorer": _rektorer,
    "focus": lambda asking: asking.parts(ParticipationFocus).select_related("focus_area"),
    "supports": lambda asking: asking.parts(Support).select_related("provider"),
    "agreements": lambda asking: asking.parts(Agreement),
    "assignments": _assignments,
    "statements": lambda asking: (
        Statement.objects.visible_to(asking.scope).about_row(Participation, asking.participation).standing()
    ),
    "calendars": lambda asking: calendar_rows(Q(municipality=asking.municipality)),
    "breaks": lambda asking: break_rows(Q(municipality=asking.municipality)),
}.items():
    register_reading(_name, _rows)


class Overview:
    """A participation on a day, as one reader may see it.

    ``is_past`` says that the reader asked for another day than today: then what came later is left out,
    and the status is the one of that day.
    """

    def __init__(self, participation: Participation, scope: Scope, day: date, *, is_past: bool = False):
        self.participation, self.scope, self.day, self.is_past = participation, scope, day, is_past
        self._told: dict[str, list] = {}

    def rows(self, name: str) -> list:
        """The rows of a reading: its own, or one that an app above has registered."""
        return self._read[name]

    def told(self, name: str, tell: Callable[[list], list]) -> list:
        """The rows of a reading as ``tell`` makes them, made once."""
        if name not in self._told:
            self._told[name] = tell(self.rows(name))
        return self._told[name]

    @cached_property
    def asking(self) -> Asking:
        huvudman_id = self.participation.huvudman_id
        rights = (action for action in READING if self.scope.may(action, huvudman_id=huvudman_id))
        return Asking(self.scope, self.day, frozenset(rights))

    @cached_property
    def _read(self) -> dict[str, list]:
        """All that the page tells of."""
        one = self.participation
        found = _statement(self.asking).read(
            participation=one.pk, huvudman=one.huvudman_id, municipality=one.huvudman.municipality_id
        )
        for name, key in _keys.items():
            found[name].sort(key=key)
        hang([part.unit for part in found["parts"]], "versions", found["versions"], by="unit_id")
        return found

    @cached_property
    def sees_people(self) -> bool:
        return self.scope.may(Action.PEOPLE_READ, huvudman_id=self.participation.huvudman_id)

    # Status and term

    @cached_property
    def status_changes(self) -> list[StatusChange]:
        """The steps taken by the day; those whose day is unknown are taken to be."""
        steps = self.rows("status_changes")
        return [step for step in steps if not step.effective.is_known or step.effective.first <= self.day]

    @cached_property
    def status(self) -> ParticipationStatus:
        if self.is_past and self.status_changes:
            return ParticipationStatus(self.status_changes[-1].to_status)
        return ParticipationStatus(self.participation.status)

    @property
    def badge(self) -> tuple[str, str]:
        return words.status_badge(self.participation, self.day, self.status)

    @property
    def known_day(self) -> date:
        return words.known_day(self.participation, self.day, self.status)

    @property
    def is_cut_short(self) -> bool:
        return words.is_cut_short(self.participation, self.day, self.status)

    @cached_property
    def since(self) -> ImpreciseDate:
        """What is known of when it began: the participation's own, else what a source says."""
        if self.participation.started.is_known:
            return self.participation.started
        for statement in self.statements:
            if statement.what == What.SINCE and (found := stated_date(statement)).is_known:
                return found
        return self.participation.started

    def position_on(self, day: date) -> TermPosition:
        return term_number(day, since=self.since, **self.participation.clock())

    @cached_property
    def position(self) -> TermPosition:
        """The term on the last known day."""
        return self.position_on(self.known_day)

    @property
    def has_start(self) -> bool:
        return self.participation.start_term is not None

    @cached_property
    def registration_steps(self) -> list[RegistrationStep]:
        """The huvudman's own entry: sent, returned, approved; none where a coordinator entered it."""
        return self.rows("registration_steps")

    # Units and phases

    @cached_property
    def phases(self) -> list[ParticipationPhase]:
        return self.rows("phases")

    @property
    def own_phases(self) -> list[ParticipationPhase]:
        """The whole participation's, in the programme's order."""
        return sorted((row for row in self.phases if row.participating_unit_id is None), key=_phase_order)

    def phases_of(self, part: ParticipatingUnit) -> list[ParticipationPhase]:
        return [row for row in self.phases if row.participating_unit_id == part.pk]

    @cached_property
    def phase(self) -> ParticipationPhase | None:
        return words.current_phase(self.own_phases, self.known_day)

    @cached_property
    def parts(self) -> list[ParticipatingUnit]:
        """Units that are or have been with us; of those that join later, only as of today."""
        return [
            part
            for part in self.rows("parts")
            if not self.is_past or not part.joined.is_known or part.joined.first <= self.day
        ]

    @cached_property
    def units(self) -> list[UnitRow]:
        return [self._unit_row(part) for part in self.parts]

    @property
    def units_here(self) -> list[UnitRow]:
        return [row for row in self.units if row.is_here]

    def _unit_row(self, part: ParticipatingUnit) -> UnitRow:
        version = part.unit.version_on(self.day)
        detail = ""
        if version:
            grades = f"årskurs {version.grades_display}" if version.grades_display else ""
            detail = ", ".join(filter(None, (version.forms_display, grades)))
        own = self.phases_of(part)
        return UnitRow(
            part=part,
            name=version.name if version else str(part.unit),
            detail=detail,
            phase=words.current_phase(own, self.known_day) if own else self.phase,
            rektorer=self._rektorer_on_day(part) if self.sees_people else None,
            is_here=is_here(part, self.day),
        )

    @cached_property
    def rektorer(self) -> list[RoleAssignment]:
        """Every rektor of the units, past and present, in the order they came."""
        return sorted(self.rows("rektorer"), key=lambda role: (role.valid_from or date.min, role.pk))

    def _rektorer_on_day(self, part: ParticipatingUnit) -> list[RoleAssignment]:
        return [role for role in self.rektorer if role.unit_id == part.unit_id and is_active(role, self.day)]

    def rektor_changes(self, part: ParticipatingUnit) -> list[RoleAssignment]:
        """Rektorer who took over from another while the unit was with us, by the last known day."""
        roles = [role for role in self.rektorer if role.unit_id == part.unit_id]
        return [
            role
            for role in roles[1:]
            if role.valid_from
            and role.valid_from <= self.known_day
            and not (part.joined.is_known and role.valid_from < part.joined.first)
        ]

    # The rest

    @cached_property
    def calendars(self) -> Calendars:
        """The lov of the huvudman's kommun."""
        municipality_id = self.participation.huvudman.municipality_id
        return Calendars(municipality_id, rows=(self.rows("calendars"), self.rows("breaks")))

    @cached_property
    def focus(self) -> list[ParticipationFocus]:
        return self.rows("focus")

    @cached_property
    def supports(self) -> list[Support]:
        return self.rows("supports")

    @cached_property
    def agreements(self) -> list[Agreement]:
        found = self.rows("agreements")
        return [row for row in found if not row.signed.is_known or row.signed.first <= self.day]

    @cached_property
    def assignments(self) -> list[ParticipationAssignment]:
        """Assignments in force on the day; none for who may not see people."""
        return self.rows("assignments")

    def assigned(self, role: str) -> list[ParticipationAssignment]:
        return [row for row in self.assignments if row.role == role]

    @cached_property
    def statements(self) -> list[Statement]:
        """What sources say of the participation, the rejected left out."""
        return self.rows("statements")


def overview_of(request, participation: Participation) -> Overview:
    """The page's overview: made at the first section that asks, shared by the rest."""
    kept = getattr(request, "participation_overview", None)
    if kept is None or kept.participation.pk != participation.pk:
        is_past = bool(getattr(request, "is_asked_about_another_day", False))
        kept = Overview(participation, request.scope, today(), is_past=is_past)
        request.participation_overview = kept
    return kept


def stated_date(statement: Statement) -> ImpreciseDate:
    """The date in a statement's value; unknown where there is none that can be read."""
    given = statement.value.get("date") if isinstance(statement.value, dict) else None
    given = given if isinstance(given, dict) else {"date": given}
    try:
        return ImpreciseDate.parse(str(given.get("date") or ""), str(given.get("text") or ""))
    except ValueError:
        return ImpreciseDate.unknown(statement.text)


def is_here(part: ParticipatingUnit, day: date) -> bool:
    """As ParticipatingUnitQuerySet.with_us_on, of a row at hand."""
    joined = not part.joined.is_known or part.joined.first <= day
    return joined and not (part.left.is_known and part.left.first <= day)


def is_active(role, day: date) -> bool:
    return (role.valid_from is None or role.valid_from <= day) and (
        role.valid_to is None or day <= role.valid_to
    )


def _phase_order(row: ParticipationPhase) -> int:
    return list(type(row)._meta.get_field("phase").choices).index((row.phase, row.get_phase_display()))


def is_uncertain(position: TermPosition) -> bool:
    """Whether the term is not one number reckoned from a known start."""
    return position.kind in (PositionKind.INTERVAL, PositionKind.UNKNOWN)
