"""Actions on several rows in the admin: first what will happen to how many and what cannot, then it is done.

What cannot is found by doing it and taking it back: the services say no, and no rule is written twice. What is
confirmed is done in one transaction, all or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse

from sbs_portal.web.forms import Form

# Each row is tried before it is done.
MOST = 200
TOO_MANY = f"Välj högst {MOST} rader åt gången. Filtrera eller sök fram dem först."
CHANGED_MEANWHILE = "Något har ändrats sedan du såg förhandsvisningen. Inget är gjort. Se efter igen."
FORBIDDEN = "Du saknar behörighet att göra det här."


@dataclass(frozen=True)
class Refused:
    """A row that it cannot be done to, and why."""

    row: object
    why: str


@dataclass(frozen=True)
class PreviewedAction:
    """One action of a list.

    service: does it to one row: ``service(row, by, **what the form holds)``; raises ValidationError or
    PermissionDenied where it cannot be done.
    may: whether the request's user may at all; the service decides on each row.
    needless: why there is nothing to do about a row, "" where there is.
    form_class: what is asked before it is done; until it is answered the rows are tried with ``stand_in``.
    """

    name: str
    title: str
    button: str
    service: Callable
    may: Callable
    needless: Callable = lambda row: ""
    form_class: type[Form] | None = None
    stand_in: tuple[tuple[str, object], ...] = ()
    note: str = ""

    # The preview's template asks for its words.
    do_not_call_in_templates = True

    def __call__(self, model_admin, request, queryset):
        """What Django calls with the chosen rows: the preview, or the deed and then the list again."""
        rows = list(queryset[: MOST + 1])
        if len(rows) > MOST:
            model_admin.message_user(request, TOO_MANY, messages.ERROR)
            return None
        confirmed = "confirmed" in request.POST
        form = self.form_class(request.POST if confirmed else None) if self.form_class else None
        if not confirmed or (form is not None and not form.is_valid()):
            return self._preview(model_admin, request, rows, form, dict(self.stand_in))
        facts = form.cleaned_data if form is not None else dict(self.stand_in)
        done, refused = self._do(rows, request.user, facts, keep=True)
        if refused:
            messages.error(request, CHANGED_MEANWHILE)
            return self._preview(model_admin, request, rows, form, facts)
        for row in done:
            model_admin.log_change(request, row, f"{self.title}.")
        model_admin.message_user(request, f"{self.title}: {len(done)} klart.", messages.SUCCESS)
        return None

    def _do(self, rows, by, facts: dict, *, keep: bool) -> tuple[list, list[Refused]]:
        """The rows it was done to and those it was refused; all is taken back unless ``keep`` and none was."""
        done, refused = [], []
        with transaction.atomic():
            for row in rows:
                why = self.needless(row) or self._refusal(row, by, facts)
                if why:
                    refused.append(Refused(row, why))
                else:
                    done.append(row)
            if refused or not keep:
                transaction.set_rollback(True)
        return done, refused

    def _refusal(self, row, by, facts: dict) -> str:
        try:
            with transaction.atomic():
                self.service(row, by, **facts)
        except ValidationError as error:
            return " ".join(error.messages)
        except PermissionDenied as error:
            return str(error) or FORBIDDEN
        return ""

    def _preview(self, model_admin, request, rows, form, facts: dict):
        possible, refused = self._do(rows, request.user, facts, keep=False)
        # The services have written on these objects; what is shown is what the rows are.
        fresh = {
            row.pk: row for row in model_admin.get_queryset(request).filter(pk__in=[row.pk for row in rows])
        }
        context = model_admin.admin_site.each_context(request) | {
            "title": self.title,
            "opts": model_admin.model._meta,
            "action": self,
            "form": form,
            "possible": [fresh[row.pk] for row in possible],
            "refused": [Refused(fresh[one.row.pk], one.why) for one in refused],
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/action_preview.html", context)


class ReasonForm(Form):
    reason = forms.CharField(label="Skäl", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
