"""The review list's table."""

from sbs_portal.addressing import address_of
from sbs_portal.web.badges import badge
from sbs_portal.web.tables import Column, Table


class StatementTable(Table):
    caption = "Uppgifter"
    # What waits first, of the latest source.
    default_sort = "-review"
    columns = (
        Column(
            "text",
            "Uppgift",
            accessor=lambda row: row.text if len(row.text) <= 140 else f"{row.text[:139].rstrip()}…",
            link=lambda row: address_of("statement_detail", row.uuid),
            export="text",
        ),
        Column("what", "Om", accessor="get_what_display", sort="what", phone="fact"),
        Column(
            "subject",
            "Gäller",
            accessor=lambda row: str(row.subject or ""),
            empty="inte knuten",
            phone="fact",
        ),
        Column("source", "Källa", accessor="source", sort=("source_id", "pk"), phone="label"),
        Column("trust", "Säkerhet", accessor="get_trust_display", sort="trust", phone="label"),
        Column(
            "review",
            "Granskning",
            draw=lambda row, value: badge(*row.review_badge),
            sort=("review", "source_id", "pk"),
            phone="line",
            export="get_review_display",
        ),
    )
