"""Units over time in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import Case, F, OuterRef, Subquery, Value, When

from sbs_portal import removal
from sbs_portal.accounts.models import MASKED_NAME
from sbs_portal.scope import current
from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline
from schools.admin.parts import CheckedByService, PartServices, PartsThroughServices, adopt, given
from schools.models import (
    Huvudman,
    RoleAssignment,
    SchoolForm,
    SchoolUnit,
    SchoolUnitVersion,
    SecurityMarking,
    StaffRole,
    UnitAlias,
    UnitSuccession,
)
from schools.services import unit as unit_services


def _forms_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Skolformer och verksamheter",
        choices=SchoolForm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class VersionForm(CheckedByService):
    school_forms = _forms_field()


class VersionInline(ScopedStackedInline):
    model = SchoolUnitVersion
    form = VersionForm
    verbose_name = "period"
    verbose_name_plural = "över tid: en ny öppen period avslutar den förra dagen före"
    fields = [
        ("valid_from", "valid_to"),
        ("name", "huvudman", "status"),
        "school_forms",
        ("grade_from", "grade_to"),
        ("street_address", "municipality"),
        "change_note",
    ]
    autocomplete_fields = ["huvudman", "municipality"]
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("huvudman", "municipality", "unit")


class AliasInline(ScopedTabularInline):
    model = UnitAlias
    fields = ["name", "note"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        return request.scope.may(self.model.scoping.change)

    def has_delete_permission(self, request, obj=None):
        return request.scope.may(self.model.scoping.change)


def _add_version(request, unit, part):
    fields = given(part, unit_services.PERIOD_FIELDS)
    adopt(part.instance, unit_services.enter_period(unit=unit, **fields, by=request.user))


def _change_version(request, part):
    unit_services.correct_version(
        version=part.instance, **given(part, unit_services.PERIOD_FIELDS), by=request.user
    )


def _add_alias(request, unit, part):
    row = unit_services.add_alias(
        unit=unit, name=part.cleaned_data["name"], note=part.cleaned_data["note"], by=request.user
    )
    adopt(part.instance, row)


def _remove_alias(request, part):
    unit_services.remove_alias(alias=part.instance, by=request.user)


class NewUnitForm(forms.ModelForm):
    """A unit is registered with its first period. Its name is the period's, so the form has a field of its own."""

    unit_name = forms.CharField(label="Namn", max_length=200)
    huvudman = forms.ModelChoiceField(label="Huvudman", queryset=Huvudman.objects.none())
    school_forms = _forms_field()
    grade_from = forms.IntegerField(label="Från årskurs", min_value=0, max_value=13, required=False)
    grade_to = forms.IntegerField(label="Till årskurs", min_value=0, max_value=13, required=False)
    street_address = forms.CharField(label="Gatuadress", max_length=200, required=False)
    valid_from = forms.DateField(
        label="Från",
        required=False,
        help_text="Lämna tomt om det inte är känt.",
        widget=admin.widgets.AdminDateWidget,
    )

    class Meta:
        model = SchoolUnit
        fields = ["unit_code", "school_name"]


@admin.register(SchoolUnit)
class SchoolUnitAdmin(PartsThroughServices, ScopedModelAdmin):
    list_display = ["name", "huvudman_now", "rektor_now", "unit_code", "status_now"]
    search_fields = ["name", "unit_code", "school_name", "aliases__name"]
    inlines = [VersionInline, AliasInline]
    parts = {
        SchoolUnitVersion: PartServices(_add_version, _change_version),
        UnitAlias: PartServices(_add_alias, remove=_remove_alias),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).valid_on()

    def for_list(self, rows):
        heads = (
            RoleAssignment.objects.visible_to(current())
            .active_on()
            .filter(unit=OuterRef("pk"), role=StaffRole.REKTOR)
        )
        unmasked = When(person__security_marking=SecurityMarking.NONE, then=F("person__name"))
        named = heads.order_by("-valid_from", "pk").values(shown=Case(unmasked, default=Value(MASKED_NAME)))
        return rows.annotate(rektor_name_now=Subquery(named[:1]))

    @admin.display(description="rektor")
    def rektor_now(self, unit):
        return unit.rektor_name_now

    @admin.display(description="huvudman", ordering="huvudman_sort_key_now")
    def huvudman_now(self, unit):
        return unit.huvudman_name_now

    @admin.display(description="status")
    def status_now(self, unit):
        return SchoolUnitVersion(status=unit.status_now).get_status_display() if unit.status_now else None

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change=change, **kwargs)
        form_class = super().get_form(request, obj, change=change, **{**kwargs, "form": NewUnitForm})
        form_class.base_fields["huvudman"].queryset = Huvudman.objects.editable_by(request.scope)
        return form_class

    def get_fields(self, request, obj=None):
        if obj is not None:
            return ["unit_code", "school_name"]
        return [
            "unit_name",
            "huvudman",
            "unit_code",
            "school_name",
            "school_forms",
            "grade_from",
            "grade_to",
            "street_address",
            "valid_from",
        ]

    def service_create(self, request, obj, form):
        fields = dict(form.cleaned_data)
        name = fields.pop("unit_name")
        adopt(obj, unit_services.register_unit(name=name, **fields, by=request.user))

    def service_change(self, request, obj, form):
        fields = given(form, unit_services.UNIT_FIELDS)
        adopt(obj, unit_services.change_unit(unit=obj, **fields, by=request.user))


@admin.register(UnitSuccession)
class UnitSuccessionAdmin(ScopedModelAdmin):
    """Read here, and taken away where it was a mistake; units are merged and split on the unit's own page."""

    list_display = ["predecessor", "successor", "kind", "day", "huvudman"]
    list_filter = ["kind"]
    list_select_related = ["predecessor", "successor", "huvudman"]
    search_fields = ["predecessor__name", "successor__name"]
    date_hierarchy = "day"
    fields = ["huvudman", "predecessor", "successor", "kind", "day", "note"]
    readonly_fields = fields

    def portal_url(self, succession):
        return f"{succession.successor.get_absolute_url()}#samband"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return obj is not None and removal.may_remove(request.scope, obj)
