"""The ways into the portal that a walk may take: addresses, operations of the API, pages of the admin, and which
model a name stands for there."""

import json
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse
from rest_framework.relations import ManyRelatedField

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.api import schema
from sbs_portal.api.serializers import ScopedRelatedField
from sbs_portal.api.shaping import expandable_of
from sbs_portal.api_urls import RESOURCES
from sbs_portal.filters import RelatedFilter
from sbs_portal.lists.models import SavedView
from sbs_portal.lists.views import list_url
from sbs_portal.web.lists import LISTS
from schools.models import Access, Invitation
from tests.matrix.world import SCOPED

VIEWS = dict(RESOURCES)
# Left alone: what logs out, and what a walk would only repeat.
AVOIDED = ("/konto/logga-ut", "/static/", "/admin/logout")
# Rows of no huvudman that are somebody's all the same.
PERSONAL = (User, Access, Invitation, ApiToken, SavedView)
# Names of fields that are not the model's own.
CALLED = {
    "schools.Person": ("owner", "leader", "people", "persons", "attendee", "contact", "person", "deltagare"),
    "schools.SchoolUnit": ("units", "unit", "successor", "predecessor", "into", "enhet"),
    "programmes.Participation": ("participations", "deltagande"),
    "seminars.Meeting": ("rad",),
    "lists.SavedView": ("vy", "view"),
    "accounts.User": ("user", "account", "konto"),
}


def _model_of(pattern):
    view = getattr(pattern.callback, "view_class", None)
    found = getattr(pattern.callback, "view_initkwargs", {}).get("model") or getattr(view, "model", None)
    return found if isinstance(found, type) else None


@cache
def addresses() -> dict[str, object]:
    """Our addresses about one row, by name, with the model the row is of (None where the view names none)."""
    found = {}

    def gather(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if set(pattern.pattern.converters) == {"uuid"}:
                    found[pattern.name] = _model_of(pattern)
            elif pattern.namespace not in ("admin", "api"):
                gather(pattern.url_patterns)

    gather(get_resolver().url_patterns)
    return found


@cache
def pages() -> tuple[str, ...]:
    """Our addresses about no row in particular."""
    found = []

    def gather(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if not pattern.pattern.converters and pattern.name and not pattern.pattern.regex.groups:
                    found.append(reverse(pattern.name))
            elif pattern.namespace not in ("admin", "api"):
                gather(pattern.url_patterns)

    gather(get_resolver().url_patterns)
    return tuple(sorted({one for one in found if not one.startswith(AVOIDED)}))


@cache
def lists() -> dict[str, type]:
    """Addresses of lists that change many rows at once, with the list's view."""
    # A list is registered when the addresses are read.
    addresses()
    return {reverse(view.bulk_name): view for view in LISTS.values() if view.bulk_actions}


# Lists and pages that take a search.
SEARCHED = ("/sok/", "/huvudman/", "/enheter/", "/deltaganden/", "/traffar/", "/seminarier/", "/behorighet/")


@cache
def takes_q(path: str) -> bool:
    """Whether the API's list at the path can be searched."""
    parameters = document()["paths"][path]["get"].get("parameters", ())
    return any(one["name"] == "q" for one in parameters) and view_of(path) is not None


@cache
def filters() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Addresses of lists, and the filters there that take a row."""
    found = []
    for view in LISTS.values():
        known = view.filterset_class.base_filters if view.filterset_class else {}
        names = tuple(name for name, one in known.items() if isinstance(one, RelatedFilter))
        found.append((list_url(view.list_name), names))
    return tuple(sorted(found))


@cache
def document() -> dict:
    return json.loads(schema.document(settings.ROOT_URLCONF, "http://testserver")[0])


@cache
def operations() -> tuple[tuple[str, str, dict], ...]:
    """Path, method and description of every operation of the API."""
    return tuple(
        (path, method, operation)
        for path, methods in sorted(document()["paths"].items())
        for method, operation in sorted(methods.items())
        if method in ("get", "post", "patch", "put", "delete")
    )


def properties(described: dict) -> dict:
    """The fields of a body; of each row where it is a list of them."""
    while "$ref" in described or described.get("type") == "array":
        described = (
            described["items"]
            if "items" in described
            else document()["components"]["schemas"][described["$ref"].rpartition("/")[2]]
        )
    return described.get("properties", {})


def view_of(path: str):
    """The resource's view of an API path, None for what is no resource."""
    return VIEWS.get(path.removeprefix("/api/v1/").partition("/")[0])


@cache
def expansions(view) -> tuple[str, ...]:
    return tuple(sorted(expandable_of(view, view.serializer_class, settings.ROOT_URLCONF)))


@cache
def _by_field() -> dict[str, object]:
    models = {model._meta.model_name: model for model in (*SCOPED, *PERSONAL)}
    for label, names in CALLED.items():
        models |= dict.fromkeys(names, apps.get_model(label))
    for view_class in VIEWS.values():
        for verb in ("create", "partial_update"):
            if hasattr(view_class, verb):
                view = view_class()
                view.action = verb
                for name, one in view.get_input_class()().fields.items():
                    related = one.child_relation if isinstance(one, ManyRelatedField) else one
                    if isinstance(related, ScopedRelatedField) and related.queryset is not None:
                        models.setdefault(name, related.queryset.model)
    return models


def model_called(name: str):
    """The model whose row a field or parameter of the name most likely wants, None where nothing says."""
    return _by_field().get(name.rpartition("-")[2].removesuffix("_id"))


def tells_who_shares(address: str) -> bool:
    """Whether rows there are shared, and so may be asked for by who shares them."""
    return any(word in address for word in ("semin", "meeting", "traff", "andringar", "change"))


@cache
def of_admin() -> tuple[tuple[str, object], ...]:
    """Addresses of the admin about one row, with ``{pk}`` in them, and the model."""
    found = []
    for model in admin.site._registry:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("change", "history", "delete"):
            found.append((reverse(f"{place}_{page}", args=["0"]).replace("/0/", "/{pk}/"), model))
    return tuple(found)


@cache
def lists_of_admin() -> tuple[str, ...]:
    """Lists of the admin, and what its fields offer."""
    found = ["/admin/"]
    for model, of_model in admin.site._registry.items():
        found.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for name in of_model.get_autocomplete_fields(None):
            found.append(
                f"/admin/autocomplete/?app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={name}&term="
            )
    return tuple(found)
