"""Versions as ETags: what a row was when it was read, and whether it still is when it is changed.

A tag is ``"<version>-<digest>"``. The version is the row's own, or for models without one the transaction that
wrote the row (``xmin``, which every update changes, also in bulk and raw SQL). If-Match compares the version
alone: computed fields, the time of day and what is masked for the reader never stand in a writer's way.
If-None-Match compares the whole tag: a name that has become protected must not be answered with 304.
"""

import hashlib
import re

from django.db.models import CharField, Expression
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control

from sbs_portal.api import errors

# The annotation that carries the version of a row without one of its own.
WRITTEN_BY = "written_by"
_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')


class WrittenBy(Expression):
    """The row's xmin as text, of the queryset's own table."""

    output_field = CharField()
    allowed_default = False

    def __init__(self, alias: str | None = None):
        super().__init__(output_field=self.output_field)
        self.alias = alias

    def resolve_expression(self, query=None, *args, **kwargs):
        return WrittenBy(query.get_initial_alias())

    def relabeled_clone(self, change_map):
        return WrittenBy(change_map.get(self.alias, self.alias))

    def as_sql(self, compiler, connection):
        return f"{compiler.quote_name_unless_alias(self.alias)}.xmin::text", []


def is_versioned(model) -> bool:
    """Whether the model's rows carry a version of their own."""
    return any(field.name == "version" for field in model._meta.fields)


def version_column(model) -> str:
    """The column or annotation that holds the version of a row read ``with_version``."""
    return "version" if is_versioned(model) else WRITTEN_BY


def as_version(model, value) -> str:
    """What that column holds, as it stands in an ETag."""
    return str(value) if is_versioned(model) else f"x{value}"


def with_version(queryset):
    """The queryset with what ``version_of`` needs of its rows."""
    return queryset if is_versioned(queryset.model) else queryset.annotate(**{WRITTEN_BY: WrittenBy()})


def version_of(row) -> str | None:
    """The row's version as it stands in its ETag; None when it was read without ``with_version``."""
    found = vars(row).get(version_column(type(row)))
    return None if found is None else as_version(type(row), found)


def locked_version(queryset) -> str | None:
    """The version of the queryset's one row, which is locked from now on; None when it is gone."""
    rows = with_version(queryset).select_for_update().order_by()
    found = rows.values_list(version_column(queryset.model), flat=True).first()
    return None if found is None else as_version(queryset.model, found)


def _tags(header: str) -> list[str]:
    """What the tags of a header hold, weak ones too, with quotation marks or without."""
    return [quoted or bare for quoted, bare in _TAG.findall(header)]


def require_version(request, version: str, *, demanded: bool) -> None:
    """Hold If-Match against the version that is now locked: 412 when it is another, 428 when it is missing
    where it is demanded. ``*`` is any version there is.
    """
    given = request.headers.get("If-Match")
    if given is None or not given.strip():
        if demanded:
            raise errors.PreconditionRequired
        return
    if not holds(given, version):
        raise errors.PreconditionFailed


def holds(given: str, version: str | None) -> bool:
    """Whether an If-Match lets this version through."""
    return given.strip() == "*" or version in {tag.partition("-")[0] for tag in _tags(given)}


def tagged(request, response: HttpResponse, version: str) -> HttpResponse:
    """The rendered answer with its ETag; 304 without a body where the caller has it already."""
    tag = f'"{version}-{hashlib.sha256(response.content).hexdigest()[:12]}"'
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    wanted = request.headers.get("If-None-Match", "").strip()
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if wanted != "*" and tag.strip('"') not in _tags(wanted):
        return response
    unchanged = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary", "Content-Location"):
        if name in response.headers:
            unchanged.headers[name] = response.headers[name]
    return unchanged
