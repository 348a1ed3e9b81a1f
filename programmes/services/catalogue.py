"""The catalogues: programmes, intake rounds and focus areas, kept by coordinators."""

from django.db import transaction

from programmes.models import Cohort, FocusArea, Programme
from programmes.services.changes import apply, locked
from sbs_portal.rights import Action
from sbs_portal.scope import require

FIELDS = {
    Programme: ("code", "name", "terms", "mandates", "description"),
    Cohort: ("programme", "start_term", "name"),
    FocusArea: ("code", "name", "is_active"),
}


@transaction.atomic
def add_entry(model, *, by, **facts):
    """A new row of a catalogue: a Programme, a Cohort or a FocusArea, with its FIELDS."""
    require(by, Action.CATALOGUE_CHANGE)
    return apply(model(), facts, allowed=FIELDS[model])


@transaction.atomic
def change_entry(*, row, by, **changes):
    """Change FIELDS of a catalogue's row; what is not named stays. Who uses it sees the new name."""
    require(by, Action.CATALOGUE_CHANGE)
    return apply(locked(row), changes, allowed=FIELDS[type(row)])
