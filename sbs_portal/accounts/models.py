"""Users and API tokens: kernel tables, read before any scope is bound and so without policies."""

import hashlib
import uuid
from datetime import date, datetime, time

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, Lower
from django.utils import timezone

from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping, scope_of

MASKED_NAME = "Skyddad person"


def start_of_day(day: date) -> datetime:
    """The day's midnight, as the portal's clock has it."""
    return timezone.make_aware(datetime.combine(day, time.min))


class UserQuerySet(ScopedQuerySet):
    def visible_to(self, who):
        """Accounts that who may see the access of: all for coordinators, else those known at their huvudman."""
        access = apps.get_model(settings.SBS_ACCESS_MODEL)
        within = scope_of(who).q(access, Action.ACCESS_READ)
        if not within:
            return self.all()
        return self.filter(Exists(access.objects.filter(within, user=OuterRef("pk"))))

    def editable_by(self, who, action=None):
        """Accounts belong to no huvudman: they are coordinators' to close and open."""
        scope = scope_of(who)
        return self.all() if scope.system or (scope.is_coordinator and scope.national) else self.none()

    def unprotected(self):
        return self.filter(is_protected=False)

    def with_last_here(self):
        """With ``last_here``: when the account was last used, in the browser or with a key."""
        keys = ApiToken.objects.filter(user=OuterRef("pk")).order_by(F("last_used_at").desc(nulls_last=True))
        return self.annotate(
            last_here=Greatest("last_login", "last_seen_at", Subquery(keys.values("last_used_at")[:1]))
        )

    def matching(self, text: str):
        """Those whose name or address holds the text; a protected person is found by no search."""
        text = text.strip()
        return self.unprotected().filter(Q(name__icontains=text) | Q(email__icontains=text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates users; e-mail is the log-in name and is kept in lower case."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who can log in. The person they are, if any, is ``user.person`` (schools).

    Where that person has protected identity ``is_protected`` is true, kept by a trigger on the person, and the
    account's name and address are shown to nobody else: always through ``str``, ``shown_name``, ``shown_email``.
    """

    scoping = Scoping(kind="kernel")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-postadress", unique=True)
    name = models.CharField("namn", max_length=200)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("kommer in i admin", default=False)
    date_joined = models.DateTimeField("skapad", default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField("senast här", null=True, editable=False)
    seen_before_at = models.DateTimeField("senast här en tidigare dag", null=True, editable=False)
    is_protected = models.BooleanField("skyddad", default=False, editable=False)
    closed_at = models.DateTimeField("avstängt", null=True, editable=False)
    closed_reason = models.CharField("varför kontot är avstängt", max_length=200, blank=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "användare"
        verbose_name_plural = "användare"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                name="user_email_lower_case",
                condition=models.Q(email=Lower("email")),
                violation_error_message="Skriv e-postadressen med små bokstäver.",
            ),
        ]

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return MASKED_NAME if self.is_protected else self.own_name

    @property
    def shown_email(self) -> str:
        return "" if self.is_protected else self.email

    @property
    def last_visit(self):
        """When the account was last here on a day before today; None where it never was."""
        midnight = start_of_day(timezone.localdate())
        return (
            self.last_seen_at if self.last_seen_at and self.last_seen_at < midnight else self.seen_before_at
        )

    @property
    def own_name(self) -> str:
        """What the account is called to the one whose it is."""
        return self.name or self.email

    def clean(self):
        self.email = self.email.strip().lower()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else self.email


class ApiTokenQuerySet(ScopedQuerySet):
    def visible_to(self, who):
        """One's own keys; a coordinator's reach is everybody's."""
        scope = scope_of(who)
        if scope.system or (scope.is_coordinator and scope.national):
            return self.all()
        return self.filter(user=scope.user)

    def editable_by(self, who, action=None):
        """Keys are revoked by those who see them."""
        return self.visible_to(who)

    def working(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def over(self):
        return self.exclude(pk__in=self.working().values("pk"))


class ApiToken(models.Model):
    """A key to the API. Only its SHA-256 is kept; the key itself is shown once, when it is issued.

    It never reaches further than its user: ``huvudman_ids`` narrows, None leaves the user's whole scope.
    """

    scoping = Scoping(kind="kernel")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        User, verbose_name="användare", on_delete=models.CASCADE, related_name="api_tokens"
    )
    issued_by = models.ForeignKey(
        User,
        verbose_name="utfärdad av",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    name = models.CharField("namn", max_length=100)
    prefix = models.CharField("börjar med", max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    can_write = models.BooleanField("får skriva", default=False)
    huvudman_ids = ArrayField(models.BigIntegerField(), verbose_name="huvudmän", null=True, blank=True)
    created_at = models.DateTimeField("utfärdad", auto_now_add=True)
    expires_at = models.DateTimeField("gäller till")
    last_used_at = models.DateTimeField("senast använd", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("återkallad", null=True, blank=True)

    # The account's access in force, as (role, huvudman, unit), on a key that was read together with it.
    access_rows: list | None = None

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API-nyckel"
        verbose_name_plural = "API-nycklar"
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_working(self) -> bool:
        return self.revoked_at is None and not self.is_expired and self.user.is_active

    @property
    def rights_in_words(self) -> str:
        return "Läsa och skriva" if self.can_write else "Läsa"

    @property
    def reach_in_words(self) -> str:
        if self.huvudman_ids is None:
            return "Allt kontot når"
        return f"{len(self.huvudman_ids)} huvudmän" if len(self.huvudman_ids) > 1 else "En huvudman"

    @staticmethod
    def digest_of(key: str) -> str:
        """The SHA-256 of a key, in hex: what is stored and looked up."""
        return hashlib.sha256(key.encode()).hexdigest()


class CalendarFeed(models.Model):
    """A secret address that a calendar program reads its owner's work from, until it is revoked.

    Only the secret's SHA-256 is kept; the address is shown once, when it is made.
    """

    scoping = Scoping(kind="kernel")

    user = models.ForeignKey(
        User, verbose_name="användare", on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("skapad", auto_now_add=True)
    last_used_at = models.DateTimeField("senast läst", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("återkallad", null=True, blank=True)

    class Meta:
        verbose_name = "kalenderadress"
        verbose_name_plural = "kalenderadresser"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendar_feed_one_each",
                violation_error_message="Kontot har redan en kalenderadress.",
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.created_at:%Y-%m-%d}"
