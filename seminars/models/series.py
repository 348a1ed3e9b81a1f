"""Meeting series: the agreed cadence of a participation, and who should come."""

from django.db import models
from django.db.models import Q

from programmes.models import Participation
from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Removal
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.db.fields import ImpreciseDateField, imprecise_date_constraints
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.models import Person, SchoolUnit, StaffRole


class MeetingMode(models.TextChoices):
    ON_SITE = "on_site", "på plats"
    REMOTE = "remote", "på distans"
    MIXED = "mixed", "på plats och på distans"


@tracked
class MeetingSeries(VersionedModel):
    """Meetings every n school weeks: the agreed cadence of a participation."""

    scoping = Scoping(
        kind="owned", parent="participation", read=Action.MEETING_READ, change=Action.MEETING_CHANGE
    )
    removal = Removal("träffserien", parts=("attendees",))

    participation = models.ForeignKey(
        Participation, verbose_name="deltagande", on_delete=models.CASCADE, related_name="meeting_series"
    )
    title = models.CharField("namn", max_length=200, default="Träff med processledaren")
    interval_weeks = models.PositiveSmallIntegerField("skolveckor emellan", default=3)
    skips_breaks = models.BooleanField("hoppar över lov", default=True)
    starts = ImpreciseDateField("från")
    ends = ImpreciseDateField("till")
    start_time = models.TimeField("börjar", null=True, blank=True)
    end_time = models.TimeField("slutar", null=True, blank=True)
    place = models.CharField("plats", max_length=200, blank=True)
    mode = models.CharField("form", max_length=8, choices=MeetingMode.choices, default=MeetingMode.ON_SITE)

    class Meta(VersionedModel.Meta):
        verbose_name = "träffserie"
        verbose_name_plural = "träffserier"
        ordering = ["participation_id", "pk"]
        constraints = [
            *imprecise_date_constraints("starts"),
            *imprecise_date_constraints("ends"),
            one_of("mode", MeetingMode, name="meeting_series_mode_known"),
            ordered(
                "starts_date",
                "ends_date",
                name="meeting_series_ordered",
                message="Serien slutar före den börjar.",
            ),
            models.CheckConstraint(
                name="meeting_series_interval_some",
                condition=Q(interval_weeks__gte=1, interval_weeks__lte=26),
                violation_error_message="Mellanrummet är 1 till 26 skolveckor.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("series_detail", self.uuid)

    @property
    def cadence_words(self) -> str:
        """ "var tredje vecka", "varje vecka", "var åttonde vecka", else "var 15:e vecka"."""
        ordinals = {1: "varje vecka", 2: "varannan vecka", 3: "var tredje vecka", 4: "var fjärde vecka"}
        ordinals |= {
            5: "var femte vecka",
            6: "var sjätte vecka",
            7: "var sjunde vecka",
            8: "var åttonde vecka",
        }
        return ordinals.get(self.interval_weeks, f"med {self.interval_weeks} veckor emellan")


@tracked
class SeriesAttendee(Model):
    """Who should be at the series' meetings: a named person, or a role without a name yet."""

    scoping = Scoping(
        kind="owned", parent="series", read=Action.ATTENDANCE_READ, change=Action.MEETING_CHANGE
    )
    counted_as = ("träffserie", "träffserier", "series_id")

    series = models.ForeignKey(MeetingSeries, on_delete=models.CASCADE, related_name="attendees")
    person = models.ForeignKey(
        Person, verbose_name="person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("roll", max_length=30, choices=StaffRole.choices)
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_required = models.BooleanField("ska vara med varje gång", default=False)
    note = models.CharField("anmärkning", max_length=200, blank=True)

    class Meta:
        verbose_name = "deltagare i serien"
        verbose_name_plural = "deltagare i serien"
        ordering = ["series_id", "-is_required", "pk"]
        indexes = [models.Index(fields=["created_at", "id"], name="series_attendee_entered")]
        constraints = [
            one_of("role", StaffRole, name="series_attendee_role_known"),
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(person__isnull=False),
                name="series_attendee_unique",
                violation_error_message="Personen finns redan i serien.",
            ),
        ]

    def __str__(self):
        return f"{self.person or ''} {self.get_role_display()}".strip()
