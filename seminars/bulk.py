"""What can be done with many meetings at once."""

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.rights import Action
from sbs_portal.together import Steps
from sbs_portal.web.bulk import BulkAction, archive_actions
from sbs_portal.web.forms import Form
from seminars.models import Meeting, MeetingStatus
from seminars.services import meeting as services


class ReasonForm(Form):
    """Why the meetings are cancelled."""

    cancelled_reason = forms.CharField(
        max_length=300,
        label="Varför är träffarna inställda?",
        error_messages={"required": "Skriv varför träffarna är inställda."},
    )


class PlaceForm(Form):
    """Where the meetings are held."""

    place = forms.CharField(
        max_length=200,
        label="Ny plats",
        error_messages={"required": "Skriv var träffarna är."},
    )


def _may(scope) -> bool:
    return scope.may(Action.MEETING_CHANGE)


def _cancel(meeting: Meeting, cleaned: dict, by) -> Steps:
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError("Träffen är redan inställd.")
    return services.cancel_meeting.steps(meeting=meeting, reason=cleaned["cancelled_reason"], by=by)


def _resume(meeting: Meeting, cleaned: dict, by) -> Steps:
    if meeting.status != MeetingStatus.CANCELLED:
        raise ValidationError("Träffen är inte inställd.")
    return services.reopen_meeting.steps(meeting=meeting, by=by)


def _change_place(meeting: Meeting, cleaned: dict, by) -> Steps:
    if meeting.status != MeetingStatus.PLANNED:
        raise ValidationError("Bara en planerad träff kan byta plats.")
    return services.change_meeting.steps(meeting=meeting, place=cleaned["place"], by=by)


ACTIONS = (
    BulkAction(
        "cancel",
        "Ställ in",
        "ställs in",
        "ställdes in",
        _cancel,
        _may,
        form_class=ReasonForm,
        tried_with={"cancelled_reason": "Prövas"},
        undo="resume",
    ),
    BulkAction("resume", "Återuppta", "återupptas", "återupptogs", _resume, _may),
    BulkAction(
        "place",
        "Byt plats",
        "byter plats",
        "bytte plats",
        _change_place,
        _may,
        form_class=PlaceForm,
        tried_with={"place": "Prövas"},
        press="Byt plats för {rows}",
    ),
    *archive_actions(Meeting),
)
