"""Registers units and what becomes of them: each change opens a period and closes the former."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError

from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.rows import by_id, changed, checked, locked, removed, reread, saved, touched
from sbs_portal.scope import require
from sbs_portal.time import today
from sbs_portal.together import Steps, Turn, asked, service
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


@service
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
) -> Steps[SchoolUnit]:
    """A unit with its first period, open at the end. An unknown first day is as far back as is known."""
    require(by, Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    # Its owner stands on the row from the start, or its creator could not see what was written.
    unit = SchoolUnit(
        name=name.strip(),
        unit_code=unit_code or None,
        school_name=school_name.strip(),
        huvudman_ids=[huvudman.pk],
    )
    yield checked(unit)
    yield saved(unit)
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
    yield checked(version)
    yield saved(version)
    return (yield reread(unit))


@service
def change_unit(*, unit: SchoolUnit, by, **changes) -> Steps[SchoolUnit]:
    """Correct what does not change over time: UNIT_FIELDS."""
    return (yield from changed((yield from _for_change(unit, by)), changes, UNIT_FIELDS))


@service
def change_unit_from(
    *, unit: SchoolUnit, day: date, by, note: str = "", **changes
) -> Steps[SchoolUnitVersion]:
    """What is true from the day on: the former period ends the day before, a new one takes its place.

    ``changes`` are any of VERSION_FIELDS; the rest stays as it was. Where a later period is known already,
    the new one ends where the former did. Raises ValidationError on ``day`` where no period covers it or
    one begins on it, and PermissionDenied for who may not change both the former and the new huvudman's.
    """
    unknown = changes.keys() - VERSION_FIELDS
    if unknown:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    yield Turn(unit)
    row = yield locked(unit)
    versions = yield versions_of(row)
    former = _covering(versions, day)
    if former is None:
        raise ValidationError({"day": _nothing_known(versions)})
    require(by, Action.REGISTER_CHANGE, huvudman_id=former.huvudman_id)
    if "huvudman" in changes:
        require(by, Action.REGISTER_CHANGE, huvudman_id=changes["huvudman"].pk)
    if former.valid_from == day:
        raise ValidationError(
            {"day": "En period börjar redan den dagen. Rätta den, eller välj en senare dag."}
        )
    new = SchoolUnitVersion(unit=row, valid_from=day, valid_to=former.valid_to, change_note=note.strip())
    for field in map(SchoolUnitVersion._meta.get_field, VERSION_FIELDS):
        if field.name in changes:
            setattr(new, field.name, changes[field.name])
        else:
            setattr(new, field.attname, getattr(former, field.attname))
    former.valid_to = day - DAY
    yield saved(former)
    with _overlap_told_at("day"):
        yield checked(new)
    yield saved(new)
    yield from _keep_name(row)
    yield reread(unit)
    return new


@service
def correct_version(*, version: SchoolUnitVersion, by, **changes) -> Steps[SchoolUnitVersion]:
    """Correct a period as it was entered: any of PERIOD_FIELDS. An overlap is a ValidationError."""
    yield Turn(version.unit)
    unit = yield locked(version.unit)
    row = yield by_id(SchoolUnitVersion, version.pk)
    require(by, Action.REGISTER_CHANGE, huvudman_id=row.huvudman_id)
    if "huvudman" in changes:
        require(by, Action.REGISTER_CHANGE, huvudman_id=changes["huvudman"].pk)
    with _overlap_told_at("valid_from"):
        yield from changed(row, changes, PERIOD_FIELDS)
    yield from _keep_name(unit)
    return row


@service
def add_version(*, unit: SchoolUnit, huvudman: Huvudman, name: str, by, **fields) -> Steps[SchoolUnitVersion]:
    """A period beside those that are known, earlier or in a gap; ``fields`` are any of PERIOD_FIELDS."""
    yield Turn(unit)
    row = yield locked(unit)
    require(by, Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    version = SchoolUnitVersion(unit=row, huvudman=huvudman)
    with _overlap_told_at("valid_from"):
        yield from changed(version, {**fields, "name": name.strip()}, PERIOD_FIELDS)
    yield from _keep_name(row)
    return version


@service
def enter_period(*, unit: SchoolUnit, by, **fields) -> Steps[SchoolUnitVersion]:
    """A period, wherever it belongs: an open one closes the former the day before, others stand in a gap.

    ``fields`` are any of PERIOD_FIELDS, with name and huvudman; errors are keyed to them.
    """
    yield Turn(unit)
    day, former = fields.get("valid_from"), None
    if day and not fields.get("valid_to"):
        former = _covering((yield _seen_versions_of(unit, by)), day)
    if former is None or former.valid_from == day:
        return (yield from add_version.steps(unit=unit, **fields, by=by))
    changes = {name: value for name, value in fields.items() if name in VERSION_FIELDS}
    note = fields.get("change_note", "")
    return (yield from change_unit_from.steps(unit=unit, day=day, note=note, **changes, by=by))


@service
def remove_version(*, row: SchoolUnitVersion, by) -> Steps:
    """Take away a period that was entered by mistake. A unit's only period goes with the unit."""
    unit = yield locked(row.unit)
    if not unit.versions.exclude(pk=row.pk).exists():
        raise InUse("Det här är enhetens enda period. Ta bort eller arkivera enheten i stället.")
    delete_if_unused(row=row, by=by)
    yield from _keep_name(unit)


def close_unit(*, unit: SchoolUnit, last_day: date, by, note: str = "") -> SchoolUnitVersion:
    """The unit's last day; from the day after it has ceased. Its history stays."""
    return change_unit_from(unit=unit, day=last_day + DAY, status=UnitStatus.CLOSED, note=note, by=by)


@service
def add_alias(*, unit: SchoolUnit, name: str, note: str = "", by) -> Steps[UnitAlias]:
    """Another name or spelling the unit is found by."""
    row = yield from _for_change(unit, by)
    alias = UnitAlias(unit=row, name=name.strip(), note=note.strip())
    yield checked(alias)
    yield saved(alias)
    yield touched(row)
    return alias


@service
def remove_alias(*, alias: UnitAlias, by) -> Steps:
    """Take away a name that was wrong."""
    row = yield from _for_change(alias.unit, by)
    yield removed(alias)
    yield touched(row)


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


def _grouped(versions) -> dict[int, list[SchoolUnitVersion]]:
    found = defaultdict(list)
    for version in versions:
        found[version.unit_id].append(version)
    return found


@asked
def versions_of(units):
    """A unit's periods, the earliest first."""
    found = _grouped(SchoolUnitVersion.objects.filter(unit__in={unit.pk for unit in units}))
    return [found[unit.pk] for unit in units]


@asked
def _seen_versions_of(pairs):
    """Of (unit, by): the unit's periods that ``by`` may see."""
    ids = {unit.pk for unit, _ in pairs}
    readers = {by for _, by in pairs}
    found = {by: _grouped(SchoolUnitVersion.objects.visible_to(by).filter(unit__in=ids)) for by in readers}
    return [found[by][unit.pk] for unit, by in pairs]


def shared_days(one, other) -> int:
    """How many days two periods share; an unknown end is open."""
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return max((last - first).days + 1, 0)


def _covering(versions: list[SchoolUnitVersion], day: date) -> SchoolUnitVersion | None:
    return next((version for version in versions if version.covers(day)), None)


def _for_change(unit: SchoolUnit, by) -> Steps[SchoolUnit]:
    """The unit, locked, if ``by`` may change it: who runs it now decides, not who once did."""
    row = yield locked(unit)
    versions = yield versions_of(row)
    if not versions:
        raise PermissionDenied(f"Du saknar behörighet att {Action.REGISTER_CHANGE.label}.")
    version = _covering(versions, today()) or versions[-1]
    require(by, Action.REGISTER_CHANGE, huvudman_id=version.huvudman_id)
    return row


def _keep_name(unit: SchoolUnit) -> Steps:
    """The name in force, or the latest known, on the unit itself."""
    versions = yield versions_of(unit)
    version = _covering(versions, today()) or next(reversed(versions), None)
    yield reread(unit)
    if version and unit.name != version.name:
        unit.name = version.name
        yield saved(unit)
    else:
        yield touched(unit)


def _nothing_known(versions: list[SchoolUnitVersion]) -> str:
    if versions and versions[0].valid_from:
        return (
            "Inget är känt om enheten den dagen. Det första vi vet gäller "
            f"från {versions[0].valid_from:%Y-%m-%d}."
        )
    return "Inget är känt om enheten den dagen. Lägg till perioden först."
