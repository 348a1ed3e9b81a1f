"""Programmes, intake rounds and focus areas: catalogues that coordinators keep."""

from django.db import models
from django.db.models import Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.fields import TermField
from sbs_portal.db.models import Model, sort_key
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping


@tracked
class Programme(Archivable, Model):
    """A programme huvudmän take part in: SBS, or a sibling that works alike."""

    natural_keys = ("code",)
    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    removal = Removal("programmet")

    code = models.SlugField("kod", max_length=30, unique=True)
    name = models.CharField("namn", max_length=200, unique=True)
    terms = models.PositiveSmallIntegerField("antal terminer", default=6)
    mandates = models.CharField(
        "regeringsuppdrag", max_length=300, blank=True, help_text="Diarienummer, med komma emellan."
    )
    description = models.TextField("beskrivning", max_length=2000, blank=True)

    class Meta:
        verbose_name = "program"
        verbose_name_plural = "program"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="programme_terms_some",
                condition=Q(terms__gte=1, terms__lte=20),
                violation_error_message="Antalet terminer är 1 till 20.",
            )
        ]

    def __str__(self):
        return self.name


@tracked
class Cohort(Archivable, Model):
    """An intake round (omgång): a programme and its start term."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    removal = Removal("omgången")

    programme = models.ForeignKey(
        Programme, verbose_name="program", on_delete=models.PROTECT, related_name="cohorts"
    )
    start_term = TermField("starttermin")
    name = models.CharField("namn", max_length=120, blank=True)

    class Meta:
        verbose_name = "omgång"
        verbose_name_plural = "omgångar"
        ordering = ["-start_term", "programme_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "start_term"],
                name="cohort_unique",
                violation_error_message="Programmet har redan en omgång den terminen.",
            )
        ]

    def __str__(self):
        return self.name or f"Omgång {self.start_term.short}"


@tracked
class FocusArea(Model):
    """What a participation works on, as a tag from an editable catalogue."""

    natural_keys = ("code",)
    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    removal = Removal("fokusområdet")

    code = models.SlugField("kod", max_length=60, unique=True)
    name = models.CharField("namn", max_length=120, unique=True)
    is_active = models.BooleanField("går att välja", default=True)
    sort_key = sort_key("name")

    class Meta:
        verbose_name = "fokusområde"
        verbose_name_plural = "fokusområden"
        ordering = ["sort_key"]

    def __str__(self):
        return self.name
