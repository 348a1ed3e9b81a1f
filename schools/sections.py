"""What the register itself shows on the pages of a huvudman, a unit and a person.

Registered like the sections of apps further up, so that one order holds for all (10, 20 … leave room).
"""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from sbs_portal.audit.people import names_of
from sbs_portal.rights import Action
from sbs_portal.time import SchoolYear, today
from sbs_portal.web.sections import register_section
from schools.models import (
    PersonReveal,
    RoleAssignment,
    SchoolForm,
    SchoolUnitVersion,
    StaffRole,
    UnitStatus,
    UnitSuccession,
)
from schools.periods import Span, in_words, spans
from schools.services.calendar import calendars_of

# The form a unit is listed under, where it has several: the one people know it by.
LISTED_UNDER = (
    SchoolForm.GR,
    SchoolForm.GY,
    SchoolForm.GRAN,
    SchoolForm.GYAN,
    SchoolForm.SP,
    SchoolForm.SAM,
    SchoolForm.VUX,
    SchoolForm.FS,
    SchoolForm.FKLASS,
    SchoolForm.FTH,
    SchoolForm.OPPFTH,
)
_LISTED_UNDER = Case(
    *(When(school_forms__contains=[form], then=Value(number)) for number, form in enumerate(LISTED_UNDER)),
    default=Value(len(LISTED_UNDER)),
)
# Of the units of a form, and of the people.
SHOWN = 25


@dataclass(frozen=True)
class Lane:
    """One thing about a unit over time, newest first."""

    label: str
    spans: list[tuple[Span, str]]


def register() -> None:
    """Fill the register's own places; called once, when the app is ready."""
    for page, name, title, order, loader in (
        ("huvudman", "enheter", "Enheter", 20, huvudman_units),
        ("huvudman", "personer", "Personer och roller", 60, huvudman_people),
        ("huvudman", "forvaltningar", "Förvaltningar", 70, huvudman_administrations),
        ("huvudman", "lov", "Läsår och lov", 75, huvudman_school_years),
        ("unit", "over-tid", "Över tid", 40, unit_timeline),
        ("unit", "samband", "Sammanslagning och delning", 45, unit_successions),
        ("unit", "personer", "Personer och roller", 60, unit_people),
        ("unit", "andra-namn", "Andra namn", 70, unit_aliases),
        ("person", "visningar", "Visningar av skyddade uppgifter", 140, person_reveals),
        ("person", "roller", "Roller över tid", 20, person_roles),
    ):
        template = f"schools/_{loader.__name__}.html"
        register_section(page=page, name=name, title=title, order=order, loader=loader, template=template)


def _roles(request):
    roles = RoleAssignment.objects.visible_to(request.scope)
    return roles.select_related("person", "unit", "administration", "huvudman", "provider")


def _may_read_people(request, huvudman_ids) -> bool:
    return any(
        request.scope.may(Action.PEOPLE_READ, huvudman_id=huvudman_id) for huvudman_id in huvudman_ids
    ) or (not huvudman_ids and request.scope.national)


def _with_period(roles, day) -> list:
    for role in roles:
        role.period = in_words(role.valid_from, role.valid_to, day)
    return roles


def huvudman_units(request, huvudman) -> dict:
    """The units it runs, by the form they are known by, each with its rektor for who may read people.

    The first of each form: the largest huvudmän have hundreds, and the list of units has them all.
    """
    day = today()
    versions = SchoolUnitVersion.objects.visible_to(request.scope).active_on(day)
    versions = (
        versions.filter(huvudman=huvudman)
        .exclude(status=UnitStatus.CLOSED)
        .filter(unit__archived_at=None)
        .annotate(listed_under=_LISTED_UNDER)
        .annotate(
            of_form=Window(Count("pk"), partition_by="listed_under"),
            place=Window(RowNumber(), partition_by="listed_under", order_by=("unit__sort_key", "pk")),
        )
        .filter(place__lte=SHOWN)
    )
    versions = list(versions.select_related("unit").order_by("listed_under", "unit__sort_key", "pk"))
    shows_people = request.scope.may(Action.PEOPLE_READ, huvudman_id=huvudman.pk)
    rektorer = {}
    if shows_people:
        roles = RoleAssignment.objects.visible_to(request.scope).active_on(day).select_related("person")
        shown = [version.unit_id for version in versions]
        for role in roles.filter(huvudman=huvudman, role=StaffRole.REKTOR, unit__in=shown):
            rektorer.setdefault(role.unit_id, []).append(role.person)
    for version in versions:
        version.rektorer = rektorer.get(version.unit_id, [])
    groups = [
        (_form_words(number), rows[0].of_form, rows)
        for number, rows in (
            (number, list(rows)) for number, rows in groupby(versions, key=lambda one: one.listed_under)
        )
    ]
    count = sum(of_form for _, of_form, _ in groups)
    return {
        "list_url": f"{reverse('unit_list')}?huvudman={huvudman.uuid}" if count > len(versions) else "",
        "groups": groups,
        "shows_people": shows_people,
        **_add(
            request.scope.may(Action.REGISTER_CHANGE, huvudman_id=huvudman.pk),
            f"{reverse('unit_create')}?huvudman={huvudman.uuid}",
            "Lägg till enhet",
        ),
        "count": count,
        "index_count": count,
    }


def _form_words(number: int) -> str:
    return LISTED_UNDER[number].label.capitalize() if number < len(LISTED_UNDER) else "Skolform inte angiven"


def huvudman_people(request, huvudman) -> dict | None:
    """Who has which role now: the huvudman's own and its administrations' first, then by unit."""
    if not _may_read_people(request, [huvudman.pk]):
        return None
    day = today()
    roles = _roles(request).active_on(day).filter(huvudman=huvudman).annotate(of_all=Window(Count("pk")))
    roles = list(roles.order_by(F("unit__sort_key").asc(nulls_first=True), "pk")[:SHOWN])
    count = roles[0].of_all if roles else 0
    may_add = request.scope.may(Action.PEOPLE_CHANGE, huvudman_id=huvudman.pk)
    return {
        "roles": _with_period(roles, day),
        "changed_roles": _changed(request, roles),
        **_add(may_add, f"{reverse('person_create')}?huvudman={huvudman.uuid}", "Lägg till person"),
        "count": count,
        "index_count": count,
        "list_url": f"{reverse('person_list')}?huvudman={huvudman.uuid}&has_role=true"
        if count > len(roles)
        else "",
    }


def _add(may: bool, url: str, label: str) -> dict:
    """The section's action, and the first step of its empty state."""
    return {"action": {"url": url, "label": label}, "add_url": url} if may else {}


def _changed(request, roles) -> set[int]:
    """Ids of the roles the user may change: told by the scope, in no query."""
    return {
        role.pk
        for role in roles
        if request.scope.may(
            Action.PEOPLE_CHANGE, huvudman_id=role.huvudman_id or -1, unit_ids=[role.unit_id]
        )
    }


def huvudman_administrations(request, huvudman) -> dict:
    """Its förvaltningar, those that are no more last."""
    day = today()
    rows = [row for row in huvudman.administrations.all() if row.valid_from is None or row.valid_from <= day]
    for row in rows:
        row.is_over = row.valid_to is not None and row.valid_to < day
        row.period = in_words(row.valid_from, row.valid_to, day)
    rows.sort(key=lambda row: row.is_over)
    may_change = request.scope.may(Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    return {
        "administrations": rows,
        "may_change": may_change,
        **_add(may_change, reverse("administration_add", args=[huvudman.uuid]), "Lägg till förvaltning"),
        "count": len(rows),
        "index_count": len(rows),
    }


def huvudman_school_years(request, huvudman) -> dict:
    """Whose lov hold for it, this läsår and the next: its kommun's own, the whole country's, or nobody's."""
    year = SchoolYear.of(today())
    found = calendars_of(huvudman.municipality, (year, year + 1))
    return {"years": [(one, found.get(one)) for one in (year, year + 1)]}


def unit_timeline(request, unit) -> dict:
    """What the unit was called, who ran it, its forms and grades, its rektorer: a line each, newest first."""
    day = today()
    versions = list(
        SchoolUnitVersion.objects.visible_to(request.scope).filter(unit=unit).select_related("huvudman")
    )
    lanes = [
        ("Namn", spans(versions, lambda version: version.name)),
        ("Huvudman", spans(versions, lambda version: version.huvudman)),
        ("Skolformer och verksamheter", spans(versions, lambda version: version.forms_display)),
        ("Årskurser", spans(versions, lambda version: version.grades_display)),
        ("Gatuadress", spans(versions, lambda version: version.street_address)),
        ("Status", spans(versions, lambda version: version.get_status_display())),
    ]
    rektorer = _roles(request).filter(unit=unit, role=StaffRole.REKTOR).order_by("valid_from", "pk")
    lanes.insert(2, ("Rektor", [Span(role.person, role.valid_from, role.valid_to) for role in rektorer]))
    return {
        "lanes": [
            Lane(label, [(span, in_words(span.first, span.last, day)) for span in reversed(found)])
            for label, found in lanes
            if found and [span.value for span in found] != [UnitStatus.ACTIVE.label]
        ],
        "notes": [version for version in reversed(versions) if version.change_note],
        **_periods(request, unit, versions, day),
    }


def _runs(request, unit, versions) -> bool:
    """Whether the user's huvudman runs the unit now, or ran it last."""
    now = next(
        (version for version in versions if version.covers(today())), versions[-1] if versions else None
    )
    return now is not None and request.scope.may(Action.REGISTER_CHANGE, huvudman_id=now.huvudman_id)


def _periods(request, unit, versions, day) -> dict:
    """The rows themselves, for who may correct them."""
    if not _runs(request, unit, versions):
        return {}
    for version in versions:
        version.period = in_words(version.valid_from, version.valid_to, day)
    return {
        "periods": versions[::-1],
        **_add(True, reverse("period_add", args=[unit.uuid]), "Lägg till en tidigare period"),
    }


def unit_successions(request, unit) -> dict | None:
    """What the unit came out of and went into; left out where it has only been itself."""
    rows = UnitSuccession.objects.visible_to(request.scope).select_related("predecessor", "successor")
    rows = list(rows.filter(Q(predecessor=unit) | Q(successor=unit)))
    if not rows:
        return None
    for row in rows:
        row.may_change = request.scope.may(Action.REGISTER_CHANGE, huvudman_id=row.huvudman_id)
    return {"successions": rows, "count": len(rows), "index_count": len(rows)}


def unit_people(request, unit) -> dict | None:
    """Who has which role at the unit now."""
    if not _may_read_people(request, unit.huvudman_ids):
        return None
    day = today()
    roles = _with_period(list(_roles(request).active_on(day).filter(unit=unit).order_by("role", "pk")), day)
    may_add = any(
        request.scope.may(Action.PEOPLE_CHANGE, huvudman_id=huvudman_id, unit_ids=[unit.pk])
        for huvudman_id in unit.huvudman_ids
    )
    return {
        "roles": roles,
        "changed_roles": _changed(request, roles),
        **_add(may_add, f"{reverse('person_create')}?enhet={unit.uuid}", "Lägg till person"),
        "count": len(roles),
        "index_count": len(roles),
    }


def unit_aliases(request, unit) -> dict | None:
    """Other names; left out where there are none and the user adds none."""
    aliases = list(unit.aliases.all())
    may_change = any(
        request.scope.may(Action.REGISTER_CHANGE, huvudman_id=huvudman_id)
        for huvudman_id in unit.huvudman_ids
    )
    if not aliases and not may_change:
        return None
    return {
        "aliases": aliases,
        "may_change": may_change,
        **_add(may_change, reverse("alias_add", args=[unit.uuid]), "Lägg till ett annat namn"),
        "count": len(aliases),
        "index_count": len(aliases),
    }


def person_roles(request, person) -> dict:
    """The person's roles within the user's reach, those of today first."""
    day = today()
    roles = _with_period(list(_roles(request).filter(person=person)), day)
    for role in roles:
        role.is_over = role.valid_to is not None and role.valid_to < day
    roles.sort(key=lambda role: role.is_over)
    return {
        "roles": roles,
        "changed_roles": _changed(request, roles),
        **_add(
            request.scope.may(Action.PEOPLE_CHANGE), reverse("role_add", args=[person.uuid]), "Lägg till roll"
        ),
        "count": len(roles),
        "index_count": len(roles),
    }


def person_reveals(request, person) -> dict | None:
    """Whom a protected person's details have been shown to, for those who may be shown them."""
    ids = person.huvudman_ids or [None]
    if not person.is_protected or not any(
        request.scope.may(Action.REVEAL_READ, huvudman_id=huvudman_id) for huvudman_id in ids
    ):
        return None
    reveals = list(PersonReveal.objects.visible_to(request.scope).filter(person=person))
    names = names_of((reveal.by_id for reveal in reveals), request.scope)
    shown = {
        "reveals": [(reveal, names[reveal.by_id]) for reveal in reveals],
        "count": len(reveals),
        "index_count": len(reveals),
    }
    if any(request.scope.may(Action.PERSON_REVEAL, huvudman_id=huvudman_id) for huvudman_id in ids):
        url = reverse("person_reveal", args=[person.uuid])
        shown["action"] = {"url": url, "label": "Visa uppgifterna"}
    return shown
