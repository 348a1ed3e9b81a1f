"""Saving, changing and removing views, and choosing which one a list opens with."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import QueryDict
from django.urls import get_resolver

from sbs_portal.lists.models import Audience, OwnDefault, SavedView
from sbs_portal.rights import Role
from sbs_portal.rows import checked, removed, saved
from sbs_portal.scope import Scope, scope_of, settle
from sbs_portal.together import Steps, Turn, asked, service
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


@service
def save_view(
    *,
    list_name: str,
    name: str,
    query: str,
    by,
    audience: str = Audience.MINE,
    role: str = "",
    huvudman_id: int | None = None,
) -> Steps[SavedView]:
    """Keep what a list is asked for. ``query`` is the list's address; it is kept in its one form."""
    scope = scope_of(by)
    if not scope.grants or scope.read_only:
        raise PermissionDenied("Du saknar behörighet att spara vyer.")
    yield _has_room(scope.user)
    view = SavedView(
        owner=scope.user,
        list_name=list_name,
        name=" ".join(name.split()),
        query=checked_query(list_name, query, scope),
        **_who(scope, audience, role, huvudman_id),
    )
    yield checked(view)
    return (yield saved(view))


@asked
def _has_room(users):
    """Refuses where the user has as many views as one may have, those of this request counted."""
    there = SavedView.objects.filter(owner__in=users).order_by().values_list("owner").annotate(n=Count("pk"))
    counts = Counter(dict(there))
    answers = []
    for user in users:
        counts[user.pk] += 1
        full = counts[user.pk] > MOST_VIEWS
        answers.append(ValidationError(f"Du har {MOST_VIEWS} vyer. Ta bort någon först.") if full else None)
    return answers


@service
def change_view(*, view: SavedView, by, **changes) -> Steps[SavedView]:
    """Another name, content or group (``name``, ``query``, ``audience`` with ``role`` or ``huvudman_id``), or a
    role's default (``is_default``, coordinators only)."""
    scope = scope_of(by)
    yield _is_own(view, scope)
    if "audience" in changes:
        who = _who(scope, changes.pop("audience"), changes.pop("role", ""), changes.pop("huvudman_id", None))
        for field, value in who.items():
            setattr(view, field, value)
    if changes.get("is_default"):
        if not scope.is_coordinator:
            raise ValidationError({"is_default": "Bara samordnare väljer förval för en roll."})
        # Of two in one request the later becomes the role's.
        yield Turn((view.list_name, view.role))
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
    yield checked(view)
    return (yield saved(view))


@service
def remove_view(*, view: SavedView, by) -> Steps[None]:
    """Take a view away, for everyone who had it."""
    yield _is_own(view, scope_of(by))
    yield removed(view)


@transaction.atomic
def choose_default(*, list_name: str, view: SavedView | None, by) -> None:
    """The view a list opens with for the user; None for the whole list or the role's."""
    user = scope_of(by).user
    OwnDefault.objects.filter(user=user, list_name=list_name).delete()
    if view is not None:
        OwnDefault.objects.create(user=user, list_name=list_name, view=view)
    settle()


@asked
def _is_own(pairs):
    """Of (view, scope): refuses unless the view is the reader's to change."""
    pks = {view.pk for view, _ in pairs}
    editable = {
        scope: set(
            SavedView.objects.editable_by(scope).filter(pk__in=pks).order_by().values_list("pk", flat=True)
        )
        for scope in {scope for _, scope in pairs}
    }
    return [
        None
        if view.pk in editable[scope]
        else PermissionDenied("Vyn är någon annans. Spara en egen i stället.")
        for view, scope in pairs
    ]
