"""Issuing and revoking keys to the API."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.rights import Role
from sbs_portal.scope import Scope

PREFIX = "sbs_"
VALID_FOR = timedelta(days=365)
LONGEST = timedelta(days=2 * 366)


def issue_token(
    *,
    user: User,
    name: str,
    can_write: bool = False,
    expires_at: datetime | None = None,
    huvudman_ids: Iterable[int] | None = None,
    by: User | None = None,
) -> tuple[ApiToken, str]:
    """A new key for the user: its row and the key itself, which is kept nowhere and cannot be shown again.

    expires_at: a year from now when None, at most two years ahead. huvudman_ids: narrows the key to these;
    None leaves the user's whole scope. by: who issues it, the user, or for an integration a coordinator; None
    from the command line.
    Raises ValidationError keyed to fields, PermissionDenied.
    """
    if by is not None and by != user:
        _require_for_another(by, user)
    now = timezone.now()
    expires_at = expires_at or now + VALID_FOR
    errors = {}
    if not user.is_active:
        errors["user"] = "Kontot är avstängt."
    if not now < expires_at <= now + LONGEST:
        errors["expires_at"] = "Ange en tid framåt, högst två år bort."
    if huvudman_ids is not None:
        huvudman_ids = sorted(set(huvudman_ids))
        scope = Scope.of(user)
        if not huvudman_ids:
            errors["huvudman_ids"] = "Ange minst en huvudman, eller ingen begränsning alls."
        elif not scope.national and not scope.huvudman_ids.issuperset(huvudman_ids):
            errors["huvudman_ids"] = "Kontot når inte alla dessa huvudmän."
    if errors:
        raise ValidationError(errors)
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        issued_by=by,
        name=name.strip(),
        prefix=key[:12],
        digest=ApiToken.digest_of(key),
        can_write=can_write,
        expires_at=expires_at,
        huvudman_ids=huvudman_ids,
    )
    token.full_clean()
    with transaction.atomic():
        token.save()
    return token, key


def _require_for_another(by: User, user: User) -> None:
    """Only an integration's key is another's to make: with a person's one would act in that person's name."""
    if not Scope.of(by).is_coordinator or not Scope.of(user).has_role(Role.INTEGRATION):
        raise PermissionDenied("Du saknar behörighet att ge någon annan en nyckel.")


def revoke_token(*, token: ApiToken, by: User | None = None) -> ApiToken:
    """The key stops working at once; revoking it again changes nothing."""
    if by is not None and by != token.user and not Scope.of(by).is_coordinator:
        raise PermissionDenied("Du saknar behörighet att återkalla någon annans nyckel.")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
