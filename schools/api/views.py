"""The register's resources: read by all within scope, changed through the same services as the pages."""

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from sbs_portal.api.removing import ArchiveMixin, RemoveMixin
from sbs_portal.api.views import CreateMixin, ReadViewSet, WriteViewSet
from sbs_portal.api.writing import read_body
from sbs_portal.audit.people import names_of
from schools import filters
from schools.api import inputs, serializers
from schools.calendar import Break
from schools.models import (
    Administration,
    County,
    Huvudman,
    Municipality,
    Person,
    PersonReveal,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
    UnitSuccession,
)
from schools.services import calendar as calendar_services
from schools.services import huvudman as huvudman_services
from schools.services import person as person_services
from schools.services import provider as provider_services
from schools.services import succession
from schools.services import unit as unit_services
from schools.services.reveal import reveal_person


class CountyViewSet(ReadViewSet):
    queryset = County.objects.all()
    serializer_class = serializers.CountySerializer
    natural_keys = ("code",)
    ordering_fields = ("code", "name")
    ordering = ("code",)
    noun, nouns = "län", "län"
    about = "Sveriges län med länskod."


class MunicipalityViewSet(ReadViewSet):
    queryset = Municipality.objects.all()
    serializer_class = serializers.MunicipalitySerializer
    filterset_class = filters.MunicipalityFilter
    natural_keys = ("code",)
    ordering_fields = {"code": "code", "name": "sort_key"}
    ordering = ("code",)
    noun, nouns = "kommun", "kommuner"
    about = "Sveriges kommuner med kommunkod och län."

    def for_list(self, queryset):
        return queryset.select_related("county")


class HuvudmanViewSet(ArchiveMixin, WriteViewSet):
    queryset = Huvudman.objects.all()
    input_serializer_class = inputs.HuvudmanInput
    serializer_class = serializers.HuvudmanSerializer
    filterset_class = filters.HuvudmanFilter
    natural_keys = ("organisation_number",)
    ordering_fields = {"name": "sort_key", "organisation_number": "organisation_number"}
    ordering = ("name",)
    noun, nouns = "huvudman", "huvudmän"
    about = "Den juridiska person som ansvarar för skolor: en kommun, en region, en enskild eller staten."

    def for_list(self, queryset):
        return queryset.select_related("municipality")

    def perform_create(self, serializer):
        return huvudman_services.register_huvudman.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return huvudman_services.change_huvudman.steps(
            huvudman=serializer.instance, **serializer.validated_data, by=self.request.scope
        )


class AdministrationViewSet(RemoveMixin, WriteViewSet):
    queryset = Administration.objects.all()
    serializer_class = serializers.AdministrationSerializer
    filterset_class = filters.AdministrationFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "förvaltning", "förvaltningar"
    about = "En förvaltning hos en huvudman, och nämnden den hör till."

    def for_list(self, queryset):
        return queryset.select_related("huvudman")

    @property
    def input_serializer_class(self):
        return inputs.AdministrationInput if self.action == "create" else inputs.AdministrationChangeInput

    def perform_create(self, serializer):
        return huvudman_services.add_administration.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return huvudman_services.change_administration.steps(
            administration=serializer.instance, **serializer.validated_data, by=self.request.scope
        )


class SchoolUnitViewSet(ArchiveMixin, WriteViewSet):
    queryset = SchoolUnit.objects.all()
    serializer_class = serializers.SchoolUnitSerializer
    filterset_class = filters.SchoolUnitFilter
    natural_keys = ("unit_code",)
    related = {"huvudman": Huvudman}
    ordering_fields = {"name": "sort_key", "unit_code": "unit_code"}
    ordering = ("name",)
    noun, nouns = "enhet", "enheter"
    about = "En skolenhet eller förskola med en rektor, och vad som gäller för den i dag."

    @property
    def input_serializer_class(self):
        return inputs.SchoolUnitInput if self.action == "create" else inputs.SchoolUnitChangeInput

    def perform_create(self, serializer):
        return unit_services.register_unit.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return unit_services.change_unit.steps(
            unit=serializer.instance, **serializer.validated_data, by=self.request.scope
        )

    @extend_schema(
        summary="Slå ihop med en annan enhet",
        description="Svarar med enheten som finns efteråt: den här, eller den nya. Den andra upphör dagen före.",
        request=inputs.MergeInput,
        responses=serializers.SchoolUnitSerializer,
    )
    @action(detail=True, methods=["post"], url_path="merge")
    def merge(self, request, *args, **kwargs):
        unit, data = self.get_object(), read_body(self, inputs.MergeInput)
        return self.became(succession.merge_units(unit=unit, **data, by=request.scope))

    @extend_schema(
        summary="Dela enheten",
        description="Svarar med enheten som delades. De nya står i school-unit-successions?predecessor=.",
        request=inputs.SplitInput,
        responses=serializers.SchoolUnitSerializer,
    )
    @action(detail=True, methods=["post"], url_path="split")
    def split(self, request, *args, **kwargs):
        unit, data = self.get_object(), read_body(self, inputs.SplitInput)
        succession.split_unit(unit=unit, **data, by=request.scope)
        return self.became(unit)


class UnitSuccessionViewSet(RemoveMixin, ReadViewSet):
    queryset = UnitSuccession.objects.all()
    serializer_class = serializers.UnitSuccessionSerializer
    filterset_class = filters.UnitSuccessionFilter
    ordering_fields = ("day",)
    ordering = ("day",)
    noun, nouns = "samband mellan enheter", "samband mellan enheter"
    about = "Vilken enhet som blev vilken när enheter slogs ihop eller delades, och från vilken dag."

    def for_list(self, queryset):
        return queryset.select_related("huvudman", "predecessor", "successor")


class SchoolUnitVersionViewSet(RemoveMixin, WriteViewSet):
    queryset = SchoolUnitVersion.objects.all()
    serializer_class = serializers.SchoolUnitVersionSerializer
    filterset_class = filters.SchoolUnitVersionFilter
    ordering_fields = ("valid_from", "name")
    ordering = ("valid_from",)
    noun, nouns = "period för en enhet", "perioder för enheter"
    about = "Vad som gällde för en enhet under en period: namn, huvudman, status, skolformer och årskurser."

    def for_list(self, queryset):
        return queryset.select_related("unit", "huvudman", "municipality")

    @property
    def input_serializer_class(self):
        return (
            inputs.SchoolUnitVersionInput if self.action == "create" else inputs.SchoolUnitVersionChangeInput
        )

    def perform_create(self, serializer):
        return unit_services.enter_period.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return unit_services.correct_version.steps(
            version=serializer.instance, **serializer.validated_data, by=self.request.scope
        )

    def remove(self, row):
        unit_services.remove_version(row=row, by=self.request.scope)


class UnitAliasViewSet(RemoveMixin, CreateMixin, ReadViewSet):
    queryset = UnitAlias.objects.all()
    input_serializer_class = inputs.UnitAliasInput
    serializer_class = serializers.UnitAliasSerializer
    filterset_class = filters.UnitAliasFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "annat namn på en enhet", "andra namn på enheter"
    about = "Ett namn eller en stavning som en enhet också är känd under."

    def for_list(self, queryset):
        return queryset.select_related("unit")

    def perform_create(self, serializer):
        return unit_services.add_alias.steps(**serializer.validated_data, by=self.request.scope)


class PersonViewSet(ArchiveMixin, WriteViewSet):
    queryset = Person.objects.all()
    serializer_class = serializers.PersonSerializer
    filterset_class = filters.PersonFilter
    ordering_fields = {"name": "shown_key"}
    ordering = ("name",)
    unkept_actions = frozenset({"reveal"})
    noun, nouns = "person", "personer"
    about = "Någon med en roll i arbetet. Skyddade personer heter Skyddad person och saknar kontaktuppgifter."

    def for_page(self, queryset):
        return queryset.with_shown_key()

    def for_list(self, queryset):
        return self.for_page(queryset)

    @extend_schema(
        summary="Visa en skyddad persons uppgifter",
        description="Kräver ett skäl, som sparas med vem som frågade och när. Svaret får inte sparas.",
        request=serializers.RevealInput,
        responses=serializers.RevealedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reveal")
    def reveal(self, request, *args, **kwargs):
        given = read_body(self, serializers.RevealInput)
        person = self._visible(self.kwargs[self.lookup_url_kwarg])
        revealed = reveal_person(person=person, by=request.user, **given)
        return Response(serializers.RevealedSerializer(revealed).data, headers={"Cache-Control": "no-store"})

    @property
    def input_serializer_class(self):
        return inputs.PersonInput if self.action == "create" else inputs.PersonChangeInput

    def perform_create(self, serializer):
        return person_services.register_person.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return person_services.change_person.steps(
            person=serializer.instance, **serializer.validated_data, by=self.request.scope
        )


class PersonRevealViewSet(ReadViewSet):
    queryset = PersonReveal.objects.all()
    serializer_class = serializers.PersonRevealSerializer
    filterset_class = filters.PersonRevealFilter
    plain = "to whom is told by names of several tables, as far as the reader may know them"
    ordering_fields = ("created_at",)
    ordering = ("-created_at",)
    noun, nouns = "visning av skyddade uppgifter", "visningar av skyddade uppgifter"
    about = "Varje gång en skyddad persons uppgifter har visats: för vem, när och varför. Tas aldrig bort."

    def for_list(self, queryset):
        return queryset.select_related("person")

    def get_serializer(self, *args, **kwargs):
        """Who they were shown to is asked for all rows at once."""
        if args:
            rows = args[0] if kwargs.get("many") else [args[0]]
            self.names = names_of((row.by_id for row in rows), self.request.scope)
        return super().get_serializer(*args, **kwargs)


class RoleAssignmentViewSet(RemoveMixin, WriteViewSet):
    queryset = RoleAssignment.objects.all()
    serializer_class = serializers.RoleAssignmentSerializer
    filterset_class = filters.RoleAssignmentFilter
    ordering_fields = ("valid_from", "role")
    ordering = ("valid_from",)
    noun, nouns = "roll", "roller"
    about = "En person i en roll på en plats under en period."

    def for_list(self, queryset):
        return queryset.select_related("person", "huvudman", "administration", "unit", "provider")

    @property
    def input_serializer_class(self):
        return inputs.RoleAssignmentInput if self.action == "create" else inputs.RoleAssignmentChangeInput

    def perform_create(self, serializer):
        return person_services.assign_role.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return person_services.change_role.steps(
            assignment=serializer.instance, **serializer.validated_data, by=self.request.scope
        )

    def remove(self, row):
        person_services.remove_role(row=row, by=self.request.scope)


class ProviderViewSet(ArchiveMixin, WriteViewSet):
    queryset = Provider.objects.all()
    input_serializer_class = inputs.ProviderInput
    serializer_class = serializers.ProviderSerializer
    filterset_class = filters.ProviderFilter
    ordering_fields = {"name": "sort_key"}
    ordering = ("name",)
    noun, nouns = "aktör", "aktörer"
    about = "Ett lärosäte, en myndighet eller ett företag som ger stöd eller anställer processledare."

    def perform_create(self, serializer):
        return provider_services.register_provider.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return provider_services.change_provider.steps(
            provider=serializer.instance, **serializer.validated_data, by=self.request.scope
        )


class SchoolCalendarViewSet(RemoveMixin, WriteViewSet):
    queryset = SchoolCalendar.objects.all()
    serializer_class = serializers.SchoolCalendarSerializer
    filterset_class = filters.SchoolCalendarFilter
    ordering_fields = ("school_year",)
    ordering = ("school_year",)
    noun, nouns = "läsårskalender", "läsårskalendrar"
    about = "Att ett läsårs lov är inlagda för en kommun, eller för hela landet."

    def for_list(self, queryset):
        return queryset.select_related("municipality", "source")

    @property
    def input_serializer_class(self):
        return inputs.SchoolCalendarInput if self.action == "create" else inputs.SchoolCalendarChangeInput

    @staticmethod
    def values(serializer) -> dict:
        """What the services take."""
        data = dict(serializer.validated_data)
        try:
            if "breaks" in data:
                lov = [Break(row["starts_on"], row["ends_on"], row["name"]) for row in data["breaks"]]
                data["breaks"] = lov
        except ValueError as error:
            raise ValidationError({"breaks": str(error)}) from error
        return data

    def perform_create(self, serializer):
        data = {"municipality": None} | self.values(serializer)
        return calendar_services.enter_calendar.steps(**data, by=self.request.scope)

    def perform_update(self, serializer):
        return calendar_services.change_calendar.steps(
            calendar=serializer.instance, **self.values(serializer), by=self.request.scope
        )


class SchoolBreakViewSet(ReadViewSet):
    queryset = SchoolBreak.objects.all()
    serializer_class = serializers.SchoolBreakSerializer
    filterset_class = filters.SchoolBreakFilter
    ordering_fields = ("starts_on",)
    ordering = ("starts_on",)
    noun, nouns = "lov", "lov"
    about = "Ett lov i en läsårskalender: första och sista lediga dag."

    def for_list(self, queryset):
        return queryset.select_related("calendar")
