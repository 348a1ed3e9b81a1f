"""What the services of this app share: telling what was sent from what was left out, and saving whole rows."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from sbs_portal.scope import settle

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


def apply(row, changes: dict, *, allowed: tuple[str, ...]):
    """Set the named fields on the row, check all of it and save it. An unknown name is a TypeError."""
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        setattr(row, name, value)
    return save(row)


def locked(row):
    """The row as it is now, held until the transaction ends."""
    return type(row)._default_manager.select_for_update(of=("self",)).order_by().get(pk=row.pk)


def check(row) -> None:
    """Check the row against its model and its constraints; each error is keyed to the field it is about."""
    row.full_clean(validate_constraints=False)
    errors: dict[str, list] = {}
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, row)
            except ValidationError as error:
                if hasattr(error, "error_dict"):
                    error.update_error_dict(errors)
                else:
                    field = FIELD_OF.get(constraint.name, NON_FIELD_ERRORS)
                    errors.setdefault(field, []).extend(error.error_list)
    if errors:
        raise ValidationError(errors)


def save(row):
    """Check the row, save it, and let what is deferred fail here."""
    check(row)
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
