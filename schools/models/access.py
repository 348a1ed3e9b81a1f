"""Access: which user reaches which huvudman, in which role, when. The one table Scope.of reads."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.rights import GIVEN_BY_EDITORS, Action, Role
from sbs_portal.scope import ScopedQuerySet, Scoping, scope_of
from sbs_portal.time import today
from schools.models.huvudman import Huvudman
from schools.models.unit import SchoolUnit


class GivenQuerySet(ScopedQuerySet):
    """What gives access: seen by who gives access there, changed by who may give that role there."""

    def editable_by(self, who, action=None):
        scope = scope_of(who)
        rows = super().editable_by(scope, action)
        return rows if scope.system or scope.is_coordinator else rows.filter(role__in=GIVEN_BY_EDITORS)


class AccessQuerySet(GivenQuerySet):
    def in_force(self, day=None):
        """Rows whose period covers the day."""
        day = day or today()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def coming(self, day=None):
        return self.filter(valid_from__gt=day or today())

    def over(self, day=None):
        return self.filter(valid_to__lt=day or today())

    def not_over(self, day=None):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day or today()))


@tracked
class Access(models.Model):
    """A role at a huvudman (none = everywhere), at one unit or all, in a period.

    Kernel: read before any scope is bound, so it is under no policy and joins nothing that is. To whoever
    looks at others' access the rows are those of the huvudmän where they give access themselves.
    """

    scoping = Scoping(kind="kernel", path="huvudman_id", read=Action.ACCESS_READ, change=Action.ACCESS_GRANT)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="användare",
        on_delete=models.CASCADE,
        related_name="access_rows",
    )
    role = models.CharField("roll", max_length=20, choices=Role.choices)
    huvudman = models.ForeignKey(
        Huvudman,
        verbose_name="huvudman",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="access_rows",
        help_text="Tomt betyder hela landet.",
    )
    unit = models.ForeignKey(
        SchoolUnit,
        verbose_name="enhet",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="access_rows",
    )
    valid_from = models.DateField("från", default=today)
    valid_to = models.DateField("till och med", null=True, blank=True)
    reason = models.CharField("grund", max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="given av",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField("skapad", auto_now_add=True)
    end_reason = models.CharField("varför den avslutades", max_length=200, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="avslutad av",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "behörighet"
        verbose_name_plural = "behörigheter"
        ordering = ["user_id", "role", "pk"]
        indexes = [models.Index(fields=["user", "valid_from"], name="access_user")]
        constraints = [
            one_of("role", Role, name="access_role_known"),
            ordered(
                "valid_from",
                "valid_to",
                name="access_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
            models.CheckConstraint(
                name="access_national_roles",
                condition=Q(huvudman__isnull=False) | Q(role__in=["coordinator", "integration"]),
                violation_error_message="Bara samordnare och integrationer kan ha hela landet.",
            ),
            models.CheckConstraint(
                name="access_coordinator_is_national",
                condition=~Q(role="coordinator") | Q(huvudman__isnull=True),
                violation_error_message="En samordnare har hela landet: lämna huvudman tom.",
            ),
            models.CheckConstraint(
                name="access_rektor_has_unit",
                condition=(Q(role="rektor") & Q(unit__isnull=False))
                | (~Q(role="rektor") & Q(unit__isnull=True)),
                violation_error_message="En rektor har en enhet, övriga roller ingen.",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display().lower()}"

    @property
    def is_over(self) -> bool:
        return self.valid_to is not None and self.valid_to < today()

    @property
    def is_coming(self) -> bool:
        return self.valid_from > today()

    @property
    def state(self) -> str:
        """In a word, as the list says it."""
        if self.is_over:
            return "Avslutad"
        if not self.user.is_active:
            return "Kontot avstängt"
        return "Kommande" if self.is_coming else "Gäller"
