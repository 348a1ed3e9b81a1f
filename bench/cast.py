"""Who asks, and for what: ``python -m bench.cast`` in a loaded country makes keys and sessions, and prints them.

The keys and sessions are in the copy that is measured on, and gone with it.
"""

import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Count
from django.http import QueryDict


def main() -> None:
    django.setup()
    from sbs_portal.accounts.models import User
    from sbs_portal.scope import NATIONAL, bound
    from sbs_portal.synthetic.register import CAST, DOMAIN

    # In the smallest of countries some of them are missing.
    known = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    users = {name: known[email] for name in CAST if (email := f"{name}@{DOMAIN}") in known}
    with bound(NATIONAL):
        found = {
            "keys": {name: key_of(user) for name, user in users.items()},
            "sessions": {name: session_of(user) for name, user in users.items() if name != "integration"},
            "cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "lines": lines(users),
            "rows": rows(users),
            "of": {name: of(user) for name, user in users.items()},
        }
    print(json.dumps(found))


def key_of(user) -> str:
    from sbs_portal.api.tokens import issue_token

    return issue_token(user=user, name="Mätning", can_write=True)[1]


def session_of(user) -> str:
    """The key of a session that is logged in as the user."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def rows(users) -> dict[str, str]:
    """A word for each row that is asked for → its id, or where it is."""
    from programmes.models import Participation
    from sbs_portal.scope import Scope
    from sbs_portal.time import today
    from schools.models import SchoolUnit
    from seminars.models import Meeting, MeetingSeries

    own = Participation.objects.visible_to(Scope.of(users["forvaltning"])).filter(status="active").first()
    active = Participation.objects.filter(status="active").annotate(meetings=Count("meeting_links"))
    series = MeetingSeries.objects.filter(participation=own).order_by("pk").first()
    held = Meeting.objects.filter(series=series, status="held").order_by("-when_date", "pk")
    after = today() + timedelta(days=400)
    return {
        "participation": str(own.uuid),
        "largest_participation": str(active.order_by("-meetings", "pk").first().uuid),
        "series": str(series.uuid),
        "meeting": str(held.first().uuid),
        "unit": str(SchoolUnit.objects.filter(participating__participation=own).order_by("pk").first().uuid),
        "ahead": after.isoformat(),
        "deep": deep_cursor(Meeting),
    }


def of(user) -> dict[str, str]:
    """A participation that the user reaches and a meeting of it, where they reach any."""
    from programmes.models import Participation
    from sbs_portal.scope import Scope
    from seminars.models import Meeting

    scope = Scope.of(user)
    held = Meeting.objects.visible_to(scope).filter(status="held", participation_links__isnull=False)
    meeting = held.order_by("-when_date", "pk").first()
    if meeting is None:
        return {}
    participation = Participation.objects.get_for(
        scope, pk=meeting.participation_links.order_by("pk").first().participation_id
    )
    return {"participation": str(participation.uuid), "meeting": str(meeting.uuid)}


def lines(users) -> dict[str, list[str]]:
    """Lines of attendance that one alone writes on: account → ids, none of them another's."""
    from sbs_portal.scope import Scope
    from seminars.models import Attendance

    own = Attendance.objects.visible_to(Scope.of(users["forvaltning"])).filter(meeting__status="held")
    found = [str(one) for one in own.order_by("pk").values_list("uuid", flat=True)[:20]]
    return {"forvaltning": found[:10], "integration": found[10:]}


def deep_cursor(model) -> str:
    """A cursor by time of entry, with nine tenths of the rows behind it."""
    from sbs_portal.api import keyset

    ordered = model.objects.order_by("created_at", "uuid")
    row = ordered[ordered.count() * 9 // 10]
    order = keyset.Order("created_at", "created_at")
    return keyset.cursor_at(row, order, SimpleNamespace(query_params=QueryDict("")), backwards=False)


if __name__ == "__main__":
    main()
