"""What a meeting came to: information, decisions and actions, each a line of its own."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.scope import scope_of, settle
from sbs_portal.time import Precision, today
from schools.models import Huvudman, Person
from seminars.models import Meeting, MeetingParticipation, MeetingStatus, Outcome, OutcomeKind
from seminars.services.lines import LineChanged, belongs, checked, locked, require_going, require_on

ACTION_FIELDS = ("owner", "owner_party", "due_on", "due_next_meeting")


@transaction.atomic
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
) -> Outcome:
    """Add a line. An action without a day is due at the next meeting, unless ``due_next_meeting`` is False.

    The same ``client_key`` sent again gives the line that was made the first time.
    """
    require_on(by, Action.MEETING_RECORD, meeting, huvudman_id=huvudman.pk if huvudman else None)
    require_going(meeting)
    if again := _made_before(meeting, client_key):
        return again
    if kind == OutcomeKind.ACTION and due_next_meeting is None:
        due_next_meeting = due_on is None
    outcome = Outcome(
        meeting=meeting,
        huvudman=huvudman or _huvudman_of_owner(meeting, owner),
        kind=kind,
        text=text.strip(),
        owner=owner,
        owner_party=owner_party.strip(),
        due_on=due_on,
        due_next_meeting=bool(due_next_meeting),
        client_key=client_key,
    )
    _check_action(outcome)
    _find_due_day(outcome)
    checked(outcome)
    try:
        with transaction.atomic():
            outcome.save()
    except IntegrityError:
        # Sent twice at the same moment: the other one was first.
        if again := _made_before(meeting, client_key):
            return again
        raise
    meeting.touch()
    settle()
    return outcome


def _made_before(meeting: Meeting, client_key: uuid.UUID | None) -> Outcome | None:
    return meeting.outcomes.filter(client_key=client_key).first() if client_key else None


def _huvudman_of_owner(meeting: Meeting, owner: Person | None) -> Huvudman | None:
    """At a meeting of several huvudmän an action belongs to its owner's; None is all of them."""
    if owner is None or len(meeting.huvudman_ids) < 2:
        return None
    now = Person.objects.filter(pk=owner.pk).values_list("huvudman_ids", flat=True).first() or []
    shared = set(now) & set(meeting.huvudman_ids)
    return Huvudman.objects.filter(pk=shared.pop()).first() if len(shared) == 1 else None


def _check_action(outcome: Outcome) -> None:
    errors = {}
    owner = outcome.owner
    if owner is not None and not belongs(owner, outcome.meeting.huvudman_ids):
        errors["owner"] = "Personen hör inte till någon av huvudmännen på träffen."
    if owner is not None and outcome.owner_party:
        errors["owner_party"] = "Ange antingen en person eller en part."
    if outcome.due_on and outcome.due_next_meeting:
        outcome.due_next_meeting = False
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def change_outcome(*, outcome: Outcome, by, version: int | None = None, **changes) -> Outcome:
    """Change kind, text, owner, owner_party, due_on, due_next_meeting or not_done_reason of a line.

    ``version`` is the line's as the writer read it: if someone has changed it since, to something else than is
    wanted now, LineChanged is raised and nothing is lost.
    """
    unknown = set(changes) - {"kind", "text", *ACTION_FIELDS}
    if unknown:
        raise TypeError(f"change_outcome takes no {sorted(unknown)}")
    _require_line(by, outcome)
    require_going(outcome.meeting)
    line = locked(outcome)
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
    _check_action(line)
    _find_due_day(line)
    checked(line)
    line.save()
    line.refresh_from_db()
    line.meeting.touch()
    settle()
    return line


@transaction.atomic
def remove_outcome(*, outcome: Outcome, by, version: int | None = None) -> None:
    """Take away a line that should not be there; its history stays."""
    _require_line(by, outcome)
    line = locked(outcome)
    if version is not None and version != line.version:
        raise LineChanged(line, "text")
    meeting = line.meeting
    line.delete()
    meeting.touch()
    settle()


@transaction.atomic
def complete_action(*, outcome: Outcome, by, done_on: date | None = None) -> Outcome:
    """Mark an action done, today if no day is given. Doing it again changes nothing."""
    line = _action_for_ticking(outcome, by)
    if line.done_on is not None and done_on in (None, line.done_on):
        return line
    if done_on is not None and done_on > today():
        raise ValidationError({"done_on": "Dagen har inte varit än. Ange i dag eller en tidigare dag."})
    line.done_on, line.done_by = done_on or today(), scope_of(by).user
    return _saved(line)


@transaction.atomic
def reopen_action(*, outcome: Outcome, by) -> Outcome:
    """Take back that an action is done."""
    line = _action_for_ticking(outcome, by)
    if line.done_on is None:
        return line
    line.done_on = line.done_by = None
    return _saved(line)


@transaction.atomic
def explain_action(*, outcome: Outcome, reason: str, by) -> Outcome:
    """Say why an action is not done yet."""
    line = _action_for_ticking(outcome, by)
    if not reason.strip():
        raise ValidationError({"not_done_reason": "Skriv kort varför, så vet de andra hur det står till."})
    if line.done_on is not None:
        raise ValidationError({"not_done_reason": "Åtgärden är redan klar."})
    line.not_done_reason = reason.strip()
    return _saved(line)


def _action_for_ticking(outcome: Outcome, by) -> Outcome:
    if outcome.kind != OutcomeKind.ACTION:
        raise ValidationError("Bara en åtgärd kan bli klar.")
    scope = scope_of(by)
    own = outcome.owner_id is not None and scope.user is not None and outcome.owner.user_id == scope.user.pk
    if not own or scope.read_only:
        _require_line(by, outcome)
    return locked(outcome)


def _require_line(by, outcome: Outcome) -> None:
    require_on(by, Action.MEETING_RECORD, outcome.meeting, huvudman_id=outcome.huvudman_id)


def _saved(line: Outcome) -> Outcome:
    checked(line)
    line.save()
    line.refresh_from_db()
    line.meeting.touch()
    settle()
    return line


def _find_due_day(outcome: Outcome) -> None:
    """The day of the next meeting for an action that is due at it; none while no next meeting has a day."""
    if outcome.due_next_meeting:
        following = meeting_after(outcome.meeting)
        outcome.due_on = following.when.date if following else None


def meeting_after(meeting: Meeting) -> Meeting | None:
    """The first meeting after this one, with any of its participations, that is planned or held on a known day."""
    return next(iter(meetings_after(meeting)[:1]), None)


def meetings_after(meeting: Meeting):
    """Meetings later than this one with any of its participations, not cancelled, on known days, first first."""
    day = meeting.when.last or today()
    participations = meeting.participation_links.values("participation_id")
    return (
        Meeting.objects.in_use()
        .filter(
            pk__in=MeetingParticipation.objects.filter(participation__in=participations).values("meeting_id"),
            status__in=[MeetingStatus.PLANNED, MeetingStatus.HELD],
            when_precision=Precision.DAY,
            when_date__gt=day,
        )
        .exclude(pk=meeting.pk)
        .order_by("when_date", "start_time", "pk")
    )


def resolve_due_days(participations: list[Participation]) -> int:
    """Let open actions "till nästa träff" be due when the next meeting now is. Returns how many were moved."""
    moved = 0
    waiting = Outcome.objects.open_actions().filter(
        due_next_meeting=True, meeting__participation_links__participation__in=participations
    )
    for outcome in waiting.select_related("meeting").distinct():
        before = outcome.due_on
        _find_due_day(outcome)
        if outcome.due_on != before:
            outcome.save(update_fields=["due_on", "updated_at"])
            moved += 1
    return moved
