"""What others have changed within one's reach since one's last visit before today, object by object."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from sbs_portal.audit.entries import VERBS
from sbs_portal.audit.models import Change, ChangeKind
from sbs_portal.audit.pages import history_page, history_pages
from sbs_portal.audit.people import names_of, who
from sbs_portal.db.security import event_models
from sbs_portal.scope import Scope
from seminars.models import Outcome

SHOWN = 8
# So many changes are looked at: enough for eight objects, however long one has been away.
LOOKED_AT = 200
TOLD = 3


@dataclass(frozen=True)
class News:
    """One object that has changed: what it is called, where it is, what was done, by whom and when last."""

    title: str
    url: str
    what: str
    who: str
    at: datetime


def news_of(scope: Scope) -> list[News]:
    """The objects changed last, at most eight; nothing for who has not been here before.

    What an import or a job did is no news. As many statements however much has changed: one for the changes,
    one for each kind of object, and those that name who did it.
    """
    since = scope.user.last_visit if scope.user else None
    if since is None:
        return []
    changes = Change.objects.visible_to(scope).filter(
        at__gte=since, user_id__isnull=False, root_model__in=[page.label for page in history_pages()]
    )
    changes = list(changes.exclude(user_id=scope.user.pk).newest_first()[:LOOKED_AT])
    by_object: dict[tuple, list[Change]] = defaultdict(list)
    for change in changes:
        by_object[change.root_model, change.root_uuid].append(change)
    objects = _objects(by_object, scope)
    shown = [key for key in by_object if key in objects][:SHOWN]
    names = names_of((by_object[key][0].user_id for key in shown), scope)
    kinds = _kinds([change for key in shown for change in by_object[key]])
    return [_told(objects[key], by_object[key], names, kinds) for key in shown]


def _kinds(changes: list[Change]) -> dict[int, str]:
    """Change → what its row is called, for lines of meetings: each is called by its kind."""
    lines = {change.event_id: change.pk for change in changes if change.model == Outcome._meta.label}
    if not lines:
        return {}
    rows = event_models()[Outcome].objects.filter(pgh_id__in=lines)
    return {lines[row.pgh_id]: Outcome.called(row) for row in rows}


def _objects(keys, scope: Scope) -> dict[tuple, object]:
    """The objects themselves, those that are there, in use and within reach."""
    wanted = defaultdict(set)
    for label, uuid in keys:
        wanted[label].add(uuid)
    found = {}
    for label, uuids in wanted.items():
        rows = history_page(label).model.objects.visible_to(scope).in_use().filter(uuid__in=uuids)
        found |= {(label, row.uuid): row for row in rows.select_related()}
    return found


def _told(row, changes: list[Change], names: dict[int, str], kinds: dict[int, str]) -> News:
    latest = changes[0]
    return News(
        title=str(row),
        url=row.get_absolute_url(),
        what=_what(changes, kinds),
        who=who(latest.user_id, latest.face, names),
        at=latest.at,
    )


def _what(changes: list[Change], kinds: dict[int, str]) -> str:
    """ "La till träff." where the object itself is new, else what was done with it and its parts, in short."""
    first = next(
        (one for one in changes if one.object_uuid == one.root_uuid and one.kind == ChangeKind.INSERT), None
    )
    done = [
        f"{VERBS.get(one.kind, VERBS[ChangeKind.UPDATE])} "
        f"{kinds.get(one.pk) or apps.get_model(one.model)._meta.verbose_name}"
        for one in ([first] if first else changes)
    ]
    told = list(dict.fromkeys(done))
    return f"{'. '.join(told[:TOLD])}{' med mera' if len(told) > TOLD else ''}."
