"""The catalogues that coordinators keep: one page with all three, and a form for each kind of row."""

from django.db.models import Count
from django.urls import URLPattern, path, reverse

from programmes.forms import catalogue as forms
from programmes.models import Cohort, FocusArea, Programme
from programmes.services import catalogue as services
from programmes.views.registration import RowFormMixin
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.removal import removal_links
from sbs_portal.web.removal_views import removal_paths
from sbs_portal.web.views import PageView, ScopedFormView, ServiceFormView

ACTIVE = "participations"


class CatalogueMixin:
    """For coordinators only: the catalogues are everyone's."""

    active = ACTIVE

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.CATALOGUE_CHANGE)
        return super().dispatch(request, *args, **kwargs)


class CatalogueView(CatalogueMixin, PageView):
    title = "Kataloger"
    template_name = "programmes/catalogue.html"
    takes_date = False

    @property
    def shows_archived(self) -> bool:
        return self.request.GET.get("arkiverade") == "1"

    def rows(self, model):
        rows = model.objects.visible_to(self.scope)
        return rows if self.shows_archived else rows.in_use()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            programmes=self.rows(Programme).annotate(used=Count("participations")).order_by("name"),
            cohorts=self.rows(Cohort)
            .select_related("programme")
            .annotate(used=Count("participations"))
            .order_by("-start_term", "programme_id"),
            focus_areas=self.rows(FocusArea).annotate(used=Count("uses")).order_by("sort_key"),
            shows_archived=self.shows_archived,
            **kwargs,
        )


class EntryMixin(RowFormMixin, CatalogueMixin):
    """A form on a row of a catalogue."""

    template_name = "programmes/catalogue_form.html"

    def get_success_url(self):
        return reverse("catalogue")

    get_cancel_url = get_success_url


class EntryAddView(EntryMixin, ServiceFormView):
    model = None
    success_message = "Sparat i katalogen."

    def get_title(self) -> str:
        return f"Lägg till {self.model._meta.verbose_name}"

    def perform(self, form):
        return services.add_entry(self.model, by=self.scope, **form.values())


class EntryChangeView(EntryMixin, ScopedFormView):
    success_message = "Katalogen är ändrad."

    def get_title(self) -> str:
        return f"Ändra {self.object}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form):
        return services.change_entry(row=self.object, by=self.scope, **form.values())

    def get_context_data(self, **kwargs):
        return super().get_context_data(removal=removal_links(self.scope, self.object), **kwargs)


def entry_paths(word: str, name: str, model, form_class) -> list[URLPattern]:
    """The addresses of a catalogue's rows."""
    common = {"model": model, "form_class": form_class}
    return [
        path(f"kataloger/{word}/ny/", EntryAddView.as_view(**common), name=f"{name}_add"),
        path(
            f"kataloger/{word}/<uuid:uuid>/andra/", EntryChangeView.as_view(**common), name=f"{name}_change"
        ),
        *removal_paths(f"kataloger/{word}", name, model, back="catalogue", active=ACTIVE),
    ]


urlpatterns = [
    path("kataloger/", CatalogueView.as_view(), name="catalogue"),
    *entry_paths("program", "programme", Programme, forms.ProgrammeForm),
    *entry_paths("omgangar", "cohort", Cohort, forms.CohortForm),
    *entry_paths("fokusomraden", "focus_area", FocusArea, forms.FocusAreaForm),
]
