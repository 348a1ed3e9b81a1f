"""Forms of the parts of a meeting's page that one writes on.

Each part can be sent alone (saved as one taps or types) or together with the others (without JavaScript), so
each carries what its writer saw: what someone else has changed since is a conflict, never overwritten.
"""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.time import today
from sbs_portal.web.forms import DateInput, Form, PillRadio, Segmented, TimeInput
from sbs_portal.web.words import short_day
from schools.models import Person
from seminars.models import AttendanceStatus, Outcome, OutcomeKind
from seminars.services import meeting as services

PARTY = "part:"
NEXT, DAY = "next", "day"


class AttendanceForm(Form):
    """One person's line."""

    status = forms.ChoiceField(
        choices=AttendanceStatus.choices, required=False, widget=Segmented, label="Närvaro"
    )
    substitute_name = forms.CharField(max_length=200, required=False, label="Vem kom i stället?")
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=250)
    marks_optional = False

    def __init__(self, attendance, data=None, *, may_write=True):
        self.attendance = attendance
        self.may_write = may_write
        self.conflict = None
        super().__init__(
            data if may_write else None,
            prefix=f"narvaro-{attendance.uuid}",
            initial={"status": attendance.status, "substitute_name": attendance.substitute_name},
        )
        self.initial["seen"] = self._token(attendance)

    @staticmethod
    def _token(line) -> str:
        return f"{line.version}:{line.status or ''}:{line.substitute_name}"

    @property
    def was_sent(self) -> bool:
        return self.is_bound and self.add_prefix("seen") in self.data

    @property
    def shown_token(self) -> str:
        """What the writer has seen: while a conflict is open that is what they saw before it."""
        return self["seen"].value() if self.conflict else self._token(self.attendance)

    @property
    def conflict_token(self) -> str:
        """The line as another has noted it, which the writer sees now and may let their own replace."""
        return self._token(self.conflict)

    @property
    def mine_words(self) -> str:
        """What the writer noted, in words."""
        status = dict(AttendanceStatus.choices).get(self["status"].value() or "", "inte antecknad")
        return ", ".join(filter(None, (status, self.cleaned_data.get("substitute_name", ""))))

    def clean(self):
        data = super().clean()
        if data.get("status") != AttendanceStatus.SUBSTITUTE:
            data["substitute_name"] = ""
        return data

    def save(self, *, by):
        """Record what the writer changed; a line left as it was seen is left as it is."""
        version, _, rest = self.cleaned_data["seen"].partition(":")
        status, _, name = rest.partition(":")
        wanted = (self.cleaned_data["status"], self.cleaned_data["substitute_name"])
        if wanted == (status, name):
            return self.attendance
        try:
            self.attendance = services.record_attendance(
                attendance=self.attendance,
                status=wanted[0],
                substitute_name=wanted[1],
                version=int(version)
                if version.isascii() and version.isdigit() and len(version) < 10
                else None,
                by=by,
            )
        except services.LineChanged as error:
            self.conflict = error.line
            raise
        return self.attendance


class TotalForm(Form):
    """How many were there."""

    total_on_site = forms.IntegerField(
        min_value=0,
        max_value=5000,
        required=False,
        label="Totalt antal på plats",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    seen_total = forms.CharField(widget=forms.HiddenInput, required=False, max_length=9)
    marks_optional = False

    def __init__(self, meeting, data=None):
        self.meeting = meeting
        self.conflict = None
        total = meeting.total_on_site
        super().__init__(data, initial={"total_on_site": total, "seen_total": "" if total is None else total})

    @property
    def was_sent(self) -> bool:
        return self.is_bound and "seen_total" in self.data

    def save(self, *, by):
        seen, total = self.cleaned_data["seen_total"], self.cleaned_data["total_on_site"]
        if str("" if total is None else total) == seen:
            return self.meeting
        try:
            return services.set_total_on_site(
                meeting=self.meeting, total=total, seen=int(seen) if seen.isdecimal() else None, by=by
            )
        except services.LineChanged as error:
            self.conflict = error.line
            raise


def owner_choices(lines, people, parties) -> list:
    """Whom an action can be put on: those at the meeting, others of the huvudman, and the parties."""
    here = {line.person_id for line in lines}
    choices = [("", "välj person")]
    groups = (
        (
            "På träffen",
            [(str(line.person.uuid), f"{line.person}, {line.get_role_display()}") for line in lines],
        ),
        ("Parter", [(f"{PARTY}{party}", party) for party in parties]),
        ("Övriga", [(str(person.uuid), str(person)) for person in people if person.pk not in here]),
    )
    return choices + [group for group in groups if group[1]]


class OutcomeForm(Form):
    """One line: what kind, what, and for an action who and by when."""

    kind = forms.ChoiceField(choices=OutcomeKind.choices, widget=Segmented, label="Slag av rad")
    text = forms.CharField(
        max_length=4000,
        label="Vad kom ni fram till?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Skriv vad ni kom fram till."},
    )
    owner = forms.ChoiceField(required=False, label="Vem")
    due = forms.ChoiceField(
        choices=[(NEXT, "Nästa träff"), (DAY, "Annan dag")],
        required=False,
        widget=PillRadio,
        label="Till när",
    )
    due_on = forms.DateField(
        required=False,
        label="Dag",
        widget=DateInput,
        error_messages={"invalid": "Skriv dagen som år, månad och dag, till exempel 2026-11-26."},
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    marks_optional = False

    def __init__(
        self,
        meeting,
        data=None,
        *,
        outcome: Outcome | None = None,
        choices,
        following=None,
        kind="",
        **kwargs,
    ):
        self.meeting, self.outcome, self.conflict = meeting, outcome, None
        kwargs.setdefault("prefix", f"rad-{outcome.uuid}" if outcome else "ny")
        super().__init__(data, initial=self._initial(outcome, kind), **kwargs)
        if outcome is not None and outcome.owner_party:
            choices = [*choices, (f"{PARTY}{outcome.owner_party}", outcome.owner_party)]
        self.fields["owner"].choices = choices
        if following is not None:
            day = short_day(following.when.date, today())
            self.fields["due"].choices = [(NEXT, f"Nästa träff, {day}"), (DAY, "Annan dag")]

    @staticmethod
    def _initial(outcome: Outcome | None, kind: str) -> dict:
        if outcome is None:
            return {"kind": kind or OutcomeKind.DECISION, "due": NEXT, "client_key": uuid.uuid4()}
        party = f"{PARTY}{outcome.owner_party}" if outcome.owner_party else ""
        return {
            "kind": outcome.kind,
            "text": outcome.text,
            "owner": str(outcome.owner.uuid) if outcome.owner else party,
            "due": DAY if outcome.due_on and not outcome.due_next_meeting else NEXT,
            "due_on": outcome.due_on if not outcome.due_next_meeting else None,
            "version": outcome.version,
        }

    @property
    def was_sent(self) -> bool:
        """Whether there is something to save: an empty new line is none."""
        if not self.is_bound:
            return False
        name = self.add_prefix("text")
        return name in self.data if self.outcome else bool(self.data.get(name, "").strip())

    def clean(self):
        data = super().clean()
        on_day = data.get("kind") == OutcomeKind.ACTION and data.get("due") == DAY
        if on_day and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Välj en dag, eller nästa träff.")
        return data

    def values(self) -> dict:
        """What the services take."""
        data = self.cleaned_data
        values = {"kind": data["kind"], "text": data["text"]}
        if data["kind"] != OutcomeKind.ACTION:
            return values
        chosen = data.get("owner") or ""
        by_party = chosen.startswith(PARTY)
        owner = Person.objects.filter(uuid=chosen).first() if chosen and not by_party else None
        on_day = data.get("due") == DAY
        return {
            **values,
            "owner": owner,
            "owner_party": chosen.removeprefix(PARTY) if by_party else "",
            "due_on": data.get("due_on") if on_day else self._due_day(),
            "due_next_meeting": not on_day,
        }

    def _due_day(self):
        return self.outcome.due_on if self.outcome and self.outcome.due_next_meeting else None

    def save(self, *, by):
        if self.outcome is None:
            return services.add_outcome(
                meeting=self.meeting, client_key=self.cleaned_data["client_key"], by=by, **self.values()
            )
        try:
            self.outcome = services.change_outcome(
                outcome=self.outcome, version=self.cleaned_data["version"], by=by, **self.values()
            )
        except services.LineChanged as error:
            self.conflict = error.line
            raise
        return self.outcome


class NextMeetingForm(Form):
    """The next meeting, when the proposed day does not do."""

    when = forms.DateField(
        label="Dag",
        widget=DateInput,
        error_messages={
            "required": "Välj en dag.",
            "invalid": "Skriv dagen som år, månad och dag, till exempel 2026-11-26.",
        },
    )
    start_time = forms.TimeField(required=False, label="Börjar", widget=TimeInput)
    end_time = forms.TimeField(required=False, label="Slutar", widget=TimeInput)
    place = forms.CharField(max_length=200, required=False, label="Plats")
    marks_optional = False

    def clean_when(self):
        day = self.cleaned_data["when"]
        if day < today():
            raise ValidationError("Dagen har redan varit. Välj en dag som kommer.")
        return day


class AttendeeForm(Form):
    """Add someone who came, or should have."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        to_field_name="uuid",
        label="Lägg till någon som kom",
        empty_label="Välj person",
        error_messages={"invalid_choice": "Välj en person ur listan.", "required": "Välj en person."},
    )
    marks_optional = False

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class ExplainForm(Form):
    """Why an action is not done yet."""

    not_done_reason = forms.CharField(
        max_length=500,
        label="Varför är den inte klar än?",
        help_text="Kort, så att de andra vet hur det står till.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Skriv kort varför, så vet de andra hur det står till."},
    )
