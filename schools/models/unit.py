"""School units: an identity that stays, and versions by period of what was true of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.text import capfirst

from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import no_overlap, one_of, ordered
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model, VersionedModel, sort_key
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.search import text as search
from sbs_portal.time import today
from schools.models.huvudman import Huvudman, Municipality
from schools.validators import unit_code_validator


class SchoolForm(models.TextChoices):
    """Skolformer och verksamheter, by the register's codes; FS (förskola) is SS 12000's."""

    FS = "FS", "förskola"
    FKLASS = "FKLASS", "förskoleklass"
    FTH = "FTH", "fritidshem"
    OPPFTH = "OPPFTH", "öppen fritidsverksamhet"
    GR = "GR", "grundskola"
    GRAN = "GRAN", "anpassad grundskola"
    SP = "SP", "specialskola"
    SAM = "SAM", "sameskola"
    GY = "GY", "gymnasieskola"
    GYAN = "GYAN", "anpassad gymnasieskola"
    VUX = "VUX", "komvux"


def shown_forms(codes) -> str:
    """ "förskoleklass, grundskola": codes in words, in the register's order."""
    return ", ".join(form.label for form in SchoolForm if form in (codes or ()))


class UnitStatus(models.TextChoices):
    """The register's statuses."""

    PLANNED = "planned", "planerad"
    ACTIVE = "active", "aktiv"
    DORMANT = "dormant", "vilande"
    CLOSED = "closed", "upphörd"

    @property
    def badge(self) -> tuple[str, str]:
        """As a badge shows it: the meaning and the word."""
        return "paused" if self is UnitStatus.DORMANT else self.value, capfirst(self.label)


def on_day(day) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


class SchoolUnitQuerySet(ScopedQuerySet):
    def valid_on(self, day=None):
        """With ``name_now``, ``huvudman_id_now`` and ``status_now`` as they were on the day."""
        version = SchoolUnitVersion.objects.active_on(day).filter(unit=OuterRef("pk")).order_by("-valid_from")
        return self.annotate(
            name_now=Subquery(version.values("name")[:1]),
            huvudman_id_now=Subquery(version.values("huvudman_id")[:1]),
            huvudman_name_now=Subquery(version.values("huvudman__name")[:1]),
            huvudman_sort_key_now=Subquery(version.values("huvudman__sort_key")[:1]),
            status_now=Subquery(version.values("status")[:1]),
            school_forms_now=Subquery(version.values("school_forms")[:1]),
        )

    def of_huvudman(self, huvudman, day=None):
        """Units run by the huvudman on the day."""
        return self._whose_version(day, huvudman=huvudman)

    def with_form(self, form, day=None):
        """Units with the school form or verksamhet on the day."""
        return self._whose_version(day, school_forms__contains=[form])

    def with_status(self, status, day=None):
        """Units with the register's status on the day."""
        return self._whose_version(day, status=status)

    def matching(self, text: str):
        """Units whose name, school, former or other name holds the text, or whose code begins with it."""
        text = text.strip()
        names = SchoolUnitVersion.objects.filter(name__icontains=text).values("unit_id")
        aliases = UnitAlias.objects.filter(name__icontains=text).values("unit_id")
        found = Q(school_name__icontains=text) | Q(pk__in=names) | Q(pk__in=aliases)
        return self.filter(found | Q(unit_code__startswith=text) if text.isdecimal() else found)

    def _whose_version(self, day, **lookup):
        versions = SchoolUnitVersion.objects.active_on(day).filter(**lookup)
        return self.filter(pk__in=versions.values("unit_id"))


@tracked
class SchoolUnit(Archivable, VersionedModel):
    """A unit led by a rektor. ``unit_code`` is Skolenhetsregistret's; preschools have none.

    ``name`` is the name in force when the unit was last changed, or the latest known; the services keep it so
    that other pages need no subquery. What it was called on a day is ``version_on(day).name``.
    """

    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.REGISTER_READ,
        change=Action.REGISTER_CHANGE,
        units="pk",
    )
    natural_keys = ("unit_code",)
    removal = Removal("enheten", parts=("versions", "aliases"))

    unit_code = models.CharField(
        "skolenhetskod",
        max_length=8,
        null=True,
        blank=True,
        unique=True,
        validators=[unit_code_validator],
        help_text="Åtta siffror ur Skolenhetsregistret. Förskolor saknar kod.",
        error_messages={"unique": "En annan enhet har redan den här skolenhetskoden."},
    )
    name = models.CharField("namn", max_length=200, editable=False)
    school_name = models.CharField(
        "skolans namn",
        max_length=200,
        blank=True,
        help_text="När skolan består av flera enheter, till exempel Kronan.",
    )
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    sort_key = sort_key("name")

    objects = SchoolUnitQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "enhet"
        verbose_name_plural = "enheter"
        ordering = ["sort_key", "pk"]
        indexes = [
            GinIndex(fields=["huvudman_ids"], name="unit_huvudman_ids"),
            models.Index(fields=["sort_key", "id"], name="unit_order"),
            search.index("name", "school_name", name="unit_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_code_form",
                condition=Q(unit_code__isnull=True) | Q(unit_code__regex=r"^\d{8}$"),
                violation_error_message="En skolenhetskod har åtta siffror.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.unit_code = (self.unit_code or "").strip() or None
        super().clean()

    def get_absolute_url(self):
        return address_of("unit_detail", self.uuid)

    def version_on(self, day=None) -> "SchoolUnitVersion | None":
        """What was true of the unit on the day; None before its first period or in a gap."""
        day = day or today()
        for version in self.versions.all():
            if version.covers(day):
                return version
        return None


class SchoolUnitVersionQuerySet(ScopedQuerySet):
    def active_on(self, day=None):
        """Versions whose period covers the day."""
        return self.filter(on_day(day or today()))


@tracked
class SchoolUnitVersion(Model):
    """What was true of a unit in a period. Null first day = as far back as known."""

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        read=Action.REGISTER_READ,
        change=Action.REGISTER_CHANGE,
        units="unit_id",
    )
    history_of = "unit"
    scope_links = [ScopeLink(parent="schools.SchoolUnit", column="unit_id")]
    removal = Removal("perioden", root="unit")
    counted_as = ("enhet", "enheter", "unit_id")

    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.CASCADE, related_name="versions"
    )
    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="unit_versions"
    )
    name = models.CharField("namn", max_length=200)
    status = models.CharField("status", max_length=10, choices=UnitStatus.choices, default=UnitStatus.ACTIVE)
    school_forms = ArrayField(
        models.CharField(max_length=6, choices=SchoolForm.choices),
        verbose_name="skolformer och verksamheter",
        default=list,
        blank=True,
    )
    grade_from = models.PositiveSmallIntegerField(
        "från årskurs", null=True, blank=True, help_text="0 = förskoleklass"
    )
    grade_to = models.PositiveSmallIntegerField("till årskurs", null=True, blank=True)
    street_address = models.CharField("gatuadress", max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality, verbose_name="kommun", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField("från", null=True, blank=True)
    valid_to = models.DateField("till och med", null=True, blank=True)
    change_note = models.CharField("vad som ändrades", max_length=300, blank=True)

    objects = SchoolUnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "enhetens uppgifter under en period"
        verbose_name_plural = "enhetens uppgifter över tid"
        ordering = ["unit_id", models.F("valid_from").asc(nulls_first=True)]
        indexes = [search.index("name", name="unit_version_words")]
        constraints = [
            one_of("status", UnitStatus, name="unit_version_status_known"),
            ordered(
                "valid_from",
                "valid_to",
                name="unit_version_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
            no_overlap(
                "unit",
                first="valid_from",
                last="valid_to",
                name="unit_version_no_overlap",
                message="Perioden överlappar en annan period för samma enhet.",
            ),
            models.CheckConstraint(
                name="unit_version_grades_ordered",
                condition=Q(grade_from__isnull=True)
                | Q(grade_to__isnull=True)
                | Q(grade_to__gte=models.F("grade_from")),
                violation_error_message="Till årskurs kan inte vara lägre än från årskurs.",
            ),
            models.CheckConstraint(
                name="unit_version_grades_known",
                condition=(Q(grade_from__isnull=True) | Q(grade_from__lte=13))
                & (Q(grade_to__isnull=True) | Q(grade_to__lte=13)),
                violation_error_message="Ange årskurs 0–9, eller 1–3 för gymnasiet.",
            ),
            models.CheckConstraint(
                name="unit_version_forms_known",
                condition=Q(school_forms__contained_by=list(SchoolForm.values)),
                violation_error_message="Välj skolformer och verksamheter ur listan.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Reversed dates are told here: the database's overlap check cannot make a range of them."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "Slutdatum kan inte vara före startdatum."})

    @property
    def status_badge(self) -> tuple[str, str]:
        return UnitStatus(self.status).badge

    def covers(self, day) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def forms_display(self) -> str:
        """ "förskoleklass, grundskola" in the register's order."""
        return ", ".join(form.label for form in SchoolForm if form in self.school_forms)

    @property
    def grades_display(self) -> str:
        """ "F–9", "7–9" or ""."""
        if self.grade_from is None and self.grade_to is None:
            return ""
        first = "F" if self.grade_from == 0 else str(self.grade_from if self.grade_from is not None else "")
        last = "F" if self.grade_to == 0 else str(self.grade_to if self.grade_to is not None else "")
        return first if first == last else f"{first}–{last}"


@tracked
class UnitAlias(Model):
    """Another name or spelling a unit is known by."""

    scoping = Scoping(kind="shared", parent="unit", read=Action.REGISTER_READ, change=Action.REGISTER_CHANGE)
    removal = Removal("namnet", root="unit")

    unit = models.ForeignKey(
        SchoolUnit, verbose_name="enhet", on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField("namn", max_length=200)
    note = models.CharField("anmärkning", max_length=300, blank=True)

    class Meta:
        verbose_name = "annat namn"
        verbose_name_plural = "andra namn"
        ordering = ["name"]
        indexes = [search.index("name", name="unit_alias_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="unit_alias_unique",
                violation_error_message="Enheten har redan det namnet i listan.",
            )
        ]

    def __str__(self):
        return self.name
