"""Process-leader meetings: series, meetings, attendance and outcomes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.lookups import LessThan
from django.urls import reverse

from programmes.models import Participation
from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.db.fields import ImpreciseDateField, imprecise_date_constraints, latest_day
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import Action, Role
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.time import Precision, today
from sbs_portal.web.words import short_day
from schools.models import Huvudman, Person, SchoolUnit, StaffRole


class MeetingKind(models.TextChoices):
    PROCESS = "process", "träff med processledare"
    DIALOGUE = "dialogue", "dialogmöte"
    STAFF = "staff", "möte med all personal"
    OTHER = "other", "annat möte"


class MeetingMode(models.TextChoices):
    ON_SITE = "on_site", "på plats"
    REMOTE = "remote", "på distans"
    MIXED = "mixed", "på plats och på distans"


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", "planerad"
    HELD = "held", "hållen"
    CANCELLED = "cancelled", "inställd"


@tracked
class MeetingSeries(VersionedModel):
    """Meetings every n school weeks: the agreed cadence of a participation."""

    scoping = Scoping(
        kind="owned", parent="participation", read=Action.MEETING_READ, change=Action.MEETING_CHANGE
    )

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


class MeetingQuerySet(ScopedQuerySet):
    def upcoming(self, on=None):
        """Planned, and not surely past."""
        return self.filter(
            Q(when_date__isnull=True) | Q(when_date__gte=on or today()), status="planned"
        ).order_by(F("when_date").asc(nulls_last=True), "start_time", "pk")

    def held(self):
        return self.filter(status=MeetingStatus.HELD)

    def of(self, participation):
        return self.filter(participation_links__participation=participation)

    def overdue(self, on=None):
        """Planned, and surely past: nobody has said whether it was held."""
        past = self.filter(status=MeetingStatus.PLANNED, when_date__isnull=False).filter(
            LessThan(latest_day("when"), Value(on or today(), models.DateField()))
        )
        known = MeetingParticipation.objects.filter(meeting=OuterRef("pk")).filter(
            Q(participation__known_through__isnull=True)
            | Q(participation__known_through__gte=OuterRef("when_date"))
        )
        return past.filter(Exists(known))

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


@tracked
class Meeting(VersionedModel):
    """A meeting of one or several participations. The date may be a month only, or unknown."""

    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.MEETING_READ,
        change=Action.MEETING_CHANGE,
        units="unit_links__unit_id",
        narrow={Role.READER: Q(status="held")},
    )

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
        ]
        constraints = [
            *imprecise_date_constraints("when"),
            one_of("kind", MeetingKind, name="meeting_kind_known"),
            one_of("mode", MeetingMode, name="meeting_mode_known"),
            one_of("status", MeetingStatus, name="meeting_status_known"),
            models.CheckConstraint(
                name="meeting_times_ordered",
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
        return f"{self.shown_title} {self.when}"

    def get_absolute_url(self):
        return reverse("meeting_detail", args=[self.uuid])

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


@tracked
class MeetingParticipation(Model):
    """A participation that the meeting is with; its huvudman becomes one of the meeting's."""

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.MEETING_READ,
        change=Action.MEETING_CHANGE,
        narrow={Role.READER: Q(meeting__status="held")},
    )
    scope_links = [
        ScopeLink(
            parent="seminars.Meeting",
            column="meeting_id",
            huvudman="(SELECT p.huvudman_id FROM programmes_participation p WHERE p.id = l.participation_id)",
        )
    ]

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participation_links")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="meeting_links")

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


class OutcomeKind(models.TextChoices):
    INFORMATION = "information", "Info"
    DECISION = "decision", "Beslut"
    ACTION = "action", "Åtgärd"


class OutcomeQuerySet(ScopedQuerySet):
    def with_action(self):
        """With what a row about an action says: its owner, its meeting and how far that is known."""
        return self.select_related("owner", "meeting").prefetch_related(
            "meeting__unit_links",
            Prefetch(
                "meeting__participation_links",
                queryset=MeetingParticipation.objects.select_related("participation"),
            ),
        )

    def decisions(self):
        return self.filter(kind=OutcomeKind.DECISION)

    def open_actions(self):
        return self.filter(kind=OutcomeKind.ACTION, done_on__isnull=True)

    def overdue(self, on=None):
        return self.open_actions().filter(due_on__lt=on or today())

    def owned_by(self, user):
        """Actions of the person the user is."""
        return self.filter(owner__user=user)

    def of(self, participation):
        return self.filter(meeting__participation_links__participation=participation)


@tracked
class Outcome(VersionedModel):
    """One line of what came of a meeting: information, a decision, or an action with an owner and a day."""

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        or_parent="meeting",
        read=Action.DECISION_READ,
        change=Action.MEETING_RECORD,
        units="meeting__unit_links__unit_id",
        narrow={Role.READER: Q(kind="decision", meeting__status="held")},
    )

    meeting = models.ForeignKey(
        Meeting, verbose_name="träff", on_delete=models.CASCADE, related_name="outcomes"
    )
    huvudman = models.ForeignKey(
        Huvudman,
        verbose_name="huvudman",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Tomt betyder alla på träffen.",
    )
    kind = models.CharField("slag", max_length=12, choices=OutcomeKind.choices)
    text = models.TextField("text", max_length=4000)
    owner = models.ForeignKey(
        Person,
        verbose_name="ansvarig",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )
    owner_party = models.CharField(
        "ansvarig part",
        max_length=200,
        blank=True,
        help_text="När ingen person är utsedd, till exempel Skolverket.",
    )
    due_on = models.DateField("senast", null=True, blank=True)
    due_next_meeting = models.BooleanField("till nästa träff", default=False)
    done_on = models.DateField("klar", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    not_done_reason = models.CharField("varför inte klar", max_length=500, blank=True)
    client_key = models.UUIDField(null=True, blank=True, editable=False, unique=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "rad från träffen"
        verbose_name_plural = "rader från träffen"
        ordering = ["meeting_id", "pk"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(kind="action", done_on=None),
                name="outcome_open_actions",
            )
        ]
        constraints = [
            one_of("kind", OutcomeKind, name="outcome_kind_known"),
            models.CheckConstraint(
                name="outcome_text_given",
                condition=~Q(text=""),
                violation_error_message="Skriv vad ni kom fram till.",
            ),
            models.CheckConstraint(
                name="outcome_only_actions_have_owner",
                condition=Q(kind="action")
                | Q(
                    owner__isnull=True,
                    owner_party="",
                    due_on__isnull=True,
                    due_next_meeting=False,
                    done_on__isnull=True,
                ),
                violation_error_message="Bara en åtgärd har ansvarig och datum.",
            ),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def shown_owner(self) -> str:
        """The owner's masked name or the party; "" for nobody, or someone the reader may not see."""
        return str(self.owner) if self.owner_id and self.owner else self.owner_party

    def is_overdue(self, on) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < on

    @property
    def is_late(self) -> bool:
        """Open past its day, as far as is known: after ``known_through`` nothing is late."""
        if not self.is_overdue(today()):
            return False
        known = [link.participation.known_through for link in self.meeting.participation_links.all()]
        return not all(known) or not known or self.due_on <= max(known)

    @property
    def meeting_words(self) -> str:
        """When the meeting was: "8 okt", "maj 2018"."""
        when = self.meeting.when
        return short_day(when.date, today()) if when.precision is Precision.DAY else str(when)

    @property
    def state_words(self) -> str:
        """ "Klar 9 okt", "Försenad 4 dagar", "Öppen": how an action stands today."""
        if self.done_on:
            return f"Klar {short_day(self.done_on, today())}"
        if not self.is_late:
            return "Öppen"
        days = (today() - self.due_on).days
        return f"Försenad {days} {'dag' if days == 1 else 'dagar'}"
