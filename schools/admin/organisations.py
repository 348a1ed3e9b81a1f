"""Län, kommuner, huvudmän and their förvaltningar in the admin."""

from django.contrib import admin

from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedTabularInline
from schools.admin.parts import CatalogueAdmin, PartServices, PartsThroughServices, adopt, given
from schools.models import Administration, County, Huvudman, Municipality
from schools.services import huvudman as huvudman_services


@admin.register(County)
class CountyAdmin(CatalogueAdmin):
    list_display = ["code", "name"]
    search_fields = ["name", "code"]


@admin.register(Municipality)
class MunicipalityAdmin(CatalogueAdmin):
    list_display = ["code", "name", "county"]
    list_filter = ["county"]
    list_select_related = ["county"]
    search_fields = ["name", "code"]


class AdministrationInline(ScopedTabularInline):
    model = Administration
    fields = ["name", "committee_name", "address", "phone", "valid_from", "valid_to"]
    can_delete = False


def _add_administration(request, huvudman, part):
    row = huvudman_services.add_administration(
        huvudman=huvudman, **given(part, huvudman_services.ADMINISTRATION_FIELDS), by=request.user
    )
    adopt(part.instance, row)


def _change_administration(request, part):
    huvudman_services.change_administration(
        administration=part.instance, **given(part, huvudman_services.ADMINISTRATION_FIELDS), by=request.user
    )


@admin.register(Huvudman)
class HuvudmanAdmin(PartsThroughServices, ScopedModelAdmin):
    list_display = ["name", "kind", "municipality", "shown_organisation_number", "unit_count"]
    list_filter = ["kind", "is_fictional"]
    list_select_related = ["municipality"]
    search_fields = ["name", "organisation_number", "municipality__name"]
    autocomplete_fields = ["municipality"]
    fields = ["name", "kind", "municipality", "organisation_number", "is_fictional"]
    inlines = [AdministrationInline]
    parts = {Administration: PartServices(_add_administration, _change_administration)}

    def for_list(self, rows):
        return rows.with_unit_count()

    @admin.display(description="enheter nu", ordering="unit_count")
    def unit_count(self, huvudman):
        return huvudman.unit_count

    @admin.display(description="organisationsnummer", ordering="organisation_number")
    def shown_organisation_number(self, huvudman):
        return huvudman.shown_organisation_number

    def service_create(self, request, obj, form):
        adopt(obj, huvudman_services.register_huvudman(**form.cleaned_data, by=request.user))

    def service_change(self, request, obj, form):
        huvudman_services.change_huvudman(huvudman=obj, **form.cleaned_data, by=request.user)


@admin.register(Administration)
class AdministrationAdmin(ScopedModelAdmin):
    list_display = ["name", "huvudman", "committee_name", "valid_from", "valid_to"]
    list_select_related = ["huvudman"]
    search_fields = ["name", "huvudman__name"]
    autocomplete_fields = ["huvudman"]

    def portal_url(self, administration):
        return administration.huvudman.get_absolute_url()

    def get_readonly_fields(self, request, obj=None):
        return ["huvudman"] if obj else []

    def service_create(self, request, obj, form):
        adopt(obj, huvudman_services.add_administration(**form.cleaned_data, by=request.user))

    def service_change(self, request, obj, form):
        fields = given(form, huvudman_services.ADMINISTRATION_FIELDS)
        huvudman_services.change_administration(administration=obj, **fields, by=request.user)
