"""What the services of this app share: telling what was sent from what was left out, and saving whole rows."""

from django.core.exceptions import ValidationError

from sbs_portal.rows import locked as held
from sbs_portal.rows import saved, seen, touched, wrong_with
from sbs_portal.together import Steps, asked, service

# Where a broken constraint is told: at the field that is to be changed, and not on top.
FIELD_OF = {
    "agreement_amount_positive": "amount",
    "cohort_unique": "start_term",
    "participation_focus_unique": "focus_area",
    "participation_one_open": "programme",
    "participation_terms_some": "total_terms",
    "phase_unique": "phase",
    "programme_terms_some": "terms",
    "support_levels_known": "levels",
    "term_extension_some": "terms",
}


@asked
def checked(rows):
    """The row against its model and its constraints; each error is keyed to the field it is about."""
    return wrong_with(rows, FIELD_OF)


@service
def locked(row) -> Steps:
    """The row as it is now, held until the transaction ends."""
    return (yield held(row))


@service
def apply(row, changes: dict, *, allowed: tuple[str, ...]) -> Steps:
    """Set the named fields on the row, check all of it and save it. An unknown name is a TypeError."""
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        setattr(row, name, value)
    return (yield from save.steps(row))


@service
def save(row) -> Steps:
    """Check the row and save it."""
    yield checked(row)
    return (yield saved(row))


@service
def save_part(part) -> Steps:
    """As ``save``, for a part of a participation: the participation's version is raised too."""
    yield from save.steps(part)
    yield touched(part.participation)
    return part


def require_order(first, last, field: str, message: str) -> None:
    """Raise a ValidationError on ``field`` where the last day is before the first; either may be None."""
    if first is not None and last is not None and last < first:
        raise ValidationError({field: message})


def require_visible(row, by, field: str) -> Steps:
    """Raise a ValidationError on ``field`` unless ``by`` may see the row."""
    if not (yield seen(row, by)):
        raise ValidationError({field: "Finns inte, eller så saknar du behörighet."})
