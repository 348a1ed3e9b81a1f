"""Where a user is logged in: each session as a device in words, and ending it."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

# First match wins: Edge calls itself Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Iphone", r"iPhone"),
    ("Ipad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh"),
    ("Chromebook", r"CrOS"),
    ("Linux", r"Linux"),
)


@dataclass(frozen=True)
class LogIn:
    """One place the user is logged in."""

    pk: int
    device: str
    since: datetime
    current: bool


def device_in_words(user_agent: str) -> str:
    """ "Firefox på Windows", as far as the browser tells."""
    browser = _first(BROWSERS, user_agent) or "Okänd webbläsare"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} på {system}" if system else browser


def _first(kinds, user_agent: str) -> str:
    return next((name for name, pattern in kinds if re.search(pattern, user_agent)), "")


def log_ins(request) -> list[LogIn]:
    """Where the user is logged in now, this session first and then the latest."""
    UserSession.objects.create_from_request(request)
    found = [
        LogIn(
            session.pk,
            device_in_words(session.user_agent),
            session.created_at,
            session.session_key == request.session.session_key,
        )
        for session in UserSession.objects.purge_and_list(request.user)
    ]
    return sorted(found, key=lambda one: (not one.current, -one.since.timestamp()))


def end_log_in(*, user, pk: int) -> None:
    """End one of the user's own sessions. Raises ObjectDoesNotExist for anybody else's."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        raise ObjectDoesNotExist
    session.end()


def end_log_ins(*, user, but: str = "") -> int:
    """Log the user out everywhere but in the session with this key; how many that were."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


def forget_ended_log_ins() -> None:
    """Take away what is kept of sessions that have run out, whoever's they were."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
