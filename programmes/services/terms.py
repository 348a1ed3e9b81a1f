"""Pauses and extensions: what moves a participation's term clock, by decision."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import Participation, TermExtension, TermPause
from programmes.services.changes import check, save_part
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.time import Term

PAUSE_FACTS = ("first_term", "last_term", "counts", "decided_on", "reason")
EXTENSION_FACTS = ("terms", "decided_on", "reason")


@transaction.atomic
def pause_terms(
    *,
    participation: Participation,
    first_term: Term,
    reason: str,
    by,
    last_term: Term | None = None,
    counts: bool = False,
    decided_on: date | None = None,
) -> TermPause:
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
    return _save_pause(pause)


@transaction.atomic
def change_pause(*, pause: TermPause, by, **changes) -> TermPause:
    """Change PAUSE_FACTS; what is not named stays."""
    return _save_pause(_set(pause, changes, PAUSE_FACTS, by))


def _save_pause(pause: TermPause) -> TermPause:
    check(pause)
    others = TermPause.objects.filter(participation=pause.participation_id).exclude(pk=pause.pk)
    for other in others:
        starts_before_end = other.last_term is None or pause.first_term <= other.last_term
        if starts_before_end and (pause.last_term is None or other.first_term <= pause.last_term):
            told = f"Det finns redan en paus från {other.first_term.long}. Pauser kan inte överlappa."
            raise ValidationError({"first_term": told})
    return save_part(pause)


@transaction.atomic
def extend_terms(
    *, participation: Participation, terms: int, decided_on: date, by, reason: str = ""
) -> TermExtension:
    """Add terms beyond the programme's own, by a decision."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    return save_part(
        TermExtension(participation=participation, terms=terms, decided_on=decided_on, reason=reason.strip())
    )


@transaction.atomic
def change_extension(*, extension: TermExtension, by, **changes) -> TermExtension:
    """Change EXTENSION_FACTS; what is not named stays."""
    return save_part(_set(extension, changes, EXTENSION_FACTS, by))


def _set(row, changes: dict, allowed: tuple[str, ...], by):
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=row.participation.huvudman_id)
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    return row
