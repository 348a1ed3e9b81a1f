"""What the web itself writes: a report that a page could not be used."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from sbs_portal.web.models import AccessibilityReport

# Enough for everyone who has something to say, too few to fill the table with.
REPORTS_PER_HOUR = 30


def report_accessibility(
    *, description: str, page: str = "", technology: str = "", email: str = ""
) -> AccessibilityReport:
    """Keep a report. Raises ValidationError when a field is wrong, or too many have come in the last hour."""
    report = AccessibilityReport(
        description=description.strip(), page=page.strip(), technology=technology.strip(), email=email.strip()
    )
    report.full_clean()
    since = timezone.now() - timedelta(hours=1)
    if AccessibilityReport.objects.filter(created_at__gte=since).count() >= REPORTS_PER_HOUR:
        raise ValidationError(
            "Det har kommit ovanligt många rapporter den senaste timmen, så den här är inte sparad. "
            f"Försök igen om en stund, eller mejla {settings.CONTACT_EMAIL}."
        )
    report.save()
    return report


def answer_report(*, report: AccessibilityReport, answer: str, by) -> AccessibilityReport:
    """Mark a report as handled, with what was answered."""
    report.answer = answer.strip()
    report.handled_at = timezone.now()
    report.handled_by = by
    report.full_clean()
    report.save()
    return report
