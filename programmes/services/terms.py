"""Pauses and extensions: what moves a participation's term clock, by decision."""

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError

from programmes.models import Participation, TermExtension, TermPause
from programmes.services.changes import checked, save_part
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.time import Term
from sbs_portal.together import Steps, Turn, asked, service

PAUSE_FACTS = ("first_term", "last_term", "counts", "decided_on", "reason")
EXTENSION_FACTS = ("terms", "decided_on", "reason")


@service
def pause_terms(
    *,
    participation: Participation,
    first_term: Term,
    reason: str,
    by,
    last_term: Term | None = None,
    counts: bool = False,
    decided_on: date | None = None,
) -> Steps[TermPause]:
    """Pause terms, until further notice without ``last_term``; ``counts`` lets the term clock run on."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    pause = TermPause(
        participation=participation,
        first_term=first_term,
        last_term=last_term,
        counts=counts,
        decided_on=decided_on,
        reason=reason.strip(),
    )
    return (yield from _save_pause(pause))


@service
def change_pause(*, pause: TermPause, by, **changes) -> Steps[TermPause]:
    """Change PAUSE_FACTS; what is not named stays."""
    return (yield from _save_pause(_set(pause, changes, PAUSE_FACTS, by)))


@asked
def _pauses_of(participations):
    """The pauses of a participation."""
    found = defaultdict(list)
    for pause in TermPause.objects.filter(participation__in={one.pk for one in participations}):
        found[pause.participation_id].append(pause)
    return [found[one.pk] for one in participations]


def _save_pause(pause: TermPause) -> Steps[TermPause]:
    yield Turn(pause.participation)
    yield checked(pause)
    for other in (yield _pauses_of(pause.participation)):
        starts_before_end = other.last_term is None or pause.first_term <= other.last_term
        overlaps = starts_before_end and (pause.last_term is None or other.first_term <= pause.last_term)
        if overlaps and other.pk != pause.pk:
            told = f"Det finns redan en paus från {other.first_term.long}. Pauser kan inte överlappa."
            raise ValidationError({"first_term": told})
    return (yield from save_part.steps(pause))


@service
def extend_terms(
    *, participation: Participation, terms: int, decided_on: date, by, reason: str = ""
) -> Steps[TermExtension]:
    """Add terms beyond the programme's own, by a decision."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    extension = TermExtension(
        participation=participation, terms=terms, decided_on=decided_on, reason=reason.strip()
    )
    return (yield from save_part.steps(extension))


@service
def change_extension(*, extension: TermExtension, by, **changes) -> Steps[TermExtension]:
    """Change EXTENSION_FACTS; what is not named stays."""
    return (yield from save_part.steps(_set(extension, changes, EXTENSION_FACTS, by)))


def _set(row, changes: dict, allowed: tuple[str, ...], by):
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=row.participation.huvudman_id)
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    return row
