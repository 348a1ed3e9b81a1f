"""People and their roles in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Prefetch, When

from sbs_portal.audit.people import names_of
from sbs_portal.time import today
from sbs_portal.web.admin_actions import PreviewedAction
from sbs_portal.web.forms import Form
from sbs_portal.web.model_admin import LogAdmin, ScopedModelAdmin, ScopedStackedInline
from schools.admin.parts import CheckedByService, PartServices, PartsThroughServices, adopt, given
from schools.models import (
    Huvudman,
    Person,
    PersonReveal,
    Provider,
    RoleAssignment,
    SecurityMarking,
    StaffRole,
)
from schools.services import person as person_services


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


@admin.register(PersonReveal)
class PersonRevealAdmin(LogAdmin):
    """Who has been shown a protected person's details, when and why."""

    list_display = fields = ["created_at", "person", "shown_to", "reason"]
    list_select_related = ["person"]
    list_filter = ["created_at"]

    def tell(self, rows, scope):
        names = names_of((row.by_id for row in rows), scope)
        for row in rows:
            row.shown_to = names[row.by_id]

    @admin.display(description="visad för")
    def shown_to(self, row):
        return row.shown_to

    def portal_url(self, obj):
        return obj.person.get_absolute_url()
