"""A coordinator's start page: a country's participations page by page, those with most that is late first."""

from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page
from django.db.models import BigIntegerField, DateField, F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.http import QueryDict

from programmes.models import Participation, ParticipationPhase, Registration, TermExtension, TermPause
from programmes.reasons import Reason, reasons_of
from sbs_portal.addressing import address_of
from sbs_portal.api.computed import Held
from sbs_portal.audit.models import Statement
from sbs_portal.db.fields import latest_day
from sbs_portal.db.questions import Given
from sbs_portal.db.statements import Together, hang
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.web.paging import page_of
from seminars.models import MeetingParticipation, MeetingStatus
from seminars.overview import when_words
from seminars.work.base import GOING, Card, Work, going, of_each

SHOWN_CARDS = 25
# What is known to a year at most is ahead until its last day.
YEAR = timedelta(days=366)


IDS = Given("ids", ArrayField(BigIntegerField()))


@lru_cache(maxsize=64)
def _told_of(scope: Scope, day: date) -> Together:
    """What participations of these ids are told with, compiled once for each asker and day."""
    of_them = Held("{0} = ANY({1})", F("participation"), IDS)
    phases = ParticipationPhase.objects.visible_to(scope).filter(participating_unit=None)
    rows = Participation.objects.visible_to(scope).filter(Held("{0} = ANY({1})", F("pk"), IDS))
    return Together(
        {
            "participations": rows.select_related("huvudman", "programme"),
            "pauses": TermPause.objects.visible_to(scope).filter(of_them),
            "extensions": TermExtension.objects.visible_to(scope).filter(of_them),
            "phases": phases.filter(of_them),
            "ahead": _nearest_ahead(going(scope).filter(of_them), day),
        }
    )


def _nearest_ahead(links: QuerySet, day: date) -> QuerySet:
    """To the nearest meeting of each participation that lies ahead, as ``is_ahead`` says it."""
    first, last = F("when_date"), latest_day("when")
    may_be = Q(GreaterThanOrEqual(last, Value(day, DateField())), when_date__gt=day - YEAR)
    links = links.filter(
        Q(status=MeetingStatus.PLANNED) & (Q(when_date=None) | may_be)
        | Q(status=MeetingStatus.HELD, when_date__gt=day)
    )
    order = ("participation_id", first.asc(nulls_last=True), last, "meeting_id")
    return links.distinct("participation_id").order_by(*order)


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
        ids = list(self.page.object_list)
        read = _told_of(self.scope, self.day).read(ids=ids)
        rows = {row.pk: row for row in read["participations"]}
        hang(rows.values(), "term_pauses", read["pauses"], by="participation_id")
        hang(rows.values(), "term_extensions", read["extensions"], by="participation_id")
        phases, ahead = of_each(read["phases"]), {link.participation_id: link for link in read["ahead"]}
        return [self._card(rows[pk], phases.get(pk, []), ahead.get(pk)) for pk in ids if pk in rows]

    def _card(self, participation: Participation, phases: list, ahead: MeetingParticipation | None) -> Card:
        card = super()._card(participation, phases)
        if ahead is not None:
            card.next_words = when_words(ahead, self.day)
            card.next_url = address_of("meeting_detail", ahead.meeting_uuid)
        return card

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
