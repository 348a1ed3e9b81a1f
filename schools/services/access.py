"""Gives and ends access. Coordinators grant any; an editor grants within their own huvudman."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from sbs_portal.rights import Action, Role
from sbs_portal.scope import require, scope_of, settle
from sbs_portal.time import today
from schools.models import Access, Huvudman, SchoolUnit

# What someone who is no coordinator may give, within their own huvudman.
GIVEN_BY_EDITORS = frozenset({Role.EDITOR, Role.REKTOR, Role.READER})


@transaction.atomic
def grant_access(
    *,
    user,
    role: str,
    huvudman: Huvudman | None = None,
    unit: SchoolUnit | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    by,
) -> Access:
    """An access row in the period, from today where no first day is given; no last day = until it is ended.

    Raises PermissionDenied where ``by`` may not give it and ValidationError by field where it cannot stand.
    """
    _require_grant(by, role, huvudman.pk if huvudman else None)
    access = Access(
        user=user,
        role=role,
        huvudman=huvudman,
        unit=unit,
        valid_from=valid_from or today(),
        valid_to=valid_to,
        reason=reason.strip(),
        granted_by=scope_of(by).user,
    )
    access.full_clean()
    _check_unit(access)
    _check_not_given(access)
    access.save()
    settle()
    return access


@transaction.atomic
def end_access(*, access: Access, by) -> Access | None:
    """Ends the access now: yesterday becomes its last day. Returns the row.

    One that would then have no day left (it began today, or has not begun) is removed and None returned;
    history keeps it. The last coordinator cannot be ended: no one could give access again.
    """
    row = Access.objects.select_for_update().get(pk=access.pk)
    _require_grant(by, row.role, row.huvudman_id)
    others = Access.objects.in_force().filter(role=Role.COORDINATOR, user__is_active=True)
    if row.role == Role.COORDINATOR and not others.exclude(user=row.user_id).exists():
        raise ValidationError("Det här är den enda samordnaren. Ge någon annan rollen först.")
    yesterday = today() - timedelta(days=1)
    if row.valid_from > yesterday:
        row.delete()
        settle()
        return None
    if row.valid_to is None or row.valid_to > yesterday:
        row.valid_to = yesterday
        row.full_clean()
        row.save()
    settle()
    return row


def _require_grant(by, role: str, huvudman_id: int | None) -> None:
    require(by, Action.ACCESS_GRANT, huvudman_id=huvudman_id)
    scope = scope_of(by)
    if scope.system or scope.is_coordinator:
        return
    if huvudman_id is None or role not in GIVEN_BY_EDITORS:
        raise PermissionDenied("Den behörigheten ger en samordnare.")


def _check_unit(access: Access) -> None:
    """A rektor's unit is the huvudman's in the period."""
    if access.unit is None:
        return
    last = Q() if access.valid_to is None else Q(valid_from__isnull=True) | Q(valid_from__lte=access.valid_to)
    first = Q(valid_to__isnull=True) | Q(valid_to__gte=access.valid_from)
    if not access.unit.versions.filter(last, first, huvudman_id=access.huvudman_id).exists():
        raise ValidationError({"unit": "Enheten hör inte till den huvudmannen under perioden."})


def _check_not_given(access: Access) -> None:
    same = Access.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=access.valid_from),
        user=access.user,
        role=access.role,
        huvudman=access.huvudman,
        unit=access.unit,
    )
    if access.valid_to is not None:
        same = same.filter(valid_from__lte=access.valid_to)
    if same.exclude(pk=access.pk).exists():
        raise ValidationError("Användaren har redan den behörigheten under perioden.")
