"""The list of actions."""

from django.utils.text import Truncator

from sbs_portal.web.tables import Column, Table
from seminars.overview import when_words

SHOWN = 160


def _with(action) -> str:
    links = action.meeting.participation_links.all()
    return ", ".join(dict.fromkeys(str(link.participation.huvudman) for link in links))


def _due(action):
    return action.due_on or ("nästa träff" if action.due_next_meeting else None)


class ActionTable(Table):
    """Of actions with ``owner_key``, their owner and meeting."""

    caption = "Åtgärder"
    columns = (
        Column(
            "text",
            "Åtgärd",
            accessor=lambda row: Truncator(row.text).chars(SHOWN),
            link="get_absolute_url",
            export="text",
        ),
        Column(
            "owner",
            "Ansvarig",
            accessor="shown_owner",
            sort=("owner_key", "owner_party"),
            phone="fact",
            empty="ingen utsedd",
        ),
        Column(
            "due_on", "Till när", accessor=_due, sort="due_on", template="seminars/_due.html", phone="fact"
        ),
        Column("huvudman", "Med", accessor=_with, phone="fact"),
        Column(
            "state",
            "I dag",
            template="seminars/_action_status.html",
            sort="done_on",
            phone="line",
            export="state_words",
        ),
        Column(
            "meeting",
            "Från träffen",
            accessor=lambda row: when_words(row.meeting),
            sort="meeting__when_date",
            export="meeting.when",
        ),
        Column("not_done_reason", "Varför inte klar", phone="line", extra=True),
        Column("done_on", "Klar den dagen", sort="done_on", extra=True),
    )
