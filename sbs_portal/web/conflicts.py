"""Two people in the same form: what the other changed, beside what was typed."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import FieldDoesNotExist

from sbs_portal.db.security import event_models
from sbs_portal.web.tables import shown

NOTHING = "inget"


@dataclass(frozen=True)
class Conflict:
    """A field that holds something else now than when the form was opened."""

    label: str
    now: str
    typed: str


def conflicts(form: forms.BaseForm, fresh: forms.BaseForm, row, seen: str) -> list[Conflict]:
    """What differs between the form as it was sent in and as it would be opened now.

    Of the row's own columns history says which the others changed since the version ``seen``; of other
    fields any difference is told.
    """
    before = _as_it_was(row, seen)
    found = []
    for name, field in form.fields.items():
        column = _column(row, name)
        if column and before is not None and getattr(before, column) == getattr(row, column):
            continue
        opened = fresh.get_initial_for_field(fresh.fields[name], name)
        now = _words(field, getattr(row, column) if column else opened)
        typed = _words(field, form.cleaned_data.get(name))
        if now != typed:
            found.append(Conflict(str(form[name].label), now, typed))
    return found


def _as_it_was(row, seen: str):
    event = event_models().get(type(row))
    if event is None or not seen.isascii() or not seen.isdecimal() or len(seen) > 9:
        return None
    states = event._default_manager.filter(pgh_obj_id=row.pk, version=int(seen))
    return states.order_by("-pgh_id").first()


def _column(row, name: str) -> str:
    try:
        field = row._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return field.attname if getattr(field, "column", None) else ""


def _words(field: forms.Field, value) -> str:
    """A field's value as the page would say it."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(field, forms.ModelChoiceField):
        value = field.queryset.filter(pk=value).first() if isinstance(value, int) else value
        return str(value or NOTHING)
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in values)
    return shown(value)
