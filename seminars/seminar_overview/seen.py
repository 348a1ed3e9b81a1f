"""What the seminar is, and what the reader may."""

from datetime import date
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from sbs_portal.audit.models import Statement, Trust
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import today
from seminars.models import Delegation, Seminar, SeminarKind, SeminarStatus
from seminars.overview import time_words
from seminars.seminar_overview.words import is_over, status_on, when_words

CONFIRMED = (Trust.CONFIRMED, Trust.DERIVED)


class Seen:
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
