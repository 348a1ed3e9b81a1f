"""Lärosäten and other providers, which coordinators keep for everyone."""

from django.urls import reverse

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.removal import removal_links
from sbs_portal.web.views import ScopedFormView, ScopedListView, ServiceFormView
from schools.filters import ProviderFilter
from schools.forms.provider import ProviderForm
from schools.models import Provider
from schools.services import provider as services
from schools.tables import ProviderTable


class KeeperMixin:
    """For those who keep the catalogues."""

    active = "providers"
    takes_date = False

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.CATALOGUE_CHANGE)
        return super().dispatch(request, *args, **kwargs)


class ProviderListView(KeeperMixin, ScopedListView):
    model = Provider
    table_class = ProviderTable
    filterset_class = ProviderFilter
    title = "Lärosäten och andra aktörer"
    template_name = "schools/provider_list.html"
    empty_title = "Inga aktörer ännu"
    empty_text = "Här finns de som ger stöd eller anställer processledare, till exempel ett lärosäte."
    empty_label = "Lägg till aktör"

    def get_lede(self):
        return "De som ger stöd eller anställer processledare. Alla kan välja bland dem."

    def empty_url(self):
        return reverse("provider_add")


class ProviderPage(KeeperMixin):
    template_name = "schools/provider_form.html"
    form_class = ProviderForm

    def get_success_url(self):
        return reverse("provider_list")

    get_cancel_url = get_success_url


class ProviderAddView(ProviderPage, ServiceFormView):
    title = "Lägg till aktör"
    submit_label = "Lägg till"
    success_message = "Aktören är tillagd."

    def perform(self, form):
        return services.register_provider(**form.cleaned_data, by=self.request.user)


class ProviderChangeView(ProviderPage, ScopedFormView):
    model = Provider
    success_message = "Ändringen är sparad."

    def get_title(self):
        return f"Ändra {self.object}"

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ProviderForm.base_fields}

    def perform(self, form):
        return services.change_provider(provider=self.object, **form.cleaned_data, by=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(removal=removal_links(self.scope, self.object), **kwargs)
