"""How huvudmän, units and people are found."""

from django.db.models import Prefetch, Q

from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.search.kinds import Hit, Kind, register_kind
from sbs_portal.search.text import Asked, found_by, given, holding
from schools.models import (
    Huvudman,
    Municipality,
    Person,
    RoleAssignment,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
)


def find_huvudman(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By a word of the name, the kommun's name or code, or the whole organisationsnummer."""
    municipalities = Municipality.objects.filter(Q(name__istartswith=asked.text) | given(code=asked.digits))
    rows = Huvudman.objects.visible_to(scope)
    found = found_by(
        holding(rows, asked, "name").values("pk"),
        rows.filter(municipality__in=municipalities).values("pk"),
        rows.filter(given(organisation_number=asked.digits, uuid=asked.id)).values("pk"),
    )
    rows = rows.in_use().filter(pk__in=found).select_related("municipality")
    return [
        Hit(
            id=str(row.uuid),
            title=row.name,
            note=", ".join(filter(None, (row.get_kind_display(), row.shown_organisation_number))),
            url=row.get_absolute_url(),
            is_exact=bool(asked.digits) and asked.digits == row.organisation_number,
        )
        for row in rows.order_by("sort_key", "pk")[:limit]
    ]


def find_units(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By a word of the name it has, has had or is called, or by the whole code."""
    rows = SchoolUnit.objects.visible_to(scope)
    found = found_by(
        rows.filter(given(unit_code=asked.digits, uuid=asked.id)).values("pk"),
        holding(rows, asked, "name", "school_name").values("pk"),
        holding(SchoolUnitVersion.objects.visible_to(scope), asked, "name").values("unit_id"),
        holding(UnitAlias.objects.visible_to(scope), asked, "name").values("unit_id"),
    )
    rows = rows.in_use().filter(pk__in=found).order_by("sort_key", "pk")[:limit]
    ids = [row.pk for row in rows]
    whose = {
        row.pk: row.huvudman_name_now
        for row in SchoolUnit.objects.visible_to(scope).filter(pk__in=ids).valid_on()
    }
    return [
        Hit(
            id=str(row.uuid),
            title=row.name,
            note=", ".join(filter(None, (whose.get(row.pk), row.unit_code))),
            url=row.get_absolute_url(),
            is_exact=bool(asked.digits) and asked.digits == row.unit_code,
        )
        for row in rows
    ]


def find_people(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By a word of the name; someone with protected identity by nothing."""
    if not scope.may(Action.PEOPLE_READ):
        return []
    rows = holding(Person.objects.visible_to(scope).in_use().unprotected(), asked, "name")
    roles = RoleAssignment.objects.visible_to(scope).active_on()
    roles = roles.select_related("unit", "administration", "huvudman", "provider")
    rows = rows.prefetch_related(Prefetch("roles", queryset=roles)).order_by("sort_key", "pk")
    return [
        Hit(
            id=str(row.uuid),
            title=row.shown_name,
            note="; ".join(map(str, row.roles.all())),
            url=row.get_absolute_url(),
        )
        for row in rows[:limit]
    ]


def _names_of(model):
    return lambda scope: model.objects.visible_to(scope).in_use().values_list("name", flat=True).order_by()


def register() -> None:
    register_kind(Kind("huvudman", "Huvudmän", 10, find_huvudman, "huvudman_list", names=_names_of(Huvudman)))
    register_kind(Kind("unit", "Enheter", 20, find_units, "unit_list", names=_names_of(SchoolUnit)))
    register_kind(Kind("person", "Personer", 40, find_people))
