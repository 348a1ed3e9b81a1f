"""Who was at a meeting."""

from django.db import models
from django.db.models import Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import VersionedModel
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models.meeting import Meeting


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", "Här"
    SUBSTITUTE = "substitute", "Ersättare"
    EXCUSED = "excused", "Anmält förhinder"
    ABSENT = "absent", "Frånvarande"


@tracked
class Attendance(VersionedModel):
    """One expected or present person at a meeting. Null status = not noted yet.

    Owned by the person's huvudman at a meeting of several; a process leader's own line has none.
    """

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        or_parent="meeting",
        read=Action.ATTENDANCE_READ,
        change=Action.MEETING_RECORD,
        units="unit_id",
    )
    counted_as = ("träff", "träffar", "meeting_id")

    meeting = models.ForeignKey(
        Meeting, verbose_name="träff", on_delete=models.CASCADE, related_name="attendances"
    )
    huvudman = models.ForeignKey(Huvudman, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        Person, verbose_name="person", on_delete=models.PROTECT, related_name="attendances"
    )
    role = models.CharField(
        "roll på träffen", max_length=30, choices=StaffRole.choices, default=StaffRole.NOT_STATED
    )
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        "närvaro", max_length=10, choices=AttendanceStatus.choices, null=True, blank=True
    )
    is_required = models.BooleanField("ska vara med", default=False)
    substitute_name = models.CharField("ersättare", max_length=200, blank=True)

    class Meta(VersionedModel.Meta):
        verbose_name = "närvaro"
        verbose_name_plural = "närvaro"
        ordering = ["meeting_id", "pk"]
        indexes = [models.Index(fields=["created_at", "uuid"], name="attendance_added")]
        constraints = [
            models.CheckConstraint(
                name="attendance_status_known",
                condition=Q(status__isnull=True) | Q(status__in=AttendanceStatus.values),
                violation_error_message="Välj ett av alternativen.",
            ),
            one_of("role", StaffRole, name="attendance_role_known"),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="attendance_unique",
                violation_error_message="Personen finns redan på träffen.",
            ),
            models.CheckConstraint(
                name="attendance_substitute_only",
                condition=Q(status="substitute") | Q(substitute_name=""),
                violation_error_message="En ersättare anges bara när någon kom i stället.",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_status_display() or 'inte antecknad'}"
