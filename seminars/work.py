"""What the start page says: the next meeting, what one has to do, and where one's participations are.

Loaded once for one reader, in as many queries however many participations there are.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.core.paginator import Page
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.http import QueryDict

from programmes import words
from programmes.models import (
    Participation,
    ParticipationAssignment,
    ParticipationPhase,
    ParticipationStatus,
    Registration,
    RegistrationStep,
)
from programmes.reasons import Reason
from programmes.strip_sources import small_strip
from sbs_portal.audit.models import Statement
from sbs_portal.db.fields import latest_day
from sbs_portal.rights import Action, Role
from sbs_portal.scope import Scope
from sbs_portal.time import Precision, today
from sbs_portal.web.paging import page_of
from sbs_portal.web.words import distance, long_day
from schools.models import SchoolUnit
from schools.services.calendar import breaks_by_municipality
from seminars import lateness
from seminars.models import Meeting, MeetingParticipation, MeetingSeries, MeetingStatus, Outcome
from seminars.news import News, news_of
from seminars.overview import place_words, when_words, with_head
from seminars.sections import is_ahead, is_held, may_tick

SHOWN_ACTIONS = 8
SHOWN_CARDS = 25
SHOWN_VISITS = 10
OVER = [status for status in ParticipationStatus if status.is_over]
NEWS = timedelta(days=14)
YEAR = timedelta(days=366)
# A visit within these days is told, also beside a nearer one.
SOON = timedelta(days=14)


@dataclass
class Card:
    """One participation as the start page tells it."""

    participation: Participation
    position: str
    phase: str
    badge: tuple[str, str]
    small: object
    reasons: list[Reason]
    next_words: str
    next_url: str
    decisions: list[Outcome]

    @property
    def is_late(self) -> bool:
        return bool(self.reasons)


@dataclass
class Visit:
    """A coming meeting, with what was decided last and what is still to be done."""

    meeting: Meeting
    when: str
    distance: str
    place: str
    huvudman: str
    agenda: list[str]
    decisions: list[Outcome]
    actions: list[Outcome]
    promised: list[Outcome]
    writable: bool
    leaders: list[str]
    is_repeat: bool = False

    @property
    def agenda_has_actions(self) -> str:
        """The agenda's own point about open actions, "" where there is none."""
        return next((point for point in self.agenda if point.lower().startswith("öppna åtgärder")), "")


class Work:
    """The start page of one reader today."""

    def __init__(self, scope: Scope, query: QueryDict | None = None):
        self.scope, self.query, self.day = scope, query or QueryDict(), today()

    @property
    def face(self) -> str:
        """Which start page: a coordinator's, a process leader's, a reader's, or the huvudman's own."""
        if self.scope.has_role(Role.COORDINATOR):
            return "coordinator"
        if self.scope.has_role(Role.PROCESS_LEADER):
            return "process_leader"
        if self.scope.has_role(Role.EDITOR, Role.REKTOR):
            return "own"
        return "reader"

    @property
    def may_record(self) -> bool:
        return self.scope.may(Action.MEETING_RECORD)

    @property
    def may_write(self) -> bool:
        """Whether there is a meeting to write on, or one may plan it."""
        return self.may_record and (
            self.may_change
            or any(
                (is_ahead(one, self.day) or one.lacks_notes or is_held(one, self.day))
                and self._is_writable(one)
                for meetings in self._meetings.values()
                for one in meetings
            )
        )

    @property
    def may_change(self) -> bool:
        return self.scope.may(Action.MEETING_CHANGE)

    # Rows

    @property
    def _reached(self):
        rows = Participation.objects.visible_to(self.scope).in_use().select_related("huvudman", "programme")
        rows = rows.prefetch_related("term_pauses", "term_extensions")
        return rows.order_by("huvudman__sort_key", "pk")

    @cached_property
    def _current(self) -> list[Participation]:
        """Those that are not over, and those that wait for an answer: of a country's, a few of all there are."""
        return list(self._reached.filter(~Q(status__in=OVER) | Q(registration=Registration.WAITING)))

    @cached_property
    def participations(self) -> list[Participation]:
        """Those that are under way or about to be; without any, those that are over.

        What huvudmän have entered and nobody approved stands by itself for who approves it.
        """
        decides = self.scope.may(Action.PARTICIPATION_CHANGE)
        going = [one for one in self._current if not one.is_over and (one.is_approved or not decides)]
        return going or [one for one in self._reached if one.is_approved or not decides]

    @property
    def waiting_participations(self) -> list[Participation]:
        """Entered by huvudmän themselves: what a coordinator is to approve or return."""
        if not self.scope.may(Action.PARTICIPATION_CHANGE):
            return []
        return [one for one in self._current if one.registration == Registration.WAITING]

    @cached_property
    def entry_news(self) -> list[RegistrationStep]:
        """The last step of each entry of the huvudman's own: those still open, and what was approved lately."""
        may_enter = self.scope.may(Action.PARTICIPATION_REGISTER)
        if not may_enter or self.scope.may(Action.PARTICIPATION_CHANGE):
            return []
        lately = self.day - NEWS
        rows = RegistrationStep.objects.visible_to(self.scope).filter(
            ~Q(participation__registration=Registration.APPROVED) | Q(created_at__date__gte=lately),
            participation__archived_at=None,
        )
        rows = rows.select_related("participation__huvudman", "participation__programme").order_by("pk")
        return list({step.participation_id: step for step in rows}.values())

    @cached_property
    def _ids(self) -> list[int]:
        """The participations that are told of: all, but for a coordinator, who turns pages."""
        return [one.pk for one in (self.page.object_list if self.page else self.participations)]

    @property
    def _links(self) -> QuerySet:
        """To the meetings of the participations that are told of, but for those that are cancelled."""
        links = MeetingParticipation.objects.visible_to(self.scope).filter(participation__in=self._ids)
        return links.filter(meeting__archived_at=None).exclude(meeting__status=MeetingStatus.CANCELLED)

    @cached_property
    def _meetings(self) -> dict[int, list[Meeting]]:
        """By participation, the earliest first: what lacks notes, the nearest ahead and all soon, the last held.

        Not the others: of a country's meetings these are a few per cent.
        """
        links = self._links
        planned, day = Q(meeting__status=MeetingStatus.PLANNED), self.day
        of_each = links.order_by("participation_id").distinct("participation_id")
        nearest = of_each.filter(
            Q(meeting__when_date__gte=day) | planned & Q(meeting__when_date=None)
        ).order_by(
            "participation_id",
            F("meeting__when_date").asc(nulls_last=True),
            latest_day("meeting__when"),
            "meeting_id",
        )
        last = of_each.filter(meeting__status=MeetingStatus.HELD, meeting__when_date__lte=day).order_by(
            "participation_id", "-meeting__when_date", latest_day("meeting__when").desc(), "-meeting_id"
        )
        soon = Q(meeting__when_date__gte=day, meeting__when_date__lte=day + SOON)
        wanted = links.filter(
            planned & Q(meeting__when_date__lt=day)
            | soon
            | Q(pk__in=nearest.values("pk"))
            | Q(pk__in=last.values("pk"))
        )
        by_meeting: dict[int, list[int]] = {}
        for participation_id, meeting_id in wanted.order_by().values_list("participation_id", "meeting_id"):
            by_meeting.setdefault(meeting_id, []).append(participation_id)
        rows = Meeting.objects.visible_to(self.scope).filter(pk__in=by_meeting)
        found: dict[int, list[Meeting]] = {pk: [] for pk in self._ids}
        for meeting in sorted(with_head(rows, self.scope), key=lambda m: (m.when.sort_key, m.pk)):
            for pk in by_meeting[meeting.pk]:
                found[pk].append(meeting)
        return found

    @cached_property
    def _ahead(self) -> dict[int, Meeting]:
        """By participation, the nearest ahead: of a page of the country's, no other meeting is told of."""
        if self.page is None:
            ahead = {
                pk: next((one for one in meetings if is_ahead(one, self.day)), None)
                for pk, meetings in self._meetings.items()
            }
            return {pk: meeting for pk, meeting in ahead.items() if meeting}
        # As is_ahead says it: not held, and what is known to a month or a year is ahead until its last day.
        day, first = self.day, F("meeting__when_date")
        ahead = self._links.filter(
            ~Q(meeting__status=MeetingStatus.HELD) | Q(meeting__when_date__gt=day),
            Q(meeting__when_date=None)
            | Q(meeting__when_date__gt=day - YEAR)
            & Q(GreaterThanOrEqual(latest_day("meeting__when"), Value(day, DateField()))),
        )
        order = ("participation_id", first.asc(nulls_last=True), latest_day("meeting__when"), "meeting_id")
        nearest = ahead.distinct("participation_id").order_by(*order).select_related("meeting")
        return {link.participation_id: link.meeting for link in nearest}

    @cached_property
    def _last_held(self) -> dict[int, Meeting]:
        return {
            pk: meeting
            for pk, meetings in self._meetings.items()
            for meeting in meetings
            if is_held(meeting, self.day) and meeting.when.is_known
        }

    @cached_property
    def _decisions(self) -> dict[int, list[Outcome]]:
        """By meeting, of the last ones held."""
        meetings = {meeting.pk for meeting in self._last_held.values()}
        rows = Outcome.objects.visible_to(self.scope).decisions().filter(meeting__in=meetings).order_by("pk")
        found: dict[int, list[Outcome]] = {}
        for line in rows:
            found.setdefault(line.meeting_id, []).append(line)
        return found

    @cached_property
    def _open(self) -> dict[int, list[Outcome]]:
        """Open actions by participation, late first. A reader has none."""
        if not self.scope.may(Action.ATTENDANCE_READ):
            return {}
        rows = Outcome.objects.visible_to(self.scope).in_use().open_actions()
        rows = rows.filter(meeting__participation_links__participation__in=self._ids).distinct().with_action()
        found: dict[int, list[Outcome]] = {}
        for line in sorted(rows, key=lambda line: (line.due_on is None, line.due_on, line.pk)):
            for link in line.meeting.participation_links.all():
                found.setdefault(link.participation_id, []).append(line)
        return found

    @cached_property
    def own_actions(self) -> list[Outcome]:
        """Open actions of the person the reader is, late first."""
        if self.scope.user is None or not self.scope.may(Action.ATTENDANCE_READ):
            return []
        rows = Outcome.objects.visible_to(self.scope).in_use().open_actions().owned_by(self.scope.user)
        return sorted(rows.with_action(), key=lambda line: (line.due_on is None, line.due_on, line.pk))

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
    def _leaders(self) -> dict[int, list[str]]:
        if not self.scope.may(Action.PEOPLE_READ):
            return {}
        rows = ParticipationAssignment.objects.visible_to(self.scope).active_on(self.day)
        rows = rows.filter(participation__in=self._ids, role="process_leader").select_related("person")
        found: dict[int, list[str]] = {}
        for row in rows:
            found.setdefault(row.participation_id, []).append(str(row.person))
        return found

    @cached_property
    def _series(self) -> dict[int, MeetingSeries]:
        rows = MeetingSeries.objects.visible_to(self.scope).filter(participation__in=self._ids).order_by("pk")
        return {series.participation_id: series for series in rows}

    @cached_property
    def _lov(self) -> dict:
        ids = {one.huvudman.municipality_id for one in self.participations}
        return breaks_by_municipality(ids, self.day - lateness.BACK, self.day) if ids else {}

    @cached_property
    def _phases(self) -> dict[int, list[ParticipationPhase]]:
        rows = ParticipationPhase.objects.visible_to(self.scope).filter(
            participation__in=self._ids, participating_unit=None
        )
        found: dict[int, list[ParticipationPhase]] = {}
        for row in rows:
            found.setdefault(row.participation_id, []).append(row)
        return found

    # What is late, and why

    @cached_property
    def _unrecorded(self) -> set[int]:
        return lateness.unrecorded(self._last_held.values(), self.scope)

    def _reasons(self, participation: Participation) -> list[Reason]:
        last = self._last_held.get(participation.pk)
        lacking = [meeting for meeting in self._meetings[participation.pk] if meeting.lacks_notes]
        facts = lateness.Facts(
            series=self._series.get(participation.pk),
            last_held=last,
            lacking=lacking[-1] if lacking else None,
            unrecorded=last is not None and last.pk in self._unrecorded,
            late_actions=sum(line.is_late for line in self._open.get(participation.pk, ())),
            lov=self._lov.get(participation.huvudman.municipality_id, []),
        )
        return lateness.reasons(participation, facts, self.day)

    @cached_property
    def reasons(self) -> dict[int, list[Reason]]:
        """Why participations are late: of the whole country's asked apart from what is told of some of them."""
        if self.face == "coordinator":
            return lateness.reasons_of(self.participations, self.scope, self.day)
        return {one.pk: self._reasons(one) for one in self.participations}

    @property
    def late(self) -> int:
        return sum(bool(found) for found in self.reasons.values())

    @property
    def _ordered(self) -> list[Participation]:
        """Those with most that is late first."""
        return sorted(self.participations, key=lambda one: -len(self.reasons.get(one.pk, ())))

    @cached_property
    def page(self) -> Page | None:
        """Which of a country's participations a coordinator is told of; others are told of all of theirs."""
        if self.face != "coordinator":
            return None
        return page_of(self._ordered, self.query, per_page=SHOWN_CARDS)

    @cached_property
    def cards(self) -> list[Card]:
        """The participations that are told of, those with something late first."""
        return [self._card(one) for one in (self.page.object_list if self.page else self._ordered)]

    def _card(self, participation: Participation) -> Card:
        phase = words.current_phase(
            self._phases.get(participation.pk, []), words.known_day(participation, self.day)
        )
        ahead = self._ahead.get(participation.pk)
        last = None if self.page else self._last_held.get(participation.pk)
        return Card(
            participation=participation,
            position=words.position_on(participation, self.day).sentence,
            phase=phase.get_phase_display() if phase else "",
            badge=words.status_badge(participation, self.day),
            small=small_strip(participation, self.day) if self.face != "coordinator" else None,
            reasons=self.reasons.get(participation.pk, []),
            next_words=when_words(ahead) if ahead else "",
            next_url=ahead.get_absolute_url() if ahead else "",
            decisions=self._decisions.get(last.pk, []) if last else [],
        )

    # Visits

    @cached_property
    def visits(self) -> list[Visit]:
        """Coming meetings in order; those of today and those that lack notes first."""
        seen, found = set(), []
        for pk, meetings in self._meetings.items():
            for meeting in meetings:
                wanted = is_ahead(meeting, self.day) or meeting.lacks_notes
                if wanted and meeting.status == MeetingStatus.PLANNED and meeting.pk not in seen:
                    seen.add(meeting.pk)
                    found.append((meeting, pk))
        found.sort(key=lambda pair: (pair[0].when.sort_key, pair[0].pk))
        seen_of: set[int] = set()
        told: set[int] = set()
        nearest = []
        for meeting, pk in found:
            # The nearest of each participation, and what comes within two weeks.
            near = meeting.when.first is not None and meeting.when.first <= self.day + SOON
            if near or pk not in seen_of:
                nearest.append(self._visit(meeting, pk))
                nearest[-1].is_repeat = pk in told
                told.add(pk)
            if not meeting.lacks_notes:
                seen_of.add(pk)
        return nearest[:SHOWN_VISITS]

    @property
    def lacking_notes(self) -> list[Visit]:
        """Meetings the reader may write on that should have been held, and that nobody has written on."""
        return [visit for visit in self.visits if visit.meeting.lacks_notes and visit.writable]

    @cached_property
    def news(self) -> list[News]:
        return news_of(self.scope)

    @property
    def next_visit(self) -> Visit | None:
        """The nearest that has not been; without one, nothing."""
        return next((visit for visit in self.visits if not visit.meeting.lacks_notes), None)

    def _visit(self, meeting: Meeting, pk: int) -> Visit:
        last = self._last_held.get(pk)
        actions = self._open.get(pk, [])
        me = self.scope.user.pk if self.scope.user else None
        precise = meeting.when.precision is Precision.DAY
        return Visit(
            meeting=meeting,
            when=when_words(meeting),
            distance=distance(meeting.when.date, self.day) if precise else "",
            place=place_words(meeting),
            huvudman=", ".join(
                str(link.participation.huvudman) for link in meeting.participation_links.all()
            ),
            agenda=[line.strip() for line in meeting.agenda.splitlines() if line.strip()],
            decisions=self._decisions.get(last.pk, []) if last else [],
            actions=actions,
            promised=[line for line in actions if me and _is_promised(line, me, meeting)],
            writable=self._is_writable(meeting),
            leaders=self._leaders.get(pk, []),
        )

    def _is_writable(self, meeting: Meeting) -> bool:
        units = {link.unit_id for link in meeting.unit_links.all()}
        return any(
            self.scope.may(Action.MEETING_RECORD, huvudman_id=owner, unit_ids=units)
            for owner in meeting.huvudman_ids
        )

    @cached_property
    def own_units(self) -> list[SchoolUnit]:
        """The units a rektor is rektor of here."""
        led = {grant.unit_id for grant in self.scope.grants if grant.unit_id is not None}
        if not led:
            return []
        return list(SchoolUnit.objects.visible_to(self.scope).in_use().filter(pk__in=led))

    @cached_property
    def waiting_statements(self) -> int | None:
        """How many statements wait for a coordinator's review; None for those who do not review."""
        if not self.scope.may(Action.STATEMENT_REVIEW):
            return None
        return Statement.objects.visible_to(self.scope).waiting().count()


def _is_promised(line: Outcome, user_id: int, meeting: Meeting) -> bool:
    """The user's own, due by the meeting and not late already: what they bring to it."""
    mine = line.owner is not None and line.owner.user_id == user_id
    by_then = line.due_on is None or meeting.when.last is None or line.due_on <= meeting.when.last
    return mine and by_then and not line.is_late


def heading_of(day: date) -> str:
    """ "Tisdag 3 november 2026, vecka 45"."""
    text = long_day(day)
    return f"{text[:1].upper()}{text[1:]}, vecka {day.isocalendar().week}"
