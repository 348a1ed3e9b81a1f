"""Archive, restore and delete: a page that says what will happen, and the button that does it.

A model gets its pages in one line of its app's urls: ``*removal_paths("enheter", "unit", SchoolUnit, back=…)``.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.views.generic.base import TemplateResponseMixin, View

from sbs_portal import removal
from sbs_portal.db.archive import Removal, is_archivable
from sbs_portal.web.removal import register_pages, removal_links
from sbs_portal.web.views import UNPROCESSABLE, ScopedObjectMixin, ScopedServiceView

UNDO = "undo"


class RemovalMixin(ScopedObjectMixin):
    """A page about one row that the user may archive or delete."""

    for_change = True
    takes_date = False
    # Where one comes back to when the row is gone from sight: a url name, or a function of the row.
    back: str | Callable[[models.Model], str] = ""
    name = ""

    @cached_property
    def object(self):
        row = super().object
        if not removal.may_remove(self.scope, row):
            raise PermissionDenied(removal.NOT_ALONE)
        return row

    @property
    def change_action(self):
        return self.removal.action

    @property
    def removal(self) -> Removal:
        return self.model.removal

    @property
    def back_url(self) -> str:
        return self.back(self.object) if callable(self.back) else reverse(self.back)

    @property
    def own_url(self) -> str:
        address = getattr(self.object, "get_absolute_url", None)
        return address() if address else self.back_url

    def url_of(self, verb: str) -> str:
        return reverse(f"{self.name}_{verb}", args=[self.object.uuid])

    def say_with_undo(self, text: str, verb: str) -> None:
        """A message with "Ångra", which presses the button at the address."""
        messages.success(self.request, text, extra_tags=f"{UNDO} {self.url_of(verb)}")


class ConfirmView(RemovalMixin, TemplateResponseMixin, View):
    """Says what will happen; POST does it."""

    template_name = "web/remove.html"
    verb = ""

    @cached_property
    def ties(self) -> removal.Ties:
        return removal.ties_of(self.object, self.scope)

    def get_title(self) -> str:
        return f"{self.verb} {self.removal.noun}"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        name = str(self.object)
        try:
            with transaction.atomic():
                address = self.perform(name)
        except ValidationError as error:
            context = self.get_context_data(refused=error.messages)
            return self.render_to_response(context, status=UNPROCESSABLE)
        return HttpResponseRedirect(address)

    def perform(self, name: str) -> str:
        """Do it. Returns where to go."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        links = removal_links(self.scope, self.object)
        return super().get_context_data(
            verb=self.verb,
            noun=self.removal.noun,
            ties=self.ties,
            own_url=self.own_url,
            archive_url=links.get("archive", ""),
            **kwargs,
        )


class ArchiveView(ConfirmView):
    verb = "Arkivera"

    def perform(self, name):
        address = self.back_url
        removal.archive(row=self.object, by=self.request.user)
        self.say_with_undo(f"{name} ligger nu i arkivet.", "restore")
        return address


class DeleteView(ConfirmView):
    verb = "Ta bort"
    remove = staticmethod(removal.delete_if_unused)

    def perform(self, name):
        address = self.back_url
        self.remove(row=self.object, by=self.request.user)
        messages.success(self.request, f"{name} är borta.")
        return address


class RestoreView(RemovalMixin, ScopedServiceView):
    def perform(self):
        removal.restore(row=self.object, by=self.request.user)
        messages.success(self.request, f"{self.object} är tillbaka från arkivet.")

    def get_success_url(self):
        return self.own_url


def removal_paths(
    prefix: str,
    name: str,
    model: type[models.Model],
    *,
    back: str | Callable[[models.Model], str],
    active: str = "",
    remove: Callable | None = None,
) -> list[URLPattern]:
    """The model's addresses: deleting always, archiving and restoring where its rows can be archived.

    remove: the model's own service where deleting a row means more, called as ``remove(row=…, by=…)``.
    """
    register_pages(model, name)
    common = {"model": model, "name": name, "back": staticmethod(back) if callable(back) else back}
    common["active"] = active
    own = {"remove": staticmethod(remove)} if remove else {}
    views = {"ta-bort": ("delete", type("Delete", (DeleteView,), {**common, **own}))}
    if is_archivable(model):
        views["arkivera"] = ("archive", type("Archive", (ArchiveView,), common))
        views["aterstall"] = ("restore", type("Restore", (RestoreView,), common))
    return [
        path(f"{prefix}/<uuid:uuid>/{word}/", view.as_view(), name=f"{name}_{verb}")
        for word, (verb, view) in views.items()
    ]
