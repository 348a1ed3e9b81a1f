"""Seminars: planned, changed, held, cancelled and taken up again; and which huvudmän take part."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.rows import removed, reread, saved, touched
from sbs_portal.scope import require
from sbs_portal.time import ImpreciseDate, today
from sbs_portal.together import Steps, asked, every, service
from schools.models import Huvudman
from seminars.models import (
    Delegation,
    Seminar,
    SeminarHuvudman,
    SeminarStatus,
)
from seminars.services.lines import checked

SEMINAR_FIELDS = (
    "kind",
    "title",
    "starts",
    "ends",
    "start_time",
    "end_time",
    "mode",
    "place",
    "organiser",
    "topic",
    "purpose",
    "status",
)
NOT_TAKING_PART = "Huvudmannen är inte med på seminariet."


def require_all(seminar: Seminar, by) -> None:
    """A seminar is shared: who changes it must reach every huvudman in it."""
    for huvudman_id in seminar.huvudman_ids or [None]:
        require(by, Action.SEMINAR_CHANGE, huvudman_id=huvudman_id)


def set_facts(row, changes: dict, allowed: tuple[str, ...]) -> None:
    """Set what may be changed, texts without space around them."""
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        if isinstance(getattr(row, name), ImpreciseDate):
            value = ImpreciseDate.of(value)
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def add_part(part, by) -> Steps:
    """Save a part of a seminar, and raise the seminar's version."""
    require_all(part.seminar, by)
    yield checked(part)
    yield saved(part)
    yield touched(part.seminar)
    return part


@service
def plan_seminar(
    *,
    programme,
    kind: str,
    by,
    huvudman_list: Iterable[Huvudman] = (),
    participations: Iterable[Participation] = (),
    status: str = SeminarStatus.PLANNED,
    **facts,
) -> Steps[Seminar]:
    """A seminar in a programme; ``facts`` are SEMINAR_FIELDS.

    The huvudmän are those named and those of the participations. One that is held already is how seminars
    from before the portal come in.
    """
    by_huvudman = {huvudman.pk: (huvudman, None) for huvudman in huvudman_list}
    by_huvudman |= {one.huvudman_id: (one.huvudman, one) for one in participations}
    seminar = Seminar(programme=programme, huvudman_ids=sorted(by_huvudman))
    require_all(seminar, by)
    set_facts(seminar, {"kind": kind, "status": status, **facts}, SEMINAR_FIELDS)
    _check_times(seminar)
    yield checked(seminar)
    yield saved(seminar)
    yield from every(
        add_huvudman.steps(seminar=seminar, huvudman=huvudman, participation=participation, by=by)
        for huvudman, participation in by_huvudman.values()
    )
    return (yield reread(seminar))


@service
def change_seminar(*, seminar: Seminar, by, **changes) -> Steps[Seminar]:
    """Change SEMINAR_FIELDS; what is not named stays."""
    require_all(seminar, by)
    set_facts(seminar, changes, SEMINAR_FIELDS)
    _check_times(seminar)
    if seminar.status != SeminarStatus.CANCELLED:
        seminar.cancelled_reason = ""
    yield checked(seminar)
    return (yield saved(seminar))


def _check_times(seminar: Seminar) -> None:
    """On one and the same day it ends after it begins."""
    one_day = not seminar.ends.is_known or seminar.ends.date == seminar.starts.date
    if one_day and seminar.start_time and seminar.end_time and seminar.end_time <= seminar.start_time:
        raise ValidationError({"end_time": "Seminariet kan inte sluta före det börjar."})


@service
def finish_seminar(*, seminar: Seminar, by) -> Steps[Seminar]:
    """The seminar has been held. One that lies ahead, is cancelled or has no date cannot have been."""
    require_all(seminar, by)
    if seminar.status == SeminarStatus.CANCELLED:
        raise ValidationError("Seminariet är inställt. Ta upp det igen först.")
    if not seminar.starts.is_known:
        raise ValidationError({"starts": "Ange när seminariet var innan du gör det klart."})
    if seminar.starts.first > today():
        raise ValidationError(
            {"starts": "Seminariet har inte varit än. Ändra dagen om det redan har hållits."}
        )
    return (yield from _given(seminar, SeminarStatus.HELD))


@service
def cancel_seminar(*, seminar: Seminar, reason: str, by) -> Steps[Seminar]:
    """Cancel a planned seminar, with a reason. What was planned stays to be read."""
    require_all(seminar, by)
    if seminar.status == SeminarStatus.HELD:
        raise ValidationError("Seminariet är redan hållet och går inte att ställa in.")
    if not reason.strip():
        raise ValidationError({"cancelled_reason": "Skriv varför seminariet är inställt."})
    return (yield from _given(seminar, SeminarStatus.CANCELLED, reason.strip()))


@service
def reopen_seminar(*, seminar: Seminar, by) -> Steps[Seminar]:
    """The seminar is planned again, after it was cancelled or marked held too early."""
    require_all(seminar, by)
    return (yield from _given(seminar, SeminarStatus.PLANNED))


def _given(seminar: Seminar, status: str, reason: str = "") -> Steps[Seminar]:
    seminar.status, seminar.cancelled_reason = status, reason
    yield checked(seminar)
    return (yield saved(seminar))


@service
def add_huvudman(
    *, seminar: Seminar, huvudman: Huvudman, by, participation: Participation | None = None
) -> Steps[SeminarHuvudman]:
    """A huvudman takes part. All the others read its name from now on, and nothing else of it."""
    require(by, Action.SEMINAR_CHANGE, huvudman_id=huvudman.pk)
    if participation is not None:
        if participation.huvudman_id != huvudman.pk:
            raise ValidationError({"participation": "Deltagandet hör till en annan huvudman."})
        if participation.programme_id != seminar.programme_id:
            raise ValidationError({"participation": "Deltagandet hör till ett annat program."})
    link = SeminarHuvudman(
        seminar=seminar, huvudman=huvudman, participation=participation, name=huvudman.name
    )
    yield from add_part(link, by)
    yield reread(seminar)
    return link


@service
def remove_huvudman(*, link: SeminarHuvudman, by) -> Steps:
    """A huvudman does not take part after all. One with a delegation is kept."""
    require_all(link.seminar, by)
    if Delegation.objects.filter(seminar=link.seminar_id, huvudman=link.huvudman_id).exists():
        raise ValidationError(f"{link.name} har en delegation på seminariet och kan inte tas bort.")
    yield removed(link)
    yield touched(link.seminar)


@asked
def _links_of(pairs):
    """Of (seminar, huvudman id): the huvudman's place at the seminar, or None."""
    links = SeminarHuvudman.objects.filter(seminar__in={seminar.pk for seminar, _ in pairs})
    found = {(link.seminar_id, link.huvudman_id): link for link in links.select_related("participation")}
    return [found.get((seminar.pk, huvudman_id)) for seminar, huvudman_id in pairs]


def link_of(seminar: Seminar, huvudman_id: int) -> Steps[SeminarHuvudman]:
    """The huvudman's place at the seminar; a ValidationError when it takes no part."""
    found = yield _links_of(seminar, huvudman_id)
    if found is None:
        raise ValidationError({"huvudman": NOT_TAKING_PART})
    return found
