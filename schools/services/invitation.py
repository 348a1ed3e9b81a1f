"""Invites people: a one-time link, kept as a hash, that gives access when the one it is for says yes."""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.rows import checked, locked, saved, wrong_with
from sbs_portal.scope import NATIONAL, Scope, bound, scope_of, settle
from sbs_portal.time import today
from sbs_portal.together import Steps, asked, service
from schools.models import Access, Huvudman, Invitation, InvitationState, Person, SchoolUnit
from schools.models.invitation import VALID_FOR
from schools.services.access import check_unit, is_given, require_grant, save_access
from schools.services.person import is_linkable, link_account


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


@service
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
) -> Steps[tuple[Invitation, str]]:
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
    yield checked(invitation)
    sender = scope_of(by).user
    if sender is not None and sender.email == invitation.email:
        raise ValidationError({"email": "Ingen bjuder in sig själv. Be någon annan som får ge behörigheten."})
    _check_place(role, huvudman, units)
    if valid_to is not None and valid_to < today():
        raise ValidationError({"valid_to": "Dagen har redan varit."})
    yield from _check_rows(invitation, units, by)
    if person is not None:
        yield is_linkable(person, by)
    yield saved(invitation)
    return invitation, key


@service
def resend(*, invitation: Invitation, by) -> Steps[tuple[Invitation, str]]:
    """A new key and seven new days; the former link stops working."""
    row = yield from _for_change(invitation, by)
    key = _new_key(row)
    yield saved(row)
    return row, key


@service
def revoke(*, invitation: Invitation, by) -> Steps[Invitation]:
    """The link stops working."""
    row = yield from _for_change(invitation, by)
    row.revoked_at = timezone.now()
    return (yield saved(row))


def mails() -> bool:
    """Whether this installation sends mail at all."""
    return settings.SENDS_MAIL


def deliver(links: Mapping[Invitation, str]) -> list[Invitation]:
    """Mail each its link. Gives those that were not mailed: their links the inviter has to hand over."""
    if not mails():
        return list(links)
    left = dict(links)
    try:
        with get_connection() as connection:
            for invitation, offer in offers_of(links).items():
                context = {"offer": offer, "link": links[invitation], "days": VALID_FOR.days}
                body = render_to_string("schools/mail/invitation.txt", context)
                letter = EmailMessage(
                    "Inbjudan till SBS-portalen", body, to=[invitation.email], connection=connection
                )
                with suppress(SMTPException):
                    if letter.send():
                        del left[invitation]
    except (SMTPException, OSError):
        # No server answers, or no longer: what was not sent by then was not sent.
        pass
    return list(left)


def offer_of(invitation: Invitation) -> Offer:
    """The invitation in words."""
    return offers_of([invitation])[invitation]


def offers_of(invitations: Iterable[Invitation]) -> dict[Invitation, Offer]:
    """Each invitation in words."""
    invitations = list(invitations)
    with bound(NATIONAL, face="invitation"):
        wanted = {pk for invitation in invitations for pk in invitation.unit_ids}
        units = list(SchoolUnit.objects.filter(pk__in=wanted))
        prefetch_related_objects(invitations, "huvudman", "invited_by")
        emails = {invitation.email for invitation in invitations}
        known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        return {
            invitation: Offer(
                email=invitation.email,
                name=invitation.name,
                role=invitation.get_role_display(),
                huvudman=str(invitation.huvudman or ""),
                units=tuple(unit.name for unit in units if unit.pk in invitation.unit_ids),
                invited_by=str(invitation.invited_by or ""),
                valid_from=invitation.valid_from,
                valid_to=invitation.valid_to,
                has_account=invitation.email in known,
            )
            for invitation in invitations
        }


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
        if not is_given.answer([access])[0]:
            save_access(access)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save()
    person = invitation.person
    if person is not None and _is_linkable(invitation) and not Person.objects.filter(user=user).exists():
        link_account(person, user, by=scope_of(user))
    settle()


def _is_linkable(invitation: Invitation) -> bool:
    """Whether the person is still the sender's to link: since then she or he may have got more to reach."""
    sender = Scope.of(invitation.invited_by) if invitation.invited_by else NATIONAL
    (refused,) = is_linkable.answer([(invitation.person, sender)])
    return refused is None


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


def _check_rows(invitation: Invitation, units: list[SchoolUnit], by) -> Steps:
    """What it would give can stand, is not given already, and is not offered twice."""
    if (yield _is_offered(invitation)):
        raise ValidationError(
            {"email": "Adressen är redan inbjuden till det. Skicka om den inbjudan i stället."}
        )
    known = yield _account(invitation.email, by)
    for access in _rows(invitation, units):
        try:
            yield _checked_for_nobody(access)
            yield from check_unit(access)
        except ValidationError as error:
            by_field = getattr(error, "error_dict", None) or {}
            raise ValidationError({"units": error.messages} if "unit" in by_field else error) from error
        access.user = known
        if known is not None and (yield is_given(access)):
            raise ValidationError({"email": "Den som har adressen har redan den behörigheten."})


@asked
def _account(pairs):
    """Of (address, by): the account that has the address, if ``by`` may know of it."""
    found = {
        by: {
            user.email: user
            for user in User.objects.visible_to(by).filter(email__in={email for email, _ in pairs})
        }
        for by in {by for _, by in pairs}
    }
    return [found[by].get(email) for email, by in pairs]


@asked
def _checked_for_nobody(rows):
    """``checked``, of access that is nobody's yet."""
    answers = []
    for wrong in wrong_with(rows):
        errors = wrong.error_dict if wrong else {}
        errors.pop("user", None)
        answers.append(ValidationError(errors) if errors else None)
    return answers


@asked
def _is_offered(invitations):
    """Whether the address is invited to the same already, or by an earlier row."""
    there = Invitation.objects.unused().filter(email__in={one.email for one in invitations}).order_by()
    known = {_offered(one) for one in there}
    answers = []
    for invitation in invitations:
        answers.append(_offered(invitation) in known)
        known.add(_offered(invitation))
    return answers


def _offered(invitation: Invitation) -> tuple:
    return invitation.email, invitation.role, invitation.huvudman_id, tuple(invitation.unit_ids)


def _new_key(invitation: Invitation) -> str:
    key = secrets.token_urlsafe(32)
    invitation.digest = Invitation.digest_of(key)
    invitation.expires_at = timezone.now() + VALID_FOR
    return key


def _for_change(invitation: Invitation, by) -> Steps[Invitation]:
    row = yield locked(invitation)
    require_grant(by, row.role, row.huvudman_id)
    if row.state == InvitationState.ACCEPTED:
        raise ValidationError("Inbjudan är redan använd.")
    if row.state == InvitationState.REVOKED:
        raise ValidationError("Inbjudan är redan återkallad.")
    return row
