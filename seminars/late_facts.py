"""What tells whether participations are late, as facts of the database: for lists it builds by itself.

The same as ``lateness.reasons_of`` asks of rows that are read; the sentences are said there, of both.
"""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from programmes import words
from programmes.models import Participation
from programmes.reasons import Reason
from sbs_portal.api.computed import Asked, Sql, count_of, few, nothing
from sbs_portal.rights import Action
from sbs_portal.time import ImpreciseDate
from schools.calendar import Break
from schools.models import SchoolBreak, SchoolCalendar
from seminars.lateness import BACK, Facts, reasons_for
from seminars.models import Attendance, Meeting, MeetingSeries, MeetingStatus, Outcome

MEETING = "json_build_array({0}, {1}, {2}, {3}, {4})"
WHEN = ("when_date", "when_precision", "when_text")


def _lov(day: date) -> ArraySubquery:
    """The lov of a series' kommun in the time looked back on: its own calendar of a läsår, else the country's."""
    municipality = "participation__huvudman__municipality"
    own = SchoolCalendar.objects.filter(
        municipality=OuterRef(OuterRef(municipality)), school_year=OuterRef("calendar__school_year")
    )
    days = SchoolBreak.objects.filter(
        Q(calendar__municipality=OuterRef(municipality)) | Q(~Exists(own), calendar__municipality=None),
        starts_on__lte=day,
        ends_on__gte=day - BACK,
    )
    said = Sql("json_build_array({0}, {1})", F("starts_on"), F("ends_on"))
    return ArraySubquery(days.order_by("starts_on").annotate(said=said).values("said"))


def _series(asked: Asked) -> Subquery:
    lov = Case(When(skips_breaks=True, then=Sql("to_json({0})", _lov(asked.day))), default=Sql("'[]'::json"))
    rows = MeetingSeries.objects.visible_to(asked.scope).filter(participation=OuterRef("pk"))
    said = Sql("json_build_array({0}, {1})", F("interval_weeks"), lov)
    return Subquery(rows.order_by(few("pk").desc()).annotate(said=said).values("said")[:1])


def _latest(meetings, **more) -> Subquery:
    own = meetings.filter(participation_links__participation=OuterRef("pk")).order_by(
        few("when_date").desc(), few("pk").desc()
    )
    unrecorded = more.get("unrecorded", Value(False))
    said = Sql(MEETING, F("uuid"), *(F(name) for name in WHEN), unrecorded)
    return Subquery(own.annotate(said=said).values("said")[:1])


def _unrecorded(asked: Asked):
    """Whether people were expected and nothing is said of who came."""
    if not asked.scope.may(Action.ATTENDANCE_READ):
        return Value(False)
    lines = Attendance.objects.visible_to(asked.scope).filter(meeting=OuterRef("pk"))
    silent = Q(Exists(lines), ~Exists(lines.filter(status__isnull=False)), total_on_site=None)
    return Case(When(silent, then=Value(True)), default=Value(False), output_field=BooleanField())


def _late_actions(asked: Asked):
    if not asked.scope.may(Action.ATTENDANCE_READ):
        return nothing()
    lines = Outcome.objects.visible_to(asked.scope).in_use().late(asked.day)
    return count_of(lines.filter(meeting__participation_links__participation=OuterRef("pk")))


def facts(asked: Asked) -> Sql:
    """The facts of a participation that is watched, null of others."""
    meetings = Meeting.objects.visible_to(asked.scope).in_use()
    held = meetings.filter(
        status=MeetingStatus.HELD, when_date__gt=asked.day - BACK, when_date__lte=asked.day
    )
    watched = Q(status__in=words.UNDER_WAY) & (Q(known_through=None) | Q(known_through__gte=asked.day))
    return Coalesce(
        Case(
            When(
                watched,
                then=Sql(
                    "json_build_array({0}, {1}, {2}, {3}, {4})",
                    F("uuid"),
                    _series(asked),
                    _latest(held, unrecorded=_unrecorded(asked)),
                    _latest(meetings.overdue(asked.day)),
                    _late_actions(asked),
                ),
            )
        ),
        Sql("'null'::json"),
    )


def _meeting(said: list | None) -> Meeting | None:
    if said is None:
        return None
    uuid, day, precision, text, _ = said
    when = ImpreciseDate(day and date.fromisoformat(day), precision, text)
    # What has been planned or held has a day.
    return Meeting(uuid=uuid, when=when)


def told(found: list | None, asked: Asked) -> list[Reason]:
    """The reasons that the facts of a participation give."""
    if found is None:
        return []
    uuid, series, held, lacking, late_actions = found
    made = Facts(last_held=_meeting(held), lacking=_meeting(lacking), late_actions=late_actions)
    if series is not None:
        weeks, lov = series
        made.series = MeetingSeries(interval_weeks=weeks, skips_breaks=True)
        made.lov = [Break(date.fromisoformat(first), date.fromisoformat(last)) for first, last in lov]
    made.unrecorded = held is not None and held[-1]
    return reasons_for(Participation(uuid=uuid), made, asked.day)
