"""The register's pages. What they show below their heads is in schools.sections and in apps further up."""

from sbs_portal.rights import Action
from sbs_portal.time import today
from sbs_portal.web.filters import Pill
from sbs_portal.web.views import ScopedDetailView, ScopedListView
from schools.filters import HuvudmanFilter, SchoolUnitFilter
from schools.models import (
    Huvudman,
    HuvudmanKind,
    Person,
    RoleAssignment,
    SchoolUnit,
    SchoolUnitVersion,
    StaffRole,
)
from schools.tables import HuvudmanTable, UnitTable


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
    empty_text = "Här finns kommunerna och de andra som ansvarar för skolor. En samordnare lägger in dem."

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
    empty_text = "Här finns skolor och förskolor, en rad för varje enhet med en rektor."

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


class PersonDetailView(ScopedDetailView):
    """Who someone is in the work. A protected person is masked here as everywhere."""

    model = Person
    page = "person"
    template_name = "schools/person_detail.html"

    def narrow(self, queryset):
        return queryset.with_contact(self.scope)

    def get_context_data(self, **kwargs):
        may_change = Person.objects.editable_by(self.scope).filter(pk=self.object.pk).exists()
        return super().get_context_data(may_change=may_change, **kwargs)
