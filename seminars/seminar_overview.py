"""Everything a seminar's page says, as one reader may see it; and what other pages say of seminars.

All who take part see the programme, the presentations and which huvudmän are there. Delegations and units
are the own huvudman's, or everyone's for a coordinator. Names of staff are for those who may see people.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q

from programmes.models import ParticipatingUnit
from sbs_portal.audit.models import Statement, Trust, What
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import ImpreciseDate, Precision, today
from sbs_portal.web.words import distance, long_day, short_day
from schools.models import RoleAssignment, StaffRole
from seminars.models import (
    Delegate,
    Delegation,
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarKind,
    SeminarStatus,
    SeminarUnit,
    Session,
)
from seminars.overview import attendance_words, time_words

WORD_SIZES = 5
COUNTED = ("Noll", "En", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")
CONFIRMED = (Trust.CONFIRMED, Trust.DERIVED)


def status_on(seminar: Seminar, day: date) -> SeminarStatus:
    """The status as of a day: what has been held was planned before its day."""
    status = SeminarStatus(seminar.status)
    starts = seminar.starts.first
    if status is SeminarStatus.HELD and starts is not None and starts > day:
        return SeminarStatus.PLANNED
    return status


def is_over(seminar: Seminar, day: date) -> bool:
    """Whether it has been held, or its last possible day has passed."""
    last = seminar.ends.last or seminar.starts.last
    return status_on(seminar, day) is SeminarStatus.HELD or (last is not None and last < day)


def short_when(seminar: Seminar, day: date) -> str:
    """ "tis 3 nov", "3 nov – 4 nov 2026", "oktober 2022", "okänt datum": for a cell."""
    starts, ends = seminar.starts, seminar.ends
    if not starts.is_known:
        return "datum ej bestämt" if seminar.status == SeminarStatus.PLANNED else "okänt datum"
    said = _said(starts, lambda one: short_day(one, day))
    return f"{said} – {_said(ends, lambda one: short_day(one, day))}" if _is_later(ends, starts) else said


def when_words(seminar: Seminar, day: date) -> str:
    """ "tisdag 3 november 2026, i dag", "oktober 2022 (”i mitten av oktober”)": for a sentence."""
    starts, ends = seminar.starts, seminar.ends
    if not starts.is_known:
        said = "datum ej bestämt" if seminar.status == SeminarStatus.PLANNED else "okänt datum"
    else:
        said = _said(starts, long_day)
        if _is_later(ends, starts):
            if starts.precision is ends.precision is Precision.DAY and starts.date.year == ends.date.year:
                said = said.removesuffix(f" {starts.date.year}")
            said = f"{said} till {_said(ends, long_day)}"
        if starts.precision is Precision.DAY and (near := distance(starts.date, day)):
            said = f"{said}, {near}"
    return f"{said} (”{starts.text}”)" if starts.text else said


def _said(when: ImpreciseDate, in_days) -> str:
    return in_days(when.date) if when.precision is Precision.DAY else str(when.with_text(""))


def _is_later(ends: ImpreciseDate, starts: ImpreciseDate) -> bool:
    return ends.is_known and (ends.date, ends.precision) != (starts.date, starts.precision)


def counted(number: int) -> str:
    """ "Fem", "14": how a sentence begins with a number."""
    return COUNTED[number] if number < len(COUNTED) else str(number)


@dataclass(frozen=True)
class DelegationRow:
    """A huvudman's delegation; ``delegates`` is None for who may not see people."""

    delegation: Delegation
    name: str
    delegates: list[Delegate] | None
    unnamed: int
    source: str
    # Whether the reader speaks for all of it, or for somebody in it.
    whole: bool
    may_write: bool

    @property
    def named(self) -> int:
        return len(self.delegates or [])

    @property
    def words(self) -> str:
        """ "10 personer, 6 namngivna"."""
        named = None if self.delegates is None else self.named
        return attendance_words(self.delegation.head_count, named) or "antalet är inte angivet"

    @property
    def is_stated(self) -> bool:
        return self.delegation.trust not in CONFIRMED


@dataclass(frozen=True)
class UnitRow:
    """A participating unit: "here", "stated", "absent" (said not to be) or "missing" (nobody has said)."""

    unit: object
    name: str
    huvudman: str
    state: str
    trust: str
    source: str
    registered: int
    rektorer: list

    @property
    def is_represented(self) -> bool:
        return self.state in ("here", "stated")


@dataclass(frozen=True)
class UnitGroup:
    huvudman: str
    rows: list[UnitRow]

    @property
    def represented(self) -> int:
        return sum(row.is_represented for row in self.rows)


@dataclass(frozen=True)
class Todo:
    """Something left to arrange: what, why, and where."""

    title: str
    detail: str
    tab: str


class SeminarOverview:
    """A seminar on a day, as one reader may see it."""

    def __init__(self, seminar: Seminar, scope: Scope, day: date | None = None):
        self.seminar, self.scope, self.day = seminar, scope, day or today()

    def _parts(self, model):
        return model.objects.visible_to(self.scope).filter(seminar=self.seminar)

    # What it is, and what the reader may

    @property
    def status(self) -> SeminarStatus:
        return status_on(self.seminar, self.day)

    @property
    def is_over(self) -> bool:
        return is_over(self.seminar, self.day)

    @property
    def is_ahead(self) -> bool:
        """Whether its day is still to come: then a unit's people are expected, and nobody is on site."""
        starts = self.seminar.starts.first
        return not self.is_over and (starts is None or starts > self.day)

    @property
    def has_someone(self) -> str:
        """ "har någon anmäld", "har någon på plats", "hade någon på plats"."""
        if self.is_ahead:
            return "har någon anmäld"
        return f"{'hade' if self.is_over else 'har'} någon på plats"

    @property
    def is_cancelled(self) -> bool:
        return self.status is SeminarStatus.CANCELLED

    @property
    def when_words(self) -> str:
        return when_words(self.seminar, self.day)

    @property
    def clock_words(self) -> str:
        """ "9.00–15.30", "från 9.00" or ""."""
        return time_words(self.seminar)

    @property
    def is_closing(self) -> bool:
        return self.seminar.kind == SeminarKind.CLOSING

    @cached_property
    def may_change(self) -> bool:
        return self._may_all(Action.SEMINAR_CHANGE)

    @cached_property
    def sees_all(self) -> bool:
        """Whether every huvudman's delegation is shown, as to a coordinator."""
        return self._may_all(Action.DELEGATION_READ)

    @cached_property
    def sees_delegations(self) -> bool:
        return any(self.scope.may(Action.DELEGATION_READ, huvudman_id=pk) for pk in self._owners)

    @cached_property
    def sees_people(self) -> bool:
        return any(self.scope.may(Action.PEOPLE_READ, huvudman_id=pk) for pk in self._owners)

    @property
    def _owners(self) -> list:
        return self.seminar.huvudman_ids or [None]

    def _may_all(self, action: Action) -> bool:
        return all(self.scope.may(action, huvudman_id=pk) for pk in self._owners)

    def is_own(self, huvudman_id: int) -> bool:
        return self.scope.national or huvudman_id in self.scope.huvudman_ids

    # Who takes part

    @cached_property
    def links(self) -> list[SeminarHuvudman]:
        """The huvudmän that take part; ``own`` is set on those within the reader's reach."""
        links = list(self._parts(SeminarHuvudman).select_related("participation").order_by("name", "pk"))
        for link in links:
            link.own = self.is_own(link.huvudman_id)
        return links

    @cached_property
    def names(self) -> dict[int, str]:
        return {link.huvudman_id: link.name for link in self.links}

    @cached_property
    def stated_huvudman_count(self) -> Statement | None:
        """A source that says more huvudmän were there than the portal knows of."""
        for statement in self.statements:
            number = statement.value.get("huvudman_count") if statement.what == What.PARTICIPANTS else None
            if isinstance(number, int) and number > len(self.links):
                return statement
        return None

    @cached_property
    def delegations(self) -> list[DelegationRow]:
        delegates = Delegate.objects.visible_to(self.scope).select_related("person", "unit")
        found = self._parts(Delegation).prefetch_related(Prefetch("delegates", queryset=delegates))
        rows = [self._delegation_row(delegation) for delegation in found]
        return sorted(rows, key=lambda row: (row.name, row.delegation.pk))

    def _delegation_row(self, delegation: Delegation) -> DelegationRow:
        sees = self.scope.may(Action.PEOPLE_READ, huvudman_id=delegation.huvudman_id)
        named = list(delegation.delegates.all())
        for delegate in named:
            delegate.may_write = self.scope.may(
                Action.DELEGATION_CHANGE,
                huvudman_id=delegation.huvudman_id,
                unit_ids=[delegate.unit_id] if delegate.unit_id else [],
            )
        return DelegationRow(
            delegation=delegation,
            name=self.names.get(delegation.huvudman_id, ""),
            delegates=named if sees else None,
            unnamed=max((delegation.head_count or 0) - len(named), 0),
            source=self.only_source,
            whole=self.speaks_for(delegation.huvudman_id),
            may_write=self.scope.may(Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id),
        )

    def speaks_for(self, huvudman_id: int) -> bool:
        """Whether the reader registers for the huvudman as a whole."""
        return self.scope.may(Action.DELEGATION_CHANGE, huvudman_id=huvudman_id, unit_ids=[])

    @property
    def may_register(self) -> bool:
        """Whether the reader has a delegation left to register."""
        return any(self.speaks_for(link.huvudman_id) for link in self.without_delegation)

    @property
    def may_mark_units(self) -> bool:
        owners = self.seminar.huvudman_ids
        may = any(self.scope.may(Action.DELEGATION_CHANGE, huvudman_id=pk) for pk in owners)
        return may and bool(self.units)

    @property
    def may_finish(self) -> bool:
        """Whether the reader can say that it has been held: its day has come, and nobody has said so."""
        starts = self.seminar.starts.first
        planned = self.seminar.status == SeminarStatus.PLANNED
        return self.may_change and planned and starts is not None and starts <= self.day

    @property
    def people_total(self) -> int:
        """People in the delegations the reader sees: the totals, or the named where no total is given."""
        return sum(
            row.delegation.head_count or row.named
            for row in self.delegations
            if not row.delegation.is_cancelled
        )

    @property
    def named_total(self) -> int:
        return sum(row.named for row in self.delegations)

    @property
    def stated_people(self) -> bool:
        return any(row.is_stated for row in self.delegations)

    @property
    def without_delegation(self) -> list[SeminarHuvudman]:
        """Huvudmän within reach that have said nothing of who comes."""
        known = {row.delegation.huvudman_id for row in self.delegations}
        return [link for link in self.links if link.own and link.huvudman_id not in known]

    # The programme

    @cached_property
    def sessions(self) -> list[Session]:
        return list(self._parts(Session))

    @cached_property
    def presentations(self) -> list[Presentation]:
        """With ``shown_by``: readers are told the huvudman and no other name."""
        found = list(self._parts(Presentation).select_related("session"))
        for one in found:
            own = self.names.get(one.huvudman_id, "")
            one.shown_by = one.presented_by if self.sees_people else own
        return found

    @cached_property
    def words(self) -> list[ReflectionWord]:
        """With ``size`` 1 to 5 by count; all alike where no count is known."""
        found = list(self._parts(ReflectionWord))
        most = max((one.count or 0 for one in found), default=0)
        for one in found:
            one.size = 3 if not most else max(1, round(WORD_SIZES * (one.count or 0) / most))
        return found

    @property
    def words_are_counted(self) -> bool:
        return any(one.count is not None for one in self.words)

    @cached_property
    def lessons(self) -> list[Lesson]:
        return list(self._parts(Lesson))

    # Units on site

    @cached_property
    def coverage(self) -> Statement | None:
        """A source that says every unit was represented."""
        for statement in self.statements:
            if statement.what == What.COVERAGE and statement.value.get("units") == "all":
                return statement
        return None

    @cached_property
    def units(self) -> list[UnitRow]:
        if not self.sees_delegations:
            return []
        presences = {row.unit_id: row for row in self._parts(SeminarUnit).select_related("unit")}
        units = {row.unit_id: (row.unit, row.huvudman_id) for row in presences.values()}
        for part in self._participating():
            units.setdefault(part.unit_id, (part.unit, part.participation.huvudman_id))
        registered = Counter(
            delegate.unit_id
            for row in self.delegations
            for delegate in row.delegates or []
            if delegate.unit_id
        )
        rektorer = self._rektorer(units)
        rows = [
            self._unit_row(unit, huvudman_id, presences.get(pk), registered[pk], rektorer.get(pk, []))
            for pk, (unit, huvudman_id) in units.items()
        ]
        return sorted(rows, key=lambda row: (row.huvudman, row.unit.sort_key, row.unit.pk))

    def _participating(self):
        """The units in the participations here that were in them when the seminar was held."""
        found = ParticipatingUnit.objects.visible_to(self.scope).filter(
            participation__seminar_links__seminar=self.seminar
        )
        first, last = self.seminar.starts.first, self.seminar.ends.last or self.seminar.starts.last
        if first is not None:
            found = found.filter(
                Q(joined_date__isnull=True) | Q(joined_date__lte=last),
                Q(left_date__isnull=True) | Q(left_date__gt=first),
            )
        return found.select_related("unit", "participation")

    def _rektorer(self, units) -> dict[int, list]:
        if not self.sees_people or self.is_over:
            return {}
        roles = RoleAssignment.objects.visible_to(self.scope).active_on(self.day)
        found: dict[int, list] = {}
        for role in roles.filter(role=StaffRole.REKTOR, unit_id__in=list(units)).select_related("person"):
            found.setdefault(role.unit_id, []).append(role.person)
        return found

    def _unit_row(self, unit, huvudman_id, presence, registered, rektorer) -> UnitRow:
        state, trust = "missing", ""
        if presence is not None and not presence.is_represented:
            state, trust = "absent", presence.trust
        elif presence is not None:
            state, trust = ("here" if presence.trust in CONFIRMED else "stated"), presence.trust
        elif self.coverage is not None:
            state, trust = "stated", self.coverage.trust
        source = self.coverage.source.publisher if presence is None and self.coverage else self.only_source
        return UnitRow(
            unit=unit,
            name=str(unit),
            huvudman=self.names.get(huvudman_id, ""),
            state=state,
            trust=trust,
            source=source,
            registered=registered,
            rektorer=rektorer,
        )

    @property
    def unit_groups(self) -> list[UnitGroup]:
        groups: dict[str, list[UnitRow]] = {}
        for row in self.units:
            groups.setdefault(row.huvudman, []).append(row)
        return [UnitGroup(name, rows) for name, rows in groups.items()]

    @property
    def units_here(self) -> int:
        """How many are confirmed to have someone here; what is only stated is not counted."""
        return sum(row.state == "here" for row in self.units)

    @property
    def units_stated(self) -> int:
        return sum(row.state == "stated" for row in self.units)

    @property
    def units_lacking(self) -> list[UnitRow]:
        return [row for row in self.units if not row.is_represented]

    @property
    def all_stated(self) -> bool:
        """Whether a source says that all were represented and nobody has confirmed a single one."""
        if not self.units:
            return self.coverage is not None
        return self.units_stated == len(self.units)

    @property
    def is_unreported(self) -> bool:
        """Whether it is over and nobody has confirmed of any unit that it was there, or was not."""
        known = any(row.state in ("here", "absent") for row in self.units)
        return self.is_over and not known and not self.all_stated

    @property
    def units_figure(self) -> str:
        """ "36 av 41"; "Alla" where a source says so and no unit is known by name."""
        if not self.units:
            return "Alla" if self.coverage else ""
        if self.is_unreported:
            return ""
        return f"{self.units_stated if self.all_stated else self.units_here} av {len(self.units)}"

    @property
    def all_stated_source(self) -> str:
        return self.coverage.source.publisher if self.coverage else self.only_source

    @property
    def units_sentence(self) -> str:
        """What stands under "36 av 41". What is only stated is told apart from what is confirmed."""
        noun = "enhet" if len(self.units) == 1 else "enheter"
        if self.all_stated:
            return f"{noun} {self.has_someone}."
        parts = [f"{noun} {self.has_someone}{', bekräftat' if self.units_stated else ''}."]
        if self.units_stated:
            parts.append(f"{counted(self.units_stated)} till enligt uppgift.")
        lacking = len(self.units_lacking)
        if lacking and self.is_closing:
            parts.append(f"{counted(lacking)} fattas innan avslutet kan godkännas.")
        elif lacking:
            parts.append(f"{counted(lacking)} fattas.")
        return " ".join(parts)

    # Sources

    @cached_property
    def statements(self) -> list[Statement]:
        """What sources say of the seminar and of the delegations the reader sees, the rejected left out."""
        seminar, delegation = (ContentType.objects.get_for_model(one) for one in (Seminar, Delegation))
        own = self._parts(Delegation).values("pk")
        found = Statement.objects.visible_to(self.scope).standing()
        found = found.filter(
            Q(subject_type=seminar, subject_id=self.seminar.pk)
            | Q(subject_type=delegation, subject_id__in=own)
        )
        return list(found.select_related("source").order_by("source_id", "pk"))

    @cached_property
    def only_source(self) -> str:
        """Who says what is stated here: the publisher where all statements have the same, else ""."""
        publishers = {statement.source.publisher for statement in self.statements}
        return publishers.pop() if len(publishers) == 1 else ""

    # What is left to arrange

    @property
    def todos(self) -> list[Todo]:
        """For those who can do something about it, until the seminar is over."""
        if self.is_over or self.is_cancelled or not self.sees_delegations:
            return []
        return [
            todo for todo in (self._todo_delegations(), self._todo_units(), self._todo_programme()) if todo
        ]

    def _todo_delegations(self) -> Todo | None:
        lacking = [link.name for link in self.without_delegation]
        if not lacking:
            return None
        if len(lacking) == 1:
            return Todo(f"{lacking[0]} har inte anmält någon delegation", "", "delegationer")
        title = f"{counted(len(lacking))} huvudmän har inte anmält någon delegation"
        names = (
            f"{', '.join(lacking[:4])} och {len(lacking) - 4} till"
            if len(lacking) > 5
            else ", ".join(lacking)
        )
        return Todo(title, f"{names}.", "delegationer")

    def _todo_units(self) -> Todo | None:
        nobody = [row for row in self.units_lacking if not row.registered]
        if not nobody:
            return None
        one = len(nobody) == 1
        title = f"{counted(len(nobody))} {'enhet' if one else 'enheter'} har ingen namngiven deltagare"
        names = [row.name for row in nobody]
        more = f" och {len(names) - 4} till" if len(names) > 4 else ""
        return Todo(title, f"{', '.join(names[:4])}{more}.", "enheter")

    def _todo_programme(self) -> Todo | None:
        if self.sessions or not self.may_change:
            return None
        return Todo("Programmet är inte inlagt", "Deltagarna ser det så fort det finns.", "program")
