"""The parts of a participation: units, phases, focus, agreements, support and assignments."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.lookups import LessThan

from programmes.models.catalogue import FocusArea
from programmes.models.participation import Participation
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Removal
from sbs_portal.db.constraints import no_overlap, one_of, ordered
from sbs_portal.db.fields import ImpreciseDateField, imprecise_date_constraints, latest_day
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.time import today
from schools.models import Access, Person, Provider, SchoolUnit

PART = {"kind": "owned", "parent": "participation", "read": Action.PARTICIPATION_READ}
OWNER_OF_PARTICIPATION = (
    "(SELECT p.huvudman_id FROM programmes_participation p WHERE p.id = l.participation_id)"
)


def with_us(day) -> Q:
    """Units in the participation on the day; the rows can be asked too (sbs_portal.db.checking.holds)."""
    joined = Q(joined_date__isnull=True) | Q(joined_date__lte=day)
    return joined & (Q(left_date__isnull=True) | Q(left_date__gt=day))


class ParticipatingUnitQuerySet(ScopedQuerySet):
    def with_us_on(self, day=None):
        """Units in the participation on the day: joined surely by then, and not surely gone."""
        return self.filter(with_us(day or today()))


@tracked
class ParticipatingUnit(Model):
    """A unit's membership, with its own join and leave. Unknown join = from the start, as far as is known."""

    scoping = Scoping(**PART, change=Action.PARTICIPATION_CHANGE, units="unit_id")
    removal = Removal("enheten i deltagandet", root="participation")
    scope_links = [ScopeLink(parent="schools.SchoolUnit", column="unit_id", huvudman=OWNER_OF_PARTICIPATION)]
    counted_as = ("deltagande", "deltaganden", "participation_id")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.PROTECT, related_name="participating"
    )
    joined = ImpreciseDateField("med från")
    left = ImpreciseDateField("med till")
    leave_reason = models.CharField("skäl att lämna", max_length=300, blank=True)

    objects = ParticipatingUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "deltagande enhet"
        verbose_name_plural = "deltagande enheter"
        ordering = ["participation_id", "unit__sort_key", "pk"]
        constraints = [
            *imprecise_date_constraints("joined"),
            *imprecise_date_constraints("left"),
            ordered(
                "joined_date",
                "left_date",
                name="participating_unit_ordered",
                message="Enheten kan inte lämna innan den kom med.",
            ),
            no_overlap(
                "participation",
                "unit",
                first="joined_date",
                last="left_date",
                name="participating_unit_no_overlap",
                message="Enheten är redan med under den tiden.",
            ),
        ]

    def __str__(self):
        return str(self.unit)


class Phase(models.TextChoices):
    """The phases in their order. Uppföljning runs beside them and is no phase."""

    SELECTION = "selection", "Urval och erbjudande"
    ANALYSIS = "analysis", "Nulägesanalys"
    PLAN = "plan", "Åtgärdsplan"
    IMPLEMENTATION = "implementation", "Genomförande"
    CLOSING = "closing", "Avslut"


class ParticipationPhaseQuerySet(ScopedQuerySet):
    def under_way_on(self, day):
        """Begun and not finished on the day, which may be an expression: as ``is_under_way`` says of one."""
        ended = LessThan(latest_day("actual_end"), day)
        return self.filter(Q(actual_end_date=None) | ~Q(ended), actual_start_date__lte=day)

    def latest_first(self):
        """In the programme's order, turned."""
        places = (When(phase=phase, then=number) for number, phase in enumerate(Phase.values))
        return self.order_by(Case(*places).desc())


@tracked
class ParticipationPhase(Model):
    """A phase, planned and actual; of the whole participation, or of one unit where it differs."""

    scoping = Scoping(**PART, change=Action.PARTICIPATION_CHANGE)
    removal = Removal("fasen", root="participation")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="phases")
    participating_unit = models.ForeignKey(
        ParticipatingUnit,
        verbose_name="enhet",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="phases",
    )
    phase = models.CharField("fas", max_length=16, choices=Phase.choices)
    planned_start = ImpreciseDateField("planerad start")
    planned_end = ImpreciseDateField("planerat slut")
    actual_start = ImpreciseDateField("påbörjad")
    actual_end = ImpreciseDateField("klar")

    objects = ParticipationPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = "fas"
        verbose_name_plural = "faser"
        ordering = ["participation_id", "pk"]
        constraints = [
            *imprecise_date_constraints("planned_start"),
            *imprecise_date_constraints("planned_end"),
            *imprecise_date_constraints("actual_start"),
            *imprecise_date_constraints("actual_end"),
            one_of("phase", Phase, name="phase_known"),
            ordered(
                "planned_start_date",
                "planned_end_date",
                name="phase_planned_ordered",
                message="Planerat slut kan inte vara före planerad start.",
            ),
            ordered(
                "actual_start_date",
                "actual_end_date",
                name="phase_actual_ordered",
                message="Fasen kan inte vara klar före den påbörjades.",
            ),
            models.UniqueConstraint(
                fields=["participation", "participating_unit", "phase"],
                nulls_distinct=False,
                name="phase_unique",
                violation_error_message="Fasen finns redan.",
            ),
        ]

    def __str__(self):
        return self.get_phase_display()

    def is_under_way(self, on) -> bool:
        """Begun and not finished on the day, as far as is known."""
        begun = self.actual_start.first is not None and self.actual_start.first <= on
        return begun and not (self.actual_end.last is not None and self.actual_end.last < on)


@tracked
class ParticipationFocus(Model):
    """A focus area of the participation, or of one of its units."""

    scoping = Scoping(**PART, change=Action.AGREEMENT_CHANGE)
    removal = Removal("fokusområdet i deltagandet", root="participation")
    counted_as = ("deltagande", "deltaganden", "participation_id")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="focus")
    focus_area = models.ForeignKey(
        FocusArea, verbose_name="fokusområde", on_delete=models.PROTECT, related_name="uses"
    )
    note = models.CharField("anmärkning", max_length=300, blank=True)

    class Meta:
        verbose_name = "fokus"
        verbose_name_plural = "fokus"
        ordering = ["participation_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "focus_area"],
                name="participation_focus_unique",
                violation_error_message="Fokusområdet finns redan på deltagandet.",
            )
        ]

    def __str__(self):
        return str(self.focus_area)


class AgreementKind(models.TextChoices):
    AGREEMENT = "agreement", "överenskommelse"
    DECISION = "decision", "beslut"


@tracked
class Agreement(Model):
    """A signed agreement or a unilateral decision; may carry money and a counted target group."""

    scoping = Scoping(**PART, change=Action.AGREEMENT_CHANGE)
    removal = Removal("överenskommelsen eller beslutet", root="participation")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="agreements")
    kind = models.CharField("slag", max_length=10, choices=AgreementKind.choices)
    title = models.CharField("rubrik", max_length=200)
    signed = ImpreciseDateField("datum")
    decided_by = models.CharField("beslutad av", max_length=200, blank=True)
    record_number = models.CharField("diarienummer", max_length=60, blank=True)
    amount = models.DecimalField("belopp i kronor", max_digits=12, decimal_places=2, null=True, blank=True)
    target_count = models.PositiveIntegerField("antal i målgruppen", null=True, blank=True)
    target_group = models.CharField("målgrupp", max_length=200, blank=True)

    class Meta:
        verbose_name = "överenskommelse eller beslut"
        verbose_name_plural = "överenskommelser och beslut"
        ordering = ["participation_id", F("signed_date").asc(nulls_last=True), "pk"]
        constraints = [
            *imprecise_date_constraints("signed"),
            one_of("kind", AgreementKind, name="agreement_kind_known"),
            models.CheckConstraint(
                name="agreement_amount_positive",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                violation_error_message="Beloppet kan inte vara negativt.",
            ),
        ]

    def __str__(self):
        return self.title


class SupportStatus(models.TextChoices):
    PROPOSED = "proposed", "föreslaget"
    AGREED = "agreed", "överenskommet"
    ACTIVE = "active", "pågår"
    ENDED = "ended", "avslutat"

    @property
    def next(self) -> tuple["SupportStatus", ...]:
        """The statuses that may follow this one."""
        return NEXT_SUPPORT[self]


NEXT_SUPPORT: dict[SupportStatus, tuple[SupportStatus, ...]] = {
    SupportStatus.PROPOSED: (SupportStatus.AGREED, SupportStatus.ACTIVE, SupportStatus.ENDED),
    SupportStatus.AGREED: (SupportStatus.ACTIVE, SupportStatus.ENDED),
    SupportStatus.ACTIVE: (SupportStatus.ENDED,),
    SupportStatus.ENDED: (),
}


class SupportLevel(models.TextChoices):
    POLITICAL = "political", "politisk ledning"
    ADMINISTRATION = "administration", "förvaltning"
    UNIT = "unit", "enhet"


@tracked
class Support(Model):
    """Support from a provider: proposed, agreed, active or ended, for a period, on up to three levels."""

    scoping = Scoping(**PART, change=Action.PARTICIPATION_CHANGE)
    removal = Removal("stödet", root="participation")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="supports")
    provider = models.ForeignKey(
        Provider, verbose_name="lärosäte eller annan aktör", on_delete=models.PROTECT, related_name="supports"
    )
    status = models.CharField(
        "läge", max_length=10, choices=SupportStatus.choices, default=SupportStatus.PROPOSED
    )
    description = models.CharField("stödet gäller", max_length=500, blank=True)
    levels = ArrayField(
        models.CharField(max_length=14, choices=SupportLevel.choices),
        verbose_name="nivåer",
        default=list,
        blank=True,
    )
    starts = ImpreciseDateField("från")
    ends = ImpreciseDateField("till")
    period_words = models.CharField("perioden med ord", max_length=200, blank=True)
    process_leader_count = models.PositiveSmallIntegerField("antal processledare", null=True, blank=True)

    class Meta:
        verbose_name = "stöd"
        verbose_name_plural = "stöd"
        ordering = ["participation_id", "pk"]
        constraints = [
            *imprecise_date_constraints("starts"),
            *imprecise_date_constraints("ends"),
            one_of("status", SupportStatus, name="support_status_known"),
            ordered(
                "starts_date", "ends_date", name="support_ordered", message="Stödet slutar före det börjar."
            ),
            models.CheckConstraint(
                name="support_levels_known",
                condition=Q(levels__contained_by=list(SupportLevel.values)),
                violation_error_message="Välj nivåer ur listan.",
            ),
        ]

    def __str__(self):
        return f"{self.provider}: {self.get_status_display()}"

    @property
    def levels_display(self) -> str:
        return ", ".join(level.label for level in SupportLevel if level in self.levels)


class AssignmentRole(models.TextChoices):
    PROCESS_LEADER = "process_leader", "processledare"
    COORDINATOR = "coordinator", "samordnare"
    CONTACT = "contact", "kontaktperson"
    STEERING = "steering", "med vid varje träff"


class ParticipationAssignmentQuerySet(ScopedQuerySet):
    def active_on(self, day=None):
        day = day or today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


@tracked
class ParticipationAssignment(Model):
    """A person's assignment in a participation: person, role, employer and period are four things.

    An assignment as process leader of someone with an account writes an access row (see services).
    """

    scoping = Scoping(
        kind="owned", parent="participation", read=Action.PEOPLE_READ, change=Action.AGREEMENT_CHANGE
    )
    removal = Removal("uppdraget", root="participation")
    scope_links = [ScopeLink(parent="schools.Person", column="person_id", huvudman=OWNER_OF_PARTICIPATION)]
    counted_as = ("uppdrag", "uppdrag", "pk")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(
        Person, verbose_name="person", on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField("uppdrag", max_length=16, choices=AssignmentRole.choices)
    employer = models.ForeignKey(
        Provider,
        verbose_name="arbetsgivare",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text="Tomt betyder huvudmannen själv.",
    )
    valid_from = models.DateField("från", null=True, blank=True)
    valid_to = models.DateField("till och med", null=True, blank=True)
    access = models.OneToOneField(
        Access, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="assignment"
    )

    objects = ParticipationAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "uppdrag i deltagandet"
        verbose_name_plural = "uppdrag i deltagandet"
        ordering = ["participation_id", "role", "pk"]
        constraints = [
            one_of("role", AssignmentRole, name="assignment_role_known"),
            ordered(
                "valid_from",
                "valid_to",
                name="assignment_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
            no_overlap(
                "participation",
                "person",
                first="valid_from",
                last="valid_to",
                condition=Q(role="process_leader"),
                name="assignment_process_leader_no_overlap",
                message="Personen är redan processledare under den tiden.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"

    @property
    def shown_employer(self) -> str:
        return str(self.employer) if self.employer_id else str(self.participation.huvudman)
