"""The register outward. A protected person is masked here as everywhere."""

from rest_framework import serializers

from sbs_portal.api.serializers import StrictModelSerializer, StrictSerializer
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
    SchoolForm,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
    UnitStatus,
    UnitSuccession,
)

TIMES = ("created_at", "updated_at")


class CountySerializer(StrictModelSerializer):
    class Meta:
        model = County
        fields = ("id", "code", "name", *TIMES)


class MunicipalitySerializer(StrictModelSerializer):
    county_code = serializers.CharField(
        source="county.code", read_only=True, help_text="Länskod, två siffror"
    )

    class Meta:
        model = Municipality
        fields = ("id", "code", "name", "county", "county_code", *TIMES)


class HuvudmanSerializer(StrictModelSerializer):
    municipality_code = serializers.CharField(
        source="municipality.code",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Kommunkod, fyra siffror",
    )

    class Meta:
        model = Huvudman
        fields = (
            "id",
            "name",
            "kind",
            "organisation_number",
            "municipality",
            "municipality_code",
            "is_fictional",
            "version",
            "archived_at",
            *TIMES,
        )


class AdministrationSerializer(StrictModelSerializer):
    class Meta:
        model = Administration
        fields = (
            "id",
            "huvudman",
            "name",
            "committee_name",
            "address",
            "phone",
            "valid_from",
            "valid_to",
            *TIMES,
        )


class SchoolUnitVersionSerializer(StrictModelSerializer):
    municipality_code = serializers.CharField(
        source="municipality.code",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Kommunkod, fyra siffror",
    )

    class Meta:
        model = SchoolUnitVersion
        fields = (
            "id",
            "unit",
            "huvudman",
            "name",
            "status",
            "school_forms",
            "grade_from",
            "grade_to",
            "street_address",
            "municipality",
            "municipality_code",
            "valid_from",
            "valid_to",
            "change_note",
            *TIMES,
        )


class UnitAliasSerializer(StrictModelSerializer):
    class Meta:
        model = UnitAlias
        fields = ("id", "unit", "name", "note", *TIMES)


class UnitSuccessionSerializer(StrictModelSerializer):
    class Meta:
        model = UnitSuccession
        fields = ("id", "huvudman", "predecessor", "successor", "kind", "day", "note", *TIMES)


class SchoolUnitSerializer(StrictModelSerializer):
    """The unit with what holds of it today; what held before is in school-unit-versions."""

    huvudman = serializers.SerializerMethodField(help_text="Huvudmannens id i dag, null om det inte är känt")
    status = serializers.SerializerMethodField(help_text="Status i dag, null om den inte är känd")
    school_forms = serializers.SerializerMethodField(help_text="Skolformer och verksamheter i dag")
    aliases = serializers.SerializerMethodField(help_text="Andra namn på enheten")

    class Meta:
        model = SchoolUnit
        fields = (
            "id",
            "unit_code",
            "name",
            "school_name",
            "huvudman",
            "status",
            "school_forms",
            "aliases",
            "version",
            "archived_at",
            *TIMES,
        )

    def get_huvudman(self, unit) -> str | None:
        version = unit.version_on()
        return str(version.huvudman.uuid) if version else None

    def get_status(self, unit) -> UnitStatus | None:
        version = unit.version_on()
        return version.status if version else None

    def get_school_forms(self, unit) -> list[SchoolForm]:
        version = unit.version_on()
        return version.school_forms if version else []

    def get_aliases(self, unit) -> list[str]:
        return [alias.name for alias in unit.aliases.all()]


class PersonSerializer(StrictModelSerializer):
    name = serializers.CharField(source="shown_name", read_only=True, help_text="Namn, eller Skyddad person")
    email = serializers.CharField(
        source="shown_email", read_only=True, help_text="E-postadress, för huvudmän där personen finns nu"
    )
    phone = serializers.CharField(
        source="shown_phone", read_only=True, help_text="Telefon, för huvudmän där personen finns nu"
    )
    is_protected = serializers.BooleanField(
        read_only=True, help_text="Om personens uppgifter är skyddade och därför inte visas"
    )

    class Meta:
        model = Person
        fields = ("id", "name", "email", "phone", "is_protected", "version", "archived_at", *TIMES)


class RevealInput(StrictSerializer):
    reason = serializers.CharField(max_length=500, help_text="Varför uppgifterna behövs")


class RevealedSerializer(StrictSerializer):
    """A protected person's details, for one answer."""

    name = serializers.CharField(read_only=True, help_text="Namn")
    email = serializers.CharField(read_only=True, help_text="E-postadress")
    phone = serializers.CharField(read_only=True, help_text="Telefon")


class PersonRevealSerializer(StrictModelSerializer):
    """One time a protected person's details were shown. The view holds the names of its rows."""

    shown_to = serializers.SerializerMethodField(
        help_text="Vem de visades för: namn eller roll, så långt du får veta det"
    )

    class Meta:
        model = PersonReveal
        fields = ("id", "person", "shown_to", "reason", "created_at")
        read_only_fields = fields

    def get_shown_to(self, reveal) -> str:
        return self.context["view"].names[reveal.by_id]


class RoleAssignmentSerializer(StrictModelSerializer):
    class Meta:
        model = RoleAssignment
        fields = (
            "id",
            "person",
            "role",
            "title",
            "huvudman",
            "administration",
            "unit",
            "provider",
            "valid_from",
            "valid_to",
            *TIMES,
        )


class ProviderSerializer(StrictModelSerializer):
    class Meta:
        model = Provider
        fields = ("id", "name", "short_name", "kind", "is_fictional", "archived_at", *TIMES)


class SchoolCalendarSerializer(StrictModelSerializer):
    """``municipality`` is null for the national default."""

    class Meta:
        model = SchoolCalendar
        fields = ("id", "municipality", "school_year", "source", *TIMES)


class SchoolBreakSerializer(StrictModelSerializer):
    class Meta:
        model = SchoolBreak
        fields = ("id", "calendar", "name", "starts_on", "ends_on", *TIMES)
