"""Provenance: where a fact comes from, and what a source says that is not (yet) a clean fact."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sbs_portal.audit.history import tracked
from sbs_portal.audit.subjects import subject_kinds
from sbs_portal.db.constraints import one_of
from sbs_portal.db.fields import ImpreciseDateField, imprecise_date_constraints
from sbs_portal.db.models import Model, VersionedModel
from sbs_portal.rights import RIGHTS, Action, Reach, Role
from sbs_portal.scope import Scope, ScopedQuerySet, Scoping, scope_of


class Trust(models.TextChoices):
    """How sure a fact is."""

    CONFIRMED = "confirmed", "bekräftad"
    STATED = "stated", "uppgiven"
    DERIVED = "derived", "härledd"
    UNVERIFIED = "unverified", "ej granskad"


class SourceKind(models.TextChoices):
    """What a source is."""

    NEWS = "news", "nyhet"
    WEB_PAGE = "web_page", "webbsida"
    DOCUMENT = "document", "handling"
    REGISTER = "register", "register"
    SCRAPED = "scraped", "insamlad sida utan känd avsändare"


class What(models.TextChoices):
    """What a statement is about."""

    TERM_NUMBER = "term_number", "terminens nummer"
    SINCE = "since", "med sedan"
    HEAD_COUNT = "head_count", "antal personer"
    COVERAGE = "coverage", "enheter på plats"
    PURPOSE = "purpose", "syfte"
    SELECTION = "selection", "urvalsgrund"
    SUPPORT = "support", "stöd"
    CADENCE = "cadence", "hur ofta träffarna hålls"
    PARTICIPANTS = "participants", "vilka som deltar"
    DURATION = "duration", "hur länge det pågår"
    EXPECTATION = "expectation", "förväntan"
    ASSESSMENT = "assessment", "bedömning"
    EVENT = "event", "händelse"
    OTHER = "other", "annat"


class Review(models.TextChoices):
    """What the coordinator has said of a statement."""

    WAITING = "waiting", "väntar på granskning"
    ACCEPTED = "accepted", "godtagen"
    REJECTED = "rejected", "avvisad"


@tracked
class Source(Model):
    """A page, letter or file that states something. No huvudman = for coordinators only."""

    # A collected page without a known sender is the reviewers' alone, like what it says.
    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.STATEMENT_READ,
        change=Action.STATEMENT_REVIEW,
        narrow={role: ~Q(kind=SourceKind.SCRAPED) for role in Role if role is not Role.COORDINATOR},
    )

    publisher = models.CharField("utgivare", max_length=200, blank=True)
    title = models.CharField("rubrik", max_length=300)
    kind = models.CharField("slag", max_length=20, choices=SourceKind.choices)
    published = ImpreciseDateField("publicerad")
    updated = ImpreciseDateField("uppdaterad eller granskad")
    address = models.URLField("adress", max_length=500, blank=True)
    retrieved_on = models.DateField("hämtad", null=True, blank=True)
    note = models.TextField("anmärkning", max_length=2000, blank=True)
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    class Meta:
        verbose_name = "källa"
        verbose_name_plural = "källor"
        ordering = ["publisher", "title", "pk"]
        indexes = [GinIndex(fields=["huvudman_ids"], name="source_huvudman_ids")]
        constraints = [
            *imprecise_date_constraints("published"),
            *imprecise_date_constraints("updated"),
            one_of("kind", SourceKind, name="source_kind_known"),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}" if self.publisher else self.title


class StatementQuerySet(ScopedQuerySet):
    def visible_to(self, who):
        """Those the user may read, and of what somebody's role keeps from them only what they see themselves.

        A reader has a huvudman's statements, but not those about its delegations.
        """
        scope = scope_of(who)
        rows = super().visible_to(scope)
        if scope.system:
            return rows
        for kind in subject_kinds():
            if not _reads_all(scope, kind.model):
                label, seen = kind.model._meta, kind.model.objects.visible_to(scope)
                about = Q(subject_type__app_label=label.app_label, subject_type__model=label.model_name)
                rows = rows.filter(Q(subject_type=None) | ~about | Q(subject_id__in=seen.values("pk")))
        return rows

    def about(self, subject):
        """Statements on one object."""
        return self.about_row(type(subject), subject.pk)

    def about_row(self, model, pk):
        """As ``about``, by the object's model and key."""
        subject_type = ContentType.objects.get_for_model(model)
        return self.filter(subject_type=subject_type, subject_id=pk).select_related("source", "reviewed_by")

    def standing(self):
        """Not rejected: what the pages show."""
        return self.exclude(review=Review.REJECTED)

    def waiting(self):
        """For the coordinator's review list."""
        return self.filter(review=Review.WAITING)


def _reads_all(scope: Scope, model: type[models.Model]) -> bool:
    """Whether every role of the user's reads all rows of the model within its huvudmän."""
    return all(RIGHTS[model.scoping.read].get(role, Reach.NONE) >= Reach.HUVUDMAN for role in scope.roles)


SHOWN_TO_HUVUDMAN = Q(review__in=[Review.WAITING, Review.ACCEPTED]) & ~Q(source__kind=SourceKind.SCRAPED)


@tracked
class Statement(VersionedModel):
    """Something a source states: about what, which kind, the value, the words, and how sure it is.

    ``value`` is a JSON object whose shape follows ``what``: {"number": 3} for a term, {"count": 60} for heads,
    {"units": "all"} for coverage, {"date": {…}} for since; {} where the text is all there is.
    """

    # What is rejected, or only a collected page says, is the reviewers': it is shown to no one else.
    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.STATEMENT_READ,
        change=Action.STATEMENT_REVIEW,
        narrow={role: SHOWN_TO_HUVUDMAN for role in Role if role is not Role.COORDINATOR},
    )

    source = models.ForeignKey(
        Source, verbose_name="källa", on_delete=models.PROTECT, related_name="statements"
    )
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    subject_id = models.BigIntegerField(null=True, blank=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    what = models.CharField("gäller", max_length=20, choices=What.choices)
    value = models.JSONField("värde", default=dict, blank=True)
    text = models.TextField("med källans ord eller kort", max_length=2000)
    as_of = ImpreciseDateField("gäller per")
    trust = models.CharField("säkerhet", max_length=12, choices=Trust.choices)
    reasoning = models.TextField("så är den härledd", max_length=2000, blank=True)
    review = models.CharField("granskning", max_length=10, choices=Review.choices, default=Review.WAITING)
    review_reason = models.TextField("motivering", max_length=1000, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="granskad av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    reviewed_at = models.DateTimeField("granskad", null=True, blank=True, editable=False)
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "uppgift"
        verbose_name_plural = "uppgifter"
        ordering = ["source_id", "pk"]
        indexes = [
            GinIndex(fields=["huvudman_ids"], name="statement_huvudman_ids"),
            models.Index(fields=["subject_type", "subject_id"], name="statement_subject"),
            models.Index(fields=["review", "id"], name="statement_review"),
            models.Index(fields=["created_at", "uuid"], name="statement_added"),
        ]
        constraints = [
            *imprecise_date_constraints("as_of"),
            models.CheckConstraint(
                name="statement_subject_whole",
                condition=Q(subject_type__isnull=True, subject_id__isnull=True)
                | Q(subject_type__isnull=False, subject_id__isnull=False),
            ),
            one_of("trust", Trust, name="statement_trust_known"),
            one_of("what", What, name="statement_what_known"),
            one_of("review", Review, name="statement_review_known"),
            models.CheckConstraint(
                name="statement_derived_has_reasoning",
                condition=~Q(trust="derived") | ~Q(reasoning=""),
                violation_error_message="Skriv hur uppgiften är härledd.",
            ),
            models.CheckConstraint(
                name="statement_rejected_has_reason",
                condition=~Q(review="rejected") | ~Q(review_reason=""),
                violation_error_message="Skriv varför uppgiften avvisas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()}: {self.text[:80]}"

    @property
    def review_badge(self) -> tuple[str, str]:
        """What a coordinator has said, as a badge shows it: the meaning and the word."""
        return {Review.ACCEPTED: ("yes", "Godtagen"), Review.REJECTED: ("no", "Avvisad")}.get(
            self.review, ("new", "Väntar")
        )
