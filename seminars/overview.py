"""Everything a meeting's pages say, loaded once; and the meetings around it.

Only what the reader may see is loaded: without the right to people there are no names here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.apps import apps
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import ImpreciseDate, Precision, today
from sbs_portal.web.words import long_day, short_day, when
from schools.calendar import school_weeks_between
from schools.models import Person, SchoolUnit, SecurityMarking
from seminars.models import (
    Attendance,
    AttendanceStatus,
    Meeting,
    MeetingParticipation,
    MeetingStatus,
    MeetingUnit,
    Outcome,
    OutcomeKind,
)
from seminars.services import cadence

HERE = (AttendanceStatus.PRESENT, AttendanceStatus.SUBSTITUTE)
WRITING_NOW = timedelta(minutes=10)
SOMEONE = "Någon annan"


def with_head(meetings, scope: Scope):
    """With the participations and units that a row or a head names, those the reader may see."""
    return meetings.prefetch_related(*head_of(scope))


def head_of(scope: Scope) -> tuple[Prefetch, Prefetch]:
    """What ``with_head`` reads beside the meetings."""
    own_units = SchoolUnit.objects.visible_to(scope)
    units = MeetingUnit.objects.visible_to(scope).filter(unit__in=own_units).select_related("unit")
    return links_of(scope), Prefetch("unit_links", queryset=units)


def links_of(scope: Scope) -> Prefetch:
    """With whom a meeting is."""
    links = MeetingParticipation.objects.visible_to(scope)
    links = links.select_related("participation__huvudman", "participation__programme")
    return Prefetch("participation_links", queryset=links)


def whose_of(scope: Scope) -> Prefetch:
    """Whose a meeting in a list is, and how far its participations are known: no more than a row says."""
    links = MeetingParticipation.objects.visible_to(scope).select_related("participation__huvudman")
    shown = ("meeting", "participation", "participation__known_through", "participation__huvudman__name")
    return Prefetch("participation_links", queryset=links.only(*shown, "participation__huvudman"))


def with_counts(meetings, scope: Scope):
    """With how many decisions and open actions each has, of those the reader may see."""

    def number_of(lines):
        of_meeting = lines.visible_to(scope).filter(meeting=OuterRef("pk")).order_by().values("meeting")
        return Coalesce(Subquery(of_meeting.annotate(number=Count("pk")).values("number")), 0)

    return meetings.annotate(
        decision_count=number_of(Outcome.objects.decisions()),
        open_count=number_of(Outcome.objects.open_actions()),
    )


def when_words(meeting: Meeting, on: date | None = None) -> str:
    """ "tor 8 okt", "8 okt 2026", "maj 2018", "datum ej bestämt"."""
    if not meeting.when.is_known:
        return "datum ej bestämt" if meeting.status == MeetingStatus.PLANNED else "okänt datum"
    return known_words(meeting.when, on or today())


def known_words(day: ImpreciseDate, on: date) -> str:
    """The same of a date that is known."""
    return short_day(day.date, on) if day.precision is Precision.DAY else str(day)


def heading(meeting: Meeting, on: date | None = None) -> str:
    """ "Träff torsdag 8 oktober 2026", "Träff maj 2018"; the year is left out within it."""
    name = meeting.title or "Träff"
    if not meeting.when.is_known:
        return name if meeting.title else f"{name} utan datum"
    if meeting.when.precision is not Precision.DAY:
        return f"{name} {meeting.when}"
    return f"{name} {long_day(meeting.when.date)}"


def time_words(meeting: Meeting) -> str:
    """ "13.00–15.30", "från 13.00" or ""."""
    if meeting.start_time and meeting.end_time:
        return f"{meeting.start_time:%H.%M}–{meeting.end_time:%H.%M}"
    return f"från {meeting.start_time:%H.%M}" if meeting.start_time else ""


def place_words(meeting: Meeting) -> str:
    """ "13.00–15.30, Björkskolan", "på distans" or ""."""
    mode = meeting.get_mode_display() if meeting.mode != "on_site" else ""
    return ", ".join(filter(None, (time_words(meeting), meeting.place, mode)))


@dataclass(frozen=True)
class Neighbour:
    """The meeting before or after, and how many school weeks lie between (None: not reckoned)."""

    meeting: Meeting
    weeks: int | None
    breaks: tuple[str, ...]

    @property
    def weeks_words(self) -> str:
        return "" if self.weeks is None else cadence.weeks_words(self.weeks)

    @property
    def when_words(self) -> str:
        day = self.meeting.when
        return when(day.date, today()) if day.precision is Precision.DAY else when_words(self.meeting)


class MeetingOverview:
    """A meeting as one reader may see it."""

    def __init__(self, meeting: Meeting, scope: Scope):
        self.meeting, self.scope, self.day = meeting, scope, today()

    # What the reader may

    @cached_property
    def sees_people(self) -> bool:
        return any(self.scope.may(Action.ATTENDANCE_READ, huvudman_id=pk) for pk in self.meeting.huvudman_ids)

    @cached_property
    def may_record(self) -> bool:
        return self._may(Action.MEETING_RECORD)

    @cached_property
    def may_change(self) -> bool:
        return self._may(Action.MEETING_CHANGE)

    def _may(self, action: Action) -> bool:
        units = {link.unit_id for link in self.meeting.unit_links.all()}
        return any(self.scope.may(action, huvudman_id=pk, unit_ids=units) for pk in self.meeting.huvudman_ids)

    # The meeting

    @cached_property
    def participations(self) -> list[Participation]:
        return [link.participation for link in self.meeting.participation_links.all()]

    @property
    def participation(self) -> Participation | None:
        """The one the meeting is with; the first where there are several."""
        return self.participations[0] if self.participations else None

    @property
    def units(self) -> list:
        return [link.unit for link in self.meeting.unit_links.all()]

    @property
    def heading(self) -> str:
        return heading(self.meeting, self.day)

    @property
    def place_words(self) -> str:
        return place_words(self.meeting)

    @property
    def is_ahead(self) -> bool:
        """Whether it lies after today, so that it cannot have been held."""
        return self.meeting.when.first is not None and self.meeting.when.first > self.day

    @property
    def agenda(self) -> list[str]:
        """The agenda's points; free text may name people, so only for those who may know them."""
        if not self.sees_people:
            return []
        return [line.strip() for line in self.meeting.agenda.splitlines() if line.strip()]

    # Who was there

    @cached_property
    def attendances(self) -> list[Attendance]:
        if not self.sees_people:
            return []
        found = Attendance.objects.visible_to(self.scope).filter(meeting=self.meeting)
        return list(found.select_related("person", "unit", "meeting").order_by("-is_required", "pk"))

    @cached_property
    def writable_lines(self) -> set[int]:
        """The attendance lines the reader may note, by pk."""
        return {
            line.pk
            for line in self.attendances
            if any(
                self.scope.may(
                    Action.MEETING_RECORD,
                    huvudman_id=owner,
                    unit_ids={line.unit_id} if line.unit_id else set(),
                )
                for owner in ([line.huvudman_id] if line.huvudman_id else self.meeting.huvudman_ids)
            )
        }

    @property
    def named(self) -> int:
        return sum(line.status in HERE for line in self.attendances)

    @property
    def attendance_words(self) -> str:
        """ "10 personer, 6 namngivna", "6 namngivna", "10 personer" or ""."""
        return attendance_words(self.meeting.total_on_site, self.named if self.sees_people else None)

    @property
    def by_status(self) -> list[tuple[str, list[Attendance]]]:
        """Label and people, in the order of the choices; those nobody has noted last."""
        groups = [
            (status.label, [a for a in self.attendances if a.status == status]) for status in AttendanceStatus
        ]
        unset = "Inte antecknade" if self.meeting.status == MeetingStatus.HELD else "Väntas"
        groups.append((unset, [line for line in self.attendances if line.status is None]))
        return [(label, lines) for label, lines in groups if lines]

    # What came of it

    @cached_property
    def outcomes(self) -> list[Outcome]:
        found = Outcome.objects.visible_to(self.scope).filter(meeting=self.meeting).order_by("pk")
        return list(found.with_action())

    def _of(self, kind: str) -> list[Outcome]:
        return [line for line in self.outcomes if line.kind == kind]

    @property
    def information(self) -> list[Outcome]:
        return self._of(OutcomeKind.INFORMATION)

    @property
    def decisions(self) -> list[Outcome]:
        return self._of(OutcomeKind.DECISION)

    @property
    def actions(self) -> list[Outcome]:
        return self._of(OutcomeKind.ACTION)

    @property
    def done_actions(self) -> int:
        return sum(line.done_on is not None for line in self.actions)

    # Before and after

    @cached_property
    def _around(self) -> list[Meeting]:
        """The participations' meetings on known days or months, the earliest first; cancelled ones left out."""
        links = MeetingParticipation.objects.filter(participation__in=[one.pk for one in self.participations])
        found = (
            Meeting.objects.visible_to(self.scope)
            .in_use()
            .filter(
                Q(pk__in=links.values("meeting_id")), status__in=[MeetingStatus.HELD, MeetingStatus.PLANNED]
            )
        )
        return sorted(
            found, key=lambda m: (*m.when.sort_key[:2], m.start_time is None, m.start_time or 0, m.pk)
        )

    @cached_property
    def previous_meeting(self) -> Meeting | None:
        """The last one held before this."""
        return next(
            (m for m in reversed(self._around) if self._is_before(m) and m.status == MeetingStatus.HELD), None
        )

    @cached_property
    def next_meeting(self) -> Meeting | None:
        """The first planned or held after this; of those without a date, none."""
        return next((m for m in self._around if self._is_after(m)), None)

    def _is_before(self, other: Meeting) -> bool:
        mine, theirs = self.meeting.when, other.when
        if other.pk == self.meeting.pk or not theirs.is_known:
            return False
        return not mine.is_known or (theirs.first, other.pk) < (mine.first, self.meeting.pk)

    def _is_after(self, other: Meeting) -> bool:
        mine, theirs = self.meeting.when, other.when
        if other.pk == self.meeting.pk or not theirs.is_known or not mine.is_known:
            return False
        return (theirs.first, other.pk) > (mine.first, self.meeting.pk)

    def _neighbour(self, other: Meeting | None) -> Neighbour | None:
        if other is None:
            return None
        days = sorted(m.when.date for m in (self.meeting, other) if m.when.precision is Precision.DAY)
        if len(days) < 2 or self.participation is None:
            return Neighbour(other, None, ())
        lov = cadence.breaks_of(self.participation, *days)
        between = tuple(dict.fromkeys(one.name for one in lov if days[0] < one.first and one.last < days[1]))
        return Neighbour(other, school_weeks_between(*days, lov), between)

    @cached_property
    def before(self) -> Neighbour | None:
        return self._neighbour(self.previous_meeting)

    @cached_property
    def after(self) -> Neighbour | None:
        return self._neighbour(self.next_meeting)

    @cached_property
    def proposal(self) -> cadence.Proposal | None:
        return cadence.propose_next(meeting=self.meeting)

    @cached_property
    def earlier_actions(self) -> list[Outcome]:
        """Actions from earlier meetings that were open when the last one ended: late first, the done ones last."""
        earlier = [m.pk for m in self._around if self._is_before(m)]
        since = self.previous_meeting.when.last if self.previous_meeting else None
        found = Outcome.objects.visible_to(self.scope).filter(meeting__in=earlier, kind=OutcomeKind.ACTION)
        if self.meeting.status == MeetingStatus.HELD and self.meeting.when.last:
            still = Q(done_on__isnull=True) | Q(done_on__gte=since or date.min)
        else:
            still = Q(done_on__isnull=True) | Q(done_on__gt=since or date.min)
        found = found.filter(still).with_action()
        return sorted(found, key=lambda a: (a.done_on is not None, a.due_on or date.max, a.pk))

    @cached_property
    def previous_decisions(self) -> list[Outcome]:
        if self.previous_meeting is None:
            return []
        found = Outcome.objects.visible_to(self.scope).decisions().filter(meeting=self.previous_meeting)
        return list(found.order_by("pk"))

    # Who can be added or be given something to do

    @cached_property
    def people(self):
        """People of the meeting's huvudmän, as the reader may see them."""
        rows = Person.objects.visible_to(self.scope).in_use()
        return rows.filter(huvudman_ids__overlap=self.meeting.huvudman_ids)

    @cached_property
    def own_units(self):
        """Units of the meeting's huvudmän, as the reader may see them."""
        rows = SchoolUnit.objects.visible_to(self.scope).in_use()
        return rows.filter(huvudman_ids__overlap=self.meeting.huvudman_ids).order_by("sort_key", "pk")

    @property
    def parties(self) -> list[str]:
        return ["Skolverket", *dict.fromkeys(str(one.huvudman) for one in self.participations)]

    @cached_property
    def also_writing(self) -> list[str]:
        """Names of others who have changed a line here in the last ten minutes."""
        users = set()
        since = timezone.now() - WRITING_NOW
        for name, path in (
            ("AttendanceEvent", "meeting_id"),
            ("OutcomeEvent", "meeting_id"),
            ("MeetingEvent", "id"),
        ):
            events = apps.get_model("seminars", name).objects.filter(
                **{path: self.meeting.pk}, pgh_created_at__gte=since
            )
            users |= set(events.values_list("pgh_context__user", flat=True))
        users -= {None, self.scope.user.pk if self.scope.user else None}
        return sorted({name_of_user(pk, self.scope) for pk in users})


def attendance_words(total: int | None, named: int | None) -> str:
    """ "10 personer, 6 namngivna"; ``named`` is None for who may not know."""
    if total is None:
        return f"{named} {'namngiven' if named == 1 else 'namngivna'}" if named else ""
    total = max(total, named or 0)
    people = f"{total} {'person' if total == 1 else 'personer'}"
    return f"{people}, {named} {'namngiven' if named == 1 else 'namngivna'}" if named else people


def name_of_user(user_id: int, scope: Scope) -> str:
    """Who it was, as the reader may know it: the person's shown name, else someone."""
    person = Person.objects.visible_to(scope).filter(user_id=user_id).first()
    return str(person) if person and person.security_marking == SecurityMarking.NONE else SOMEONE


def last_change(line, scope: Scope) -> tuple[str, datetime | None]:
    """Who changed a line last, and when, by its history."""
    event = apps.get_model("seminars", f"{type(line).__name__}Event")
    last = event.objects.filter(pgh_obj_id=line.pk).order_by("-pgh_id").first()
    if last is None:
        return SOMEONE, None
    user = (last.pgh_context or {}).get("user")
    return (name_of_user(user, scope) if user else SOMEONE), last.pgh_created_at
