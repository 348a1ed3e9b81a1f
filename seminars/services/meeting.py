"""Meetings as their faces know them: series, single meetings, attendance, outcomes and cadence in one place."""

from seminars.services.attendance import (
    add_attendee,
    change_attendee,
    mark_all_present,
    record_attendance,
    remove_attendee,
    set_total_on_site,
)
from seminars.services.cadence import Proposal, partners_of, propose_next
from seminars.services.lines import LineChanged
from seminars.services.outcome import (
    add_outcome,
    change_outcome,
    complete_action,
    explain_action,
    remove_outcome,
    reopen_action,
)
from seminars.services.planning import (
    cancel_meeting,
    cancel_meetings,
    change_meeting,
    finish_meeting,
    move_meeting,
    move_meetings,
    plan_meeting,
    reopen_meeting,
)
from seminars.services.series import (
    SERIES_FIELDS,
    change_from,
    change_series,
    end_series,
    extend_series,
    last_day_of,
    preview,
    start_series,
)
from seminars.services.series_attendees import (
    add_series_attendee,
    change_series_attendee,
    remove_series_attendee,
)

__all__ = [
    "SERIES_FIELDS",
    "LineChanged",
    "Proposal",
    "add_attendee",
    "add_outcome",
    "add_series_attendee",
    "cancel_meeting",
    "cancel_meetings",
    "change_attendee",
    "change_from",
    "change_meeting",
    "change_outcome",
    "change_series",
    "change_series_attendee",
    "complete_action",
    "end_series",
    "explain_action",
    "extend_series",
    "finish_meeting",
    "last_day_of",
    "mark_all_present",
    "move_meeting",
    "move_meetings",
    "partners_of",
    "plan_meeting",
    "preview",
    "propose_next",
    "record_attendance",
    "remove_attendee",
    "remove_outcome",
    "remove_series_attendee",
    "reopen_action",
    "reopen_meeting",
    "set_total_on_site",
    "start_series",
]
