"""Base views: a page, a list in scope, one object in scope, a form that calls a service.

A page says who, what and where next; these hold the rest.
"""

from contextlib import nullcontext
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import FormView, TemplateView
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from sbs_portal import time
from sbs_portal.db.archive import is_archivable
from sbs_portal.web.conflicts import conflicts
from sbs_portal.web.filters import ShownPill, shown_pills
from sbs_portal.web.paging import PER_PAGE, SIZES, page_of
from sbs_portal.web.removal import removal_links
from sbs_portal.web.sections import sections_for

UNPROCESSABLE = 422
CONFLICT = 409
VERSION_FIELD = "_version"
ARCHIVED = "arkiverade"
ASKED_YEARS = range(time.FIRST_YEAR + 20, time.LAST_YEAR - 20)


class PageMixin(ContextMixin):
    """What every page has: its title, its place in the navigation, the user's scope, the day it shows.

    A reading page is asked about another day by ``?datum=2018-04-23``. The whole page is then made with
    that as today; ``asked_day`` says so on the page. A date that cannot be read is told on the page, which
    shows today. A page that writes takes no date.
    """

    title = ""
    active = ""
    takes_date = True

    def dispatch(self, request, *args, **kwargs):
        request.active_item = self.active
        with time.frozen(self.asked_day) if self.asked_day else nullcontext():
            response = super().dispatch(request, *args, **kwargs)
            if self.asked_day and isinstance(response, TemplateResponse):
                response.render()
        return response

    @cached_property
    def asked_day(self) -> date | None:
        """The day in ``?datum=``, None when there is none to be read."""
        if not self.takes_date or self.request.method not in ("GET", "HEAD"):
            return None
        try:
            asked = date.fromisoformat(self.request.GET.get("datum", ""))
        except ValueError:
            return None
        # A page reckons some terms and years to either side, and the calendar has ends.
        return asked if asked.year in ASKED_YEARS else None

    @property
    def unread_date(self) -> str:
        """What stands in ``?datum=`` when it is no date."""
        asked = self.request.GET.get("datum", "") if self.takes_date else ""
        return asked if asked and not self.asked_day else ""

    @property
    def today(self) -> date:
        return time.today()

    @property
    def scope(self):
        """The scope bound for this request."""
        return self.request.scope

    def get_title(self) -> str:
        return self.title

    def get_context_data(self, **kwargs):
        without = self.request.GET.copy()
        without.pop("datum", None)
        return super().get_context_data(
            today=self.today,
            page_title=self.get_title(),
            asked_day=self.asked_day,
            unread_date=self.unread_date,
            url_without_date=f"{self.request.path}?{without.urlencode()}" if without else self.request.path,
            **kwargs,
        )


class PageView(PageMixin, TemplateView):
    """A page without an object of its own."""


class ScopedListView(PageMixin, TemplateResponseMixin, View):
    """A list of the rows the user may read.

    Set ``model`` and ``table_class``; ``filterset_class`` and ``pills`` for filters. The count, the pages
    and the filters all start from ``visible_to``.
    """

    model = None
    table_class = None
    filterset_class = None
    pills = ()
    paginate_by = PER_PAGE
    template_name = "web/list.html"
    search_placeholder = "Sök"
    empty_title = "Här finns inget ännu"
    empty_text = ""
    empty_label = ""

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.scope)
        return self.narrow(rows.archived() if self.shows_archived else rows.in_use())

    @property
    def shows_archived(self) -> bool:
        """Whether the list is of what is laid aside; else it leaves that out."""
        return is_archivable(self.model) and self.request.GET.get(ARCHIVED) == "1"

    def get_pills(self, everything) -> list[ShownPill]:
        pills = shown_pills(self.pills, self.request, everything)
        if not is_archivable(self.model):
            return pills
        query = self.request.GET.copy()
        for name in (ARCHIVED, "sida"):
            query.pop(name, None)
        if not self.shows_archived:
            query[ARCHIVED] = "1"
        return [*pills, ShownPill("Visa arkiverade", f"?{query.urlencode()}", self.shows_archived, None)]

    def narrow(self, queryset):
        """Join and annotate what the table shows."""
        return queryset

    def get_lede(self) -> str:
        return ""

    def empty_url(self) -> str:
        """Where the first step of an empty list leads; "" offers none."""
        return ""

    def get_context_data(self, **kwargs):
        everything = self.get_queryset()
        filterset = None
        rows = everything
        if self.filterset_class is not None:
            filterset = self.filterset_class(self.request.GET, queryset=everything, request=self.request)
            rows = filterset.qs
        page = page_of(self.table_class.ordered(rows, self.request), self.request, per_page=self.paginate_by)
        shown = set(filterset.form.fields) if filterset else set()
        return super().get_context_data(
            table=self.table_class(page.object_list, request=self.request),
            page_obj=page,
            page_sizes=SIZES,
            filterset=filterset,
            searching=any(value for name, value in self.request.GET.items() if name in shown),
            pills=self.get_pills(everything),
            kept=[
                (name, value)
                for name, values in self.request.GET.lists()
                if name not in shown and name != "sida"
                for value in values
            ],
            lede=self.get_lede(),
            search_placeholder=self.search_placeholder,
            empty={
                "title": self.empty_title,
                "text": self.empty_text,
                "url": self.empty_url(),
                "label": self.empty_label,
            },
            **kwargs,
        )


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

    def perform(self, form):
        """Call the service. What it returns is kept as ``self.result``."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.result = self.perform(form)
        except ValidationError as error:
            form.add_validation_error(error)
            return self.form_invalid(form)
        if message := self.get_success_message():
            messages.success(self.request, message)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_success_message(self) -> str:
        return self.success_message

    def get_cancel_url(self) -> str:
        """Where "Avbryt" leads; "" shows none."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submit_label=self.submit_label, cancel_url=self.get_cancel_url(), **kwargs
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
