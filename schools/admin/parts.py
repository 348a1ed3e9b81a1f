"""What the register's admin shares: rows that services made, and inlines saved through services."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from sbs_portal.scope import settle
from sbs_portal.web.model_admin import ScopedModelAdmin


def adopt(obj, row) -> None:
    """Let the admin's object be the row a service made."""
    obj.__dict__.update(row.__dict__)


def given(form, names: frozenset[str]) -> dict:
    """What the form holds of these fields."""
    return {name: value for name, value in form.cleaned_data.items() if name in names}


@dataclass(frozen=True)
class PartServices:
    """How an inline's rows are made, changed and taken away."""

    create: Callable
    change: Callable | None = None
    remove: Callable | None = None


class PartsThroughServices:
    """Mixin for an admin whose inlines are saved by services: ``parts`` by the inline's model."""

    parts: dict[type, PartServices] = {}

    def save_formset(self, request, form, formset, change):
        services = self.parts[formset.model]
        formset.save(commit=False)
        for part in formset.deleted_forms:
            if part.instance.pk:
                services.remove(request, part)
        for part in formset.initial_forms:
            if part.has_changed() and part not in formset.deleted_forms:
                services.change(request, part)
        for part in formset.extra_forms:
            if part.has_changed() and part not in formset.deleted_forms:
                services.create(request, form.instance, part)
        settle()


class CheckedByService(forms.ModelForm):
    """A part whose rules over several rows are the service's: those beside it change in the same saving."""

    def clean(self):
        cleaned = super().clean()
        self._validate_constraints = False
        return cleaned


class CatalogueAdmin(ScopedModelAdmin):
    """Reference data that comes with the portal: looked up here, not changed."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
