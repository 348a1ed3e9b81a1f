"""The lov that hold for a kommun: its own where entered for the läsår, else the national default."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from sbs_portal.audit.models import Source
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import SchoolYear
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
    wanted = set(municipality_ids)
    # A summer's lov reaches over the turn of the läsår on 1 July, so the years beside are read too.
    years = (SchoolYear.of(first) - 1, SchoolYear.of(last) + 1)
    calendars = SchoolCalendar.objects.filter(
        Q(municipality__isnull=True) | Q(municipality__in=[pk for pk in wanted if pk is not None]),
        school_year__range=years,
    ).prefetch_related("breaks")
    by_year: dict[SchoolYear, dict[int | None, list[Break]]] = defaultdict(dict)
    for calendar in calendars:
        by_year[calendar.school_year][calendar.municipality_id] = [
            Break(lov.starts_on, lov.ends_on, lov.name) for lov in calendar.breaks.all()
        ]
    return {
        pk: sorted(
            (
                lov
                for entered in by_year.values()
                for lov in entered.get(pk, entered.get(None, ()))
                if lov.first <= last and lov.last >= first
            ),
            key=lambda lov: (lov.first, lov.last),
        )
        for pk in wanted
    }


def calendar_entered(municipality: Municipality | None, school_year: SchoolYear) -> bool:
    """Whether the läsår's lov are known for the kommun, by its own calendar or the national default."""
    return SchoolCalendar.objects.filter(
        Q(municipality__isnull=True) | Q(municipality=municipality), school_year=school_year
    ).exists()


@transaction.atomic
def enter_calendar(
    *,
    municipality: Municipality | None,
    school_year: SchoolYear,
    breaks: Iterable[Break],
    source: Source | None = None,
    by,
) -> SchoolCalendar:
    """The läsår's lov for the kommun, in place of any entered before; no kommun = the national default."""
    require(by, Action.CATALOGUE_CHANGE)
    calendar = SchoolCalendar.objects.filter(municipality=municipality, school_year=school_year).first()
    calendar = calendar or SchoolCalendar(municipality=municipality, school_year=school_year)
    calendar.source = source
    calendar.full_clean()
    calendar.save()
    calendar.breaks.all().delete()
    for lov in sorted(breaks, key=lambda lov: lov.first):
        if lov.last < school_year.start or lov.first > school_year.end:
            raise ValidationError({"breaks": f"{lov.name} ligger utanför läsåret {school_year}."})
        row = SchoolBreak(calendar=calendar, name=lov.name, starts_on=lov.first, ends_on=lov.last)
        row.full_clean()
        row.save()
    settle()
    return calendar
