"""Registers and changes huvudmän and their administrations."""

from datetime import date

from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.rows import changed, for_change, require_national
from sbs_portal.scope import require, settle
from schools.models import Administration, Huvudman, Municipality

HUVUDMAN_FIELDS = frozenset({"name", "kind", "organisation_number", "municipality", "is_fictional"})
ADMINISTRATION_FIELDS = frozenset({"name", "committee_name", "address", "phone", "valid_from", "valid_to"})


@transaction.atomic
def register_huvudman(
    *,
    name: str,
    kind: str,
    municipality: Municipality | None = None,
    organisation_number: str | None = None,
    is_fictional: bool = False,
    by,
) -> Huvudman:
    """A new huvudman. Raises ValidationError by field; only who reaches the whole country may."""
    require_national(by, Action.REGISTER_CHANGE)
    huvudman = Huvudman(
        name=name.strip(),
        kind=kind,
        municipality=municipality,
        organisation_number=organisation_number or None,
        is_fictional=is_fictional,
    )
    huvudman.full_clean()
    huvudman.save()
    settle()
    return huvudman


@transaction.atomic
def change_huvudman(*, huvudman: Huvudman, by, **changes) -> Huvudman:
    """Change any of HUVUDMAN_FIELDS. Returns the row as it became."""
    row = changed(for_change(huvudman, by), changes, HUVUDMAN_FIELDS)
    settle()
    row.refresh_from_db(fields=["version"])
    return row


@transaction.atomic
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
) -> Administration:
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
    administration.full_clean()
    administration.save()
    huvudman.touch()
    settle()
    return administration


@transaction.atomic
def change_administration(*, administration: Administration, by, **changes) -> Administration:
    """Change any of ADMINISTRATION_FIELDS; a förvaltning that is no more gets a last day."""
    row = changed(for_change(administration, by), changes, ADMINISTRATION_FIELDS)
    row.huvudman.touch()
    settle()
    return row
