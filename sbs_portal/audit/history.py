"""History: every domain table's changes, written by triggers in the database, statement by statement.

Bulk updates and raw SQL are seen like any other. Each event row carries who (user id), by which face and in
which request, taken from the settings that sbs_portal.scope binds once a transaction.
"""

import pghistory
import pghistory.models
from django.db import models

from sbs_portal.db.kept import kept_columns


class EventBase(pghistory.models.Event):
    """One state of one row: valid from ``pgh_created_at`` until ``superseded_at`` (null = still)."""

    superseded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


def tracked(model):
    """Class decorator: inserts, updates and deletes of the model are written to its event table.

    ``updated_at``, generated and kept columns are left out: they change with something else or not at all.
    """
    generated = [f.name for f in model._meta.local_fields if isinstance(f, models.GeneratedField)]
    names = {f.name for f in model._meta.local_fields}
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=[*({"updated_at"} & names), *generated, *kept_columns(model)],
        model_name=f"{model.__name__}Event",
    )(model)
