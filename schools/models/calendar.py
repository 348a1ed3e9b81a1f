"""School calendars: lov per kommun and läsår, with a national default."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.audit.models import Source
from sbs_portal.db.archive import Removal
from sbs_portal.db.constraints import no_overlap, ordered
from sbs_portal.db.fields import SchoolYearField
from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.calendar import Break, weeks_in_words
from schools.models.huvudman import Municipality


@tracked
class SchoolCalendar(Model):
    """That a läsår's lov are entered for a kommun; no kommun = the national default."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    removal = Removal("läsårskalendern", parts=("breaks",))

    municipality = models.ForeignKey(
        Municipality,
        verbose_name="kommun",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendars",
    )
    school_year = SchoolYearField("läsår")
    source = models.ForeignKey(
        Source, verbose_name="källa", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "läsårskalender"
        verbose_name_plural = "läsårskalendrar"
        ordering = ["school_year", "municipality_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "school_year"],
                name="school_calendar_unique",
                nulls_distinct=False,
                violation_error_message="Läsårets kalender är redan inlagd.",
            )
        ]

    def __str__(self):
        return f"{self.place} {self.school_year}"

    def get_absolute_url(self):
        return address_of("school_calendar_detail", self.uuid)

    @property
    def place(self) -> str:
        """The kommun, or "Hela landet"."""
        return self.municipality.name if self.municipality else "Hela landet"

    @property
    def breaks_in_words(self) -> str:
        """ "Höstlov vecka 44, jullov vecka 52–1"."""
        told = [f"{lov.name.lower()} {weeks_in_words(lov.as_value())}" for lov in self.breaks.all()]
        return capfirst(", ".join(told))


@tracked
class SchoolBreak(Model):
    """One lov: first and last day, both free."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    history_of = "calendar"
    removal = Removal("lovet")

    calendar = models.ForeignKey(
        SchoolCalendar, verbose_name="läsårskalender", on_delete=models.CASCADE, related_name="breaks"
    )
    name = models.CharField("namn", max_length=60)
    starts_on = models.DateField("första dag")
    ends_on = models.DateField("sista dag")

    class Meta:
        verbose_name = "lov"
        verbose_name_plural = "lov"
        ordering = ["starts_on"]
        constraints = [
            ordered(
                "starts_on", "ends_on", name="school_break_ordered", message="Lovet slutar före det börjar."
            ),
            no_overlap(
                "calendar",
                first="starts_on",
                last="ends_on",
                name="school_break_no_overlap",
                message="Lovet överlappar ett annat lov i samma kalender.",
            ),
            models.CheckConstraint(
                name="school_break_named", condition=~Q(name=""), violation_error_message="Skriv lovets namn."
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.starts_on}–{self.ends_on}"

    def as_value(self) -> Break:
        return Break(self.starts_on, self.ends_on, self.name)

    def clean(self):
        """Reversed dates are told here: the database's overlap check cannot make a range of them."""
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Lovet slutar före det börjar."})
