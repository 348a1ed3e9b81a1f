"""The list of seminars as a table."""

from sbs_portal.time import today
from sbs_portal.web.tables import Column, Table
from seminars.seminar_overview import short_when


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
        ),
        Column("place", "Plats", sort="place", phone="fact"),
        Column("programme", "Program", accessor="programme.name", sort="programme__name", phone="hide"),
        Column("huvudman_list", "Huvudmän", accessor=lambda row: len(row.huvudman_ids), numeric=True),
        Column("status", "Status", template="seminars/_seminar_status.html", sort="status", phone="line"),
    )
