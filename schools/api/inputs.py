"""What the register takes in. Rules are the services'; a related row is found only within the caller's reach."""

from rest_framework import serializers

from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from schools.models import (
    Administration,
    Huvudman,
    Person,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
)

ADMINISTRATION = ("name", "committee_name", "address", "phone", "valid_from", "valid_to")
HOLDS = (
    "name",
    "huvudman",
    "status",
    "school_forms",
    "grade_from",
    "grade_to",
    "street_address",
    "municipality",
)
PERIOD = (*HOLDS, "valid_from", "valid_to", "change_note")
PLACE = ("huvudman", "administration", "unit", "provider")
ROLE = ("role", "title", "valid_from", "valid_to")
CONTACT = ("name", "email", "phone", "security_marking")


class HuvudmanInput(StrictModelSerializer):
    class Meta:
        model = Huvudman
        fields = ("name", "kind", "organisation_number", "municipality", "is_fictional")


class AdministrationChangeInput(StrictModelSerializer):
    class Meta:
        model = Administration
        fields = ADMINISTRATION


class AdministrationInput(StrictModelSerializer):
    class Meta:
        model = Administration
        fields = ("huvudman", *ADMINISTRATION)


class SchoolUnitChangeInput(StrictModelSerializer):
    """What does not change over time; the rest is school-unit-versions."""

    class Meta:
        model = SchoolUnit
        fields = ("unit_code", "school_name")


class SchoolUnitInput(StrictModelSerializer):
    """A unit with its first period."""

    unit_code = serializers.CharField(
        max_length=8, required=False, allow_null=True, help_text="Skolenhetskod, åtta siffror"
    )
    school_name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Skolans namn, när den har flera enheter"
    )

    class Meta:
        model = SchoolUnitVersion
        fields = ("unit_code", "school_name", *HOLDS, "valid_from")


class UnitPartInput(StrictModelSerializer):
    """A unit that comes out of another; what is not said is as the other's."""

    unit_code = serializers.CharField(
        max_length=8, required=False, allow_null=True, help_text="Skolenhetskod, åtta siffror"
    )

    class Meta:
        model = SchoolUnitVersion
        fields = ("name", "unit_code", "grade_from", "grade_to")


class MergeInput(StrictSerializer):
    """With ``name`` both end and a new unit begins; without it the unit goes on with the other in it."""

    other = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=("unit_code",),
        editable=True,
        help_text="Enheten den slås ihop med, med id eller skolenhetskod",
    )
    day = serializers.DateField(help_text="Första dag med den nya ordningen")
    name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Den nya enhetens namn, om en ny bildas"
    )
    unit_code = serializers.CharField(
        max_length=8, required=False, allow_null=True, help_text="Den nya enhetens skolenhetskod"
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="Varför")


class SplitInput(StrictSerializer):
    """One part breaks away and the unit goes on; of several the unit is divided, and ends."""

    day = serializers.DateField(help_text="Första dag med den nya ordningen")
    parts = UnitPartInput(many=True, allow_empty=False, max_length=10, help_text="De nya enheterna")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="Varför")


class SchoolUnitVersionChangeInput(StrictModelSerializer):
    """A period as it was entered; what has changed since is a new period."""

    class Meta:
        model = SchoolUnitVersion
        fields = PERIOD


class SchoolUnitVersionInput(StrictModelSerializer):
    """A period; one without a last day closes the former the day before."""

    class Meta:
        model = SchoolUnitVersion
        fields = ("unit", *PERIOD)


class UnitAliasInput(StrictModelSerializer):
    class Meta:
        model = UnitAlias
        fields = ("unit", "name", "note")


class PersonChangeInput(StrictModelSerializer):
    class Meta:
        model = Person
        fields = CONTACT


class PersonInput(StrictModelSerializer):
    """A person with a first role: at a huvudman (its administration or unit), or at another employer."""

    name = serializers.CharField(max_length=200, help_text="Namn")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, help_text="E-postadress")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Telefon")

    class Meta:
        model = RoleAssignment
        fields = ("name", "email", "phone", *ROLE, *PLACE)


class RoleAssignmentChangeInput(StrictModelSerializer):
    """Correct or end a role; where it was is not changed."""

    class Meta:
        model = RoleAssignment
        fields = ROLE


class RoleAssignmentInput(StrictModelSerializer):
    class Meta:
        model = RoleAssignment
        fields = ("person", *ROLE, *PLACE)


class ProviderInput(StrictModelSerializer):
    class Meta:
        model = Provider
        fields = ("name", "short_name", "kind", "is_fictional")


class SchoolBreakInput(StrictModelSerializer):
    class Meta:
        model = SchoolBreak
        fields = ("name", "starts_on", "ends_on")


class SchoolCalendarInput(StrictModelSerializer):
    """A läsår's lov, in place of any entered before for the same kommun; no kommun is the whole country."""

    breaks = SchoolBreakInput(many=True, help_text="Läsårets alla lov", max_length=40)

    class Meta:
        model = SchoolCalendar
        fields = ("municipality", "school_year", "breaks", "source")


class SchoolCalendarChangeInput(SchoolCalendarInput):
    """Other lov, all of them; another source is entered with them, as a whole."""

    class Meta:
        model = SchoolCalendar
        fields = ("breaks",)
