"""The list of actions."""

from django.utils.html import format_html
from django.utils.text import Truncator

from sbs_portal.time import today
from sbs_portal.web.badges import badge
from sbs_portal.web.tables import Column, Table
from sbs_portal.web.words import short_day
from seminars.overview import when_words

SHOWN = 160


def _with(action) -> str:
    links = action.meeting.participation_links.all()
    return ", ".join(dict.fromkeys(str(link.participation.huvudman) for link in links))


def _due(action):
    return action.due_on or ("nästa träff" if action.due_next_meeting else None)


def _draw_due(action, value) -> str:
    if not action.due_on:
        return value or ""
    return format_html('<span class="nowrap">{}</span>', short_day(action.due_on, today()))


def _draw_state(action, value) -> str:
    if action.done_on:
        return badge("done", action.state_words)
    state = badge("late", action.state_words) if action.is_late else badge("new", "Öppen")
    reason = action.not_done_reason
    return format_html('{}<p class="meta">{}</p>', state, reason) if reason else state


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
        Column("due_on", "Till när", accessor=_due, sort="due_on", draw=_draw_due, phone="fact"),
        Column("huvudman", "Med", accessor=_with, phone="fact"),
        Column(
            "state",
            "I dag",
            draw=_draw_state,
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
