"""A coordinator's start page: a country's participations page by page, those with most that is late first."""

from datetime import timedelta
from functools import cached_property

from django.core.paginator import Page
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.http import QueryDict

from programmes.models import Participation, Registration
from programmes.reasons import Reason, reasons_of
from sbs_portal.addressing import address_of
from sbs_portal.audit.models import Statement
from sbs_portal.db.fields import latest_day
from sbs_portal.db.statements import read_together
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.web.paging import page_of
from seminars.models import MeetingStatus
from seminars.overview import when_words
from seminars.work.base import GOING, Card, Work, of_each

SHOWN_CARDS = 25
# What is known to a year at most is ahead until its last day.
YEAR = timedelta(days=366)


class CountryWork(Work):
    """What is late is asked of every participation under way, in one statement; all else of those shown."""

    face = "coordinator"

    def __init__(self, scope: Scope, query: QueryDict):
        super().__init__(scope)
        self.query = query

    @cached_property
    def participations(self) -> list[int]:
        """The ids of those that are under way or about to be; without any, of those that are over.

        What huvudmän have entered and nobody approved stands by itself for who approves it.
        """
        approved = self._reached.approved().values_list("pk", flat=True)
        return list(approved.filter(GOING)) or list(approved)

    @cached_property
    def reasons(self) -> dict[int, list[Reason]]:
        return reasons_of(self.participations, self.scope, self.day)

    @property
    def late(self) -> int:
        return len(self.reasons)

    @cached_property
    def page(self) -> Page:
        """Those shown, by their ids: with most that is late first."""
        ordered = sorted(self.participations, key=lambda pk: -len(self.reasons.get(pk, ())))
        return page_of(ordered, self.query, per_page=SHOWN_CARDS)

    @property
    def _ids(self) -> list[int]:
        return list(self.page.object_list)

    @cached_property
    def cards(self) -> list[Card]:
        rows, phase_rows, ahead = self._rows, self._phase_rows, self._ahead
        read_together(rows, phase_rows, ahead)
        found, phases = {row.pk: row for row in rows}, of_each(phase_rows)
        next_of = {
            link.participation_id: {
                "next_words": when_words(link, self.day),
                "next_url": address_of("meeting_detail", link.meeting_uuid),
            }
            for link in ahead
        }
        return [
            self._card(found[pk], phases.get(pk, []), **next_of.get(pk, {}))
            for pk in self._ids
            if pk in found
        ]

    @property
    def _rows(self) -> QuerySet:
        rows = self._reached.filter(pk__in=self._ids).order_by()
        return rows.prefetch_related("term_pauses", "term_extensions")

    @property
    def _ahead(self) -> QuerySet:
        """To the nearest meeting ahead of each: as ``is_ahead`` says it."""
        day, first = self.day, F("when_date")
        may_be_ahead = Q(when_date=None) | Q(when_date__gt=day - YEAR) & Q(
            GreaterThanOrEqual(latest_day("when"), Value(day, DateField()))
        )
        links = self._links.filter(
            Q(status=MeetingStatus.PLANNED) & may_be_ahead | Q(status=MeetingStatus.HELD, when_date__gt=day)
        )
        order = ("participation_id", first.asc(nulls_last=True), latest_day("when"), "meeting_id")
        return links.distinct("participation_id").order_by(*order)

    # What waits

    @cached_property
    def waiting_participations(self) -> list[Participation]:
        """Entered by huvudmän themselves: what a coordinator is to approve or return."""
        if not self.scope.may(Action.PARTICIPATION_CHANGE):
            return []
        return list(self._reached.filter(registration=Registration.WAITING))

    @cached_property
    def waiting_statements(self) -> int | None:
        """How many statements wait for a coordinator's review; None for those who do not review."""
        if not self.scope.may(Action.STATEMENT_REVIEW):
            return None
        return Statement.objects.visible_to(self.scope).waiting().count()
