"""Pages of huvudmän and their administrations. What stands below a head is in schools.sections and further up."""

from django.urls import reverse

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.bulk import archive_actions
from sbs_portal.web.filters import Pill
from sbs_portal.web.views import ScopedDetailView, ScopedFormView, ScopedListView, ServiceFormView
from schools.filters import HuvudmanFilter
from schools.forms.huvudman import AdministrationForm, HuvudmanForm
from schools.models import Administration, Huvudman, HuvudmanKind
from schools.services import huvudman as services
from schools.tables import HuvudmanTable


class HuvudmanListView(ScopedListView):
    model = Huvudman
    table_class = HuvudmanTable
    filterset_class = HuvudmanFilter
    title = "Huvudmän"
    active = "huvudman_list"
    search_placeholder = "Sök namn, kommun eller nummer"
    pills = (
        Pill("Alla"),
        Pill("Kommuner", (("kind", HuvudmanKind.MUNICIPALITY.value),)),
        Pill("Kommunalförbund", (("kind", HuvudmanKind.FEDERATION.value),)),
        Pill("Regioner", (("kind", HuvudmanKind.REGION.value),)),
        Pill("Enskilda", (("kind", HuvudmanKind.INDEPENDENT.value),)),
        Pill("Staten", (("kind", HuvudmanKind.STATE.value),)),
    )
    empty_title = "Inga huvudmän ännu"
    bulk_actions = archive_actions(Huvudman)
    empty_text = "Här finns kommunerna och de andra som ansvarar för skolor. En samordnare lägger in dem."
    empty_label = "Lägg till huvudman"
    template_name = "schools/huvudman_list.html"

    def empty_url(self):
        return reverse("huvudman_create") if may_register(self.scope) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(add_url=self.empty_url(), **kwargs)

    def narrow(self, queryset):
        return queryset.with_unit_count().select_related("municipality__county")


class HuvudmanDetailView(ScopedDetailView):
    model = Huvudman
    page = "huvudman"
    active = "huvudman_list"
    template_name = "schools/huvudman_detail.html"

    def narrow(self, queryset):
        return queryset.select_related("municipality__county")

    def get_context_data(self, **kwargs):
        may_change = self.scope.may(Action.REGISTER_CHANGE, huvudman_id=self.object.pk)
        return super().get_context_data(may_change=may_change, **kwargs)


def may_register(scope) -> bool:
    """Whether the user registers new huvudmän: rows that are no one's yet."""
    return scope.national and scope.may(Action.REGISTER_CHANGE)


class HuvudmanCreateView(ServiceFormView):
    title = "Lägg till huvudman"
    crumb = "Huvudmän"
    active = "huvudman_list"
    form_class = HuvudmanForm
    submit_label = "Lägg till"
    success_message = "Huvudmannen är tillagd. Lägg till dess enheter härnäst."

    def get_form(self, form_class=None):
        services.require_national(self.request.user, Action.REGISTER_CHANGE)
        return super().get_form(form_class)

    def perform(self, form):
        return services.register_huvudman(**form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return reverse("huvudman_list")


class HuvudmanChangeView(ScopedFormView):
    model = Huvudman
    title = "Ändra huvudmannen"
    active = "huvudman_list"
    form_class = HuvudmanForm
    success_message = "Ändringen är sparad."

    def get_initial(self):
        return {name: getattr(self.object, name) for name in HuvudmanForm.base_fields}

    def perform(self, form):
        return services.change_huvudman(huvudman=self.object, **form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return self.object.get_absolute_url()

    get_cancel_url = get_success_url


class AdministrationAddView(ScopedFormView):
    model = Huvudman
    title = "Lägg till förvaltning"
    active = "huvudman_list"
    form_class = AdministrationForm
    submit_label = "Lägg till"
    success_message = "Förvaltningen är tillagd."

    def get_form(self, form_class=None):
        require(self.request.user, Action.REGISTER_CHANGE, huvudman_id=self.object.pk)
        return super().get_form(form_class)

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        return services.add_administration(huvudman=self.object, **form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return f"{self.object.get_absolute_url()}#forvaltningar"

    get_cancel_url = get_success_url


class AdministrationChangeView(ScopedFormView):
    model = Administration
    title = "Ändra förvaltningen"
    active = "huvudman_list"
    form_class = AdministrationForm
    success_message = "Ändringen är sparad."

    def narrow(self, queryset):
        return queryset.select_related("huvudman")

    def get_initial(self):
        return {name: getattr(self.object, name) for name in AdministrationForm.base_fields}

    def perform(self, form):
        return services.change_administration(
            administration=self.object, **form.cleaned_data, by=self.request.user
        )

    def get_success_url(self):
        return f"{self.object.huvudman.get_absolute_url()}#forvaltningar"

    get_cancel_url = get_success_url
