"""Huvudmän and their administrations; kommuner and län as reference."""

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.db.models import Model, VersionedModel, sort_key
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping
from sbs_portal.search import text as search
from schools.validators import (
    municipality_code_validator,
    normalise_organisation_number,
    validate_organisation_number,
)


class County(Model):
    """One of Sweden's 21 län. Source: SCB's regional division."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    natural_keys = ("code",)

    code = models.CharField("länskod", max_length=2, unique=True)
    name = models.CharField("namn", max_length=100, unique=True)

    class Meta:
        verbose_name = "län"
        verbose_name_plural = "län"
        ordering = ["code"]

    def __str__(self):
        return self.name


class Municipality(Model):
    """One of Sweden's 290 kommuner, by its four-digit code. Source: SCB's regional division."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    natural_keys = ("code",)

    code = models.CharField("kommunkod", max_length=4, unique=True, validators=[municipality_code_validator])
    name = models.CharField("namn", max_length=100)
    county = models.ForeignKey(
        County, verbose_name="län", on_delete=models.PROTECT, related_name="municipalities"
    )
    sort_key = sort_key("name")

    class Meta:
        verbose_name = "kommun"
        verbose_name_plural = "kommuner"
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["sort_key", "uuid"], name="municipality_order")]

    def __str__(self):
        return self.name


class HuvudmanKind(models.TextChoices):
    """Kinds of legal body that run schools."""

    MUNICIPALITY = "municipality", "kommun"
    FEDERATION = "federation", "kommunalförbund"
    REGION = "region", "region"
    INDEPENDENT = "independent", "enskild"
    STATE = "state", "staten"


class HuvudmanQuerySet(ScopedQuerySet):
    def matching(self, text: str):
        """Those whose name, kommun or organisationsnummer holds the text; the number with or without hyphen."""
        text = text.strip()
        found = Q(name__icontains=text) | Q(municipality__name__icontains=text)
        digits = normalise_organisation_number(text)
        if digits.isdecimal():
            found |= Q(organisation_number__startswith=digits)
        return self.filter(found)

    def with_unit_count(self, day=None):
        """With ``unit_count``: the units it runs on the day, those that have ceased not counted."""
        versions = apps.get_model("schools", "SchoolUnitVersion").objects.active_on(day)
        open_units = versions.filter(huvudman=OuterRef("pk")).exclude(status="closed").order_by()
        counted = open_units.values("huvudman").annotate(number=Count("unit_id")).values("number")
        return self.annotate(unit_count=Coalesce(Subquery(counted), 0))


@tracked
class Huvudman(Archivable, VersionedModel):
    """A legal body responsible for schools. Its organisationsnummer may be unknown, then empty."""

    scoping = Scoping(kind="owned", path="pk", read=Action.REGISTER_READ, change=Action.REGISTER_CHANGE)
    natural_keys = ("organisation_number",)
    removal = Removal("huvudmannen", parts=("administrations",), national=True)

    name = models.CharField("namn", max_length=200)
    kind = models.CharField("slag", max_length=20, choices=HuvudmanKind.choices)
    organisation_number = models.CharField(
        "organisationsnummer",
        max_length=12,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_organisation_number],
        help_text="Tio siffror. Lämna tomt om numret inte är känt.",
        error_messages={"unique": "En annan huvudman har redan det här organisationsnumret."},
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="kommun",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="huvudman_list",
    )
    is_fictional = models.BooleanField("påhittad", default=False, help_text="För övning och demonstration.")
    sort_key = sort_key("name")

    objects = HuvudmanQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "huvudman"
        verbose_name_plural = "huvudmän"
        ordering = ["sort_key", "pk"]
        constraints = [
            one_of("kind", HuvudmanKind, name="huvudman_kind_known"),
            models.CheckConstraint(
                name="huvudman_organisation_number_form",
                condition=Q(organisation_number__isnull=True)
                | Q(organisation_number__regex=r"^\d{2}[2-9]\d{7}$"),
                violation_error_message="Ett organisationsnummer har tio siffror, den tredje minst 2.",
            ),
            models.CheckConstraint(
                name="huvudman_municipality_has_one",
                condition=~Q(kind="municipality") | Q(municipality__isnull=False) | Q(is_fictional=True),
                violation_error_message="Ange vilken kommun huvudmannen är.",
            ),
            models.UniqueConstraint(
                fields=["name"],
                name="huvudman_name_unique",
                violation_error_message="Det finns redan en huvudman med det namnet.",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="huvudman_order"),
            search.index("name", name="huvudman_words"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.organisation_number = normalise_organisation_number(self.organisation_number or "") or None
        super().clean()

    def get_absolute_url(self):
        return address_of("huvudman_detail", self.uuid)

    @property
    def shown_organisation_number(self) -> str:
        """ "212000-0142", or "" where it is not known."""
        number = self.organisation_number
        return f"{number[:6]}-{number[6:]}" if number else ""


@tracked
class Administration(Model):
    """A förvaltning under a nämnd; a huvudman can have several."""

    scoping = Scoping(
        kind="owned", path="huvudman_id", read=Action.REGISTER_READ, change=Action.REGISTER_CHANGE
    )
    history_of = "huvudman"
    removal = Removal("förvaltningen", root="huvudman")

    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.CASCADE, related_name="administrations"
    )
    name = models.CharField("namn", max_length=200)
    committee_name = models.CharField("nämnd", max_length=200, blank=True)
    address = models.CharField("besöksadress", max_length=300, blank=True)
    phone = models.CharField("telefon", max_length=40, blank=True)
    valid_from = models.DateField("från", null=True, blank=True)
    valid_to = models.DateField("till och med", null=True, blank=True)

    class Meta:
        verbose_name = "förvaltning"
        verbose_name_plural = "förvaltningar"
        ordering = ["huvudman_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["huvudman", "name"],
                name="administration_name_unique",
                violation_error_message="Huvudmannen har redan en förvaltning med det namnet.",
            ),
            ordered(
                "valid_from",
                "valid_to",
                name="administration_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
        ]

    def __str__(self):
        return self.name
