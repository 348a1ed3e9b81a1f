"""What the services of meetings share: rights on a meeting and its lines, limits of text, lines two people write."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models

from sbs_portal.rights import Action
from sbs_portal.rows import wrong_with
from sbs_portal.scope import scope_of
from sbs_portal.together import Steps, asked
from sbs_portal.web.words import thousands
from seminars.models import Meeting, MeetingStatus
from seminars.services.questions import owners_of, unit_ids_of

UNUSABLE = "Texten innehåller tecken som inte går att spara. Ta bort dem och försök igen."


class LineChanged(ValidationError):
    """Someone else has changed the line since the writer read it; nothing is saved.

    ``line`` is the row as it stands now, to be shown beside what the writer wanted.
    """

    def __init__(self, line: models.Model, field: str):
        self.line = line
        message = "Någon annan har ändrat samma rad. Välj vad som ska gälla."
        super().__init__({field: ValidationError(message, code="conflict")})


def require_on(
    by,
    action: Action,
    meeting: Meeting,
    *,
    huvudman_id: int | None = None,
    unit_ids: Iterable[int] | None = None,
    every: bool = False,
) -> Steps:
    """Raise PermissionDenied unless ``by`` may do this at the meeting, for one of its huvudmän.

    ``huvudman_id`` narrows it to that huvudman's line, and must be one of the meeting's; ``unit_ids`` are the
    units the line is about (the meeting's own when they are not given). ``every`` asks for the right at all of
    the meeting's huvudmän: what moves or ends it is not for one of them alone.
    """
    scope = scope_of(by)
    units = (yield unit_ids_of(meeting)) if unit_ids is None else set(unit_ids)
    owners = [huvudman_id] if huvudman_id is not None else meeting.huvudman_ids or [None]
    elsewhere = huvudman_id is not None and huvudman_id not in meeting.huvudman_ids
    enough = all if every else any
    if elsewhere or not enough(scope.may(action, huvudman_id=owner, unit_ids=units) for owner in owners):
        raise PermissionDenied(f"Du saknar behörighet att {Action(action).label}.")


def require_going(meeting: Meeting) -> None:
    """Raise ValidationError for a cancelled meeting: nothing is noted from it."""
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError("Träffen är inställd. Det går inte att anteckna från den.")


def belongs(row: models.Model, huvudman_ids: Iterable[int]) -> Steps[bool]:
    """Whether a person or unit is one of these huvudmän's, as the database has it now."""
    return not (yield owners_of(row)).isdisjoint(huvudman_ids)


@asked
def checked(rows):
    """``full_clean``, and before it the limits of text that Django leaves to forms."""
    limits = [_beyond_limits(row) for row in rows]
    rest = iter(wrong_with([row for row, wrong in zip(rows, limits, strict=True) if wrong is None]))
    return [next(rest) if wrong is None else wrong for wrong in limits]


def _beyond_limits(row: models.Model) -> ValidationError | None:
    errors = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not isinstance(value, str):
            continue
        if "\x00" in value:
            errors[field.name] = UNUSABLE
        elif isinstance(field, models.TextField) and field.max_length and len(value) > field.max_length:
            most, now = thousands(field.max_length), thousands(len(value))
            errors[field.name] = f"Skriv högst {most} tecken. Nu är det {now}."
    return ValidationError(errors) if errors else None
