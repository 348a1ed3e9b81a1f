"""What every form on a row of this app does: related rows in scope, words for choices, two who write at once."""

import hashlib

from django import forms
from django.utils.text import capfirst

from sbs_portal.time import ImpreciseDate, Term, today
from sbs_portal.web.conflicts import NOTHING, Conflict
from sbs_portal.web.fields import TermFormField
from sbs_portal.web.forms import ModelForm

FIRST_TERM = Term.parse("HT2015")


def terms_to_choose(*also: Term | None) -> list[Term]:
    """From the programme's first term to three years ahead, and those that already stand there."""
    found = set(FIRST_TERM.through(Term.of(today()) + 6)) | {term for term in also if term}
    return sorted(found, reverse=True)


class RowForm(ModelForm):
    """A form on a row. The service checks and saves; the form alone changes nothing.

    Related rows are chosen by uuid among those the user sees; ``narrow_<field>(rows)`` narrows them further.
    A form on a saved row carries a mark of what its writer saw, so that only a change of what the form shows
    stands in the way, also of rows without a version.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, scope, **kwargs):
        self.scope = scope
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = capfirst(field.label or "")
            if isinstance(field, TermFormField) and field.options is None:
                self._choose_term(name, field)
            elif isinstance(field, forms.ModelChoiceField):
                self._narrow(name, field)
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, label if value else "Välj") for value, label in field.choices]
        self.initial["seen"] = self._mark() if self.instance.pk else ""

    def _choose_term(self, name: str, field: TermFormField) -> None:
        self.fields[name] = TermFormField(
            options=terms_to_choose(getattr(self.instance, name, None)),
            required=field.required,
            label=field.label,
            help_text=field.help_text,
        )

    def _narrow(self, name: str, field: forms.ModelChoiceField) -> None:
        rows = field.queryset.model.objects.visible_to(self.scope)
        # What is archived is not chosen anew, and stays where it was chosen.
        rows = rows.in_use(getattr(self.instance, f"{name}_id", None))
        narrow = getattr(self, f"narrow_{name}", None)
        field.queryset = narrow(rows) if narrow else rows
        field.to_field_name = "uuid"
        if isinstance(field, forms.ModelMultipleChoiceField):
            return
        field.empty_label = "Välj" if field.required else "Inget valt"
        if name in self.initial and getattr(self.instance, f"{name}_id", None):
            self.initial[name] = getattr(self.instance, name)

    def _post_clean(self):
        """Left out: it would set what was typed on the row, which the service is to compare it with."""

    def values(self) -> dict:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    # Two who write at once

    def _mark(self) -> str:
        shown = [(name, self.stored(name)) for name in sorted(self.fields) if name != "seen"]
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def stored(self, name: str) -> str:
        return _words(self.fields[name], self.initial.get(name))

    def conflicts_with(self, fresh: "RowForm") -> list[Conflict]:
        """What stands in the row now beside what was typed, where it is no longer what the writer saw.

        ``fresh`` is the form as it would be opened now. Whoever saves again has seen it.
        """
        now = fresh.initial["seen"]
        if self.cleaned_data["seen"] == now:
            return []
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = now
        told = [
            Conflict(str(field.label), fresh.stored(name) or NOTHING, self._typed(name) or NOTHING)
            for name, field in fresh.fields.items()
            if name != "seen"
        ]
        return [conflict for conflict in told if conflict.now != conflict.typed]

    def _typed(self, name: str) -> str:
        return _words(self.fields[name], self.cleaned_data.get(name)) if name in self.fields else ""


def _words(field: forms.Field, value) -> str:
    """A value as it is told beside another's."""
    if isinstance(value, ImpreciseDate):
        return str(value) if value.is_known else value.text
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if value is None:
        return ""
    labels = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", ()))
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        return ", ".join(sorted(str(labels.get(one, one)) for one in value))
    return str(labels.get(value, value))
