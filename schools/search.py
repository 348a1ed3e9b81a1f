"""How huvudmän, units and people are found."""

from django.db.models import Q, QuerySet

from sbs_portal.db.statements import hang
from sbs_portal.rights import Action
from sbs_portal.search.kinds import Found, Hit, Kind, register_kind
from sbs_portal.search.text import Seeking, found_by, given, holding
from schools.models import (
    Huvudman,
    Municipality,
    Person,
    RoleAssignment,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
)


def _huvudman(seeking: Seeking) -> QuerySet:
    """By a word of the name, the kommun's name or code, or the whole organisationsnummer."""
    municipalities = Municipality.objects.filter(
        Q(name__istartswith=seeking.text) | given(code=seeking.digits)
    )
    rows = Huvudman.objects.visible_to(seeking.scope)
    found = found_by(
        holding(rows, seeking, "name").values("pk"),
        rows.filter(municipality__in=municipalities).values("pk"),
        rows.filter(given(organisation_number=seeking.digits, uuid=seeking.id)).values("pk"),
    )
    return rows.in_use().filter(pk__in=found).order_by("sort_key", "pk")[: seeking.limit]


def _tell_huvudman(rows: list[Huvudman], found: Found) -> list[Hit]:
    digits = found.asked.digits
    return [
        Hit(
            id=str(row.uuid),
            title=row.name,
            note=", ".join(filter(None, (row.get_kind_display(), row.shown_organisation_number))),
            url=row.get_absolute_url(),
            is_exact=bool(digits) and digits == row.organisation_number,
        )
        for row in rows
    ]


def _units(seeking: Seeking) -> QuerySet:
    """By a word of the name it has, has had or is called, or by the whole code."""
    scope = seeking.scope
    rows = SchoolUnit.objects.visible_to(scope)
    found = found_by(
        rows.filter(given(unit_code=seeking.digits, uuid=seeking.id)).values("pk"),
        holding(rows, seeking, "name", "school_name").values("pk"),
        holding(SchoolUnitVersion.objects.visible_to(scope), seeking, "name").values("unit_id"),
        holding(UnitAlias.objects.visible_to(scope), seeking, "name").values("unit_id"),
    )
    return rows.in_use().filter(pk__in=found).order_by("sort_key", "pk")[: seeking.limit]


def _whose(seeking: Seeking, ids) -> QuerySet:
    units = SchoolUnit.objects.visible_to(seeking.scope).filter(pk__in=ids)
    return units.valid_on(seeking.day).order_by().values_list("pk", "huvudman_name_now")


def _tell_units(rows: list[SchoolUnit], found: Found) -> list[Hit]:
    whose, digits = dict(found.rows["whose"]), found.asked.digits
    return [
        Hit(
            id=str(row.uuid),
            title=row.name,
            note=", ".join(filter(None, (whose.get(row.pk), row.unit_code))),
            url=row.get_absolute_url(),
            is_exact=bool(digits) and digits == row.unit_code,
        )
        for row in rows
    ]


def _people(seeking: Seeking) -> QuerySet:
    """By a word of the name; someone with protected identity by nothing."""
    if not seeking.scope.may(Action.PEOPLE_READ):
        return Person.objects.none()
    rows = Person.objects.visible_to(seeking.scope).in_use().unprotected()
    return holding(rows, seeking, "name").order_by("sort_key", "pk")[: seeking.limit]


def _roles(seeking: Seeking, ids) -> QuerySet:
    roles = RoleAssignment.objects.visible_to(seeking.scope).active_on(seeking.day).filter(person__in=ids)
    return roles.select_related("unit", "administration", "huvudman", "provider")


def _tell_people(rows: list[Person], found: Found) -> list[Hit]:
    hang(rows, "roles", found.rows["roles"], by="person_id")
    return [
        Hit(
            id=str(row.uuid),
            title=row.shown_name,
            note="; ".join(map(str, row.roles.all())),
            url=row.get_absolute_url(),
        )
        for row in rows
    ]


def _names_of(model):
    return lambda scope: model.objects.visible_to(scope).in_use().values_list("name", flat=True).order_by()


def register() -> None:
    for kind in (
        Kind(
            "huvudman",
            "Huvudmän",
            10,
            _huvudman,
            _tell_huvudman,
            list_url_name="huvudman_list",
            names=_names_of(Huvudman),
        ),
        Kind(
            "unit",
            "Enheter",
            20,
            _units,
            _tell_units,
            {"whose": _whose},
            list_url_name="unit_list",
            names=_names_of(SchoolUnit),
        ),
        Kind("person", "Personer", 40, _people, _tell_people, {"roles": _roles}),
    ):
        register_kind(kind)
