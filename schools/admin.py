"""The register in the admin. Everything that changes what the portal says goes through the services."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, F, OuterRef, Prefetch, Subquery, Value, When
from django.urls import reverse

from sbs_portal.accounts.models import MASKED_NAME
from sbs_portal.scope import current, settle
from sbs_portal.time import today
from sbs_portal.web.admin_actions import PreviewedAction, ReasonForm
from sbs_portal.web.forms import Form
from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline
from schools.calendar import Break
from schools.models import (
    Access,
    Administration,
    County,
    Huvudman,
    Invitation,
    Municipality,
    Person,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolForm,
    SchoolUnit,
    SchoolUnitVersion,
    SecurityMarking,
    StaffRole,
    UnitAlias,
)
from schools.services import access as access_services
from schools.services import calendar as calendar_services
from schools.services import huvudman as huvudman_services
from schools.services import invitation as invitation_services
from schools.services import person as person_services
from schools.services import provider as provider_services
from schools.services import unit as unit_services


def adopt(obj, row) -> None:
    """Let the admin's object be the row a service made."""
    obj.__dict__.update(row.__dict__)


def given(form, names: frozenset[str]) -> dict:
    """What the form holds of these fields."""
    return {name: value for name, value in form.cleaned_data.items() if name in names}


@dataclass(frozen=True)
class PartServices:
    """How an inline's rows are made, changed and taken away."""

    create: Callable
    change: Callable | None = None
    remove: Callable | None = None


class PartsThroughServices:
    """Mixin for an admin whose inlines are saved by services: ``parts`` by the inline's model."""

    parts: dict[type, PartServices] = {}

    def save_formset(self, request, form, formset, change):
        services = self.parts[formset.model]
        formset.save(commit=False)
        for part in formset.deleted_forms:
            if part.instance.pk:
                services.remove(request, part)
        for part in formset.initial_forms:
            if part.has_changed() and part not in formset.deleted_forms:
                services.change(request, part)
        for part in formset.extra_forms:
            if part.has_changed() and part not in formset.deleted_forms:
                services.create(request, form.instance, part)
        settle()


class CheckedByService(forms.ModelForm):
    """A part whose rules over several rows are the service's: those beside it change in the same saving."""

    def clean(self):
        cleaned = super().clean()
        self._validate_constraints = False
        return cleaned


class CatalogueAdmin(ScopedModelAdmin):
    """Reference data that comes with the portal: looked up here, not changed."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


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


class RoleInline(ScopedStackedInline):
    model = RoleAssignment
    form = CheckedByService
    fields = [
        ("role", "title"),
        ("huvudman", "administration", "unit"),
        "provider",
        ("valid_from", "valid_to"),
    ]
    autocomplete_fields = ["huvudman", "administration", "unit", "provider"]
    can_delete = False

    def get_queryset(self, request):
        roles = super().get_queryset(request)
        return roles.select_related("person", "huvudman", "administration", "unit", "provider")


def _add_role(request, person, part):
    fields = given(part, person_services.ROLE_FIELDS)
    adopt(part.instance, person_services.assign_role(person=person, **fields, by=request.user))


def _change_role(request, part):
    person_services.change_role(
        assignment=part.instance, **given(part, person_services.ROLE_FIELDS), by=request.user
    )


class LastDayForm(Form):
    last_day = forms.DateField(label="Sista dag", help_text="Till exempel 2026-06-30.")


def _end_roles(person, by, last_day):
    roles = list(RoleAssignment.objects.editable_by(by).active_on().filter(person=person))
    if not roles:
        raise ValidationError("Har ingen pågående roll som du får avsluta.")
    for role in roles:
        person_services.end_role(assignment=role, last_day=last_day or today(), by=by)


class NewPersonForm(forms.ModelForm):
    """A person is registered with a first role."""

    role = forms.ChoiceField(label="Roll", choices=StaffRole.choices)
    title = forms.CharField(label="Titel", max_length=120, required=False)
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        required=False,
        help_text="Eller en annan arbetsgivare.",
    )
    provider = forms.ModelChoiceField(
        label="Annan arbetsgivare", queryset=Provider.objects.all(), required=False
    )
    valid_from = forms.DateField(label="Från", required=False, widget=admin.widgets.AdminDateWidget)

    class Meta:
        model = Person
        fields = ["name", "email", "phone", "security_marking"]


@admin.register(Person)
class PersonAdmin(PartsThroughServices, ScopedModelAdmin):
    """A protected person is masked here too: no name is shown, sorted by, searched or filled in."""

    list_display = ["masked_name", "roles_now", "is_protected"]
    list_filter = ["security_marking"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    inlines = [RoleInline]
    parts = {RoleAssignment: PartServices(_add_role, _change_role)}
    previewed = (
        PreviewedAction(
            name="end_roles",
            title="Avsluta valda personers pågående roller",
            button="Avsluta rollerna",
            service=_end_roles,
            may=lambda request, model: request.scope.may(RoleAssignment.scoping.change),
            form_class=LastDayForm,
            stand_in=(("last_day", None),),
            note="Alla roller som personerna har i dag får den sista dag du anger. Personerna finns kvar.",
        ),
    )

    def get_queryset(self, request):
        people = super().get_queryset(request).with_shown_key().with_contact(request.scope)
        roles = RoleAssignment.objects.visible_to(request.scope)
        roles = roles.select_related("huvudman", "unit", "administration", "provider")
        return people.prefetch_related(Prefetch("roles", queryset=roles))

    def get_ordering(self, request):
        # Not by the list's annotation: the admin of who points at people orders its choices by this too.
        shown = Case(When(security_marking=SecurityMarking.NONE, then=F("sort_key")))
        return [shown.asc(nulls_last=True), "pk"]

    def get_search_results(self, request, queryset, search_term):
        queryset, several = super().get_search_results(request, queryset, search_term)
        return (queryset.unprotected() if search_term else queryset), several

    @admin.display(description="namn", ordering="shown_key")
    def masked_name(self, person):
        return person.shown_name

    @admin.display(description="roller")
    def roles_now(self, person):
        return "; ".join(str(role) for role in person.roles.all())

    @admin.display(description="skyddad", boolean=True)
    def is_protected(self, person):
        return person.is_protected

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_fields(self, request, obj=None):
        if obj is None:
            return [
                "name",
                "email",
                "phone",
                "security_marking",
                "role",
                "title",
                "huvudman",
                "provider",
                "valid_from",
            ]
        if obj.is_protected:
            return ["masked_name", "security_marking"]
        if not obj.shows_contact:
            return ["name"]
        # The accounts to choose among are everyone's, in the whole country.
        account = ["user"] if request.scope.is_coordinator else []
        return ["name", "email", "phone", "security_marking", *account]

    def get_readonly_fields(self, request, obj=None):
        return ["masked_name"] if obj is not None and obj.is_protected else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change=change, **kwargs)
        form_class = super().get_form(request, obj, change=change, **{**kwargs, "form": NewPersonForm})
        form_class.base_fields["huvudman"].queryset = Huvudman.objects.visible_to(request.scope)
        return form_class

    def service_create(self, request, obj, form):
        adopt(obj, person_services.register_person(**form.cleaned_data, by=request.user))

    def service_change(self, request, obj, form):
        adopt(obj, person_services.change_person(person=obj, **form.cleaned_data, by=request.user))


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


@admin.register(Access)
class AccessAdmin(ScopedModelAdmin):
    """Given and ended, never edited: what someone had and when stays as it was."""

    list_display = ["user", "role", "huvudman", "unit", "valid_from", "valid_to", "granted_by"]
    list_filter = ["role"]
    ordering = ["user__is_protected", "user__email", "pk"]
    sortable_by = ["role", "huvudman", "valid_from", "valid_to"]
    list_select_related = ["user", "huvudman", "unit", "granted_by"]
    search_fields = ["user__email", "user__name", "huvudman__name"]
    autocomplete_fields = ["user", "huvudman", "unit"]
    fields = ["user", "role", "huvudman", "unit", "valid_from", "valid_to", "reason"]
    previewed = (
        PreviewedAction(
            name="end_now",
            title="Avsluta valda behörigheter nu",
            button="Avsluta",
            service=lambda row, by, reason: access_services.end_access(access=row, reason=reason, by=by),
            may=lambda request, model: request.scope.is_coordinator,
            needless=lambda row: "Är redan avslutad." if row.is_over else "",
            form_class=ReasonForm,
            stand_in=(("reason", "förhandsvisning"),),
            note="Gårdagen blir sista dagen. Den som är inloggad förlorar behörigheten direkt.",
        ),
    )

    def portal_url(self, access):
        return reverse("access_account", args=[access.user.uuid])

    def get_queryset(self, request):
        rows = Access.objects.all()
        return rows if request.scope.is_coordinator else rows.none()

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator

    def has_add_permission(self, request):
        return request.scope.is_coordinator

    def has_change_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        rows, several = super().get_search_results(request, queryset, search_term)
        return (rows.filter(user__is_protected=False) if search_term else rows), several

    def service_create(self, request, obj, form):
        adopt(obj, access_services.grant_access(**form.cleaned_data, by=request.user))


@admin.register(Invitation)
class InvitationAdmin(ScopedModelAdmin):
    """Read and taken back here; sent on the page of who has access, which can show the link."""

    list_display = ["__str__", "huvudman", "invited_by", "created_at", "expires_at", "shown_state"]
    list_filter = ["role"]
    list_select_related = ["huvudman", "invited_by", "accepted_by"]
    sortable_by = ["huvudman", "created_at", "expires_at"]
    fields = [
        "shown_email",
        "shown_name",
        "role",
        "huvudman",
        "valid_from",
        "valid_to",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ]
    previewed = (
        PreviewedAction(
            name="take_back",
            title="Återkalla valda inbjudningar",
            button="Återkalla",
            service=lambda row, by: invitation_services.revoke(invitation=row, by=by),
            may=lambda request, model: request.scope.is_coordinator,
            needless=lambda row: f"Är redan {row.state.label}." if row.accepted_at or row.revoked_at else "",
            note="Länken i brevet slutar gälla.",
        ),
    )

    def portal_url(self, invitation):
        return reverse("access_invitation", args=[invitation.uuid])

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="läge")
    def shown_state(self, invitation):
        return invitation.state.label
