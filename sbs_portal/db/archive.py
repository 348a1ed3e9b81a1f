"""Rows that are laid aside instead of deleted, and what it takes to do either.

Archived is about the portal's daily sight and never about the world: a unit that has closed and a meeting that
was called off say so in their status, and are archived only when nobody needs to see them any more.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from sbs_portal.rights import Action


@dataclass(frozen=True)
class Removal:
    """How rows of a model are archived and deleted.

    noun: the row in the definite form, as a sentence says it ("enheten").
    parts: relations whose rows are the row's own and go with it; whatever else points at it stops a delete.
    root: the foreign key to the versioned row it is a part of, whose version is raised.
    action: the right it takes, where it is another than the model's own to change.
    national: only who reaches the whole country may.
    """

    noun: str
    parts: tuple[str, ...] = ()
    root: str = ""
    action: Action | None = None
    national: bool = False


class Archivable(models.Model):
    """Mixin before a model's base: its rows can be archived. They leave lists and choices, and nothing else."""

    archived_at = models.DateTimeField("arkiverad", null=True, blank=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="arkiverad av",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


def is_archivable(model: type[models.Model]) -> bool:
    return issubclass(model, Archivable)
