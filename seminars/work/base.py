"""What every start page has: participations as cards, one's own actions, and what is new.

Loaded once for one reader, in as many queries however many participations there are.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet

from programmes import words
from programmes.models import Participation, ParticipationPhase, ParticipationStatus
from programmes.reasons import Reason
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import today
from seminars.models import MeetingParticipation, MeetingStatus, Outcome
from seminars.news import News, news_of
from seminars.sections import may_tick

SHOWN_ACTIONS = 8
# Under way or about to be.
GOING = ~Q(status__in=[status for status in ParticipationStatus if status.is_over])


@dataclass
class Card:
    """One participation as the start page tells it."""

    participation: Participation
    position: str
    phase: str
    badge: tuple[str, str]
    reasons: list[Reason]
    small: object = None
    next_words: str = ""
    next_url: str = ""
    decisions: list[Outcome] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        return bool(self.reasons)


class Work:
    """The start page of one reader today."""

    def __init__(self, scope: Scope):
        self.scope, self.day = scope, today()

    # Which start page: a coordinator's, a process leader's, a reader's, or the huvudman's own.
    face: str

    @property
    def may_change(self) -> bool:
        return self.scope.may(Action.MEETING_CHANGE)

    # Participations

    @property
    def _reached(self) -> QuerySet:
        rows = Participation.objects.visible_to(self.scope).in_use().select_related("huvudman", "programme")
        return rows.order_by("huvudman__sort_key", "pk")

    # Participation → why it is late, of those that are.
    reasons: dict[int, list[Reason]]

    def _card(self, participation: Participation, phases: list[ParticipationPhase], **more) -> Card:
        phase = words.current_phase(phases, words.known_day(participation, self.day))
        return Card(
            participation=participation,
            position=words.position_on(participation, self.day).sentence,
            phase=phase.get_phase_display() if phase else "",
            badge=words.status_badge(participation, self.day),
            reasons=self.reasons.get(participation.pk, []),
            **more,
        )

    # One's own

    @cached_property
    def own_actions(self) -> list[Outcome]:
        """Open actions of the person the reader is, late first."""
        if self.scope.user is None or not self.scope.may(Action.ATTENDANCE_READ):
            return []
        rows = Outcome.objects.visible_to(self.scope).in_use().open_actions().owned_by(self.scope.user)
        return late_first(rows.with_action())

    @property
    def shown_actions(self) -> list[tuple[Outcome, bool]]:
        return [(line, may_tick(self.scope, line)) for line in self.own_actions[:SHOWN_ACTIONS]]

    @property
    def more_actions(self) -> list[tuple[Outcome, bool]]:
        return [(line, may_tick(self.scope, line)) for line in self.own_actions[SHOWN_ACTIONS:]]

    @cached_property
    def done_today(self) -> list[Outcome]:
        """What the reader ticked off today: it can be taken back."""
        if self.scope.user is None or not self.scope.may(Action.ATTENDANCE_READ):
            return []
        rows = Outcome.objects.visible_to(self.scope).filter(done_on=self.day, done_by=self.scope.user)
        return list(rows.order_by("-updated_at")[:3])

    @cached_property
    def news(self) -> list[News]:
        return news_of(self.scope)


def going(scope: Scope) -> QuerySet:
    """Links to the meetings that are not cancelled."""
    links = MeetingParticipation.objects.visible_to(scope).in_use()
    return links.filter(status__in=[MeetingStatus.PLANNED, MeetingStatus.HELD])


def late_first(actions) -> list[Outcome]:
    return sorted(actions, key=lambda line: (line.due_on is None, line.due_on, line.pk))


def of_each(rows) -> dict[int, list]:
    """Participation → its rows."""
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.participation_id, []).append(row)
    return found
