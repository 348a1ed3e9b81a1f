"""Pages of saved views: saving one from its list, all of one's own, changing and removing."""

from functools import lru_cache

from django.conf import settings
from django.http import Http404
from django.urls import URLPattern, get_resolver, get_urlconf, reverse

from sbs_portal.lists import services
from sbs_portal.lists.forms import SavedViewForm, chosen_audience
from sbs_portal.lists.models import SavedView
from sbs_portal.web.lists import LISTS
from sbs_portal.web.views import (
    PageView,
    ScopedFormView,
    ScopedObjectMixin,
    ScopedServiceView,
    ServiceFormView,
    ServiceView,
)


@lru_cache(maxsize=8)
def _addresses(urlconf: str) -> dict[str, str]:
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
            elif name := getattr(getattr(pattern.callback, "view_class", None), "list_name", ""):
                found.setdefault(name, pattern.name)

    walk(get_resolver(urlconf).url_patterns)
    return found


def list_url(list_name: str) -> str:
    """The address of a list by its name."""
    there = _addresses(get_urlconf() or settings.ROOT_URLCONF)
    if list_name not in there:
        raise Http404
    return reverse(there[list_name])


def view_url(view: SavedView) -> str:
    return f"{list_url(view.list_name)}?vy={view.uuid}"


def list_title(list_name: str) -> str:
    return LISTS[list_name].title if list_name in LISTS else list_name


class SaveView(ServiceFormView):
    """What the list shows now, under a name."""

    form_class = SavedViewForm
    title = "Spara vyn"
    submit_label = "Spara vyn"
    success_message = "Vyn är sparad."
    template_name = "lists/view_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope}

    @property
    def asked(self) -> tuple[str, str]:
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return sent.get("lista", ""), sent.get("urval", "")

    def perform(self, form):
        list_name, query = self.asked
        return services.save_view(
            list_name=list_name,
            name=form.cleaned_data["name"],
            query=query,
            by=self.request.user,
            **form.group,
        )

    def get_success_url(self):
        return view_url(self.result)

    def get_cancel_url(self):
        list_name, query = self.asked
        return f"{list_url(list_name)}?{query}"

    def get_context_data(self, **kwargs):
        list_name, query = self.asked
        return super().get_context_data(lista=list_name, urval=query, **kwargs)


class SavedViewListView(PageView):
    """The views one can use, list by list."""

    title = "Vyer"
    template_name = "lists/view_list.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        rows = SavedView.objects.visible_to(self.scope).select_related("owner").with_own_default(user)
        editable = set(SavedView.objects.editable_by(self.scope).values_list("pk", flat=True))
        groups: dict[str, list] = {}
        for row in rows.order_by("list_name", "name", "pk"):
            if row.list_name in LISTS:
                item = {"view": row, "url": view_url(row), "may_change": row.pk in editable}
                groups.setdefault(list_title(row.list_name), []).append(item)
        return super().get_context_data(groups=sorted(groups.items()), **kwargs)


class ChangeView(ScopedFormView):
    model = SavedView
    form_class = SavedViewForm
    title = "Ändra vyn"
    success_message = "Vyn är ändrad."
    template_name = "lists/view_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope, "view": self.object}

    def get_initial(self):
        return {
            "name": self.object.name,
            "audience": chosen_audience(self.object),
            "is_default": self.object.is_default,
        }

    def perform(self, form):
        changes = {name: form.cleaned_data[name] for name in ("name", "is_default") if name in form.fields}
        return services.change_view(view=self.object, by=self.request.user, **changes, **form.group)

    def get_success_url(self):
        return reverse("saved_view_list")

    get_cancel_url = get_success_url


class _ViewButton(ScopedServiceView):
    model = SavedView

    def get_success_url(self):
        return reverse("saved_view_list")


class UpdateView(_ViewButton):
    """The view is from now on what its list shows."""

    success_message = "Vyn är ändrad."

    def perform(self):
        query = self.request.POST.get("urval", "")
        return services.change_view(view=self.object, query=query, by=self.request.user)

    def get_success_url(self):
        return view_url(self.object)


class RemoveView(_ViewButton):
    success_message = "Vyn är borttagen."

    def perform(self):
        self.object  # noqa: B018  (found before it is gone)
        return services.remove_view(view=self.object, by=self.request.user)


class DefaultView(ScopedObjectMixin, ServiceView):
    """The list opens with the view, or no longer does."""

    model = SavedView
    success_message = "Förvalet är ändrat."

    def perform(self):
        chosen = self.object if self.request.POST.get("forval") == "1" else None
        return services.choose_default(list_name=self.object.list_name, view=chosen, by=self.request.user)

    def get_success_url(self):
        return reverse("saved_view_list")
