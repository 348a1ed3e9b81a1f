"""The list of meetings."""

from sbs_portal.web.badges import badge
from sbs_portal.web.tables import Column, Table
from seminars.overview import place_words, when_words


def _with(meeting) -> str:
    return ", ".join(str(link.participation.huvudman) for link in meeting.participation_links.all())


def _name(meeting) -> str:
    return meeting.title or (f"Träff {meeting.number}" if meeting.number else "Träff")


class MeetingTable(Table):
    caption = "Träffar"
    columns = (
        Column("when", "När", accessor=when_words, sort="when_date", link="get_absolute_url", export="when"),
        Column("name", "Träff", accessor=_name, phone="fact"),
        Column("huvudman", "Med", accessor=_with, phone="fact"),
        Column("place", "Tid och plats", accessor=place_words, phone="fact"),
        Column(
            "decisions",
            "Beslut",
            accessor=lambda row: row.decision_count or "",
            export="decision_count",
            sort="decision_count",
            numeric=True,
        ),
        Column(
            "open",
            "Öppna åtgärder",
            accessor=lambda row: row.open_count or "",
            export="open_count",
            sort="open_count",
            numeric=True,
        ),
        Column(
            "status",
            "Status",
            draw=lambda row, value: badge(*row.badge),
            sort="status",
            phone="line",
            export=lambda row: row.badge[1].lower(),
        ),
    )
