"""What every service does with a row: the right, the lock, the changes."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of


def require_national(by, action: Action) -> None:
    """Raise PermissionDenied unless ``by`` may do this in the whole country: rows that are no huvudman's."""
    require(by, action)
    if not scope_of(by).national:
        raise PermissionDenied(f"Du saknar behörighet att {action.label} utanför din huvudman.")


def for_change(row, by, action: Action | None = None):
    """The row as it is now, locked, if ``by`` may change it.

    Raises PermissionDenied outside that right, also where the row is not visible at all: a face that was
    asked for it by an address has already answered 404.
    """
    manager = type(row).objects
    try:
        manager.get_for_change(by, action, pk=row.pk)
    except Http404 as error:
        raise PermissionDenied(str(error)) from error
    return manager.select_for_update(of=("self",)).get(pk=row.pk)


def changed(row, changes: dict, allowed: frozenset[str]):
    """The row with the changes set, validated and saved. An unknown name is a programmer's TypeError."""
    if unknown := changes.keys() - allowed:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    if not changes and row.pk is not None:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row
