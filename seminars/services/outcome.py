"""What a meeting came to: information, decisions and actions, each a line of its own."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from sbs_portal.rights import Action
from sbs_portal.rows import by_id, locked, removed, saved, touched
from sbs_portal.scope import scope_of
from sbs_portal.time import today
from sbs_portal.together import Steps, asked, service
from schools.models import Huvudman, Person
from seminars.models import Meeting, MeetingParticipation, Outcome, OutcomeKind
from seminars.services.lines import LineChanged, belongs, checked, require_going, require_on
from seminars.services.questions import day_after, made_before, owners_of

ACTION_FIELDS = ("owner", "owner_party", "due_on", "due_next_meeting")


@service
def add_outcome(
    *,
    meeting: Meeting,
    kind: str,
    text: str,
    by,
    owner: Person | None = None,
    owner_party: str = "",
    due_on: date | None = None,
    due_next_meeting: bool | None = None,
    huvudman: Huvudman | None = None,
    client_key: uuid.UUID | None = None,
) -> Steps[Outcome]:
    """Add a line. An action without a day is due at the next meeting, unless ``due_next_meeting`` is False.

    The same ``client_key`` sent again gives the line that was made the first time.
    """
    yield from require_on(by, Action.MEETING_RECORD, meeting, huvudman_id=huvudman.pk if huvudman else None)
    require_going(meeting)
    if client_key and (again := (yield made_before(meeting, client_key))):
        return again
    if kind == OutcomeKind.ACTION and due_next_meeting is None:
        due_next_meeting = due_on is None
    outcome = Outcome(
        meeting=meeting,
        huvudman=huvudman or (yield from _huvudman_of_owner(meeting, owner)),
        kind=kind,
        text=text.strip(),
        owner=owner,
        owner_party=owner_party.strip(),
        due_on=due_on,
        due_next_meeting=bool(due_next_meeting),
        client_key=client_key,
    )
    yield from _check_action(outcome, meeting)
    yield from _find_due_day(outcome, meeting)
    yield checked(outcome)
    try:
        yield saved(outcome)
    except IntegrityError:
        # Sent twice at the same moment, or in the same request: the other one was first.
        if client_key and (again := (yield made_before(meeting, client_key))):
            return again
        raise
    yield touched(meeting)
    return outcome


def _huvudman_of_owner(meeting: Meeting, owner: Person | None) -> Steps[Huvudman | None]:
    """At a meeting of several huvudmän an action belongs to its owner's; None is all of them."""
    if owner is None or len(meeting.huvudman_ids) < 2:
        return None
    shared = (yield owners_of(owner)) & set(meeting.huvudman_ids)
    return (yield by_id(Huvudman, shared.pop())) if len(shared) == 1 else None


def _check_action(outcome: Outcome, meeting: Meeting) -> Steps:
    errors = {}
    owner = outcome.owner_id and outcome.owner
    if owner and not (yield from belongs(owner, meeting.huvudman_ids)):
        errors["owner"] = "Personen hör inte till någon av huvudmännen på träffen."
    if owner and outcome.owner_party:
        errors["owner_party"] = "Ange antingen en person eller en part."
    if outcome.due_on and outcome.due_next_meeting:
        outcome.due_next_meeting = False
    if errors:
        raise ValidationError(errors)


@service
def change_outcome(*, outcome: Outcome, by, version: int | None = None, **changes) -> Steps[Outcome]:
    """Change kind, text, owner, owner_party, due_on, due_next_meeting or not_done_reason of a line.

    ``version`` is the line's as the writer read it: if someone has changed it since, to something else than is
    wanted now, LineChanged is raised and nothing is lost.
    """
    unknown = set(changes) - {"kind", "text", *ACTION_FIELDS}
    if unknown:
        raise TypeError(f"change_outcome takes no {sorted(unknown)}")
    yield from _require_line(by, outcome)
    require_going(outcome.meeting)
    line = yield locked(outcome)
    for name in ("text", "owner_party"):
        if name in changes:
            changes[name] = changes[name].strip()
    wanted = {name: value for name, value in changes.items() if getattr(line, name) != value}
    if not wanted:
        return line
    if version is not None and version != line.version:
        raise LineChanged(line, "text")
    for name, value in wanted.items():
        setattr(line, name, value)
    if line.kind != OutcomeKind.ACTION:
        line.owner, line.owner_party, line.due_on, line.due_next_meeting = None, "", None, False
        line.done_on, line.done_by, line.not_done_reason = None, None, ""
    elif "due_on" in wanted and wanted["due_on"] and "due_next_meeting" not in changes:
        line.due_next_meeting = False
    if line.due_next_meeting and wanted.get("due_next_meeting"):
        line.due_on = None
    yield from _check_action(line, line.meeting)
    yield from _find_due_day(line, line.meeting)
    return (yield from _saved(line))


@service
def remove_outcome(*, outcome: Outcome, by, version: int | None = None) -> Steps:
    """Take away a line that should not be there; its history stays."""
    yield from _require_line(by, outcome)
    line = yield locked(outcome)
    if version is not None and version != line.version:
        raise LineChanged(line, "text")
    yield removed(line)
    yield touched(outcome.meeting)


@service
def complete_action(*, outcome: Outcome, by, done_on: date | None = None) -> Steps[Outcome]:
    """Mark an action done, today if no day is given. Doing it again changes nothing."""
    line = yield from _action_for_ticking(outcome, by)
    if line.done_on is not None and done_on in (None, line.done_on):
        return line
    if done_on is not None and done_on > today():
        raise ValidationError({"done_on": "Dagen har inte varit än. Ange i dag eller en tidigare dag."})
    line.done_on, line.done_by = done_on or today(), scope_of(by).user
    return (yield from _saved(line))


@service
def reopen_action(*, outcome: Outcome, by) -> Steps[Outcome]:
    """Take back that an action is done."""
    line = yield from _action_for_ticking(outcome, by)
    if line.done_on is None:
        return line
    line.done_on = line.done_by = None
    return (yield from _saved(line))


@service
def explain_action(*, outcome: Outcome, reason: str, by) -> Steps[Outcome]:
    """Say why an action is not done yet."""
    line = yield from _action_for_ticking(outcome, by)
    if not reason.strip():
        raise ValidationError({"not_done_reason": "Skriv kort varför, så vet de andra hur det står till."})
    if line.done_on is not None:
        raise ValidationError({"not_done_reason": "Åtgärden är redan klar."})
    line.not_done_reason = reason.strip()
    return (yield from _saved(line))


def _action_for_ticking(outcome: Outcome, by) -> Steps[Outcome]:
    if outcome.kind != OutcomeKind.ACTION:
        raise ValidationError("Bara en åtgärd kan bli klar.")
    scope = scope_of(by)
    own = outcome.owner_id is not None and scope.user is not None and outcome.owner.user_id == scope.user.pk
    if not own or scope.read_only:
        yield from _require_line(by, outcome)
    return (yield locked(outcome))


def _require_line(by, outcome: Outcome) -> Steps:
    return require_on(by, Action.MEETING_RECORD, outcome.meeting, huvudman_id=outcome.huvudman_id)


def _saved(line: Outcome) -> Steps[Outcome]:
    yield checked(line)
    yield saved(line)
    yield touched(line.meeting)
    return line


def _find_due_day(outcome: Outcome, meeting: Meeting) -> Steps:
    """The day of the next meeting for an action that is due at it; none while no next meeting has a day."""
    if outcome.due_next_meeting:
        outcome.due_on = yield day_after(meeting)


@asked
def due_days_resolved(groups):
    """Let open actions of the participations "till nästa träff" be due when the next meeting now is."""
    participations = {one.pk for some in groups for one in some}
    links = MeetingParticipation.objects.filter(participation__in=participations)
    waiting = Outcome.objects.open_actions().filter(due_next_meeting=True).order_by()
    waiting = list(waiting.filter(meeting__in=links.values("meeting_id")).select_related("meeting"))
    days = day_after.answer([outcome.meeting for outcome in waiting]) if waiting else []
    moved = []
    for outcome, day in zip(waiting, days, strict=True):
        if outcome.due_on != day:
            outcome.due_on, outcome.updated_at = day, timezone.now()
            moved.append(outcome)
    if moved:
        Outcome.objects.bulk_update(moved, ["due_on", "updated_at"])
    return groups
