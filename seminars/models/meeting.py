"""Process-leader meetings: with whom, when and where."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.lookups import LessThan
from django.utils.text import capfirst

from programmes.models import Participation
from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import RowCheck, one_of
from sbs_portal.db.fields import ImpreciseDateField, column_names, imprecise_date_constraints, latest_day
from sbs_portal.db.kept import Kept
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.db.statements import Run
from sbs_portal.rights import Action, Role
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.search import text as search
from sbs_portal.time import today
from schools.models import SchoolUnit
from seminars.models.series import MeetingMode, MeetingSeries

# What a search looks in.
SEARCHED = ("title", "place", "agenda")


class MeetingKind(models.TextChoices):
    PROCESS = "process", "träff med processledare"
    DIALOGUE = "dialogue", "dialogmöte"
    STAFF = "staff", "möte med all personal"
    OTHER = "other", "annat möte"


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", "planerad"
    HELD = "held", "hållen"
    CANCELLED = "cancelled", "inställd"


def nearest_runs(on) -> tuple[Run, ...]:
    """``nearest_first`` as runs that each have their index."""
    return (
        Run(Q(status=MeetingStatus.PLANNED, when_date__gte=on), ("when_date", "start_time", "pk")),
        Run(
            Q(when_date__gte=on) & ~Q(status=MeetingStatus.PLANNED),
            ("-when_date", "start_time", "pk"),
        ),
        Run(Q(when_date__lt=on), ("-when_date", "start_time", "pk")),
        Run(Q(when_date=None), ("start_time", "pk")),
    )


class WhenQuerySet(ScopedQuerySet):
    """What is asked of meetings, and of the links that repeat when a meeting is."""

    def held(self):
        return self.filter(status=MeetingStatus.HELD)

    def past_planned(self, on):
        """Planned, and surely past."""
        past = LessThan(latest_day("when"), Value(on, models.DateField()))
        return self.filter(past, status=MeetingStatus.PLANNED, when_date__lt=on)


class MeetingQuerySet(WhenQuerySet):
    def upcoming(self, on=None):
        """Planned, and not surely past."""
        return self.filter(
            Q(when_date__isnull=True) | Q(when_date__gte=on or today()), status="planned"
        ).order_by(F("when_date").asc(nulls_last=True), "start_time", "pk")

    def of(self, participation):
        return self.filter(participation_links__participation=participation)

    def overdue(self, on=None):
        """Planned, and surely past: nobody has said whether it was held."""
        known = MeetingParticipation.objects.filter(meeting=OuterRef("pk")).filter(
            Q(participation__known_through__isnull=True)
            | Q(participation__known_through__gte=OuterRef("when_date"))
        )
        return self.past_planned(on or today()).filter(Exists(known))

    def nearest_first(self, on=None):
        """What is ahead, the nearest first; then what has been, the latest first; then what has no date."""
        on = on or today()
        return self.order_by(
            Case(When(status="planned", when_date__gte=on, then=0), When(when_date=None, then=2), default=1),
            Case(When(status="planned", when_date__gte=on, then=F("when_date"))).asc(),
            F("when_date").desc(nulls_last=True),
            "start_time",
            "pk",
        )

    def to_write_on(self, on=None):
        """The meeting one most likely writes on: today's, else the latest that lacks notes, the next, the last held."""
        on = on or today()
        dated = self.filter(when_precision="day")
        return (
            dated.filter(when_date=on).exclude(status="cancelled").order_by("start_time", "pk").first()
            or dated.overdue(on).order_by("-when_date", "-pk").first()
            or self.upcoming(on).first()
            or self.held().order_by(F("when_date").desc(nulls_last=True), "-pk").first()
        )


class MeetingLinkQuerySet(WhenQuerySet):
    """Newest first is the order of an index of each participation's."""

    def newest_first(self):
        return self.order_by("-when_date", "-meeting_id")


@tracked
class Meeting(Archivable, VersionedModel):
    """A meeting of one or several participations. The date may be a month only, or unknown."""

    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.MEETING_READ,
        change=Action.MEETING_CHANGE,
        units="unit_links__unit_id",
        narrow={Role.READER: Q(status="held")},
    )
    removal = Removal("träffen", parts=("participation_links", "unit_links", "attendances"))

    series = models.ForeignKey(
        MeetingSeries,
        verbose_name="träffserie",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
    )
    kind = models.CharField("slag", max_length=10, choices=MeetingKind.choices, default=MeetingKind.PROCESS)
    title = models.CharField("rubrik", max_length=200, blank=True)
    number = models.PositiveSmallIntegerField("nummer i serien", null=True, blank=True)
    when = ImpreciseDateField("när")
    start_time = models.TimeField("börjar", null=True, blank=True)
    end_time = models.TimeField("slutar", null=True, blank=True)
    mode = models.CharField("form", max_length=8, choices=MeetingMode.choices, default=MeetingMode.ON_SITE)
    place = models.CharField("plats", max_length=200, blank=True)
    status = models.CharField(
        "status", max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    cancelled_reason = models.CharField("varför inställd", max_length=300, blank=True)
    moved_reason = models.CharField("varför flyttad", max_length=300, blank=True)
    agenda = models.TextField("dagordning", max_length=4000, blank=True)
    total_on_site = models.PositiveSmallIntegerField(
        "totalt antal på plats", null=True, blank=True, help_text="Alla, också de som inte är namngivna."
    )
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "träff"
        verbose_name_plural = "träffar"
        ordering = [F("when_date").desc(nulls_last=True), "-pk"]
        indexes = [
            GinIndex(fields=["huvudman_ids"], name="meeting_huvudman_ids"),
            models.Index(fields=["-when_date", "-id"], name="meeting_order"),
            models.Index(fields=["created_at", "uuid"], name="meeting_added"),
            # The undated last, as the admin lists them.
            models.Index(F("when_date").desc(nulls_last=True), F("id").desc(), name="meeting_newest"),
            # What a list counts of each state.
            models.Index(
                fields=["status", "when_date"], name="meeting_status", condition=Q(archived_at=None)
            ),
            search.index(*SEARCHED, name="meeting_words", read_as=search.WORDS),
        ]
        constraints = [
            *imprecise_date_constraints("when"),
            one_of("kind", MeetingKind, name="meeting_kind_known"),
            one_of("mode", MeetingMode, name="meeting_mode_known"),
            one_of("status", MeetingStatus, name="meeting_status_known"),
            RowCheck(
                name="meeting_times_ordered",
                fields=("start_time", "end_time"),
                holds=lambda start, end: start is None or end is None or end > start,
                told_at="end_time",
                condition=Q(end_time__isnull=True)
                | Q(start_time__isnull=True)
                | Q(end_time__gt=F("start_time")),
                violation_error_message="Träffen kan inte sluta före den börjar.",
            ),
            models.CheckConstraint(
                name="meeting_cancelled_has_reason",
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
                violation_error_message="Skriv varför träffen är inställd.",
            ),
            models.CheckConstraint(
                name="meeting_total_reasonable",
                condition=Q(total_on_site__isnull=True) | Q(total_on_site__lte=5000),
                violation_error_message="Ange högst 5 000 personer.",
            ),
        ]

    def __str__(self):
        return f"{self.shown_title}, {self.when}"

    def get_absolute_url(self):
        return address_of("meeting_detail", self.uuid)

    @property
    def shown_title(self) -> str:
        """The title, or "Träff 14", or "Träff"."""
        if self.title:
            return self.title
        return f"Träff {self.number}" if self.number else "Träff"

    def is_overdue(self, on) -> bool:
        """Planned, and its whole interval has passed."""
        return self.status == MeetingStatus.PLANNED and self.when.last is not None and self.when.last < on

    @property
    def is_past_known(self) -> bool:
        """Whether it lies after the last day that is known of each of its participations: then nothing is late."""
        known = [link.participation.known_through for link in self.participation_links.all()]
        return bool(known) and all(known) and self.when.last is not None and self.when.last > max(known)

    @property
    def lacks_notes(self) -> bool:
        """Whether it should have been held by now, and nobody has said so."""
        return self.is_overdue(today()) and not self.is_past_known

    @property
    def is_lost(self) -> bool:
        """Planned, past, and after what is known: nobody can say whether it was held."""
        return self.is_overdue(today()) and self.is_past_known

    @property
    def badge(self) -> tuple[str, str]:
        """Its status as a badge shows it: the meaning and the word."""
        if self.is_overdue(today()):
            return ("neutral", "Uppgift saknas") if self.is_past_known else ("late", "Saknar anteckningar")
        return self.status, capfirst(MeetingStatus(self.status).label)


@tracked
class MeetingParticipation(Model):
    """A participation that the meeting is with; its huvudman becomes one of the meeting's.

    It repeats of the meeting what tells of a participation's meetings, so that the last one is one row of an index.
    """

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.MEETING_READ,
        change=Action.MEETING_CHANGE,
        narrow={Role.READER: Q(status="held")},
    )
    kept = Kept(
        parent="meeting",
        columns=(*column_names("when"), "status", "archived_at", "total_on_site"),
        named={"meeting_uuid": "uuid"},
    )
    history_of = "meeting"
    scope_links = [
        ScopeLink(
            parent="seminars.Meeting",
            column="meeting_id",
            huvudman="(SELECT p.huvudman_id FROM programmes_participation p WHERE p.id = l.participation_id)",
        )
    ]
    counted_as = ("träff", "träffar", "meeting_id")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participation_links")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="meeting_links")
    meeting_uuid = models.UUIDField(null=True, editable=False)
    when = ImpreciseDateField("när", editable=False)
    status = models.CharField(
        max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED, editable=False
    )
    archived_at = models.DateTimeField(null=True, editable=False)
    total_on_site = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = MeetingLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "deltagande på träffen"
        verbose_name_plural = "deltaganden på träffen"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "participation"],
                name="meeting_participation_unique",
                violation_error_message="Deltagandet finns redan på träffen.",
            )
        ]
        ordering = ["meeting_id", "pk"]
        indexes = [
            models.Index(
                fields=["participation", "status", "-when_date", "-meeting"],
                name="meeting_link_newest",
                condition=Q(archived_at=None),
            )
        ]

    def __str__(self):
        return str(self.participation)


@tracked
class MeetingUnit(Model):
    """A unit the meeting is with."""

    scoping = Scoping(
        kind="shared",
        parent="meeting",
        read=Action.MEETING_READ,
        change=Action.MEETING_CHANGE,
        units="unit_id",
        narrow={Role.READER: Q(meeting__status="held")},
    )
    counted_as = ("träff", "träffar", "meeting_id")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="unit_links")
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, related_name="meeting_links"
    )

    class Meta:
        verbose_name = "enhet på träffen"
        verbose_name_plural = "enheter på träffen"
        ordering = ["meeting_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "unit"],
                name="meeting_unit_unique",
                violation_error_message="Enheten finns redan på träffen.",
            )
        ]

    def __str__(self):
        return str(self.unit)
