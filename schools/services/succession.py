"""Units that are merged and split: who ends, who goes on, and which became which."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from schools.models import SchoolUnit, SchoolUnitVersion, SuccessionKind, UnitStatus, UnitSuccession
from schools.services.unit import change_unit_from, register_unit
from schools.validators import usable_day


@transaction.atomic
def merge_units(
    *,
    unit: SchoolUnit,
    other: SchoolUnit,
    day: date,
    name: str = "",
    unit_code: str | None = None,
    note: str = "",
    by,
) -> SchoolUnit:
    """Two units are one from the day on. Returns the one that is.

    Without ``name`` the unit goes on with the other in it. With it both end the day before, and a new unit of
    that name begins. It has the school forms and grades of both. Raises ValidationError by field where the two
    are not run by one huvudman that day, or something later is known of one that ends.
    """
    if unit.pk == other.pk:
        raise ValidationError({"other": "Välj en annan enhet än den här."})
    _lock(unit, other)
    one, two = _in_force(unit, day, "day", by), _in_force(other, day, "other", by)
    if one.huvudman_id != two.huvudman_id:
        raise ValidationError({"other": "Enheterna har inte samma huvudman den dagen."})
    shape = _shape_of_both(one, two)
    if name.strip():
        successor = _begin(one, day, {**shape, "name": name, "unit_code": unit_code}, by)
        ending = [(unit, one), (other, two)]
    else:
        successor, ending = unit, [(other, two)]
        if any(getattr(one, field) != value for field, value in shape.items()):
            change_unit_from(unit=unit, day=day, note=note or f"{two.name} går upp i enheten", **shape, by=by)
        else:
            unit.touch()
    for row, version in ending:
        _end(row, version, day, note or f"Går upp i {successor.name}", by)
        _link(row, successor, SuccessionKind.MERGE, day, note, version)
    settle()
    return successor


@transaction.atomic
def split_unit(*, unit: SchoolUnit, day: date, parts: list[dict], note: str = "", by) -> list[SchoolUnit]:
    """New units come out of one from the day on. Returns the new ones.

    ``parts`` has a name for each, and where they are known unit_code, grade_from and grade_to; school forms,
    address and municipality are the old unit's. One part breaks away and the unit goes on; of several parts
    the unit is divided, and ends the day before.
    """
    if not parts:
        raise TypeError("A unit is split into at least one new.")
    _lock(unit)
    version = _in_force(unit, day, "day", by)
    new = [_begin(version, day, {"school_forms": version.school_forms, **part}, by) for part in parts]
    if len(new) > 1:
        names = " och ".join(row.name for row in new)
        _end(unit, version, day, note or f"Delas i {names}", by)
    else:
        unit.touch()
    for row in new:
        _link(unit, row, SuccessionKind.SPLIT, day, note, version)
    settle()
    return new


def _lock(*units: SchoolUnit) -> None:
    """In the same order for all, so that two who merge the same pair wait for each other."""
    list(SchoolUnit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk"))


def _in_force(unit: SchoolUnit, day: date, field: str, by) -> SchoolUnitVersion:
    usable_day(day, "day")
    version = SchoolUnitVersion.objects.active_on(day).filter(unit=unit).select_related("huvudman").first()
    if version is None or version.status == UnitStatus.CLOSED:
        raise ValidationError({field: f"{unit} finns inte den dagen."})
    require(by, Action.REGISTER_CHANGE, huvudman_id=version.huvudman_id)
    return version


def _shape_of_both(one: SchoolUnitVersion, two: SchoolUnitVersion) -> dict:
    """School forms and grades of both together; grades are told only where both say theirs."""
    known = [row for row in (one, two) if row.grade_from is not None and row.grade_to is not None]
    return {
        "school_forms": [
            *one.school_forms,
            *(form for form in two.school_forms if form not in one.school_forms),
        ],
        "grade_from": min(row.grade_from for row in known) if len(known) == 2 else one.grade_from,
        "grade_to": max(row.grade_to for row in known) if len(known) == 2 else one.grade_to,
    }


def _begin(origin: SchoolUnitVersion, day: date, fields: dict, by) -> SchoolUnit:
    return register_unit(
        huvudman=origin.huvudman,
        street_address=origin.street_address,
        municipality=origin.municipality,
        valid_from=day,
        **fields,
        by=by,
    )


def _end(unit: SchoolUnit, version: SchoolUnitVersion, day: date, note: str, by) -> None:
    if version.valid_to is not None:
        raise ValidationError(
            {"day": f"Det finns en senare period för {unit}. Ta bort den först, under Över tid."}
        )
    change_unit_from(unit=unit, day=day, status=UnitStatus.CLOSED, note=note[:300], by=by)


def _link(
    predecessor: SchoolUnit,
    successor: SchoolUnit,
    kind: SuccessionKind,
    day: date,
    note: str,
    version: SchoolUnitVersion,
) -> None:
    row = UnitSuccession(
        huvudman_id=version.huvudman_id,
        predecessor=predecessor,
        successor=successor,
        kind=kind,
        day=day,
        note=note.strip(),
    )
    row.full_clean()
    row.save()
