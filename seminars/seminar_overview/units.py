"""Which units have someone at a seminar."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from programmes.models import ParticipatingUnit
from sbs_portal.audit.models import Statement, What
from schools.models import RoleAssignment, StaffRole
from seminars.models import SeminarUnit
from seminars.seminar_overview.programme import Contents
from seminars.seminar_overview.seen import CONFIRMED
from seminars.seminar_overview.words import counted


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


class UnitsOnSite(Contents):
    """The units of the participations here, and whether each has someone."""

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
