"""What coordinators keep for everyone: providers and school calendars."""

from django.contrib import admin

from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedTabularInline
from schools.admin.parts import CheckedByService, adopt
from schools.calendar import Break
from schools.models import Provider, SchoolBreak, SchoolCalendar
from schools.services import calendar as calendar_services
from schools.services import provider as provider_services


@admin.register(Provider)
class ProviderAdmin(ScopedModelAdmin):
    list_display = ["name", "short_name", "kind", "is_fictional"]
    list_filter = ["kind", "is_fictional"]
    search_fields = ["name", "short_name"]
    fields = ["name", "short_name", "kind", "is_fictional"]

    def service_create(self, request, obj, form):
        adopt(obj, provider_services.register_provider(**form.cleaned_data, by=request.user))

    def service_change(self, request, obj, form):
        provider_services.change_provider(provider=obj, **form.cleaned_data, by=request.user)


class BreakInline(ScopedTabularInline):
    model = SchoolBreak
    form = CheckedByService
    fields = ["name", "starts_on", "ends_on"]
    extra = 1


@admin.register(SchoolCalendar)
class SchoolCalendarAdmin(ScopedModelAdmin):
    list_display = ["school_year", "place", "source"]
    list_select_related = ["municipality", "source"]
    search_fields = ["municipality__name"]
    autocomplete_fields = ["municipality", "source"]
    fields = ["school_year", "municipality", "source"]
    inlines = [BreakInline]

    @admin.display(description="gäller", ordering="municipality__sort_key", empty_value="hela landet")
    def place(self, calendar):
        return calendar.municipality

    def get_readonly_fields(self, request, obj=None):
        return ["school_year", "municipality"] if obj else []

    def service_create(self, request, obj, form):
        adopt(obj, self._entered(request, obj, ()))

    def service_change(self, request, obj, form):
        """Saved with its breaks, in save_formset."""

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        kept = [
            part.cleaned_data
            for part in formset.forms
            if part not in formset.deleted_forms and part.cleaned_data.get("starts_on")
        ]
        lov = [Break(row["starts_on"], row["ends_on"], row["name"]) for row in kept]
        self._entered(request, form.instance, lov)

    def _entered(self, request, calendar, lov):
        return calendar_services.enter_calendar(
            municipality=calendar.municipality,
            school_year=calendar.school_year,
            source=calendar.source,
            breaks=lov,
            by=request.user,
        )
