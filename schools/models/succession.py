"""Which units became which when units were merged or split."""

from django.db import models
from django.db.models import F, Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Removal
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.models.huvudman import Huvudman
from schools.models.unit import SchoolUnit


class SuccessionKind(models.TextChoices):
    """How one unit became another."""

    MERGE = "merge", "sammanslagning"
    SPLIT = "split", "delning"


@tracked
class UnitSuccession(Model):
    """One unit that went into another, or came out of it, with the first day of the new order.

    The huvudman ran both that day, so whoever reads the row reads both units.
    """

    scoping = Scoping(
        kind="owned", path="huvudman_id", read=Action.REGISTER_READ, change=Action.REGISTER_CHANGE
    )
    history_of = "successor"
    removal = Removal("sambandet", root="successor")

    huvudman = models.ForeignKey(
        Huvudman, verbose_name="huvudman", on_delete=models.PROTECT, related_name="unit_successions"
    )
    predecessor = models.ForeignKey(
        SchoolUnit, verbose_name="föregångare", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        SchoolUnit, verbose_name="efterföljare", on_delete=models.PROTECT, related_name="origins"
    )
    kind = models.CharField("slag", max_length=10, choices=SuccessionKind.choices)
    day = models.DateField("första dag")
    note = models.CharField("anmärkning", max_length=300, blank=True)

    class Meta:
        verbose_name = "samband mellan enheter"
        verbose_name_plural = "samband mellan enheter"
        ordering = ["day", "pk"]
        constraints = [
            one_of("kind", SuccessionKind, name="unit_succession_kind_known"),
            models.CheckConstraint(
                name="unit_succession_of_two",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="En enhet är inte sin egen efterföljare.",
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="unit_succession_once",
                violation_error_message="Sambandet mellan enheterna finns redan.",
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
