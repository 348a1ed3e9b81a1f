"""Whom a huvudman sends to a seminar: how many, who, and which units have someone there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from programmes.models import Participation
from sbs_portal.audit.history import tracked
from sbs_portal.audit.models import Trust
from sbs_portal.db.archive import Removal
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models.seminar import Seminar


@tracked
class Delegation(VersionedModel):
    """A huvudman's people at a seminar: a total and named ones live side by side."""

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        read=Action.DELEGATION_READ,
        change=Action.DELEGATION_CHANGE,
        units="participation__units__unit_id",
    )
    history_of = "seminar"
    removal = Removal("delegationen", parts=("delegates",))

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="delegations")
    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="delegations"
    )
    participation = models.ForeignKey(
        Participation,
        verbose_name="deltagande",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
    )
    head_count = models.PositiveSmallIntegerField("totalt antal", null=True, blank=True)
    roles = ArrayField(
        models.CharField(max_length=30, choices=StaffRole.choices),
        verbose_name="roller",
        default=list,
        blank=True,
    )
    trust = models.CharField("säkerhet", max_length=12, choices=Trust.choices, default=Trust.CONFIRMED)
    note = models.CharField("anmärkning", max_length=500, blank=True)
    came_count = models.PositiveSmallIntegerField(
        "antal på plats", null=True, blank=True, help_text="Alla som kom, också de som inte är namngivna."
    )
    cancelled_on = models.DateField("återbud", null=True, blank=True)
    cancelled_reason = models.CharField("varför återbud", max_length=300, blank=True)

    class Meta(VersionedModel.Meta):
        verbose_name = "delegation"
        verbose_name_plural = "delegationer"
        ordering = ["seminar_id", "pk"]
        constraints = [
            one_of("trust", Trust, name="delegation_trust_known"),
            models.UniqueConstraint(
                fields=["seminar", "huvudman"],
                name="delegation_unique",
                violation_error_message="Huvudmannen har redan en delegation på seminariet.",
            ),
            models.CheckConstraint(
                name="delegation_roles_known",
                condition=Q(roles__contained_by=list(StaffRole.values)),
                violation_error_message="Välj roller ur listan.",
            ),
            models.CheckConstraint(
                name="delegation_cancelled_has_reason",
                condition=Q(cancelled_on__isnull=True) | ~Q(cancelled_reason=""),
                violation_error_message="Skriv varför delegationen inte kommer.",
            ),
        ]

    def __str__(self):
        return f"Delegation från {self.huvudman}"

    @property
    def roles_display(self) -> str:
        return ", ".join(role.label for role in StaffRole if role in self.roles)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_on is not None


class DelegateStatus(models.TextChoices):
    PRESENT = "present", "Här"
    EXCUSED = "excused", "Återbud"
    ABSENT = "absent", "Uteblev"


@tracked
class Delegate(Model):
    """A named person in a delegation, and whether they came. Null status = not noted yet."""

    scoping = Scoping(
        kind="owned",
        parent="delegation",
        read=Action.DELEGATION_READ,
        change=Action.DELEGATION_CHANGE,
        units="unit_id",
    )
    counted_as = ("delegation", "delegationer", "delegation_id")

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="delegates")
    person = models.ForeignKey(
        Person, verbose_name="person", on_delete=models.PROTECT, related_name="delegate_rows"
    )
    role = models.CharField("roll", max_length=30, choices=StaffRole.choices, default=StaffRole.NOT_STATED)
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField("närvaro", max_length=10, choices=DelegateStatus.choices, null=True, blank=True)

    class Meta:
        verbose_name = "deltagare i delegationen"
        verbose_name_plural = "deltagare i delegationen"
        ordering = ["delegation_id", "pk"]
        constraints = [
            one_of("role", StaffRole, name="delegate_role_known"),
            models.CheckConstraint(
                name="delegate_status_known",
                condition=Q(status__isnull=True) | Q(status__in=DelegateStatus.values),
                violation_error_message="Välj ett av alternativen.",
            ),
            models.UniqueConstraint(
                fields=["delegation", "person"],
                name="delegate_unique",
                violation_error_message="Personen finns redan i delegationen.",
            ),
        ]

    def __str__(self):
        return str(self.person)


@tracked
class SeminarUnit(Model):
    """Whether a participating unit had someone at the seminar, and how sure that is."""

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        read=Action.DELEGATION_READ,
        change=Action.DELEGATION_CHANGE,
        units="unit_id",
    )
    history_of = "seminar"
    counted_as = ("seminarium", "seminarier", "seminar_id")

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="unit_presences")
    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, related_name="seminar_presences"
    )
    is_represented = models.BooleanField("har någon på plats", default=True)
    trust = models.CharField("säkerhet", max_length=12, choices=Trust.choices, default=Trust.CONFIRMED)

    class Meta:
        verbose_name = "enhet på plats"
        verbose_name_plural = "enheter på plats"
        ordering = ["seminar_id", "pk"]
        constraints = [
            one_of("trust", Trust, name="seminar_unit_trust_known"),
            models.UniqueConstraint(
                fields=["seminar", "unit"],
                name="seminar_unit_unique",
                violation_error_message="Enheten finns redan på seminariet.",
            ),
        ]

    def __str__(self):
        return str(self.unit)
