"""Pages of units: reading them, and the forms of what stays, what holds in a period and what becomes of them."""

from django.urls import reverse

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.time import today
from sbs_portal.web.bulk import archive_actions
from sbs_portal.web.filters import Pill
from sbs_portal.web.views import ScopedDetailView, ScopedFormView, ScopedListView, ServiceFormView
from schools.filters import SchoolUnitFilter
from schools.forms.unit import AliasForm, CloseForm, NewUnitForm, PeriodForm, UnitChangeForm, UnitForm
from schools.models import Huvudman, RoleAssignment, SchoolUnit, SchoolUnitVersion, StaffRole
from schools.services import unit as services
from schools.tables import UnitTable

SAVED = "Ändringen är sparad."


class UnitListView(ScopedListView):
    model = SchoolUnit
    table_class = UnitTable
    filterset_class = SchoolUnitFilter
    title = "Enheter"
    active = "units"
    search_placeholder = "Sök namn eller skolenhetskod"
    pills = (
        Pill("Alla"),
        Pill("Förskola", (("school_form", "FS"),)),
        Pill("Grundskola", (("school_form", "GR"),)),
        Pill("Gymnasieskola", (("school_form", "GY"),)),
        Pill("Upphörda", (("status", "closed"),)),
    )
    empty_title = "Inga enheter ännu"
    bulk_actions = archive_actions(SchoolUnit)
    empty_text = "Här finns skolor och förskolor, en rad för varje enhet med en rektor."
    empty_label = "Lägg till enhet"
    template_name = "schools/unit_list.html"

    def empty_url(self):
        return reverse("unit_create") if self.scope.may(Action.REGISTER_CHANGE) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(add_url=self.empty_url(), **kwargs)

    def narrow(self, queryset):
        return queryset.valid_on()


class UnitDetailView(ScopedDetailView):
    """The unit as it was on the day: what held then is in the head, what held when below."""

    model = SchoolUnit
    page = "unit"
    active = "units"
    template_name = "schools/unit_detail.html"

    def get_title(self):
        version = self.version
        return version.name if version else self.object.name

    @property
    def version(self):
        if not hasattr(self, "_version"):
            versions = SchoolUnitVersion.objects.visible_to(self.scope).active_on(today())
            versions = versions.filter(unit=self.object).select_related("huvudman", "municipality")
            self._version = versions.first()
        return self._version

    def get_context_data(self, **kwargs):
        roles = RoleAssignment.objects.visible_to(self.scope).active_on(today()).select_related("person")
        rektorer = [role.person for role in roles.filter(unit=self.object, role=StaffRole.REKTOR)]
        huvudman_id = self.version.huvudman_id if self.version else 0
        return super().get_context_data(
            version=self.version,
            rektorer=rektorer,
            shows_people=self.scope.may(Action.PEOPLE_READ, huvudman_id=huvudman_id),
            may_change=self.scope.may(Action.REGISTER_CHANGE, huvudman_id=huvudman_id),
            **kwargs,
        )


class UnitCreateView(ServiceFormView):
    """A unit with its first period; asked from a huvudman's page it is that huvudman's."""

    title = "Lägg till enhet"
    crumb = "Enheter"
    active = "units"
    form_class = NewUnitForm
    submit_label = "Lägg till"
    success_message = "Enheten är tillagd."

    def get_form_kwargs(self):
        require(self.request.user, Action.REGISTER_CHANGE)
        return super().get_form_kwargs() | {"scope": self.scope}

    def get_initial(self):
        own = Huvudman.objects.editable_by(self.scope, Action.REGISTER_CHANGE).in_use()
        asked = self.request.GET.get("huvudman", "")
        rows = [row for row in own if str(row.uuid) == asked] if asked else list(own[:2])
        return {"huvudman": rows[0].pk} if len(rows) == 1 else {}

    def perform(self, form):
        return services.register_unit(**form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return reverse("unit_list")


class UnitPage(ScopedFormView):
    """A form about a unit, from its page and back to it."""

    model = SchoolUnit
    active = "units"
    success_message = SAVED

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class UnitChangeView(UnitPage):
    title = "Ändra kod och skola"
    form_class = UnitForm

    def get_initial(self):
        return {"unit_code": self.object.unit_code or "", "school_name": self.object.school_name}

    def perform(self, form):
        return services.change_unit(unit=self.object, **form.cleaned_data, by=self.request.user)


class UnitChangeFromView(UnitPage):
    """Renamed, moved, another huvudman, other grades: what holds from a day on. The former period is closed."""

    title = "Ändra från en dag"
    form_class = UnitChangeForm
    template_name = "schools/unit_change_from.html"

    @property
    def latest(self) -> SchoolUnitVersion | None:
        return self.object.version_on(today()) or self.object.versions.last()

    def get_form_kwargs(self):
        kept = self.latest.huvudman_id if self.latest else None
        return super().get_form_kwargs() | {"scope": self.scope, "kept_huvudman": kept}

    def get_initial(self):
        return {name: getattr(self.latest, name) for name in services.VERSION_FIELDS} if self.latest else {}

    def perform(self, form):
        changes = {name: form.cleaned_data[name] for name in services.VERSION_FIELDS}
        return services.change_unit_from(
            unit=self.object,
            day=form.cleaned_data["day"],
            note=form.cleaned_data["note"],
            **changes,
            by=self.request.user,
        )


class PeriodAddView(UnitPage):
    """What held in a time that is not known yet: before the first period, or in a gap."""

    title = "Lägg till en tidigare period"
    form_class = PeriodForm
    submit_label = "Lägg till"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope}

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        return services.add_version(unit=self.object, **form.cleaned_data, by=self.request.user)


class UnitCloseView(UnitPage):
    title = "Enheten upphör"
    form_class = CloseForm
    submit_label = "Spara sista dagen"
    success_message = "Enheten upphör efter den dagen. Dess historia står kvar."

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        return services.close_unit(unit=self.object, **form.cleaned_data, by=self.request.user)


class AliasAddView(UnitPage):
    title = "Lägg till ett annat namn"
    form_class = AliasForm
    submit_label = "Lägg till"

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        return services.add_alias(unit=self.object, **form.cleaned_data, by=self.request.user)


class PeriodCorrectView(ScopedFormView):
    """A period that was entered wrongly; what has changed since is a new period."""

    model = SchoolUnitVersion
    title = "Rätta perioden"
    active = "units"
    form_class = PeriodForm
    success_message = SAVED

    def narrow(self, queryset):
        return queryset.select_related("unit")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope, "kept_huvudman": self.object.huvudman_id}

    def get_initial(self):
        return {name: getattr(self.object, name) for name in services.PERIOD_FIELDS}

    def perform(self, form):
        return services.correct_version(version=self.object, **form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return self.object.unit.get_absolute_url()

    get_cancel_url = get_success_url
