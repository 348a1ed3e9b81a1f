"""Invites people: a one-time link, kept as a hash, that gives access when the one it is for says yes."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound, scope_of, settle
from sbs_portal.time import today
from schools.models import Access, Huvudman, Invitation, InvitationState, Person, SchoolUnit
from schools.models.invitation import VALID_FOR
from schools.services.access import check_unit, is_given, require_grant, save_access
from schools.services.person import link_account, require_linkable


class InvitationClosed(Exception):
    """The link gives nothing: it is unknown, used, expired, revoked, or its sender may not give it any more."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Offer:
    """What an invitation offers, in words: read in the whole country, since the invited reach nothing yet."""

    email: str
    name: str
    role: str
    huvudman: str
    units: tuple[str, ...]
    invited_by: str
    valid_from: date | None
    valid_to: date | None
    has_account: bool


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    huvudman: Huvudman | None = None,
    units: Iterable[SchoolUnit] = (),
    name: str = "",
    person: Person | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by,
) -> tuple[Invitation, str]:
    """An invitation and its key, which is kept nowhere and cannot be shown again.

    It gives nothing until the one it is for accepts. A rektor has one or several units. Whether the address
    has an account is told to nobody.
    """
    require_grant(by, role, huvudman.pk if huvudman else None)
    units = list(units)
    invitation = Invitation(
        email=email.strip().lower(),
        name=name.strip(),
        role=role,
        huvudman=huvudman,
        unit_ids=sorted(unit.pk for unit in units),
        person=person,
        person_is_protected=person is not None and person.is_protected,
        valid_from=valid_from,
        valid_to=valid_to,
        invited_by=scope_of(by).user,
    )
    key = _new_key(invitation)
    invitation.full_clean()
    sender = scope_of(by).user
    if sender is not None and sender.email == invitation.email:
        raise ValidationError({"email": "Ingen bjuder in sig själv. Be någon annan som får ge behörigheten."})
    _check_place(role, huvudman, units)
    if valid_to is not None and valid_to < today():
        raise ValidationError({"valid_to": "Dagen har redan varit."})
    _check_rows(invitation, units, by)
    if person is not None:
        require_linkable(person, by)
    invitation.save()
    settle()
    return invitation, key


@transaction.atomic
def resend(*, invitation: Invitation, by) -> tuple[Invitation, str]:
    """A new key and seven new days; the former link stops working."""
    row = _for_change(invitation, by)
    key = _new_key(row)
    row.save()
    settle()
    return row, key


@transaction.atomic
def revoke(*, invitation: Invitation, by) -> Invitation:
    """The link stops working."""
    row = _for_change(invitation, by)
    row.revoked_at = timezone.now()
    row.save()
    settle()
    return row


def mails() -> bool:
    """Whether this installation sends mail at all."""
    return settings.SENDS_MAIL


def deliver(*, invitation: Invitation, link: str) -> bool:
    """Mail the link. False where no mail is sent: then the inviter has to hand it over."""
    if not mails():
        return False
    context = {"offer": offer_of(invitation), "link": link, "days": VALID_FOR.days}
    body = render_to_string("schools/mail/invitation.txt", context)
    try:
        return bool(send_mail("Inbjudan till SBS-portalen", body, None, [invitation.email]))
    except (SMTPException, OSError):
        return False


def offer_of(invitation: Invitation) -> Offer:
    """The invitation in words."""
    with bound(NATIONAL, face="invitation"):
        units = SchoolUnit.objects.filter(pk__in=invitation.unit_ids)
        return Offer(
            email=invitation.email,
            name=invitation.name,
            role=invitation.get_role_display(),
            huvudman=str(invitation.huvudman or ""),
            units=tuple(unit.name for unit in units),
            invited_by=str(invitation.invited_by or ""),
            valid_from=invitation.valid_from,
            valid_to=invitation.valid_to,
            has_account=User.objects.filter(email=invitation.email).exists(),
        )


def find_open(key: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link that still gives something, or InvitationClosed with why."""
    rows = Invitation.objects.select_related("invited_by")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    invitation = rows.filter(digest=Invitation.digest_of(key)).first()
    if invitation is None:
        raise InvitationClosed("unknown")
    if invitation.state != InvitationState.WAITING:
        raise InvitationClosed(invitation.state.value)
    if invitation.invited_by is not None:
        try:
            require_grant(Scope.of(invitation.invited_by), invitation.role, invitation.huvudman_id)
        except PermissionDenied as error:
            raise InvitationClosed("sender") from error
    return invitation


def accept_as(*, key: str, user: User) -> User:
    """The one whose account it is says yes, logged in. Never gives to another account than the address's."""
    with bound(Scope(user=user, system=True), face="invitation"):
        invitation = find_open(key, lock=True)
        if invitation.email != user.email or not user.is_active:
            raise PermissionDenied("Inbjudan är till en annan adress än den du är inloggad med.")
        _give(invitation, user)
    return user


def accept_as_new(*, key: str, name: str, password: str) -> User:
    """Someone without an account says yes: makes one, with a password. ValidationError by field."""
    with bound(NATIONAL, face="invitation"):
        invitation = find_open(key, lock=True)
        if User.objects.filter(email=invitation.email).exists():
            raise ValidationError("Adressen har redan ett konto. Logga in först.")
        user = User(email=invitation.email, name=name.strip())
        if not user.name:
            raise ValidationError({"name": "Skriv ditt namn."})
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        with bound(Scope(user=user, system=True), face="invitation"):
            _give(invitation, user)
    return user


def _give(invitation: Invitation, user: User) -> None:
    units = list(SchoolUnit.objects.filter(pk__in=invitation.unit_ids))
    for access in _rows(invitation, units):
        access.user = user
        if not is_given(access):
            save_access(access)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save()
    person = invitation.person
    if person is not None and _is_linkable(invitation) and not Person.objects.filter(user=user).exists():
        link_account(person, user, by=scope_of(user))
    settle()


def _is_linkable(invitation: Invitation) -> bool:
    """Whether the person is still the sender's to link: since then she or he may have got more to reach."""
    try:
        require_linkable(
            invitation.person, Scope.of(invitation.invited_by) if invitation.invited_by else NATIONAL
        )
    except ValidationError:
        return False
    return True


def _rows(invitation: Invitation, units: list[SchoolUnit]) -> list[Access]:
    """The access it gives: one row, or one for each unit."""
    first = max(invitation.valid_from or today(), today())
    return [
        Access(
            role=invitation.role,
            huvudman=invitation.huvudman,
            unit=unit,
            valid_from=first,
            valid_to=invitation.valid_to,
            reason="Inbjudan",
            granted_by=invitation.invited_by,
        )
        for unit in units or [None]
    ]


def _check_place(role: str, huvudman: Huvudman | None, units: list[SchoolUnit]) -> None:
    errors = {}
    if role == Role.INTEGRATION:
        errors["role"] = "En integration bjuds inte in. Lägg in kontot och ge det behörighet."
    elif role == Role.COORDINATOR and huvudman is not None:
        errors["huvudman"] = "En samordnare har hela landet: lämna huvudman tom."
    elif role != Role.COORDINATOR and huvudman is None:
        errors["huvudman"] = "Välj en huvudman."
    elif role == Role.REKTOR and not units:
        errors["units"] = "Välj minst en enhet."
    if role != Role.REKTOR and units:
        errors["units"] = "Bara en rektor har enheter."
    if errors:
        raise ValidationError(errors)


def _check_rows(invitation: Invitation, units: list[SchoolUnit], by) -> None:
    """What it would give can stand, is not given already, and is not offered twice."""
    known = User.objects.visible_to(by).filter(email=invitation.email).first()
    for access in _rows(invitation, units):
        try:
            access.full_clean(exclude=["user"])
            check_unit(access)
        except ValidationError as error:
            by_field = getattr(error, "error_dict", None) or {}
            raise ValidationError({"units": error.messages} if "unit" in by_field else error) from error
        access.user = known
        if known is not None and is_given(access):
            raise ValidationError({"email": "Den som har adressen har redan den behörigheten."})
    same = Invitation.objects.unused().filter(
        email=invitation.email,
        role=invitation.role,
        huvudman=invitation.huvudman,
        unit_ids=invitation.unit_ids,
    )
    if same.exists():
        raise ValidationError(
            {"email": "Adressen är redan inbjuden till det. Skicka om den inbjudan i stället."}
        )


def _new_key(invitation: Invitation) -> str:
    key = secrets.token_urlsafe(32)
    invitation.digest = Invitation.digest_of(key)
    invitation.expires_at = timezone.now() + VALID_FOR
    return key


def _for_change(invitation: Invitation, by) -> Invitation:
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require_grant(by, row.role, row.huvudman_id)
    if row.state == InvitationState.ACCEPTED:
        raise ValidationError("Inbjudan är redan använd.")
    if row.state == InvitationState.REVOKED:
        raise ValidationError("Inbjudan är redan återkallad.")
    return row
