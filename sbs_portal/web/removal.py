"""Where a model's rows are archived, restored and deleted in the browser, and whether one may."""

from django.db.models import Model
from django.urls import reverse

from sbs_portal.db.archive import is_archivable
from sbs_portal.removal import may_remove

_names: dict[type[Model], str] = {}


def register_pages(model: type[Model], name: str) -> None:
    """The model's addresses are called ``<name>_archive``, ``<name>_restore`` and ``<name>_delete``."""
    _names[model] = name


def removal_links(scope, row) -> dict[str, str]:
    """The addresses by verb, {} where the model has none or the user may not."""
    name = _names.get(type(row))
    if name is None or not may_remove(scope, row):
        return {}
    verbs = (
        ("delete", "restore" if row.is_archived else "archive") if is_archivable(type(row)) else ("delete",)
    )
    return {verb: reverse(f"{name}_{verb}", args=[row.uuid]) for verb in verbs}
