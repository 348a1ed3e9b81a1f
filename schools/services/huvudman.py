"""Registers and changes huvudmän and their administrations."""

from datetime import date

from sbs_portal.rights import Action
from sbs_portal.rows import changed, checked, for_change, require_national, saved, touched
from sbs_portal.scope import require
from sbs_portal.together import Steps, service
from schools.models import Administration, Huvudman, Municipality

HUVUDMAN_FIELDS = frozenset({"name", "kind", "organisation_number", "municipality", "is_fictional"})
ADMINISTRATION_FIELDS = frozenset({"name", "committee_name", "address", "phone", "valid_from", "valid_to"})


@service
def register_huvudman(
    *,
    name: str,
    kind: str,
    municipality: Municipality | None = None,
    organisation_number: str | None = None,
    is_fictional: bool = False,
    by,
) -> Steps[Huvudman]:
    """A new huvudman. Raises ValidationError by field; only who reaches the whole country may."""
    require_national(by, Action.REGISTER_CHANGE)
    huvudman = Huvudman(
        name=name.strip(),
        kind=kind,
        municipality=municipality,
        organisation_number=organisation_number or None,
        is_fictional=is_fictional,
    )
    yield checked(huvudman)
    return (yield saved(huvudman))


@service
def change_huvudman(*, huvudman: Huvudman, by, **changes) -> Steps[Huvudman]:
    """Change any of HUVUDMAN_FIELDS. Returns the row as it became."""
    return (yield from changed((yield from for_change.steps(huvudman, by)), changes, HUVUDMAN_FIELDS))


@service
def add_administration(
    *,
    huvudman: Huvudman,
    name: str,
    committee_name: str = "",
    address: str = "",
    phone: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    by,
) -> Steps[Administration]:
    """A förvaltning of the huvudman's. An unknown first day is as far back as is known."""
    require(by, Action.REGISTER_CHANGE, huvudman_id=huvudman.pk)
    administration = Administration(
        huvudman=huvudman,
        name=name.strip(),
        committee_name=committee_name.strip(),
        address=address.strip(),
        phone=phone.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    yield checked(administration)
    yield saved(administration)
    yield touched(huvudman)
    return administration


@service
def change_administration(*, administration: Administration, by, **changes) -> Steps[Administration]:
    """Change any of ADMINISTRATION_FIELDS; a förvaltning that is no more gets a last day."""
    row = yield from for_change.steps(administration, by)
    yield from changed(row, changes, ADMINISTRATION_FIELDS)
    yield touched(row.huvudman)
    return row
