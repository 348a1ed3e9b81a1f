"""A huvudman's participation in a programme: its status with history, and its term clock."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Least
from django.db.models.lookups import Exact

from programmes.models.catalogue import Cohort, Programme
from programmes.models.registration import Registration
from programmes.terms import Extension, Pause, TermPosition, term_number, terms_of
from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import one_of
from sbs_portal.db.fields import ImpreciseDateField, TermField, imprecise_date_constraints
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.time import today
from schools.models import Administration, Huvudman


class ParticipationStatus(models.TextChoices):
    SELECTED = "selected", "utvald"
    OFFERED = "offered", "erbjuden"
    ACCEPTED = "accepted", "tackat ja"
    DECLINED = "declined", "tackat nej"
    ACTIVE = "active", "pågår"
    PAUSED = "paused", "pausad"
    COMPLETED = "completed", "avslutad"
    DISCONTINUED = "discontinued", "avbruten"

    @property
    def next(self) -> tuple["ParticipationStatus", ...]:
        """The statuses that may follow this one."""
        return NEXT_STATUS[self]

    @property
    def is_over(self) -> bool:
        """Declined, completed or discontinued: nothing follows."""
        return not self.next


_S = ParticipationStatus
NEXT_STATUS: dict[ParticipationStatus, tuple[ParticipationStatus, ...]] = {
    _S.SELECTED: (_S.OFFERED,),
    _S.OFFERED: (_S.ACCEPTED, _S.DECLINED),
    _S.ACCEPTED: (_S.ACTIVE, _S.DISCONTINUED),
    _S.DECLINED: (),
    _S.ACTIVE: (_S.PAUSED, _S.COMPLETED, _S.DISCONTINUED),
    _S.PAUSED: (_S.ACTIVE, _S.DISCONTINUED),
    _S.COMPLETED: (),
    _S.DISCONTINUED: (),
}


class ParticipationQuerySet(ScopedQuerySet):
    def approved(self):
        """Those a coordinator stands behind; what a huvudman has entered itself is its own word until then."""
        return self.filter(registration=Registration.APPROVED)

    def under_way(self):
        return self.approved().filter(status__in=[_S.ACTIVE, _S.PAUSED])

    def waiting(self):
        """Entered by a huvudman itself, and not yet looked at by a coordinator."""
        return self.filter(registration=Registration.WAITING)

    def with_head(self):
        """With what a page's head and a list's row need, in no further query."""
        return self.select_related("huvudman", "programme", "cohort", "administration").prefetch_related(
            "term_pauses", "term_extensions"
        )


def last_known_day(day: date, column: Callable[[str], models.F] = models.F) -> models.Case:
    """The last day, not after ``day``, of which anything is known, as ``words.known_day`` says of one.

    column: refers to a participation's column by its name, for rows that are not its own.
    """
    asked = models.Value(day, models.DateField())
    is_completed = Exact(column("status"), models.Value(_S.COMPLETED))
    return models.Case(models.When(is_completed, then=asked), default=Least(asked, column("known_through")))


@tracked
class Participation(Archivable, VersionedModel):
    """A huvudman's three years. Decision, agreement and start term are three facts; the start may be unknown.

    ``known_through`` is the last day up to which the portal knows what happened: what is missing before it
    is missing, what is missing after it is not late.
    """

    scoping = Scoping(
        kind="owned", path="huvudman_id", read=Action.PARTICIPATION_READ, change=Action.PARTICIPATION_CHANGE
    )
    removal = Removal(
        "deltagandet",
        parts=(
            "status_changes",
            "registration_steps",
            "phases",
            "units",
            "focus",
            "term_pauses",
            "term_extensions",
        ),
    )

    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="participations"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="program", on_delete=models.PROTECT, related_name="participations"
    )
    cohort = models.ForeignKey(
        Cohort,
        verbose_name="omgång",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    administration = models.ForeignKey(
        Administration,
        verbose_name="förvaltning",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    status = models.CharField(
        "status", max_length=12, choices=ParticipationStatus.choices, default=_S.SELECTED, editable=False
    )
    registration = models.CharField(
        "granskning",
        max_length=10,
        choices=Registration.choices,
        default=Registration.APPROVED,
        editable=False,
    )
    selection_basis = models.TextField("urvalsgrund", max_length=1000, blank=True)
    aims = models.TextField("syfte", max_length=2000, blank=True)
    decided = ImpreciseDateField("beslut om att delta")
    start_term = TermField("starttermin", null=True, blank=True)
    started = ImpreciseDateField("startade")
    total_terms = models.PositiveSmallIntegerField("antal terminer", default=6)
    known_through = models.DateField(
        "känt till och med", null=True, blank=True, help_text="Inget efter den dagen räknas som sent."
    )
    previous = models.ForeignKey(
        "self",
        verbose_name="tidigare deltagande",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "deltagande"
        verbose_name_plural = "deltaganden"
        ordering = ["-start_term", "huvudman_id", "pk"]
        indexes = [
            models.Index(fields=["huvudman", "status"], name="participation_huvudman"),
            models.Index(fields=["created_at", "uuid"], name="participation_added"),
        ]
        constraints = [
            *imprecise_date_constraints("decided"),
            *imprecise_date_constraints("started"),
            one_of("status", ParticipationStatus, name="participation_status_known"),
            one_of("registration", Registration, name="participation_registration_known"),
            models.CheckConstraint(
                name="participation_terms_some",
                condition=Q(total_terms__gte=1, total_terms__lte=20),
                violation_error_message="Antalet terminer är 1 till 20.",
            ),
            models.UniqueConstraint(
                fields=["huvudman", "programme"],
                condition=~Q(status__in=["declined", "completed", "discontinued"]) & Q(archived_at=None),
                name="participation_one_open",
                violation_error_message="Huvudmannen har redan ett pågående deltagande i programmet.",
            ),
        ]

    def __str__(self):
        return f"{self.huvudman}, {self.programme}"

    def get_absolute_url(self):
        return address_of("participation_detail", self.uuid)

    def clean(self):
        errors = {}
        if self.administration_id and self.administration.huvudman_id != self.huvudman_id:
            errors["administration"] = "Förvaltningen hör till en annan huvudman."
        if self.cohort_id and self.cohort.programme_id != self.programme_id:
            errors["cohort"] = "Omgången hör till ett annat program."
        if self.previous_id and self.previous.huvudman_id != self.huvudman_id:
            errors["previous"] = "Det tidigare deltagandet hör till en annan huvudman."
        if errors:
            raise ValidationError(errors)

    @property
    def is_over(self) -> bool:
        return ParticipationStatus(self.status).is_over

    @property
    def is_approved(self) -> bool:
        return self.registration == Registration.APPROVED

    def clock(self) -> dict:
        """What the term engine needs: start, total, pauses, extensions and the imprecise start."""
        return {
            "start": self.start_term,
            "total": self.total_terms,
            "pauses": [pause.as_value() for pause in self.term_pauses.all()],
            "extensions": [extension.as_value() for extension in self.term_extensions.all()],
        }

    def term_number(self, on=None) -> TermPosition:
        """Term n of N on a day: a value, an interval, or unknown with its reason."""
        return term_number(on or today(), since=self.started, **self.clock())

    def programme_terms(self) -> list:
        """The terms from start to end with their numbers; empty where the start is unknown."""
        return terms_of(**self.clock()) if self.start_term else []


@tracked
class StatusChange(Model):
    """One step of a participation's status: from, to, when it took effect, who and why.

    Never changed, but for the first one of an entry that a coordinator has not approved.
    """

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.PARTICIPATION_READ,
        change=Action.PARTICIPATION_CHANGE,
    )

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="status_changes")
    from_status = models.CharField("från", max_length=12, choices=ParticipationStatus.choices, blank=True)
    to_status = models.CharField("till", max_length=12, choices=ParticipationStatus.choices)
    effective = ImpreciseDateField("gäller från")
    reason = models.TextField("skäl", max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "statusändring"
        verbose_name_plural = "statusändringar"
        ordering = ["participation_id", "pk"]
        constraints = [
            *imprecise_date_constraints("effective"),
            one_of("to_status", ParticipationStatus, name="status_change_to_known"),
        ]

    def __str__(self):
        return f"{self.get_to_status_display()} {self.effective}"


@tracked
class TermPause(Model):
    """Terms that are paused by decision; ``counts`` says whether the term clock runs on."""

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.PARTICIPATION_READ,
        change=Action.PARTICIPATION_CHANGE,
    )
    removal = Removal("pausen", root="participation")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="term_pauses")
    first_term = TermField("från och med")
    last_term = TermField("till och med", null=True, blank=True)
    counts = models.BooleanField("terminerna räknas ändå", default=False)
    decided_on = models.DateField("beslutad", null=True, blank=True)
    reason = models.CharField("skäl", max_length=500)

    class Meta:
        verbose_name = "paus"
        verbose_name_plural = "pauser"
        ordering = ["first_term"]
        constraints = [
            models.CheckConstraint(
                name="term_pause_ordered",
                condition=Q(last_term__isnull=True) | Q(last_term__gte=models.F("first_term")),
                violation_error_message="Pausen slutar före den börjar.",
            )
        ]

    def __str__(self):
        return f"Paus från {self.first_term.long}"

    def as_value(self) -> Pause:
        return Pause(first=self.first_term, last=self.last_term, counts=self.counts)


@tracked
class TermExtension(Model):
    """Terms added beyond the programme's, by decision."""

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.PARTICIPATION_READ,
        change=Action.PARTICIPATION_CHANGE,
    )
    removal = Removal("förlängningen", root="participation")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="term_extensions")
    terms = models.PositiveSmallIntegerField("antal terminer")
    decided_on = models.DateField("beslutad")
    reason = models.CharField("skäl", max_length=500, blank=True)

    class Meta:
        verbose_name = "förlängning"
        verbose_name_plural = "förlängningar"
        ordering = ["decided_on"]
        constraints = [
            models.CheckConstraint(
                name="term_extension_some",
                condition=Q(terms__gte=1, terms__lte=6),
                violation_error_message="En förlängning är 1 till 6 terminer.",
            )
        ]

    def __str__(self):
        return f"Förlängning {self.terms} terminer"

    def as_value(self) -> Extension:
        return Extension(terms=self.terms, decided_on=self.decided_on)
