"""Reports of pages that someone could not use."""

from django.conf import settings
from django.db import models

from sbs_portal.db.models import Model
from sbs_portal.scope import Scoping


class AccessibilityReport(Model):
    """What someone could not do in the portal. Written by anyone, logged in or not; read in admin."""

    scoping = Scoping(kind="kernel")

    description = models.TextField("vad fungerade inte", max_length=4000)
    page = models.CharField("på vilken sida", max_length=300, blank=True)
    technology = models.CharField("webbläsare och hjälpmedel", max_length=300, blank=True)
    email = models.EmailField("din e-postadress", blank=True)
    handled_at = models.DateTimeField("hanterad", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="hanterad av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answer = models.TextField("svar", max_length=4000, blank=True)

    class Meta:
        verbose_name = "tillgänglighetsrapport"
        verbose_name_plural = "tillgänglighetsrapporter"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="accessibility_report_described",
                condition=~models.Q(description=""),
                violation_error_message="Skriv vad som inte fungerade.",
            ),
        ]

    def __str__(self):
        return f"Rapport {self.reference}"

    @property
    def reference(self) -> str:
        """The number on the receipt."""
        return self.uuid.hex[:8].upper()
