"""What came of a meeting, line by line."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import VersionedModel
from sbs_portal.rights import Action, Role
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.search import text as search
from sbs_portal.time import Precision, today
from sbs_portal.web.words import short_day
from schools.models import Huvudman, Person
from seminars.models.meeting import Meeting, MeetingParticipation


class OutcomeKind(models.TextChoices):
    INFORMATION = "information", "Info"
    DECISION = "decision", "Beslut"
    ACTION = "action", "Åtgärd"


class OutcomeQuerySet(ScopedQuerySet):
    def in_use(self, *kept):
        """Those of meetings that are not archived, and lines that are chosen already (by id)."""
        return self.filter(Q(meeting__archived_at=None) | Q(pk__in=kept))

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

    def late(self, on=None):
        """Open actions past their day, as ``is_late`` says it: after what is known of a participation nothing is."""
        links = MeetingParticipation.objects.filter(meeting=OuterRef("meeting"))
        known = Q(participation__known_through=None) | Q(participation__known_through__gte=OuterRef("due_on"))
        return self.overdue(on).filter(Exists(links.filter(known)) | ~Exists(links))

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
    counted_as = ("beslut eller åtgärd", "beslut och åtgärder", "pk")

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
            ),
            models.Index(
                fields=["meeting"],
                condition=Q(kind="action", done_on=None),
                name="outcome_open_of_meeting",
            ),
            models.Index(fields=["created_at", "uuid"], name="outcome_added"),
            search.index("text", name="outcome_words", read_as=search.WORDS),
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

    @staticmethod
    def called(row) -> str:
        """ "åtgärd", "beslut" or "info": what a line, or a state of one, is called where it is told of."""
        return OutcomeKind(row.kind).label.lower()

    def get_absolute_url(self):
        return f"{self.meeting.get_absolute_url()}#rad-{self.uuid}"

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
