"""Calendar feeds: a secret address each, made anew or revoked at any time."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sbs_portal.accounts.models import ApiToken, CalendarFeed, User

# How exact "last read" is: a calendar program may ask every few minutes.
READ_NOTED_EVERY = timedelta(minutes=10)


def feed_of(user: User) -> CalendarFeed | None:
    """The user's feed that works now."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def open_feed(*, by: User) -> str:
    """A new secret for the user's calendar; the former one stops working. It cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Two clicks at once: the second waits, and its address is the one that works.
        User.objects.select_for_update().get(pk=by.pk)
        close_feed(by=by)
        CalendarFeed.objects.create(user=by, digest=ApiToken.digest_of(secret))
    return secret


def close_feed(*, by: User) -> None:
    """The user's secret address stops working at once."""
    CalendarFeed.objects.filter(user=by, revoked_at__isnull=True).update(revoked_at=timezone.now())


def reader_of(secret: str) -> User | None:
    """Whose calendar the secret opens: nobody's where it is unknown or revoked, or the account is closed."""
    rows = CalendarFeed.objects.filter(revoked_at__isnull=True, user__is_active=True)
    feed = rows.select_related("user").filter(digest=ApiToken.digest_of(secret)).first()
    if feed is None:
        return None
    now = timezone.now()
    if feed.last_used_at is None or feed.last_used_at < now - READ_NOTED_EVERY:
        CalendarFeed.objects.using("outside").filter(pk=feed.pk).update(last_used_at=now)
    return feed.user
