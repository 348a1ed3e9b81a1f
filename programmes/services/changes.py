"""What the services of this app share: telling what was sent from what was left out, and saving whole rows."""

from django.core.exceptions import ValidationError

from sbs_portal.scope import settle


def apply(row, changes: dict, *, allowed: tuple[str, ...]):
    """Set the named fields on the row, check all of it and save it. An unknown name is a TypeError."""
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        setattr(row, name, value)
    return save(row)


def save(row):
    """Check the row against its model and its constraints, save it, and let what is deferred fail here."""
    row.full_clean()
    row.save()
    settle()
    return row


def save_part(part):
    """As ``save``, for a part of a participation: the participation's version is raised too."""
    save(part)
    part.participation.touch()
    return part


def require_order(first, last, field: str, message: str) -> None:
    """Raise a ValidationError on ``field`` where the last day is before the first; either may be None."""
    if first is not None and last is not None and last < first:
        raise ValidationError({field: message})


def require_visible(rows, row, field: str) -> None:
    """Raise a ValidationError on ``field`` unless ``row`` is among the rows the writer may see."""
    if not rows.filter(pk=row.pk).exists():
        raise ValidationError({field: "Finns inte, eller så saknar du behörighet."})
