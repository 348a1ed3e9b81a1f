"""Invitations: a one-time link that gives whoever holds an e-mail address the access it says."""

import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from sbs_portal.accounts.models import MASKED_NAME
from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.rights import Action, Role
from sbs_portal.scope import Scoping
from schools.models.access import GivenQuerySet
from schools.models.huvudman import Huvudman
from schools.models.person import Person

VALID_FOR = timedelta(days=7)


class InvitationState(models.TextChoices):
    WAITING = "waiting", "Väntar"
    EXPIRED = "expired", "Har gått ut"
    ACCEPTED = "accepted", "Använd"
    REVOKED = "revoked", "Återkallad"


class InvitationQuerySet(GivenQuerySet):
    def in_state(self, state: str):
        """Those that are waiting, expired, accepted or revoked now."""
        if state == InvitationState.ACCEPTED:
            return self.filter(accepted_at__isnull=False)
        if state == InvitationState.REVOKED:
            return self.filter(revoked_at__isnull=False)
        unused = self.filter(accepted_at=None, revoked_at=None)
        now = timezone.now()
        if state == InvitationState.EXPIRED:
            return unused.filter(expires_at__lte=now)
        return unused.filter(expires_at__gt=now)

    def unused(self):
        """Waiting, or expired and to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def matching(self, text: str):
        """Those whose address or name holds the text; a protected person is found by no search."""
        text = text.strip()
        found = self.filter(Q(email__icontains=text) | Q(name__icontains=text))
        return found.exclude(accepted_by__is_protected=True).exclude(person_is_protected=True)


@tracked
class Invitation(models.Model):
    """Access someone is offered, by e-mail address. Only the SHA-256 of the link's key is kept.

    Kernel: read by someone who is nobody yet. The units are ids, as in a key's huvudmän: what they are called
    is read in the scope of whoever asks.
    """

    scoping = Scoping(kind="kernel", path="huvudman_id", read=Action.ACCESS_READ, change=Action.ACCESS_GRANT)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-postadress")
    name = models.CharField("namn", max_length=200, blank=True)
    role = models.CharField("roll", max_length=20, choices=Role.choices)
    huvudman = models.ForeignKey(
        Huvudman,
        verbose_name="huvudman",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        help_text="Tomt betyder hela landet.",
    )
    unit_ids = ArrayField(models.BigIntegerField(), verbose_name="enheter", default=list, blank=True)
    person = models.ForeignKey(
        Person,
        verbose_name="person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    person_is_protected = models.BooleanField("personen är skyddad", default=False, editable=False)
    valid_from = models.DateField("från", null=True, blank=True)
    valid_to = models.DateField("till och med", null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="inbjuden av",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField("skapad", auto_now_add=True)
    expires_at = models.DateTimeField("gäller till", editable=False)
    accepted_at = models.DateTimeField("använd", null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="använd av",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    revoked_at = models.DateTimeField("återkallad", null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "inbjudan"
        verbose_name_plural = "inbjudningar"
        ordering = ["-created_at", "-pk"]
        constraints = [
            one_of("role", Role, name="invitation_role_known"),
            ordered(
                "valid_from",
                "valid_to",
                name="invitation_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
            models.CheckConstraint(name="invitation_email_lower_case", condition=Q(email=Lower("email"))),
        ]

    def __str__(self):
        return f"{self.shown_email or self.shown_name} {self.get_role_display().lower()}"

    @staticmethod
    def digest_of(key: str) -> str:
        """The SHA-256 of a link's key, in hex: what is stored and looked up."""
        return hashlib.sha256(key.encode()).hexdigest()

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= timezone.now() else InvitationState.WAITING

    @property
    def is_unused(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_protected(self) -> bool:
        """Whether it is for a person with protected identity, whose name and address are shown to nobody."""
        return self.person_is_protected or bool(self.accepted_by and self.accepted_by.is_protected)

    @property
    def shown_name(self) -> str:
        return MASKED_NAME if self.is_protected else self.name

    @property
    def shown_email(self) -> str:
        return "" if self.is_protected else self.email
