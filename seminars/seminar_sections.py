"""What seminars add to other pages: a participation's, a huvudman's and a unit's, and to the term strip."""

from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from programmes import strip
from programmes.models import Participation
from programmes.overview import Asking, Overview, overview_of, register_reading
from programmes.strip_sources import register_strip_source
from sbs_portal.db.statements import hang
from sbs_portal.rights import Action
from sbs_portal.time import Precision, today
from sbs_portal.web.sections import register_section
from sbs_portal.web.words import MONTHS_SHORT
from seminars.models import Delegate, Delegation, Seminar, SeminarKind, SeminarStatus, SeminarUnit
from seminars.overview import attendance_words
from seminars.seminar_overview import CONFIRMED, status_on, when_words

SHORT = {
    SeminarKind.START: "Uppstart",
    SeminarKind.FOLLOW_UP: "Uppföljning",
    SeminarKind.DEVELOPMENT_DAY: "Utvecklingsdag",
    SeminarKind.NETWORK: "Nätverk",
    SeminarKind.CLOSING: "Avslutning",
}


def register() -> None:
    """Called once, when the apps are ready."""
    for page, order, loader in (
        ("participation", 50, of_participation),
        ("huvudman", 40, of_huvudman),
        ("unit", 30, of_unit),
    ):
        register_section(
            page=page,
            name="seminarier",
            title="Seminarier",
            order=order,
            loader=loader,
            template="seminars/_seminar_section.html",
        )
    register_strip_source(strip_fields)
    register_reading("seminars", _rows)
    register_reading("delegations", _delegation_rows)
    register_reading("delegates", _delegate_rows)


def of_participation(request, participation: Participation) -> dict:
    """The participation's seminars, the latest first, with its own delegation."""
    overview = overview_of(request, participation)
    seminars, delegations = overview.rows("seminars"), overview.rows("delegations")
    hang(delegations, "delegates", overview.rows("delegates"), by="delegation_id")
    for seminar in seminars:
        seminar.own_delegations = [one for one in delegations if one.seminar_id == seminar.pk]
    found = _section(request, seminars, participation.huvudman_id)
    may_plan = request.scope.may(Action.SEMINAR_CHANGE, huvudman_id=participation.huvudman_id)
    if may_plan and participation.is_approved and not participation.is_over:
        url = f"{reverse('seminar_new')}?deltagande={participation.uuid}"
        found["action"] = {"url": url, "label": "Lägg upp ett seminarium"}
    return found


def of_huvudman(request, huvudman) -> dict | None:
    """Every seminar the huvudman takes part in; left out where there are none."""
    seminars = Seminar.objects.visible_to(request.scope).in_use()
    delegates = Delegate.objects.visible_to(request.scope)
    own = Delegation.objects.visible_to(request.scope).filter(huvudman_id=huvudman.pk)
    own = own.prefetch_related(Prefetch("delegates", queryset=delegates))
    rows = seminars.filter(huvudman_ids__contains=[huvudman.pk])
    rows = rows.prefetch_related(Prefetch("delegations", queryset=own, to_attr="own_delegations"))
    found = _section(request, list(rows), huvudman.pk)
    return found if found["rows"] else None


def of_unit(request, unit) -> dict | None:
    """The seminars the unit had someone at, or not; left out where nothing is known."""
    presences = SeminarUnit.objects.visible_to(request.scope).filter(unit=unit, seminar__archived_at=None)
    presences = presences.select_related("seminar")
    rows = [
        {
            "seminar": presence.seminar,
            "when": when_words(presence.seminar, today()),
            "status": status_on(presence.seminar, today()),
            "people": _presence_words(presence),
        }
        for presence in presences.order_by("-seminar__starts_date", "-pk")
    ]
    return {"rows": rows, "count": len(rows), "index_count": len(rows)} if rows else None


def _presence_words(presence: SeminarUnit) -> str:
    said = "Enheten hade någon på plats" if presence.is_represented else "Enheten hade ingen på plats"
    return said if presence.trust in CONFIRMED else f"{said}, enligt uppgift"


def _rows(asking: Asking) -> QuerySet:
    """The participation's, the latest first."""
    return Seminar.objects.visible_to(asking.scope).in_use().of(asking.participation)


def _delegation_rows(asking: Asking) -> QuerySet:
    own = Delegation.objects.visible_to(asking.scope).filter(huvudman_id=asking.huvudman)
    return own.filter(seminar__in=_rows(asking).order_by().values("pk"))


def _delegate_rows(asking: Asking) -> QuerySet:
    delegations = _delegation_rows(asking).order_by().values("pk")
    return Delegate.objects.visible_to(asking.scope).filter(delegation__in=delegations)


def _section(request, found: list[Seminar], huvudman_id: int) -> dict:
    """Of seminars with the huvudman's ``own_delegations``."""
    sees_people = request.scope.may(Action.PEOPLE_READ, huvudman_id=huvudman_id)
    rows = [
        {
            "seminar": seminar,
            "when": when_words(seminar, today()),
            "status": status_on(seminar, today()),
            "people": _people(seminar, sees_people),
        }
        for seminar in found
    ]
    return {
        "rows": rows,
        "count": len(rows) or None,
        "index_count": len(rows),
        "empty": "Inga seminarier är inlagda.",
    }


def _people(seminar: Seminar, sees_people: bool) -> str:
    for delegation in seminar.own_delegations:
        named = len(delegation.delegates.all()) if sees_people else None
        words = attendance_words(delegation.head_count, named)
        if words:
            return words if delegation.trust in CONFIRMED else f"{words}, enligt uppgift"
    return ""


def strip_fields(overview: Overview) -> dict:
    """The participation's seminars as marks of the strip; on a plain time axis where its start is unknown."""
    found = [seminar for seminar in overview.rows("seminars") if seminar.starts.is_known]
    if not overview.has_start:
        return {"claims": _claims(found)}
    return {"seminars": tuple(_mark(seminar, overview.day) for seminar in reversed(found))}


def _mark(seminar: Seminar, day: date) -> strip.Seminar:
    return strip.Seminar(
        when=seminar.starts,
        status=status_on(seminar, day).value,
        label=SHORT[SeminarKind(seminar.kind)],
        name=seminar.shown_title,
        url=seminar.get_absolute_url(),
    )


def _claims(seminars: list[Seminar]) -> tuple[strip.Claim, ...]:
    """Seminars that were held, the earliest first. The latest is the one whose line crosses the readings."""
    held = [seminar for seminar in reversed(seminars) if seminar.status == SeminarStatus.HELD]
    return tuple(
        strip.Claim(
            label=seminar.shown_title,
            kind="event",
            first=seminar.starts,
            last=seminar.ends if seminar.ends.is_known else None,
            words=f"”{seminar.starts.text}”" if seminar.starts.text else "",
            url=seminar.get_absolute_url(),
            marked=f"Seminariet, {_month(seminar)}" if seminar is held[-1] else "",
        )
        for seminar in held
    )


def _month(seminar: Seminar) -> str:
    when = seminar.starts
    if when.precision in (Precision.DAY, Precision.MONTH):
        return f"{MONTHS_SHORT[when.date.month - 1]} {when.date.year}"
    return str(when.with_text(""))
