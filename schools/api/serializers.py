"""The register outward. A protected person is masked here as everywhere."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from rest_framework import serializers

from sbs_portal.api.computed import Asked, Computed, part_of_outer, prefixed, where
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
from schools.models.person import SecurityMarking, contact_shown, shown_name
from schools.models.unit import on_day

FORMS = SchoolUnitVersion._meta.get_field("school_forms")
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


def _huvudman_now(asked: Asked) -> Subquery:
    # Not joined: Django would put it before the join that it hangs on.
    return Subquery(Huvudman.objects.filter(pk=OuterRef("now__huvudman_id")).order_by().values("uuid"))


def _aliases(asked: Asked) -> ArraySubquery:
    return ArraySubquery(part_of_outer(UnitAlias, asked.scope, "unit").order_by("name").values("name"))


class SchoolUnitSerializer(StrictModelSerializer):
    """The unit with what holds of it today; what held before is in school-unit-versions."""

    huvudman = Computed(
        _huvudman_now,
        serializers.UUIDField(),
        allow_null=True,
        help_text="Huvudmannens id i dag, null om det inte är känt",
    )
    status = Computed(
        lambda asked: F("now__status"),
        serializers.ChoiceField(choices=UnitStatus.choices),
        allow_null=True,
        help_text="Status i dag, null om den inte är känd",
    )
    school_forms = Computed(
        lambda asked: Coalesce(F("now__school_forms"), Value([], output_field=FORMS)),
        serializers.ListField(child=serializers.ChoiceField(choices=SchoolForm.choices)),
        help_text="Skolformer och verksamheter i dag",
    )
    aliases = Computed(
        _aliases, serializers.ListField(child=serializers.CharField()), help_text="Andra namn på enheten"
    )

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

    @staticmethod
    def joined(asked: Asked) -> dict:
        """The period of today, as far as the reader sees it: there is one at most."""
        held = asked.scope.q(SchoolUnitVersion, SchoolUnitVersion.scoping.read) & on_day(asked.day)
        return {"now": FilteredRelation("versions", condition=prefixed(held, "versions"))}


def _told(column: str):
    """What is told of a person who is not protected, to whom may read how the person is reached."""

    def expression(asked: Asked):
        return where(contact_shown(asked.scope) & Q(security_marking=SecurityMarking.NONE), column)

    return expression


class PersonSerializer(StrictModelSerializer):
    name = Computed(
        lambda asked: shown_name(), serializers.CharField(), help_text="Namn, eller Skyddad person"
    )
    email = Computed(
        _told("email"),
        serializers.CharField(),
        help_text="E-postadress, för huvudmän där personen finns nu",
    )
    phone = Computed(
        _told("phone"), serializers.CharField(), help_text="Telefon, för huvudmän där personen finns nu"
    )
    is_protected = Computed(
        lambda asked: ExpressionWrapper(~Q(security_marking=SecurityMarking.NONE), BooleanField()),
        serializers.BooleanField(),
        help_text="Om personens uppgifter är skyddade och därför inte visas",
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
