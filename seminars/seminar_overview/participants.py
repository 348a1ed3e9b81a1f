"""Who takes part in a seminar: the huvudmän, and their delegations."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from sbs_portal.audit.models import Statement, What
from sbs_portal.rights import Action
from seminars.models import Delegate, Delegation, SeminarHuvudman, SeminarStatus
from seminars.overview import attendance_words
from seminars.seminar_overview.seen import CONFIRMED, Seen


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


class Participants(Seen):
    """The huvudmän, and the delegations the reader sees."""

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
