"""The lov that hold for a kommun: its own where entered for the läsår, else the national default."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from sbs_portal.audit.models import Source
from sbs_portal.rights import Action
from sbs_portal.rows import checked, for_change, removed, saved
from sbs_portal.scope import require
from sbs_portal.time import SchoolYear
from sbs_portal.together import Steps, Turn, asked, each, every, service
from schools.calendar import Break
from schools.models import Municipality, SchoolBreak, SchoolCalendar


def breaks_for(municipality: Municipality | None, first: date, last: date) -> list[Break]:
    """The lov with some day from ``first`` to ``last``, in order; two queries. No kommun: the default."""
    wanted = municipality.pk if municipality else None
    return breaks_by_municipality([wanted], first, last)[wanted]


def breaks_by_municipality(
    municipality_ids: Iterable[int | None], first: date, last: date
) -> dict[int | None, list[Break]]:
    """As ``breaks_for``, for many kommuner by id in the same two queries; None is the national default."""
    # A summer's lov reaches over the turn of the läsår on 1 July, so the years beside are read too.
    years = (SchoolYear.of(first) - 1, SchoolYear.of(last) + 1)
    holding = _holding(municipality_ids, school_year__range=years)
    return {pk: _between(by_year, first, last) for pk, by_year in holding.items()}


def _holding(
    municipality_ids: Iterable[int | None], **which
) -> dict[int | None, dict[SchoolYear, list[Break]]]:
    """Kommun → läsår → the lov that hold there: its own where entered, else the national default's."""
    wanted = set(municipality_ids)
    calendars = list(calendar_rows(Q(municipality__in=wanted - {None})).filter(**which))
    breaks = break_rows_of([pk for pk, *_ in calendars]) if calendars else []
    return _held(wanted, calendars, breaks)


# As values and not as rows: those of a hundred kommuner are thousands.


def calendar_rows(of: Q) -> QuerySet:
    """The calendars of some kommuner, and the national defaults: id, läsår, kommun."""
    rows = SchoolCalendar.objects.filter(Q(municipality__isnull=True) | of)
    return rows.values_list("pk", "school_year", "municipality_id")


def break_rows(of: Q) -> QuerySet:
    """The lov of ``calendar_rows``: calendar, first day, last day, name."""
    return break_rows_of(calendar_rows(of).order_by().values("pk"))


def break_rows_of(calendars) -> QuerySet:
    rows = SchoolBreak.objects.filter(calendar__in=calendars)
    return rows.values_list("calendar_id", "starts_on", "ends_on", "name")


def _held(
    wanted: Iterable[int | None], calendars: Iterable[tuple], breaks: Iterable[tuple]
) -> dict[int | None, dict[SchoolYear, list[Break]]]:
    by_year: dict[SchoolYear, dict[int | None, list[Break]]] = defaultdict(dict)
    lov: dict[int, list[Break]] = {}
    for pk, year, municipality_id in calendars:
        by_year[year][municipality_id] = lov[pk] = []
    for calendar_id, *period in breaks:
        lov[calendar_id].append(Break(*period))
    return {
        pk: {
            year: entered.get(pk, entered.get(None))
            for year, entered in by_year.items()
            if pk in entered or None in entered
        }
        for pk in wanted
    }


def _between(by_year: dict[SchoolYear, list[Break]], first: date, last: date) -> list[Break]:
    found = (
        lov for entered in by_year.values() for lov in entered if lov.first <= last and lov.last >= first
    )
    return sorted(found, key=lambda lov: (lov.first, lov.last))


class Calendars:
    """The calendars that hold for one kommun (None: the national default), all of them, read when they are asked for.

    For who asks of several periods: two queries, however many; none where ``calendar_rows`` and ``break_rows`` are given.
    """

    def __init__(self, municipality_id: int | None, *, rows: tuple[list, list] | None = None):
        self.municipality_id, self._rows = municipality_id, rows

    @cached_property
    def _by_year(self) -> dict[SchoolYear, list[Break]]:
        wanted = [self.municipality_id]
        held = _holding(wanted) if self._rows is None else _held(wanted, *self._rows)
        return held[self.municipality_id]

    @property
    def entered(self) -> set[SchoolYear]:
        """The läsår whose lov are known."""
        return set(self._by_year)

    def breaks(self, first: date, last: date) -> list[Break]:
        """The lov with some day from ``first`` to ``last``, in order."""
        return _between(self._by_year, first, last)


def calendars_of(
    municipality: Municipality | None, years: Iterable[SchoolYear]
) -> dict[SchoolYear, SchoolCalendar]:
    """The calendar that holds for the kommun by läsår, its own before the national default; one query."""
    found = SchoolCalendar.objects.filter(
        Q(municipality__isnull=True) | Q(municipality=municipality), school_year__in=list(years)
    )
    # Its own comes last, and takes the default's place.
    rows = sorted(found.select_related("municipality"), key=lambda row: row.municipality_id is not None)
    return {row.school_year: row for row in rows}


def calendar_entered(municipality: Municipality | None, school_year: SchoolYear) -> bool:
    """Whether the läsår's lov are known for the kommun, by its own calendar or the national default."""
    return SchoolCalendar.objects.filter(
        Q(municipality__isnull=True) | Q(municipality=municipality), school_year=school_year
    ).exists()


@service
def enter_calendar(
    *,
    municipality: Municipality | None,
    school_year: SchoolYear,
    breaks: Iterable[Break],
    source: Source | None = None,
    by,
) -> Steps[SchoolCalendar]:
    """The läsår's lov for the kommun, in place of any entered before; no kommun = the national default."""
    require(by, Action.CATALOGUE_CHANGE)
    yield Turn((municipality, school_year))
    calendar = yield _entered(municipality, school_year)
    calendar = calendar or SchoolCalendar(municipality=municipality, school_year=school_year)
    calendar.source = source
    return (yield from _with_breaks(calendar, breaks))


@service
def add_calendar(
    *,
    municipality: Municipality | None,
    school_year: SchoolYear,
    breaks: Iterable[Break],
    source: Source | None = None,
    by,
) -> Steps[SchoolCalendar]:
    """A läsår's lov that are not entered yet; of one that are, a ValidationError."""
    require(by, Action.CATALOGUE_CHANGE)
    yield Turn((municipality, school_year))
    if (yield _entered(municipality, school_year)):
        whose = f"för {municipality}" if municipality else "för hela landet"
        raise ValidationError(
            {"school_year": f"Läsåret {school_year} är redan inlagt {whose}. Ändra det i stället."}
        )
    calendar = SchoolCalendar(municipality=municipality, school_year=school_year, source=source)
    return (yield from _with_breaks(calendar, breaks))


@service
def change_calendar(*, calendar: SchoolCalendar, by, **changes) -> Steps[SchoolCalendar]:
    """Other lov (``breaks``, all of them) or another ``source`` of a läsår; what is not named stays.

    Meetings that are planned already stay where they are.
    """
    require(by, Action.CATALOGUE_CHANGE)
    unknown = set(changes) - {"breaks", "source"}
    if unknown:
        raise TypeError(f"change_calendar takes no {sorted(unknown)}")
    row = yield from for_change.steps(calendar, by)
    row.source = changes.get("source", row.source)
    return (yield from _with_breaks(row, changes.get("breaks")))


@asked
def _entered(pairs):
    """Of (kommun or None, läsår): the calendar that is entered, or None."""
    rows = SchoolCalendar.objects.filter(school_year__in={year for _, year in pairs})
    found = {(row.municipality_id, row.school_year): row for row in rows}
    return [found.get((kommun and kommun.pk, year)) for kommun, year in pairs]


@asked
def _breaks_of(calendars):
    """The lov of a calendar."""
    found = defaultdict(list)
    for lov in SchoolBreak.objects.filter(calendar__in={one.pk for one in calendars}):
        found[lov.calendar_id].append(lov)
    return [found[one.pk] for one in calendars]


def _with_breaks(calendar: SchoolCalendar, breaks: Iterable[Break] | None) -> Steps[SchoolCalendar]:
    yield checked(calendar)
    yield saved(calendar)
    if breaks is not None:
        yield from each(removed(lov) for lov in (yield _breaks_of(calendar)))
        rows = [_break_of(calendar, lov) for lov in sorted(breaks, key=lambda lov: lov.first)]
        yield from every(_add_break(row) for row in rows)
    return calendar


def _break_of(calendar: SchoolCalendar, lov: Break) -> SchoolBreak:
    year = calendar.school_year
    if lov.last < year.start or lov.first > year.end:
        raise ValidationError({"breaks": f"{lov.name} ligger utanför läsåret {year}."})
    return SchoolBreak(calendar=calendar, name=lov.name, starts_on=lov.first, ends_on=lov.last)


def _add_break(lov: SchoolBreak) -> Steps[SchoolBreak]:
    try:
        yield checked(lov)
    except ValidationError as error:
        raise ValidationError({"breaks": [f"{lov.name}: {message}" for message in error.messages]}) from error
    return (yield saved(lov))
