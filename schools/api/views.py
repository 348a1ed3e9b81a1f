"""The register's resources, read by all within scope."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from sbs_portal.api.removing import ArchiveMixin
from sbs_portal.api.views import ReadViewSet
from schools import filters
from schools.api import serializers
from schools.models import (
    Administration,
    County,
    Huvudman,
    Municipality,
    Person,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
)
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


class HuvudmanViewSet(ArchiveMixin, ReadViewSet):
    queryset = Huvudman.objects.all()
    serializer_class = serializers.HuvudmanSerializer
    filterset_class = filters.HuvudmanFilter
    natural_keys = ("organisation_number",)
    ordering_fields = {"name": "sort_key", "organisation_number": "organisation_number"}
    ordering = ("name",)
    noun, nouns = "huvudman", "huvudmän"
    about = "Den juridiska person som ansvarar för skolor: en kommun, en region, en enskild eller staten."

    def for_list(self, queryset):
        return queryset.select_related("municipality")


class AdministrationViewSet(ReadViewSet):
    queryset = Administration.objects.all()
    serializer_class = serializers.AdministrationSerializer
    filterset_class = filters.AdministrationFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "förvaltning", "förvaltningar"
    about = "En förvaltning hos en huvudman, och nämnden den hör till."

    def for_list(self, queryset):
        return queryset.select_related("huvudman")


class SchoolUnitViewSet(ArchiveMixin, ReadViewSet):
    queryset = SchoolUnit.objects.all()
    serializer_class = serializers.SchoolUnitSerializer
    filterset_class = filters.SchoolUnitFilter
    natural_keys = ("unit_code",)
    related = {"huvudman": Huvudman}
    ordering_fields = {"name": "sort_key", "unit_code": "unit_code"}
    ordering = ("name",)
    noun, nouns = "enhet", "enheter"
    about = "En skolenhet eller förskola med en rektor, och vad som gäller för den i dag."

    def for_list(self, queryset):
        versions = SchoolUnitVersion.objects.visible_to(self.request.scope).select_related("huvudman")
        return queryset.prefetch_related(Prefetch("versions", versions), "aliases")


class SchoolUnitVersionViewSet(ReadViewSet):
    queryset = SchoolUnitVersion.objects.all()
    serializer_class = serializers.SchoolUnitVersionSerializer
    filterset_class = filters.SchoolUnitVersionFilter
    ordering_fields = ("valid_from", "name")
    ordering = ("valid_from",)
    noun, nouns = "period för en enhet", "perioder för enheter"
    about = "Vad som gällde för en enhet under en period: namn, huvudman, status, skolformer och årskurser."

    def for_list(self, queryset):
        return queryset.select_related("unit", "huvudman", "municipality")


class UnitAliasViewSet(ReadViewSet):
    queryset = UnitAlias.objects.all()
    serializer_class = serializers.UnitAliasSerializer
    filterset_class = filters.UnitAliasFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "annat namn på en enhet", "andra namn på enheter"
    about = "Ett namn eller en stavning som en enhet också är känd under."

    def for_list(self, queryset):
        return queryset.select_related("unit")


class PersonViewSet(ArchiveMixin, ReadViewSet):
    queryset = Person.objects.all()
    serializer_class = serializers.PersonSerializer
    filterset_class = filters.PersonFilter
    ordering_fields = {"name": "shown_key"}
    ordering = ("name",)
    noun, nouns = "person", "personer"
    about = "Någon med en roll i arbetet. Skyddade personer heter Skyddad person och saknar kontaktuppgifter."

    def for_list(self, queryset):
        return queryset.with_shown_key().with_contact(self.request.scope)

    @extend_schema(
        summary="Visa en skyddad persons uppgifter",
        description="Kräver ett skäl, som sparas med vem som frågade och när. Svaret får inte sparas.",
        request=serializers.RevealInput,
        responses=serializers.RevealedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reveal")
    def reveal(self, request, *args, **kwargs):
        given = serializers.RevealInput(data=request.data)
        given.is_valid(raise_exception=True)
        person = self._visible(self.kwargs[self.lookup_url_kwarg])
        revealed = reveal_person(person=person, by=request.user, **given.validated_data)
        return Response(serializers.RevealedSerializer(revealed).data, headers={"Cache-Control": "no-store"})


class RoleAssignmentViewSet(ReadViewSet):
    queryset = RoleAssignment.objects.all()
    serializer_class = serializers.RoleAssignmentSerializer
    filterset_class = filters.RoleAssignmentFilter
    ordering_fields = ("valid_from", "role")
    ordering = ("valid_from",)
    noun, nouns = "roll", "roller"
    about = "En person i en roll på en plats under en period."

    def for_list(self, queryset):
        return queryset.select_related("person", "huvudman", "administration", "unit", "provider")


class ProviderViewSet(ArchiveMixin, ReadViewSet):
    queryset = Provider.objects.all()
    serializer_class = serializers.ProviderSerializer
    filterset_class = filters.ProviderFilter
    ordering_fields = {"name": "sort_key"}
    ordering = ("name",)
    noun, nouns = "aktör", "aktörer"
    about = "Ett lärosäte, en myndighet eller ett företag som ger stöd eller anställer processledare."


class SchoolCalendarViewSet(ReadViewSet):
    queryset = SchoolCalendar.objects.all()
    serializer_class = serializers.SchoolCalendarSerializer
    filterset_class = filters.SchoolCalendarFilter
    ordering_fields = ("school_year",)
    ordering = ("school_year",)
    noun, nouns = "läsårskalender", "läsårskalendrar"
    about = "Att ett läsårs lov är inlagda för en kommun, eller för hela landet."

    def for_list(self, queryset):
        return queryset.select_related("municipality", "source")


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
