"""What can be done with many actions at once."""

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.rights import Action
from sbs_portal.together import Steps, asked
from sbs_portal.web.bulk import BulkAction
from sbs_portal.web.forms import DateInput, Form
from schools.models import Person
from seminars.forms.notes import PARTY
from seminars.models import Outcome
from seminars.services import meeting as services


class OwnerForm(Form):
    """Who is to do it from now on: a person, or a party."""

    owner = forms.ChoiceField(
        label="Ny ansvarig",
        error_messages={
            "required": "Välj vem som är ansvarig.",
            "invalid_choice": "Välj någon ur listan.",
        },
    )


class DueForm(Form):
    """By when it is to be done: a day, or the next meeting."""

    due_on = forms.DateField(
        required=False,
        label="Ny dag",
        widget=DateInput,
        error_messages={"invalid": "Skriv dagen som år, månad och dag, till exempel 2026-11-26."},
    )
    due_next_meeting = forms.BooleanField(required=False, label="Till nästa träff")

    def clean(self):
        data = super().clean()
        if "due_on" in self.errors:
            return data
        if data.get("due_on") and data.get("due_next_meeting"):
            self.add_error("due_on", "Välj antingen en dag eller nästa träff.")
        elif not data.get("due_on") and not data.get("due_next_meeting"):
            self.add_error("due_on", "Välj en dag, eller nästa träff.")
        return data


def _offer_owners(form: Form, rows: list[Outcome], scope) -> None:
    """People of the huvudmän on the actions' meetings, as the reader may see them, and the parties."""
    if "owner" not in form.fields:
        return
    ids = {huvudman_id for row in rows for huvudman_id in row.meeting.huvudman_ids}
    people = Person.objects.visible_to(scope).in_use().filter(huvudman_ids__overlap=sorted(ids))
    people = people.with_shown_key().order_by("shown_key", "pk")
    huvudman = {
        str(link.participation.huvudman) for row in rows for link in row.meeting.participation_links.all()
    }
    form.fields["owner"].choices = [
        ("", "Välj"),
        ("Parter", [(f"{PARTY}{party}", party) for party in ("Skolverket", *sorted(huvudman))]),
        ("Personer", [(str(person.uuid), str(person)) for person in people]),
    ]


def _may(scope) -> bool:
    return scope.may(Action.MEETING_RECORD)


def _require_open(action: Outcome) -> None:
    if action.done_on is not None:
        raise ValidationError("Åtgärden är redan klar.")


def _complete(action: Outcome, cleaned: dict, by) -> Steps:
    _require_open(action)
    return services.complete_action.steps(outcome=action, by=by)


def _reopen(action: Outcome, cleaned: dict, by) -> Steps:
    if action.done_on is None:
        raise ValidationError("Åtgärden är inte klar.")
    return services.reopen_action.steps(outcome=action, by=by)


@asked
def _person(chosen):
    """Of (id, by): the person, as ``by`` reaches them. The same for all rows of a change."""
    found = {one: Person.objects.visible_to(one[1]).get(uuid=one[0]) for one in set(chosen)}
    return [found[one] for one in chosen]


def _change_owner(action: Outcome, cleaned: dict, by) -> Steps:
    _require_open(action)
    chosen = cleaned["owner"]
    party = chosen.removeprefix(PARTY) if chosen.startswith(PARTY) else ""
    owner = None if party else (yield _person(chosen, by))
    return (yield from services.change_outcome.steps(outcome=action, owner=owner, owner_party=party, by=by))


def _change_due(action: Outcome, cleaned: dict, by) -> Steps:
    _require_open(action)
    return services.change_outcome.steps(
        outcome=action,
        due_on=cleaned["due_on"],
        due_next_meeting=cleaned["due_next_meeting"],
        by=by,
    )


ACTIONS = (
    BulkAction("complete", "Bocka av", "bockas av", "bockades av", _complete, _may, undo="reopen"),
    BulkAction("reopen", "Öppna igen", "öppnas igen", "öppnades igen", _reopen, _may),
    BulkAction(
        "owner",
        "Byt ansvarig",
        "byter ansvarig",
        "bytte ansvarig",
        _change_owner,
        _may,
        form_class=OwnerForm,
        fitted=_offer_owners,
        tried_with={"owner": f"{PARTY}Prövas"},
        press="Byt ansvarig för {rows}",
    ),
    BulkAction(
        "due",
        "Byt dag",
        "får en ny dag",
        "fick en ny dag",
        _change_due,
        _may,
        form_class=DueForm,
        tried_with={"due_on": None, "due_next_meeting": True},
        press="Byt dag för {rows}",
    ),
)
