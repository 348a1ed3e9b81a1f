"""The list of seminars as a table."""

from django.utils.text import capfirst

from sbs_portal.time import today
from sbs_portal.web.badges import badge
from sbs_portal.web.tables import Column, Table
from seminars.seminar_overview import short_when, status_on


def names(seminar) -> str:
    """ "Älvdalens kommun", "Björkby kommun och Granby kommun", "Björkby kommun och 14 till"."""
    found = sorted(link.name for link in seminar.huvudman_links.all())
    if len(found) > 2:
        return f"{found[0]} och {len(found) - 1} till"
    return " och ".join(found)


def all_names(seminar) -> list[str]:
    return sorted(link.name for link in seminar.huvudman_links.all())


class SeminarTable(Table):
    caption = "Seminarier"
    columns = (
        Column("title", "Seminarium", accessor="shown_title", link="get_absolute_url"),
        Column(
            "starts",
            "När",
            accessor=lambda row: short_when(row, today()),
            sort=("starts_date", "pk"),
            phone="fact",
            export="starts",
        ),
        Column("place", "Plats", sort="place", phone="fact"),
        Column("programme", "Program", accessor="programme.name", sort="programme__name", phone="hide"),
        Column("huvudman_list", "Huvudmän", accessor=names, phone="line", export=all_names),
        Column(
            "status",
            "Status",
            accessor=lambda row: status_on(row, today()),
            draw=lambda row, value: badge(value, capfirst(value.label)),
            sort="status",
            phone="line",
            export=lambda row: status_on(row, today()).label,
        ),
    )
