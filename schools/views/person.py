"""Pages of people and their roles. A protected person is masked here as everywhere."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.bulk import archive_actions
from sbs_portal.web.filters import Pill
from sbs_portal.web.views import (
    UNPROCESSABLE,
    ScopedDetailView,
    ScopedFormView,
    ScopedListView,
    ServiceFormView,
)
from schools.filters import PersonFilter
from schools.forms.person import ContactForm, NewPersonForm, RoleChangeForm, RoleForm
from schools.models import Huvudman, Person, RoleAssignment, SchoolUnit, StaffRole
from schools.services import person as services
from schools.tables import PersonTable

SAVED = "Ändringen är sparad."


class PersonListView(ScopedListView):
    """Everyone with a role within the user's reach. A protected person is a row without a name."""

    model = Person
    table_class = PersonTable
    filterset_class = PersonFilter
    template_name = "schools/person_list.html"
    title = "Personer"
    active = "people"
    search_placeholder = "Sök namn"
    pills = (
        Pill("Alla"),
        Pill("Rektorer", (("role", StaffRole.REKTOR), ("has_role", "true"))),
        Pill("Processledare", (("role", StaffRole.PROCESS_LEADER), ("has_role", "true"))),
        Pill("Utan roll i dag", (("has_role", "false"),)),
    )
    bulk_actions = archive_actions(Person)
    empty_title = "Inga personer ännu"
    empty_text = "Här finns de som har en roll i arbetet: rektorer, processledare och andra."
    empty_label = "Lägg till person"

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.PEOPLE_READ)
        return super().dispatch(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.with_shown_key().with_contact(self.scope).with_roles_now(self.scope)

    def empty_url(self):
        return reverse("person_create") if self.scope.may(Action.PEOPLE_CHANGE) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            add_url=self.empty_url(),
            reads_reveals=self.scope.may_everywhere(Action.REVEAL_READ),
            **kwargs,
        )


class PersonDetailView(ScopedDetailView):
    """Who someone is in the work. A protected person is masked here as everywhere."""

    model = Person
    page = "person"
    active = "people"
    template_name = "schools/person_detail.html"

    def narrow(self, queryset):
        return queryset.with_contact(self.scope)

    def get_context_data(self, **kwargs):
        may_change = Person.objects.editable_by(self.scope).filter(pk=self.object.pk).exists()
        return super().get_context_data(may_change=may_change, **kwargs)


class PlaceMixin:
    """Where a new role is: asked from a unit's or a huvudman's page it is there."""

    @cached_property
    def asked_unit(self) -> SchoolUnit | None:
        return _asked(self, SchoolUnit, "enhet")

    @cached_property
    def asked_huvudman(self) -> Huvudman | None:
        return _asked(self, Huvudman, "huvudman")

    def get_form_kwargs(self):
        require(self.request.user, Action.PEOPLE_CHANGE)
        return super().get_form_kwargs() | {"scope": self.scope, "at": self.asked_huvudman}

    def get_initial(self):
        unit = self.asked_unit or self._only_unit()
        huvudman = None if unit else self.asked_huvudman
        return {"unit": unit and unit.pk, "huvudman": huvudman and huvudman.pk}

    def _only_unit(self) -> SchoolUnit | None:
        if self.scope.may(Action.PEOPLE_CHANGE, unit_ids=[]):
            return None
        own = list(SchoolUnit.objects.editable_by(self.scope, Action.PEOPLE_CHANGE)[:2])
        return own[0] if len(own) == 1 else None

    def place(self, form) -> dict:
        return {name: form.cleaned_data[name] for name in services.ROLE_FIELDS}


def _asked(view, model, name: str):
    try:
        return model.objects.visible_to(view.scope).filter(uuid=view.request.GET.get(name) or None).first()
    except (ValueError, ValidationError):
        return None


class PersonCreateView(PlaceMixin, ServiceFormView):
    """Someone new with a first role; those who may be the same are shown first."""

    title = "Lägg till person"
    form_class = NewPersonForm
    template_name = "schools/person_create.html"
    submit_label = "Lägg till"
    success_message = "Personen är tillagd."

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not self.request.POST.get("is_another") and not self.duplicates_of(form):
            form.fields.pop("is_another")
        return form

    def duplicates_of(self, form) -> list[Person]:
        if not form.is_bound or not form.is_valid() or form.cleaned_data["is_another"]:
            return []
        name, email = form.cleaned_data["name"], form.cleaned_data["email"]
        self.duplicates = services.possible_duplicates(name=name, email=email, who=self.scope)
        return self.duplicates

    duplicates: list[Person] = []

    def form_valid(self, form):
        if self.duplicates:
            return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        return super().form_valid(form)

    def perform(self, form):
        contact = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        return services.register_person(**contact, **self.place(form), by=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(duplicates=self.duplicates, **kwargs)

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        place = self.asked_unit or self.asked_huvudman
        return place.get_absolute_url() if place else reverse("start")


class PersonPage(ScopedFormView):
    """A form about a person, from the person's page and back to it."""

    model = Person
    active = "people"
    success_message = SAVED

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class PersonChangeView(PersonPage):
    title = "Ändra kontaktuppgifter"
    form_class = ContactForm

    def narrow(self, queryset):
        return queryset.with_contact(self.scope)

    @property
    def is_masked(self) -> bool:
        """Protected, or elsewhere by now: what the user is not shown is not filled in either."""
        return self.object.is_protected or not self.object.shows_contact

    def get_form(self, form_class=None):
        """What is masked is not filled in: left empty it stays as it is."""
        form = super().get_form(form_class)
        if self.is_masked:
            form.fields["name"].required = False
            for name in ("name", "email", "phone"):
                form.fields[name].help_text = "Visas inte. Lämna tomt för att låta det vara."
        return form

    def get_initial(self):
        shown = {"security_marking": self.object.security_marking}
        if not self.is_masked:
            shown |= {name: getattr(self.object, name) for name in ("name", "email", "phone")}
        return shown

    def find_conflicts(self, form):
        return [] if self.is_masked else super().find_conflicts(form)

    def perform(self, form):
        changes = dict(form.cleaned_data)
        if self.is_masked:
            changes = {name: value for name, value in changes.items() if value}
        return services.change_person(person=self.object, **changes, by=self.request.user)


class RoleAddView(PlaceMixin, PersonPage):
    title = "Lägg till roll"
    form_class = RoleForm
    submit_label = "Lägg till"
    success_message = "Rollen är tillagd."

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        return services.assign_role(person=self.object, **self.place(form), by=self.request.user)


class RoleChangeView(ScopedFormView):
    model = RoleAssignment
    title = "Ändra eller avsluta rollen"
    form_class = RoleChangeForm
    success_message = SAVED

    def narrow(self, queryset):
        return queryset.select_related("person", "unit", "huvudman")

    @property
    def crumb(self):
        return self.object.person

    def get_initial(self):
        return {name: getattr(self.object, name) for name in RoleChangeForm.base_fields}

    def perform(self, form):
        return services.change_role(assignment=self.object, **form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return self.object.person.get_absolute_url()

    get_cancel_url = get_success_url
