"""The page one writes on at a meeting: its parts as forms, and the one save of them all.

Every part is in one HTML form, so that without JavaScript any button saves everything typed. It is all or
nothing: an error in one part saves none, and what was typed stands where it was typed.
"""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction

from sbs_portal.scope import scope_of
from seminars.forms.notes import (
    AttendanceForm,
    AttendeeForm,
    NextMeetingForm,
    OutcomeForm,
    TotalForm,
    owner_choices,
)
from seminars.models import Outcome
from seminars.overview import MeetingOverview, last_change
from seminars.services import meeting as services

SHOWN_ACTIONS = 5


class Notes:
    """The parts of the page, bound to ``data`` when something was sent. ``editing`` is the line being changed."""

    def __init__(self, overview: MeetingOverview, data=None, *, editing: str = "", kind: str = ""):
        self.overview, self.data, self.editing, self.kind = overview, data, editing, kind
        self.meeting = overview.meeting

    @cached_property
    def lines(self) -> list[AttendanceForm]:
        writable = self.overview.writable_lines
        return [
            AttendanceForm(line, self._sent(f"narvaro-{line.uuid}-seen"), may_write=line.pk in writable)
            for line in self.overview.attendances
        ]

    @cached_property
    def total(self) -> TotalForm:
        return TotalForm(self.meeting, self._sent("seen_total"))

    @cached_property
    def owner_choices(self) -> list:
        return owner_choices(self.overview.attendances, self.overview.people, self.overview.parties)

    @cached_property
    def new(self) -> OutcomeForm:
        return self.outcome_form(None)

    def outcome_form(self, outcome: Outcome | None) -> OutcomeForm:
        prefix = f"rad-{outcome.uuid}" if outcome else "ny"
        return OutcomeForm(
            self.meeting,
            self._sent(f"{prefix}-text"),
            outcome=outcome,
            choices=self.owner_choices,
            following=self.overview.next_meeting,
            kind=self.kind,
        )

    @cached_property
    def rows(self) -> list[tuple[Outcome, OutcomeForm | None]]:
        """The outcome lines; the one being changed with its form."""
        return [
            (line, self.outcome_form(line) if str(line.uuid) == self.editing else None)
            for line in self.overview.outcomes
        ]

    @cached_property
    def attendee(self) -> AttendeeForm:
        here = [line.person_id for line in self.overview.attendances]
        data = self.data if self.data and self.data.get("person") else None
        return AttendeeForm(data, people=self.overview.people.exclude(pk__in=here))

    @cached_property
    def next_form(self) -> NextMeetingForm:
        data = self._sent("nasta-when") if self.data and self.data.get("gor") == "boka" else None
        return NextMeetingForm(data, prefix="nasta", initial=self._next_initial())

    def _next_initial(self) -> dict:
        found = (
            self.overview.proposal if self.overview.may_change and not self.overview.next_meeting else None
        )
        source = found or self.meeting
        initial = {"start_time": source.start_time, "end_time": source.end_time, "place": source.place}
        return initial | ({"when": found.day} if found else {})

    def _sent(self, name: str):
        return self.data if self.data is not None and name in self.data else None

    def choose_mine(self, on: str) -> None:
        """The writer has seen the other text, of the line and version in ``on``, and lets their own hold.

        Only that button says so: a line saved as one types goes on being refused.
        """
        line, _, version = on.partition(":")
        self.data = self.data.copy()
        self.data[f"rad-{line}-version"] = version

    def choose_attendance(self, on: str) -> None:
        """The writer has seen what another noted of the person: "line" keeps that, "line:seen" lets their own hold."""
        line, _, seen = on.partition(":")
        self.data = self.data.copy()
        if seen:
            self.data[f"narvaro-{line}-seen"] = seen
        else:
            self.data.pop(f"narvaro-{line}-seen", None)

    def rescue(self) -> bool:
        """Whether the line being changed is gone; then its text stands in the box for a new line instead."""
        typed = (self.data or {}).get(f"rad-{self.editing}-text", "") if self.editing else ""
        if not typed or any(str(line.uuid) == self.editing for line in self.overview.outcomes):
            return False
        before = self.data.get("ny-text", "").strip()
        self.data = self.data.copy()
        self.data["ny-text"] = "\n".join(filter(None, (before, typed)))
        self.editing = ""
        return True

    @property
    def sent_forms(self) -> list:
        forms = [line for line in self.lines if line.was_sent]
        forms += [form for _, form in self.rows if form is not None and form.was_sent]
        if self.overview.may_change and self.total.was_sent:
            forms.append(self.total)
        if self.new.was_sent:
            forms.append(self.new)
        return forms

    def save(self, *, by) -> bool:
        """Save every part that was changed. False when one of them could not be, and then none is."""
        sent = self.sent_forms
        # Every form is asked, so that every error is shown at once.
        wrong = [form for form in sent if not form.is_valid()]
        if wrong:
            return False
        try:
            with transaction.atomic():
                for form in sent:
                    save_part(form, by=by)
        except ValidationError:
            return False
        return True

    def book_next(self, *, by):
        """Plan the next meeting: the proposed day, or the one in the form. None where the form is wrong."""
        form = self.next_form
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                return services.plan_meeting(
                    participations=self.overview.participations,
                    series=self.meeting.series,
                    units=self.overview.units,
                    kind=self.meeting.kind,
                    mode=self.meeting.mode,
                    by=by,
                    **form.cleaned_data,
                )
        except ValidationError as error:
            form.add_validation_error(error)
            return None

    # What the page says

    @property
    def shown_actions(self) -> list[Outcome]:
        return self.overview.earlier_actions[:SHOWN_ACTIONS]

    @property
    def more_actions(self) -> list[Outcome]:
        return self.overview.earlier_actions[SHOWN_ACTIONS:]

    @property
    def done_count(self) -> int:
        return sum(action.done_on is not None for action in self.overview.earlier_actions)

    @property
    def has_unset(self) -> bool:
        return any(form.attendance.status is None and form.may_write for form in self.lines)

    @property
    def has_errors(self) -> bool:
        return any(
            form.errors for form in [*self.lines, self.total, self.new, self.next_form, self.attendee]
        ) or any(form.errors for _, form in self.rows if form is not None)


def save_part(form, *, by):
    """Save one part; what the service refuses lands on its fields and is raised again."""
    try:
        with transaction.atomic():
            return form.save(by=by)
    except ValidationError as error:
        if form.__dict__.get("conflict") is not None:
            form.changed_by, form.changed_at = last_change(form.conflict, scope_of(by))
        form.add_validation_error(error)
        raise
