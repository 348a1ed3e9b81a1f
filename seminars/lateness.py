"""What is late in a participation, and why: one sentence each, the same on the start page, in lists and outward.

The database gives the facts, of one participation or of a country's in one statement; the sentences are said here.
"""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from programmes import words
from programmes.reasons import Reason
from programmes.terms import in_words
from sbs_portal.addressing import address_of
from sbs_portal.api.computed import Asked, Held, Sql, count_of, few, nothing, part_of_outer
from sbs_portal.db.fields import column_names
from sbs_portal.rights import Action
from sbs_portal.time import ImpreciseDate, Precision, SchoolYear
from schools.calendar import Break, school_weeks_between
from schools.models import SchoolBreak, SchoolCalendar
from seminars.models import Attendance, MeetingParticipation, MeetingSeries, Outcome
from seminars.overview import known_words

# Nobody is reminded of what was two years ago.
BACK = timedelta(days=730)
NULL = "'null'::json"


class Told(NamedTuple):
    """A meeting as a sentence tells of it."""

    uuid: str | UUID
    when: ImpreciseDate

    @property
    def url(self) -> str:
        return address_of("meeting_detail", self.uuid)


# The facts


def links_of(asked: Asked) -> QuerySet:
    """To the meetings of the outer participation, which repeat when they are: the newest is one row of an index."""
    return part_of_outer(MeetingParticipation, asked.scope, "participation").filter(archived_at=None)


def newest(links: QuerySet, *more) -> Subquery:
    """The last of the meetings: its id, the three columns of when it is, and what more is asked of it."""
    values = [F("meeting_uuid"), *map(F, column_names("when")), *more]
    places = ", ".join(f"{{{number}}}" for number, _ in enumerate(values))
    said = Sql(f"json_build_array({places})", *values)
    return Subquery(links.newest_first().annotate(said=said).values("said")[:1])


def _lov(day: date) -> ArraySubquery:
    """The lov in the time looked back on, for a series of the outer participation: by its kommun's calendar of a
    läsår, else by the country's.
    """
    # A summer's lov reaches over the turn of the läsår, so the years beside are read too.
    years = (SchoolYear.of(day - BACK) - 1, SchoolYear.of(day) + 1)
    kommun = OuterRef(OuterRef(OuterRef("huvudman__municipality")))
    holding = SchoolCalendar.objects.filter(
        Q(municipality=kommun) | Q(municipality=None), school_year__range=years
    )
    holding = holding.order_by("school_year", F("municipality").asc(nulls_last=True)).distinct("school_year")
    days = SchoolBreak.objects.filter(
        calendar__in=holding.values("pk"), starts_on__lte=day, ends_on__gte=day - BACK
    )
    said = Sql("json_build_array({0}, {1})", F("starts_on"), F("ends_on"))
    return ArraySubquery(days.order_by("starts_on").annotate(said=said).values("said"))


def _agreed(asked: Asked) -> Subquery:
    """How many school weeks are agreed to lie between meetings, and the lov that are no such weeks."""
    lov = Case(When(skips_breaks=True, then=Sql("to_json({0})", _lov(asked.day))), default=Sql("'[]'::json"))
    rows = part_of_outer(MeetingSeries, asked.scope, "participation")
    said = Sql("json_build_array({0}, {1})", F("interval_weeks"), lov)
    return Subquery(rows.order_by(few("pk").desc()).annotate(said=said).values("said")[:1])


def _unrecorded(asked: Asked):
    """Whether people were expected at the outer meeting and nothing is said of who came."""
    if not asked.scope.may(Action.ATTENDANCE_READ):
        return Value(False)
    lines = Attendance.objects.visible_to(asked.scope).filter(meeting=OuterRef("meeting")).order_by()
    silent = Held("count({0}) > 0 AND count({1}) = 0", F("pk"), F("status"))
    return Case(
        When(total_on_site=None, then=Subquery(lines.annotate(silent=silent).values("silent"))),
        default=Value(False),
        output_field=BooleanField(),
    )


def _late_actions(asked: Asked):
    """How many open actions are past their day. None is past what is known: the participation is watched.

    The meetings as an array: the index of open actions is read through once for all of them.
    """
    if not asked.scope.may(Action.ATTENDANCE_READ):
        return nothing()
    own = MeetingParticipation.objects.filter(participation=OuterRef(OuterRef("pk")), archived_at=None)
    lines = Outcome.objects.visible_to(asked.scope).overdue(asked.day)
    return count_of(
        lines.filter(Held("{0} = ANY({1})", F("meeting"), ArraySubquery(own.order_by().values("meeting"))))
    )


def is_watched(day: date) -> Q:
    """Whether anything can be late: nothing is past what is known, nor before the start or after the end."""
    return Q(status__in=words.UNDER_WAY) & (Q(known_through=None) | Q(known_through__gte=day))


def facts(asked: Asked) -> Coalesce:
    """The facts of a participation that is watched, null of others."""
    links, day = links_of(asked), asked.day
    held = links.held().filter(when_date__gt=day - BACK, when_date__lte=day)
    given = Sql(
        "json_build_array({0}, {1}, {2}, {3}, {4})",
        F("uuid"),
        newest(held, _unrecorded(asked)),
        _agreed(asked),
        newest(links.past_planned(day)),
        _late_actions(asked),
    )
    return Coalesce(Case(When(is_watched(day), then=given)), Sql(NULL))


# The sentences


def meeting_told(found: list) -> Told:
    """A meeting that is known to a day or more, of what ``newest`` gives."""
    uuid, day, precision, text, *_ = found
    return Told(uuid, ImpreciseDate(date.fromisoformat(day), precision, text))


def reasons(found: list | None, asked: Asked) -> list[Reason]:
    """Why a participation is late, one sentence each with where its rows are."""
    if found is None:
        return []
    uuid, held, agreed, lacking, late_actions = found
    day, said = asked.day, []
    last = held and meeting_told(held)
    if last and agreed and (weeks := _weeks_since(last.when, day, *agreed)):
        said.append(Reason(f"Ingen träff på {in_words(weeks)} skolveckor.", last.url))
    if lacking:
        meeting = meeting_told(lacking)
        said.append(Reason(f"Träffen {known_words(meeting.when, day)} saknar anteckningar.", meeting.url))
    if last and held[-1]:
        said.append(Reason(f"Närvaron {known_words(last.when, day)} är inte ifylld.", last.url))
    if late_actions:
        late = (
            "En åtgärd är sen."
            if late_actions == 1
            else f"{in_words(late_actions).capitalize()} åtgärder är sena."
        )
        said.append(Reason(late, f"{address_of('participation_detail', uuid)}#atgarder"))
    return said


def _weeks_since(when: ImpreciseDate, day: date, interval: int, lov: list) -> int | None:
    """School weeks since, where they are more than agreed."""
    if when.precision is not Precision.DAY or (day - when.date).days <= 7 * interval:
        return None
    breaks = [Break(date.fromisoformat(first), date.fromisoformat(last)) for first, last in lov]
    weeks = school_weeks_between(when.date, day, breaks)
    return weeks if weeks > interval else None
