"""How a participation came in: entered by a coordinator, or by the huvudman itself and then looked at."""

from django.conf import settings
from django.db import models

from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping


class Registration(models.TextChoices):
    """Whether a coordinator stands behind what was entered."""

    WAITING = "waiting", "väntar på samordnare"
    RETURNED = "returned", "tillbaka till förvaltningen"
    WITHDRAWN = "withdrawn", "tillbakadraget"
    APPROVED = "approved", "godkänt"

    @property
    def next(self) -> tuple["Registration", ...]:
        """The states that may follow this one."""
        return NEXT_REGISTRATION[self]


NEXT_REGISTRATION: dict[Registration, tuple[Registration, ...]] = {
    Registration.WAITING: (Registration.APPROVED, Registration.RETURNED, Registration.WITHDRAWN),
    Registration.RETURNED: (Registration.WAITING, Registration.WITHDRAWN),
    Registration.WITHDRAWN: (Registration.WAITING,),
    Registration.APPROVED: (),
}


@tracked
class RegistrationStep(Model):
    """One step of a huvudman's own entry: sent, returned with a comment, withdrawn, or approved. Never changed."""

    scoping = Scoping(
        kind="owned",
        parent="participation",
        read=Action.PARTICIPATION_READ,
        change=Action.PARTICIPATION_CHANGE,
    )

    participation = models.ForeignKey(
        "programmes.Participation", on_delete=models.CASCADE, related_name="registration_steps"
    )
    to_state = models.CharField("till", max_length=10, choices=Registration.choices)
    comment = models.TextField("kommentar", max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "granskning av ett deltagande"
        verbose_name_plural = "granskningar av deltaganden"
        ordering = ["participation_id", "pk"]
        constraints = [one_of("to_state", Registration, name="registration_step_known")]

    def __str__(self):
        return self.get_to_state_display()
