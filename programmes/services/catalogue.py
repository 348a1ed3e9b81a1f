"""The catalogues: programmes, intake rounds and focus areas, kept by coordinators."""

from programmes.models import Cohort, FocusArea, Programme
from programmes.services.changes import apply
from sbs_portal.rights import Action
from sbs_portal.rows import locked
from sbs_portal.scope import require
from sbs_portal.together import Steps, service

FIELDS = {
    Programme: ("code", "name", "terms", "mandates", "description"),
    Cohort: ("programme", "start_term", "name"),
    FocusArea: ("code", "name", "is_active"),
}


@service
def add_entry(model, *, by, **facts) -> Steps:
    """A new row of a catalogue: a Programme, a Cohort or a FocusArea, with its FIELDS."""
    require(by, Action.CATALOGUE_CHANGE)
    return (yield from apply.steps(model(), facts, allowed=FIELDS[model]))


@service
def change_entry(*, row, by, **changes) -> Steps:
    """Change FIELDS of a catalogue's row; what is not named stays. Who uses it sees the new name."""
    require(by, Action.CATALOGUE_CHANGE)
    return (yield from apply.steps((yield locked(row)), changes, allowed=FIELDS[type(row)]))
