"""Base views: a page, a list in scope, one object in scope, a form that calls a service.

A page says who, what and where next; these hold the rest.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import FormView, TemplateView
from django.views.generic.base import TemplateResponseMixin

from sbs_portal.db.constraints import taken
from sbs_portal.web.conflicts import conflicts
from sbs_portal.web.lists import ScopedListView as ScopedListView
from sbs_portal.web.page import PageMixin
from sbs_portal.web.removal import removal_links
from sbs_portal.web.sections import sections_for

UNPROCESSABLE = 422
CONFLICT = 409
VERSION_FIELD = "_version"


class PageView(PageMixin, TemplateView):
    """A page without an object of its own."""


class ScopedObjectMixin(PageMixin):
    """A page about one object, found by its uuid among those the user may read: outside scope it is 404.

    With ``for_change`` it must also be the user's to change: inside scope without the right it is 403.
    """

    model = None
    for_change = False
    change_action = None
    object_name = ""

    def narrow(self, queryset):
        """Join what the page shows."""
        return queryset

    @cached_property
    def object(self):
        queryset = self.narrow(self.model.objects.all())
        if self.for_change:
            return queryset.get_for_change(self.scope, self.change_action, uuid=self.kwargs["uuid"])
        return queryset.get_for(self.scope, uuid=self.kwargs["uuid"])

    def get_title(self) -> str:
        return self.title or str(self.object)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("object", self.object)
        if self.object_name:
            kwargs.setdefault(self.object_name, self.object)
        return super().get_context_data(**kwargs)


class ScopedDetailView(ScopedObjectMixin, TemplateResponseMixin, View):
    """One object with its sections, which other apps may add to under the name in ``page``."""

    page = ""
    template_name = "web/detail.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs):
        sections = sections_for(self.page, self.request, self.object) if self.page else []
        removal = removal_links(self.scope, self.object)
        return super().get_context_data(sections=sections, removal=removal, **kwargs)


class ServiceFormView(PageMixin, FormView):
    """A form that calls a service.

    ``perform`` gets the valid form and calls the service; a ValidationError from it lands on the form, what
    was typed stays, nothing is saved, and the status is 422 as for a form that is not valid.
    """

    template_name = "web/form.html"
    takes_date = False
    submit_label = "Spara"
    success_message = ""
    crumb = ""  # what the page lies under, where that is no row: the name of the list "Avbryt" leads to

    def perform(self, form):
        """Call the service. What it returns is kept as ``self.result``."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.result = self.perform(form)
        except ValidationError as error:
            return self.refused(form, error)
        except IntegrityError as error:
            return self.refused(form, taken(error))
        if message := self.get_success_message():
            messages.success(self.request, message)
        return HttpResponseRedirect(self.get_success_url())

    def refused(self, form, error: ValidationError):
        form.add_validation_error(error)
        return self.form_invalid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_success_message(self) -> str:
        return self.success_message

    def get_cancel_url(self) -> str:
        """Where "Avbryt" leads; "" shows none."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submit_label=self.submit_label, cancel_url=self.get_cancel_url(), crumb=self.crumb, **kwargs
        )


class ScopedFormView(ScopedObjectMixin, ServiceFormView):
    """A form about one object the user may change.

    Where the object has a version, the form carries the one it was opened with. Has someone else changed what
    it shows in the meantime, it comes back with what they wrote beside what was typed (409), and the next
    press saves.
    """

    for_change = True

    def form_valid(self, form):
        found = self.find_conflicts(form)
        if found:
            context = self.get_context_data(form=form, conflicts=found)
            return self.render_to_response(context, status=CONFLICT)
        return super().form_valid(form)

    def find_conflicts(self, form) -> list:
        """What others have changed since the form was opened; the row is locked until the answer."""
        seen = self.request.POST.get(VERSION_FIELD, "")
        if not seen or getattr(self.object, "version", None) is None:
            return []
        locked = self.model._base_manager.filter(pk=self.object.pk).select_for_update()
        if str(locked.values_list("version", flat=True).get()) == seen:
            return []
        del self.object
        fresh = self.get_form_class()(**{**self.get_form_kwargs(), "data": None, "files": None})
        return conflicts(form, fresh, self.object, seen)

    def get_context_data(self, **kwargs):
        version = getattr(self.object, "version", None)
        return super().get_context_data(version_field=VERSION_FIELD, form_version=version, **kwargs)


class ServiceView(PageMixin, View):
    """A button: POST calls a service and leads back. What the service refuses is told as a message."""

    http_method_names = ["post", "options"]
    success_message = ""

    def perform(self):
        """Call the service."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def get_failure_url(self) -> str:
        return self.get_success_url()

    def post(self, request, *args, **kwargs):
        try:
            with transaction.atomic():
                self.result = self.perform()
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return HttpResponseRedirect(self.get_failure_url())
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())


class ScopedServiceView(ScopedObjectMixin, ServiceView):
    """A button about one object the user may change."""

    for_change = True
