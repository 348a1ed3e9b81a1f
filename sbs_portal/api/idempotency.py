"""``Idempotency-Key``: the same POST sent again is answered again, and not done again.

The answer is kept in the transaction of what it answers: either both are there or neither is, and a request that
failed is tried anew. A key is its caller's own (account and token), and holds for one request: method, address,
body and what the caller reaches. After a day it is forgotten. Answers that hold a secret are never kept: see
``unkept_actions`` of the views.
"""

import hashlib
import json
import re
from datetime import timedelta

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from sbs_portal.api import errors
from sbs_portal.api.models import GivenAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("Content-Type", "Location", "ETag")
_FORGOTTEN_AT_ONCE = 100


class Replay(Exception):
    """Raised where a request has been answered before; carries that answer."""

    def __init__(self, response: HttpResponse):
        self.response = response


def _digest(*parts) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Attempt:
    """One POST with a key, held alone until its transaction ends."""

    def __init__(self, request, key: str):
        token = request.auth.pk if request.auth else None
        self.user = request.user
        self.key_digest = _digest(request.user.pk, token, key)
        body = hashlib.sha256(request._request.body).hexdigest()
        reach = sorted(map(repr, request.scope.grants))
        self.fingerprint = _digest(request.method, request._request.get_full_path(), body, reach)

    @classmethod
    def of(cls, request) -> "Attempt | None":
        """The request's attempt, None without a key. Raises Replay, 409 while another runs, 422 on another request."""
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return None
        key = key.strip().removeprefix('"').removesuffix('"')
        if not _KEY.fullmatch(key):
            raise ValidationError({HEADER: ["Ange 1 till 255 tecken utan mellanslag, till exempel en UUID."]})
        attempt = cls(request, key)
        attempt._alone()
        attempt._not_done()
        return attempt

    @property
    def lock(self) -> int:
        return int.from_bytes(bytes.fromhex(self.key_digest[:16]), signed=True)

    def _alone(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [self.lock])
            if not cursor.fetchone()[0]:
                raise errors.RequestInProgress

    def _not_done(self) -> None:
        earlier = GivenAnswer.objects.filter(
            key_digest=self.key_digest, created_at__gt=timezone.now() - KEPT
        ).first()
        if earlier is None:
            return
        if earlier.fingerprint != self.fingerprint:
            raise errors.KeyReused
        response = HttpResponse(earlier.body, status=earlier.status, headers=earlier.headers)
        response.headers[REPLAYED] = "true"
        raise Replay(response)

    def keep(self, response) -> None:
        """Store the rendered answer beside what it answers, and forget some of what is old."""
        forget()
        GivenAnswer.objects.filter(key_digest=self.key_digest).delete()
        GivenAnswer.objects.create(
            user=self.user,
            key_digest=self.key_digest,
            fingerprint=self.fingerprint,
            status=response.status_code,
            headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
            body=response.content.decode(),
        )


def forget() -> None:
    """Delete answers older than a day, a few at a time; those another request is deleting are left to it."""
    old = GivenAnswer.objects.filter(created_at__lte=timezone.now() - KEPT).order_by("created_at")
    held = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    if held:
        GivenAnswer.objects.filter(pk__in=held).delete()
