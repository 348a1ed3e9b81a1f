"""Closes and opens accounts. Who they are is accounts' own; that somebody can still give access is ours."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.accounts.sessions import end_log_ins
from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of, settle
from schools.services.access import keep_a_coordinator

CLOSED_FIELDS = ["is_active", "closed_at", "closed_reason"]


@transaction.atomic
def close_account(*, user: User, reason: str, by) -> User:
    """Nobody logs in with it, and its sessions and API keys stop with their next request. Its access stays."""
    row = _for_change(user, by)
    if scope_of(by).user == row:
        raise ValidationError("Du kan inte stänga av ditt eget konto. Be en annan samordnare.")
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför kontot stängs av."})
    keep_a_coordinator(without=row)
    if row.is_active:
        row.is_active, row.closed_at, row.closed_reason = False, timezone.now(), reason.strip()
        row.save(update_fields=CLOSED_FIELDS)
        end_log_ins(user=row)
        settle()
    return row


@transaction.atomic
def open_account(*, user: User, by) -> User:
    """The account works again, with the access that has not ended meanwhile."""
    row = _for_change(user, by)
    row.is_active, row.closed_at, row.closed_reason = True, None, ""
    row.save(update_fields=CLOSED_FIELDS)
    settle()
    return row


def may_close(by) -> bool:
    """Whether ``by`` may close and open accounts: they belong to no huvudman."""
    scope = scope_of(by)
    return scope.system or (scope.is_coordinator and scope.national and scope.may(Action.ACCESS_GRANT))


def _for_change(user: User, by) -> User:
    require(by, Action.ACCESS_GRANT)
    if not may_close(by):
        raise PermissionDenied("Bara en samordnare kan stänga av och öppna konton.")
    return User.objects.select_for_update().get(pk=user.pk)
