"""What is late in a participation, and why: one sentence each, the same on the start page, in lists and outward."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q

from programmes import words
from programmes.models import Participation
from programmes.reasons import Reason
from programmes.terms import in_words
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import Precision
from schools.calendar import Break, school_weeks_between
from schools.services.calendar import breaks_by_municipality
from seminars.models import Attendance, Meeting, MeetingParticipation, MeetingSeries, MeetingStatus, Outcome
from seminars.overview import when_words

# Nobody is reminded of what was two years ago.
BACK = timedelta(days=730)


@dataclass
class Facts:
    """What tells whether a participation is late.

    lacking: the latest meeting that should have been held and that nobody has written on. unrecorded: whether
    nobody has said who came to the last one held. late_actions: None for who does not read them.
    """

    series: MeetingSeries | None = None
    last_held: Meeting | None = None
    lacking: Meeting | None = None
    unrecorded: bool = False
    late_actions: int | None = None
    lov: list[Break] = field(default_factory=list)


def is_watched(participation: Participation, day: date) -> bool:
    """Whether anything can be late: nothing is past what is known, nor before the start or after the end."""
    return participation.status in words.UNDER_WAY and not words.is_cut_short(participation, day)


def reasons(participation: Participation, facts: Facts, day: date) -> list[Reason]:
    """Why it is late, one sentence each with where its rows are."""
    return reasons_for(participation, facts, day) if is_watched(participation, day) else []


def reasons_for(participation: Participation, facts: Facts, day: date) -> list[Reason]:
    """The reasons of a participation that is watched."""
    found = []
    series, last = facts.series, facts.last_held
    if series and last and last.when.precision is Precision.DAY and last.when.date > day - BACK:
        weeks = school_weeks_between(last.when.date, day, facts.lov if series.skips_breaks else [])
        if weeks > series.interval_weeks:
            found.append(Reason(f"Ingen träff på {in_words(weeks)} skolveckor.", last.get_absolute_url()))
    if facts.lacking is not None:
        said = f"Träffen {when_words(facts.lacking)} saknar anteckningar."
        found.append(Reason(said, facts.lacking.get_absolute_url()))
    if facts.unrecorded and last is not None:
        found.append(Reason(f"Närvaron {when_words(last)} är inte ifylld.", last.get_absolute_url()))
    if facts.late_actions:
        number = facts.late_actions
        said = "En åtgärd är sen." if number == 1 else f"{in_words(number).capitalize()} åtgärder är sena."
        found.append(Reason(said, f"{participation.get_absolute_url()}#atgarder"))
    return found


def unrecorded(meetings: Iterable[Meeting], scope: Scope) -> set[int]:
    """Ids of the held meetings where people were expected and nothing is said of who came."""
    meetings = {meeting.pk for meeting in meetings if meeting.total_on_site is None}
    if not meetings or not scope.may(Action.ATTENDANCE_READ):
        return set()
    lines = Attendance.objects.visible_to(scope).filter(meeting__in=meetings).order_by()
    counted = lines.values("meeting_id").annotate(said=Count("pk", filter=Q(status__isnull=False)))
    return {row["meeting_id"] for row in counted if not row["said"]}


def reasons_of(rows: Iterable[Participation], scope: Scope, day: date) -> dict[int, list[Reason]]:
    """Participation → why it is late, in as many statements however many there are."""
    watched = {row.pk: row for row in rows if is_watched(row, day)}
    if not watched:
        return {}
    facts = {pk: Facts() for pk in watched}
    agreed = MeetingSeries.objects.visible_to(scope).filter(participation__in=watched).order_by("pk")
    for series in agreed.only("participation_id", "interval_weeks", "skips_breaks"):
        facts[series.participation_id].series = series
    meetings = Meeting.objects.visible_to(scope).in_use()
    held = meetings.filter(status=MeetingStatus.HELD, when_date__gt=day - BACK, when_date__lte=day)
    for pk, meeting in _latest(held, watched, scope):
        facts[pk].last_held = meeting
    for pk, meeting in _latest(meetings.overdue(day), watched, scope):
        facts[pk].lacking = meeting
    silent = unrecorded((one.last_held for one in facts.values() if one.last_held), scope)
    late = _late_actions(watched, scope, day)
    skipping = {
        row.huvudman.municipality_id
        for pk, row in watched.items()
        if facts[pk].last_held and facts[pk].series and facts[pk].series.skips_breaks
    }
    lov = breaks_by_municipality(skipping, _earliest(facts.values()), day) if skipping else {}
    for pk, one in facts.items():
        one.unrecorded = one.last_held is not None and one.last_held.pk in silent
        one.late_actions = late.get(pk)
        one.lov = lov.get(watched[pk].huvudman.municipality_id, [])
    return {pk: found for pk, row in watched.items() if (found := reasons(row, facts[pk], day))}


def _earliest(facts: Iterable[Facts]) -> date:
    """The first day from which school weeks are counted."""
    return min(one.last_held.when.first for one in facts if one.last_held)


def _latest(meetings, watched, scope: Scope) -> list[tuple[int, Meeting]]:
    """The last of the meetings with each participation."""
    links = MeetingParticipation.objects.visible_to(scope).filter(
        participation__in=watched, meeting__in=meetings
    )
    links = links.order_by("participation_id", "-meeting__when_date", "-meeting_id").distinct(
        "participation_id"
    )
    # What a sentence about it says, and not its agenda: of a whole country's they are hundreds.
    told = ("uuid", "status", "when_date", "when_precision", "when_text", "total_on_site")
    links = links.select_related("meeting").only("participation_id", *(f"meeting__{name}" for name in told))
    return [(link.participation_id, link.meeting) for link in links]


def _late_actions(watched, scope: Scope, day: date) -> dict[int, int]:
    if not scope.may(Action.ATTENDANCE_READ):
        return {}
    lines = Outcome.objects.visible_to(scope).in_use().late(day)
    path = "meeting__participation_links__participation"
    counted = lines.filter(**{f"{path}__in": watched}).order_by().values(path)
    return {row[path]: row["number"] for row in counted.annotate(number=Count("pk", distinct=True))}
