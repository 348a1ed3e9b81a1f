"""Registers units and what becomes of them: each change opens a period and closes the former."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction

from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.rows import changed
from sbs_portal.scope import require, settle
from sbs_portal.time import today
from schools.models import Huvudman, Municipality, SchoolUnit, SchoolUnitVersion, UnitAlias, UnitStatus

UNIT_FIELDS = frozenset({"unit_code", "school_name"})
VERSION_FIELDS = frozenset(
    {
        "name",
        "huvudman",
        "status",
        "school_forms",
        "grade_from",
        "grade_to",
        "street_address",
        "municipality",
    }
)
PERIOD_FIELDS = VERSION_FIELDS | {"valid_from", "valid_to", "change_note"}
DAY = timedelta(days=1)


@transaction.atomic
def register_unit(
    *,
    huvudman: Huvudman,
    name: str,
    school_forms: Iterable[str] = (),
    unit_code: str | None = None,
    school_name: str = "",
    status: str = UnitStatus.ACTIVE,
    grade_from: int | None = None,
    grade_to: int | None = None,
    street_address: str = "",
    municipality: Municipality | None = None,
    valid_from: date | None = None,
    by,
) -> SchoolUnit:
    """A unit with its first period, open at the end. An unknown first day is as far back as is known."""
    require(by, Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    # Its owner stands on the row from the start, or its creator could not see what was written.
    unit = SchoolUnit(
        name=name.strip(),
        unit_code=unit_code or None,
        school_name=school_name.strip(),
        huvudman_ids=[huvudman.pk],
    )
    unit.full_clean()
    unit.save()
    version = SchoolUnitVersion(
        unit=unit,
        huvudman=huvudman,
        name=unit.name,
        status=status,
        school_forms=list(school_forms),
        grade_from=grade_from,
        grade_to=grade_to,
        street_address=street_address.strip(),
        municipality=municipality,
        valid_from=valid_from,
    )
    version.full_clean()
    version.save()
    settle()
    unit.refresh_from_db()
    return unit


@transaction.atomic
def change_unit(*, unit: SchoolUnit, by, **changes) -> SchoolUnit:
    """Correct what does not change over time: UNIT_FIELDS."""
    row = changed(_for_change(unit, by), changes, UNIT_FIELDS)
    settle()
    row.refresh_from_db(fields=["version"])
    return row


@transaction.atomic
def change_unit_from(*, unit: SchoolUnit, day: date, by, note: str = "", **changes) -> SchoolUnitVersion:
    """What is true from the day on: the former period ends the day before, a new one takes its place.

    ``changes`` are any of VERSION_FIELDS; the rest stays as it was. Where a later period is known already,
    the new one ends where the former did. Raises ValidationError on ``day`` where no period covers it or
    one begins on it, and PermissionDenied for who may not change both the former and the new huvudman's.
    """
    unknown = changes.keys() - VERSION_FIELDS
    if unknown:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    row = _locked(unit)
    former = row.version_on(day)
    if former is None:
        raise ValidationError({"day": _nothing_known(row)})
    require(by, Action.REGISTER_CHANGE, huvudman_id=former.huvudman_id)
    if "huvudman" in changes:
        require(by, Action.REGISTER_CHANGE, huvudman_id=changes["huvudman"].pk)
    if former.valid_from == day:
        raise ValidationError(
            {"day": "En period börjar redan den dagen. Rätta den, eller välj en senare dag."}
        )
    new = SchoolUnitVersion(
        unit=row,
        valid_from=day,
        valid_to=former.valid_to,
        change_note=note.strip(),
        **{name: changes.get(name, getattr(former, name)) for name in VERSION_FIELDS},
    )
    former.valid_to = day - DAY
    former.save()
    with _overlap_told_at("day"):
        new.full_clean()
    new.save()
    _keep_name(row)
    settle()
    unit.refresh_from_db()
    return new


@transaction.atomic
def correct_version(*, version: SchoolUnitVersion, by, **changes) -> SchoolUnitVersion:
    """Correct a period as it was entered: any of PERIOD_FIELDS. An overlap is a ValidationError."""
    unit = _locked(version.unit)
    row = SchoolUnitVersion.objects.get(pk=version.pk)
    require(by, Action.REGISTER_CHANGE, huvudman_id=row.huvudman_id)
    if "huvudman" in changes:
        require(by, Action.REGISTER_CHANGE, huvudman_id=changes["huvudman"].pk)
    with _overlap_told_at("valid_from"):
        changed(row, changes, PERIOD_FIELDS)
    _keep_name(unit)
    settle()
    return row


@transaction.atomic
def add_version(*, unit: SchoolUnit, huvudman: Huvudman, name: str, by, **fields) -> SchoolUnitVersion:
    """A period beside those that are known, earlier or in a gap; ``fields`` are any of PERIOD_FIELDS."""
    row = _locked(unit)
    require(by, Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    version = SchoolUnitVersion(unit=row, huvudman=huvudman)
    with _overlap_told_at("valid_from"):
        changed(version, {**fields, "name": name.strip()}, PERIOD_FIELDS)
    _keep_name(row)
    settle()
    return version


@transaction.atomic
def enter_period(*, unit: SchoolUnit, by, **fields) -> SchoolUnitVersion:
    """A period, wherever it belongs: an open one closes the former the day before, others stand in a gap.

    ``fields`` are any of PERIOD_FIELDS, with name and huvudman; errors are keyed to them.
    """
    day, former = fields.get("valid_from"), None
    if day and not fields.get("valid_to"):
        former = SchoolUnitVersion.objects.visible_to(by).active_on(day).filter(unit=unit).first()
    if former is None or former.valid_from == day:
        return add_version(unit=unit, **fields, by=by)
    changes = {name: value for name, value in fields.items() if name in VERSION_FIELDS}
    return change_unit_from(unit=unit, day=day, note=fields.get("change_note", ""), **changes, by=by)


@transaction.atomic
def remove_version(*, row: SchoolUnitVersion, by) -> None:
    """Take away a period that was entered by mistake. A unit's only period goes with the unit."""
    unit = _locked(row.unit)
    if not unit.versions.exclude(pk=row.pk).exists():
        raise InUse("Det här är enhetens enda period. Ta bort eller arkivera enheten i stället.")
    delete_if_unused(row=row, by=by)
    _keep_name(unit)
    settle()


def close_unit(*, unit: SchoolUnit, last_day: date, by, note: str = "") -> SchoolUnitVersion:
    """The unit's last day; from the day after it has ceased. Its history stays."""
    return change_unit_from(unit=unit, day=last_day + DAY, status=UnitStatus.CLOSED, note=note, by=by)


@transaction.atomic
def add_alias(*, unit: SchoolUnit, name: str, note: str = "", by) -> UnitAlias:
    """Another name or spelling the unit is found by."""
    row = _for_change(unit, by)
    alias = UnitAlias(unit=row, name=name.strip(), note=note.strip())
    alias.full_clean()
    alias.save()
    row.touch()
    settle()
    return alias


@transaction.atomic
def remove_alias(*, alias: UnitAlias, by) -> None:
    """Take away a name that was wrong."""
    row = _for_change(alias.unit, by)
    alias.delete()
    row.touch()
    settle()


@contextmanager
def _overlap_told_at(field: str) -> Iterator[None]:
    """What is wrong with the row as a whole is told at the field that says when it begins."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        errors = dict(error.error_dict)
        if whole := errors.pop(NON_FIELD_ERRORS, None):
            errors[field] = [*errors.get(field, []), *whole]
        raise ValidationError(errors) from error


def _locked(unit: SchoolUnit) -> SchoolUnit:
    return SchoolUnit.objects.select_for_update().get(pk=unit.pk)


def _for_change(unit: SchoolUnit, by) -> SchoolUnit:
    """The unit, locked, if ``by`` may change it: who runs it now decides, not who once did."""
    row = _locked(unit)
    version = row.version_on(today()) or row.versions.last()
    if version is None:
        raise PermissionDenied(f"Du saknar behörighet att {Action.REGISTER_CHANGE.label}.")
    require(by, Action.REGISTER_CHANGE, huvudman_id=version.huvudman_id)
    return row


def _keep_name(unit: SchoolUnit) -> None:
    """The name in force, or the latest known, on the unit itself."""
    version = SchoolUnitVersion.objects.filter(unit=unit).active_on().first()
    version = version or SchoolUnitVersion.objects.filter(unit=unit).last()
    unit.refresh_from_db()
    if version and unit.name != version.name:
        unit.name = version.name
        unit.save(update_fields=["name", "updated_at"])
    else:
        unit.touch()


def _nothing_known(unit: SchoolUnit) -> str:
    first = unit.versions.first()
    if first is not None and first.valid_from:
        return (
            f"Inget är känt om enheten den dagen. Det första vi vet gäller från {first.valid_from:%Y-%m-%d}."
        )
    return "Inget är känt om enheten den dagen. Lägg till perioden först."
