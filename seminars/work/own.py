"""The start page of a process leader, of the huvudman's own people and of its readers: all of their participations,
the meetings around today, and what one has to do.
"""

from datetime import timedelta
from functools import cached_property

from django.db.models import F, Q

from programmes.models import (
    Participation,
    ParticipationAssignment,
    ParticipationPhase,
    Registration,
    RegistrationStep,
)
from programmes.reasons import Reason, reasons_of
from programmes.strip_sources import small_strip
from sbs_portal.db.fields import latest_day
from sbs_portal.rights import Action, Role
from schools.models import SchoolUnit
from seminars.models import Meeting, MeetingStatus, Outcome
from seminars.overview import with_head
from seminars.sections import is_ahead, is_held
from seminars.work.base import GOING, Card, Work, going, late_first, of_each
from seminars.work.visits import SHOWN_VISITS, SOON, Visit, visit_of

NEWS = timedelta(days=14)


class OwnWork(Work):
    """The start page of one reader today."""

    @property
    def face(self) -> str:
        if self.scope.has_role(Role.PROCESS_LEADER):
            return "process_leader"
        return "own" if self.scope.has_role(Role.EDITOR, Role.REKTOR) else "reader"

    @property
    def may_write(self) -> bool:
        """Whether there is a meeting to write on, or one may plan it."""
        return self.scope.may(Action.MEETING_RECORD) and (
            self.may_change
            or any(
                (is_ahead(one, self.day) or one.lacks_notes or is_held(one, self.day))
                and self._is_writable(one)
                for meetings in self._meetings.values()
                for one in meetings
            )
        )

    # Participations

    @cached_property
    def participations(self) -> list[Participation]:
        """Those that are under way or about to be; without any, those that are over."""
        rows = self._reached.prefetch_related("term_pauses", "term_extensions")
        if self.scope.may(Action.PARTICIPATION_CHANGE):
            # What huvudmän have entered and nobody approved stands by itself for who approves it.
            rows = rows.approved()
        return list(rows.filter(GOING)) or list(rows)

    @property
    def _ids(self) -> list[int]:
        return [one.pk for one in self.participations]

    @cached_property
    def reasons(self) -> dict[int, list[Reason]]:
        return reasons_of(self._ids, self.scope, self.day)

    @cached_property
    def cards(self) -> list[Card]:
        """Those with most that is late first."""
        phases = ParticipationPhase.objects.visible_to(self.scope)
        phases = of_each(phases.filter(participation__in=self._ids, participating_unit=None))
        ordered = sorted(self.participations, key=lambda one: -len(self.reasons.get(one.pk, ())))
        return [
            self._card(
                one,
                phases.get(one.pk, []),
                small=small_strip(one, self.day),
                decisions=self._decided_last(one.pk),
            )
            for one in ordered
        ]

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
    def own_units(self) -> list[SchoolUnit]:
        """The units a rektor is rektor of here."""
        led = {grant.unit_id for grant in self.scope.grants if grant.unit_id is not None}
        if not led:
            return []
        return list(SchoolUnit.objects.visible_to(self.scope).in_use().filter(pk__in=led))

    # Meetings

    @cached_property
    def _meetings(self) -> dict[int, list[Meeting]]:
        """By participation, the earliest first: what lacks notes, the nearest ahead and all soon, the last held."""
        planned, day = Q(status=MeetingStatus.PLANNED), self.day
        links = going(self.scope).filter(participation__in=self._ids)
        each = links.order_by("participation_id").distinct("participation_id")
        first, last_day = F("when_date"), latest_day("when")
        nearest = each.filter(Q(when_date__gte=day) | planned & Q(when_date=None)).order_by(
            "participation_id", first.asc(nulls_last=True), last_day, "meeting_id"
        )
        last = each.held().filter(when_date__lte=day)
        last = last.order_by("participation_id", first.desc(), last_day.desc(), "-meeting_id")
        wanted = links.filter(
            planned & Q(when_date__lt=day)
            | Q(when_date__gte=day, when_date__lte=day + SOON)
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
    def _last_held(self) -> dict[int, Meeting]:
        return {
            pk: meeting
            for pk, meetings in self._meetings.items()
            for meeting in meetings
            if is_held(meeting, self.day) and meeting.when.is_known
        }

    def _is_writable(self, meeting: Meeting) -> bool:
        units = {link.unit_id for link in meeting.unit_links.all()}
        return any(
            self.scope.may(Action.MEETING_RECORD, huvudman_id=owner, unit_ids=units)
            for owner in meeting.huvudman_ids
        )

    @cached_property
    def _decisions(self) -> dict[int, list[Outcome]]:
        """By meeting, of the last ones held."""
        meetings = {meeting.pk for meeting in self._last_held.values()}
        rows = Outcome.objects.visible_to(self.scope).decisions().filter(meeting__in=meetings).order_by("pk")
        found: dict[int, list[Outcome]] = {}
        for line in rows:
            found.setdefault(line.meeting_id, []).append(line)
        return found

    def _decided_last(self, participation_id: int) -> list[Outcome]:
        last = self._last_held.get(participation_id)
        return self._decisions.get(last.pk, []) if last else []

    @cached_property
    def _open(self) -> dict[int, list[Outcome]]:
        """Open actions by participation, late first. A reader has none."""
        if not self.scope.may(Action.ATTENDANCE_READ):
            return {}
        rows = Outcome.objects.visible_to(self.scope).in_use().open_actions()
        rows = rows.filter(meeting__participation_links__participation__in=self._ids).distinct().with_action()
        found: dict[int, list[Outcome]] = {}
        for line in late_first(rows):
            for link in line.meeting.participation_links.all():
                found.setdefault(link.participation_id, []).append(line)
        return found

    @cached_property
    def _leaders(self) -> dict[int, list[str]]:
        if not self.scope.may(Action.PEOPLE_READ):
            return {}
        rows = ParticipationAssignment.objects.visible_to(self.scope).active_on(self.day)
        rows = rows.filter(participation__in=self._ids, role="process_leader").select_related("person")
        return {pk: [str(row.person) for row in some] for pk, some in of_each(rows).items()}

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

    def _visit(self, meeting: Meeting, pk: int) -> Visit:
        return visit_of(
            meeting,
            self.day,
            reader=self.scope.user,
            decisions=self._decided_last(pk),
            actions=self._open.get(pk, []),
            writable=self._is_writable(meeting),
            leaders=self._leaders.get(pk, []),
        )

    @property
    def lacking_notes(self) -> list[Visit]:
        """Meetings the reader may write on that should have been held, and that nobody has written on."""
        return [visit for visit in self.visits if visit.meeting.lacks_notes and visit.writable]

    @property
    def next_visit(self) -> Visit | None:
        """The nearest that has not been; without one, nothing."""
        return next((visit for visit in self.visits if not visit.meeting.lacks_notes), None)
