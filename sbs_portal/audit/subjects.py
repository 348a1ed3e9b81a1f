"""What a statement can be about: the upper apps register their models here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models

from sbs_portal.scope import Scoping


@dataclass(frozen=True)
class SubjectKind:
    """A model that statements can be about, how a coordinator finds a row of it by words, and what its name is put
    together of."""

    model: type[models.Model]
    name: str
    search: Callable[[models.QuerySet, str], models.QuerySet]
    named_by: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


_kinds: dict[str, SubjectKind] = {}


def register_subject(
    model: type[models.Model],
    *,
    name: str,
    search: Callable[[models.QuerySet, str], models.QuerySet],
    named_by: tuple[str, ...] = (),
) -> None:
    """Let statements be about rows of the model. ``name`` is its outward word, e.g. "participation"."""
    _kinds[name] = SubjectKind(model, name, search, named_by)


def subject_kinds() -> tuple[SubjectKind, ...]:
    return tuple(_kinds.values())


def prefetched() -> GenericPrefetch:
    """What statements are about, each with what its name is put together of."""
    kinds = [
        kind.model._base_manager.select_related(*kind.named_by) for kind in subject_kinds() if kind.named_by
    ]
    return GenericPrefetch("subject", kinds)


def subject_kind(name: str) -> SubjectKind | None:
    return _kinds.get(name)


def name_of(content_type: ContentType | None) -> str:
    """The outward word of a registered model, "" for none."""
    if content_type is None:
        return ""
    model = content_type.model_class()
    return next((kind.name for kind in _kinds.values() if kind.model is model), "")


def owner_ids(subject: models.Model) -> list[int]:
    """The ids of the huvudmän a row belongs to, read from its declared scoping."""
    scoping: Scoping = type(subject).scoping
    if scoping.parent:
        return owner_ids(getattr(subject, scoping.parent))
    if scoping.kind == "shared":
        return list(getattr(subject, scoping.path))
    if scoping.kind == "owned":
        return [getattr(subject, scoping.path)]
    return []
