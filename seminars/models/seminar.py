"""Seminars: delegations, sessions, presentations, units represented, words and lessons."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from programmes.models import Participation, Programme
from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.db.fields import ImpreciseDateField, imprecise_date_constraints
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.search import text as search
from sbs_portal.time import today
from schools.models import Huvudman
from seminars.models.series import MeetingMode

# What a search looks in.
SEARCHED = ("title", "place", "topic", "organiser")
SEMINAR_PART = {
    "kind": "shared",
    "parent": "seminar",
    "read": Action.SEMINAR_READ,
    "change": Action.SEMINAR_CHANGE,
}


class SeminarKind(models.TextChoices):
    START = "start", "uppstartsseminarium"
    FOLLOW_UP = "follow_up", "uppföljningsseminarium"
    DEVELOPMENT_DAY = "development_day", "utvecklingsdag"
    NETWORK = "network", "nätverkskonferens"
    CLOSING = "closing", "avslutningsseminarium"


class SeminarStatus(models.TextChoices):
    PLANNED = "planned", "planerat"
    HELD = "held", "hållet"
    CANCELLED = "cancelled", "inställt"


class SeminarQuerySet(ScopedQuerySet):
    def upcoming(self, on=None):
        return self.filter(
            Q(starts_date__isnull=True) | Q(starts_date__gte=on or today()), status=SeminarStatus.PLANNED
        ).order_by(F("starts_date").asc(nulls_last=True), "pk")

    def of(self, participation):
        return self.filter(huvudman_links__participation=participation)


@tracked
class Seminar(Archivable, VersionedModel):
    """A seminar of one or many huvudmän: all of them see its programme, presentations and who takes part."""

    scoping = Scoping(
        kind="shared", path="huvudman_ids", read=Action.SEMINAR_READ, change=Action.SEMINAR_CHANGE
    )
    removal = Removal("seminariet", parts=("huvudman_links", "sessions"))

    programme = models.ForeignKey(
        Programme, verbose_name="program", on_delete=models.PROTECT, related_name="seminars"
    )
    kind = models.CharField("slag", max_length=16, choices=SeminarKind.choices)
    title = models.CharField("rubrik", max_length=200, blank=True)
    starts = ImpreciseDateField("när")
    ends = ImpreciseDateField("till och med")
    start_time = models.TimeField("börjar", null=True, blank=True)
    end_time = models.TimeField("slutar", null=True, blank=True)
    mode = models.CharField(
        "form",
        max_length=8,
        choices=MeetingMode.choices,
        blank=True,
        help_text="Tomt när ingen har sagt hur det hölls.",
    )
    place = models.CharField("plats", max_length=200, blank=True)
    organiser = models.CharField("arrangör", max_length=200, blank=True)
    topic = models.CharField("ämne", max_length=300, blank=True)
    purpose = models.TextField("syfte", max_length=2000, blank=True)
    status = models.CharField(
        "status", max_length=10, choices=SeminarStatus.choices, default=SeminarStatus.PLANNED
    )
    cancelled_reason = models.CharField("varför inställt", max_length=300, blank=True)
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = SeminarQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "seminarium"
        verbose_name_plural = "seminarier"
        ordering = [F("starts_date").desc(nulls_last=True), "-pk"]
        indexes = [
            GinIndex(fields=["huvudman_ids"], name="seminar_huvudman_ids"),
            models.Index(fields=["-starts_date", "-id"], name="seminar_order"),
            search.index(*SEARCHED, name="seminar_words", read_as=search.WORDS),
        ]
        constraints = [
            *imprecise_date_constraints("starts"),
            *imprecise_date_constraints("ends"),
            one_of("kind", SeminarKind, name="seminar_kind_known"),
            one_of("status", SeminarStatus, name="seminar_status_known"),
            models.CheckConstraint(
                name="seminar_mode_known",
                condition=Q(mode__in=["", *MeetingMode.values]),
                violation_error_message="Välj ett av alternativen.",
            ),
            ordered(
                "starts_date",
                "ends_date",
                name="seminar_ordered",
                message="Seminariet slutar före det börjar.",
            ),
        ]

    def __str__(self):
        return f"{self.shown_title} {self.starts}"

    def get_absolute_url(self):
        return address_of("seminar_detail", self.uuid)

    @property
    def shown_title(self) -> str:
        kind = self.get_kind_display()
        return self.title or kind[:1].upper() + kind[1:]


@tracked
class SeminarHuvudman(Model):
    """That a huvudman takes part. The name is kept here: the others may read it, but not the huvudman's rows."""

    scoping = Scoping(**SEMINAR_PART)
    scope_links = [ScopeLink(parent="seminars.Seminar", column="seminar_id")]
    counted_as = ("seminarium", "seminarier", "seminar_id")

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="huvudman_links")
    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="seminar_links"
    )
    participation = models.ForeignKey(
        Participation,
        verbose_name="deltagande",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seminar_links",
    )
    name = models.CharField("namn", max_length=200, editable=False)

    class Meta:
        verbose_name = "huvudman på seminariet"
        verbose_name_plural = "huvudmän på seminariet"
        ordering = ["seminar_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "huvudman"],
                name="seminar_huvudman_unique",
                violation_error_message="Huvudmannen finns redan på seminariet.",
            )
        ]

    def __str__(self):
        return self.name


class SessionKind(models.TextChoices):
    LECTURE = "lecture", "föreläsning"
    WORKSHOP = "workshop", "seminariepass"
    DIALOGUE = "dialogue", "dialogseminarium"
    OTHER = "other", "annat"


@tracked
class Session(Model):
    """A part of a seminar's programme."""

    scoping = Scoping(**SEMINAR_PART)

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField("slag", max_length=10, choices=SessionKind.choices)
    title = models.CharField("rubrik", max_length=200)
    time_words = models.CharField("när på dagen", max_length=100, blank=True)
    room = models.CharField("rum", max_length=100, blank=True)
    description = models.TextField("innehåll", max_length=2000, blank=True)
    leaders = models.CharField("leds av", max_length=300, blank=True)
    listeners_stated = models.PositiveSmallIntegerField("åhörare, enligt uppgift", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "programpunkt"
        verbose_name_plural = "programpunkter"
        ordering = ["seminar_id", "position", "pk"]
        constraints = [one_of("kind", SessionKind, name="session_kind_known")]

    def __str__(self):
        return self.title


@tracked
class Presentation(Model):
    """What a huvudman presents to others. Seen by all who take part, so the presenter's name is kept here."""

    scoping = Scoping(**SEMINAR_PART)

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="presentations")
    session = models.ForeignKey(
        Session,
        verbose_name="programpunkt",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="presentations",
    )
    huvudman = models.ForeignKey(
        Huvudman,
        verbose_name="huvudman",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="presentations",
    )
    presented_by = models.CharField("presenteras av", max_length=300)
    title = models.CharField("rubrik", max_length=300)
    description = models.TextField("innehåll", max_length=2000, blank=True)
    group_words = models.CharField("för grupp", max_length=100, blank=True)
    listeners_stated = models.PositiveSmallIntegerField("åhörare, enligt uppgift", null=True, blank=True)

    class Meta:
        verbose_name = "presentation"
        verbose_name_plural = "presentationer"
        ordering = ["seminar_id", "pk"]

    def __str__(self):
        return self.title


@tracked
class ReflectionWord(Model):
    """A word the participants summed up with, and how many gave it (null = not stated)."""

    scoping = Scoping(**SEMINAR_PART)

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="words")
    word = models.CharField("ord", max_length=60)
    count = models.PositiveSmallIntegerField("antal", null=True, blank=True)

    class Meta:
        verbose_name = "ord efteråt"
        verbose_name_plural = "ord efteråt"
        ordering = ["seminar_id", F("count").desc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "word"],
                name="reflection_word_unique",
                violation_error_message="Ordet finns redan.",
            )
        ]

    def __str__(self):
        return self.word


@tracked
class Lesson(Model):
    """What a seminar taught, as someone put it."""

    scoping = Scoping(**SEMINAR_PART)

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="lessons")
    text = models.TextField("lärdom", max_length=2000)
    from_whom = models.CharField("från", max_length=200, blank=True)

    class Meta:
        verbose_name = "lärdom"
        verbose_name_plural = "lärdomar"
        ordering = ["seminar_id", "pk"]

    def __str__(self):
        return self.text[:80]
