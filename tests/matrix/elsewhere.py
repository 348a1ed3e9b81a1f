"""What happens elsewhere, and concerns nobody here: a new huvudman with everything, and changes in all the other's."""

from collections import defaultdict
from datetime import timedelta

from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Concat

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import today
from schools.models import StaffRole
from tests import factories
from tests.matrix.world import SCOPED, Side

THIRD = "Tredjemark"


def happens(world, side_name: str) -> None:
    """Rows of a third huvudman, more rows of the side's, and every text of those it shares with nobody changed."""
    side = getattr(world, side_name)
    with bound(NATIONAL):
        Side(THIRD, defaultdict(set))
        unit = factories.make_unit(side.huvudman, f"{side.word} nya skola")
        person = factories.make_person(side.huvudman, f"Ny {side.word}", StaffRole.REKTOR, unit=unit)
        meeting = factories.make_meeting(
            side.participation, when=today() + timedelta(days=1), units=[unit], title=f"{side.word} ny träff"
        )
        factories.make_outcome(
            meeting, "action", f"{side.word} ny", huvudman=side.huvudman, owner=person, due_on=today()
        )
        factories.make_seminar(side.participation, title=f"{side.word} nytt seminarium")
        for model in SCOPED:
            names = [] if getattr(model, "append_only", False) else _texts(model)
            rows = model._base_manager.filter(pk__in=world.rows[side_name, model])
            if names:
                rows.update(**{name: _longer(name) for name in names})


def _longer(name: str) -> Case:
    """The text with a word more; nothing stays nothing."""
    longer = Concat(name, Value(" ny"), output_field=models.TextField())
    return Case(When(**{name: ""}, then=Value("")), default=longer, output_field=models.TextField())


def _texts(model) -> list[str]:
    """Columns of what somebody wrote; a huvudman's own name is told where it shares something."""
    return [
        column.name
        for column in model._meta.concrete_fields
        if type(column) in (models.CharField, models.TextField)
        and not column.choices
        and not column.generated
        and not column.unique
        and not column.name.endswith(("_precision", "code", "number", "state"))
        and (column.max_length or 1000) >= 100
        and model._meta.label != "schools.Huvudman"
    ]
