"""Who a user is, as far as a reader may know."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

from sbs_portal.rights import Role
from sbs_portal.scope import Scope

SYSTEM, SOMEONE = "Systemet", "Någon som inte längre har behörighet"
MASKED = "Skyddad person"


def names_of(user_ids: Iterable[int], scope: Scope) -> dict[int, str]:
    """User id → name. Someone whose person is out of reach is told by role: their name may be protected."""
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    if not wanted:
        return {}
    people = get_user_model()._meta.get_field("person").related_model
    found = {
        person.user_id: str(person) for person in people.objects.visible_to(scope).filter(user_id__in=wanted)
    }
    others = [user_id for user_id in wanted if user_id not in found]
    if scope.national and scope.is_coordinator:
        users = get_user_model().objects.filter(pk__in=others)
        return {user.pk: str(user) for user in users} | found
    roles = {}
    access = apps.get_model(settings.SBS_ACCESS_MODEL)
    for user_id, role in access.objects.filter(user_id__in=others).values_list("user_id", "role"):
        roles.setdefault(user_id, set()).add(Role(role))
    told = {
        user_id: ", ".join(role.label for role in Role if role in held) for user_id, held in roles.items()
    }
    return {user_id: told.get(user_id, SOMEONE) for user_id in others} | found


def who(user_id: int | None, face: str, names: dict[int, str]) -> str:
    """The one who did it: a name, "Importen" or "Systemet"."""
    if user_id is not None:
        return names.get(user_id, SOMEONE)
    return "Importen" if face == "import" else SYSTEM
