"""Pages made of the base views alone, over huvudmän."""

import django_filters
from django.core.exceptions import ValidationError
from django.urls import include, path

from sbs_portal.web import forms, tables, views
from sbs_portal.web.filters import FilterSet, Pill
from schools.models import Huvudman


class HuvudmanTable(tables.Table):
    caption = "Huvudmän"
    default_sort = "name"
    columns = (
        tables.Column("name", "Huvudman", sort="sort_key", link=lambda row: f"/prov/{row.uuid}/"),
        tables.Column("kind", "Slag", accessor="get_kind_display", sort="kind", phone="fact"),
    )


class HuvudmanFilter(FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Namn")

    class Meta:
        model = Huvudman
        fields = ["q", "kind"]


class HuvudmanList(views.ScopedListView):
    list_name = "prov"
    model = Huvudman
    title = "Huvudmän"
    table_class = HuvudmanTable
    filterset_class = HuvudmanFilter
    pills = (
        Pill("Alla"),
        Pill("Enskilda", (("kind", "independent"),), lambda rows: rows.filter(kind="independent")),
    )
    paginate_by = 2


class HuvudmanPage(views.ScopedDetailView):
    model = Huvudman
    page = "prov"


class NameForm(forms.Form):
    name = forms.forms.CharField(label="Namn", max_length=200)


class Rename(views.ScopedFormView):
    """Writes before it refuses, so that a test can see that nothing of it stays."""

    model = Huvudman
    form_class = NameForm
    success_url = "/prov/"
    success_message = "Namnet är ändrat."

    def perform(self, form):
        self.object.name = form.cleaned_data["name"]
        self.object.save()
        if form.cleaned_data["name"] == "Upptaget":
            raise ValidationError({"name": "Namnet är upptaget.", "kind": "Slaget stämmer inte."})
        return self.object


class Touch(views.ScopedServiceView):
    model = Huvudman

    def perform(self):
        raise ValidationError("Det går inte just nu.")

    def get_success_url(self):
        return "/prov/"


urlpatterns = [
    path("prov/", HuvudmanList.as_view(), name="prov_list"),
    path("prov/<uuid:uuid>/", HuvudmanPage.as_view(), name="prov_detail"),
    path("prov/<uuid:uuid>/namn/", Rename.as_view(), name="prov_rename"),
    path("prov/<uuid:uuid>/knapp/", Touch.as_view(), name="prov_touch"),
    path("", include("sbs_portal.urls")),
]
