"""Saving, changing and removing views, and choosing which one a list opens with."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import get_resolver

from sbs_portal.lists.models import Audience, OwnDefault, SavedView
from sbs_portal.rights import Role
from sbs_portal.scope import Scope, scope_of, settle
from sbs_portal.web.lists import LISTS

MOST_VIEWS = 200


def owners():
    """The model of those a view can be shared within: the kernel knows it by the access table."""
    return apps.get_model(settings.SBS_ACCESS_MODEL)._meta.get_field("huvudman").related_model


def huvudman_choices(scope: Scope) -> list:
    """The huvudmän whose people a user may share a view with: those of the user's own access."""
    return list(owners().objects.filter(pk__in=scope.huvudman_ids).order_by("sort_key"))


def checked_query(list_name: str, query: str, scope: Scope) -> str:
    """A list's address in its one form. A list there is not is refused, and a filter that cannot be read."""
    # The lists are known when the addresses are.
    get_resolver().url_patterns  # noqa: B018
    if list_name not in LISTS:
        raise ValidationError({"list_name": "Listan finns inte."})
    try:
        return LISTS[list_name].canonical(QueryDict(query), scope)
    except ValidationError as error:
        raise ValidationError({"query": error.messages}) from error


def _who(scope: Scope, audience: str, role: str, huvudman_id: int | None) -> dict:
    """The group's columns, or a refusal: one shares with one's own, coordinators with a role or everyone."""
    if audience == Audience.HUVUDMAN:
        if huvudman_id not in scope.huvudman_ids:
            raise ValidationError({"audience": "Du kan dela en vy bara hos en huvudman som du hör till."})
        return {"audience": audience, "role": "", "huvudman_id": huvudman_id}
    if audience in (Audience.ROLE, Audience.EVERYONE) and not scope.is_coordinator:
        raise ValidationError({"audience": "Bara samordnare delar vyer med en roll eller med alla."})
    if audience == Audience.ROLE and role not in Role.values:
        raise ValidationError({"audience": "Välj en roll."})
    return {"audience": audience, "role": role if audience == Audience.ROLE else "", "huvudman_id": None}


@transaction.atomic
def save_view(
    *,
    list_name: str,
    name: str,
    query: str,
    by,
    audience: str = Audience.MINE,
    role: str = "",
    huvudman_id: int | None = None,
) -> SavedView:
    """Keep what a list is asked for. ``query`` is the list's address; it is kept in its one form."""
    scope = scope_of(by)
    if not scope.grants or scope.read_only:
        raise PermissionDenied("Du saknar behörighet att spara vyer.")
    if SavedView.objects.filter(owner=scope.user).count() >= MOST_VIEWS:
        raise ValidationError(f"Du har {MOST_VIEWS} vyer. Ta bort någon först.")
    view = SavedView(
        owner=scope.user,
        list_name=list_name,
        name=" ".join(name.split()),
        query=checked_query(list_name, query, scope),
        **_who(scope, audience, role, huvudman_id),
    )
    view.full_clean()
    view.save()
    settle()
    return view


@transaction.atomic
def change_view(*, view: SavedView, by, **changes) -> SavedView:
    """Another name, content or group (``name``, ``query``, ``audience`` with ``role`` or ``huvudman_id``), or a
    role's default (``is_default``, coordinators only)."""
    scope = _require(view, by)
    if "audience" in changes:
        who = _who(scope, changes.pop("audience"), changes.pop("role", ""), changes.pop("huvudman_id", None))
        for field, value in who.items():
            setattr(view, field, value)
    if changes.get("is_default") and not scope.is_coordinator:
        raise ValidationError({"is_default": "Bara samordnare väljer förval för en roll."})
    if changes.get("is_default"):
        others = SavedView.objects.filter(list_name=view.list_name, role=view.role, is_default=True)
        others.exclude(pk=view.pk).update(is_default=False)
    if "query" in changes:
        changes["query"] = checked_query(view.list_name, changes["query"], scope)
    for field in ("name", "query", "is_default"):
        if field in changes:
            setattr(view, field, changes[field])
    if view.audience != Audience.ROLE:
        view.is_default = False
    view.name = " ".join(view.name.split())
    view.full_clean()
    view.save()
    settle()
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by) -> None:
    """Take a view away, for everyone who had it."""
    _require(view, by)
    view.delete()
    settle()


@transaction.atomic
def choose_default(*, list_name: str, view: SavedView | None, by) -> None:
    """The view a list opens with for the user; None for the whole list or the role's."""
    user = scope_of(by).user
    OwnDefault.objects.filter(user=user, list_name=list_name).delete()
    if view is not None:
        OwnDefault.objects.create(user=user, list_name=list_name, view=view)
    settle()


def _require(view: SavedView, by) -> Scope:
    scope = scope_of(by)
    if not SavedView.objects.filter(pk=view.pk).editable_by(scope).exists():
        raise PermissionDenied("Vyn är någon annans. Spara en egen i stället.")
    return scope
