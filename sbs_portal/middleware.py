"""The request: an id, headers, log-in, and one transaction bound to the user's scope."""

import logging
import re
import uuid
from datetime import timedelta
from time import perf_counter

from django.contrib.auth import get_user_model
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.db.models import Q
from django.urls import resolve
from django.utils import timezone

from sbs_portal import logs
from sbs_portal.scope import Scope, bound

logger = logging.getLogger("sbs_portal.request")

# No scope to bind: the API binds its own (it authenticates inside the view), probes and files need none.
UNBOUND = re.compile(r"^/(api/|healthz$|readyz$|static/)")
PUBLIC = re.compile(r"^/(api/|healthz$|readyz$|static/|konto/(logga-in|losenord)/|inbjudan/)")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class RequestIdMiddleware:
    """Gives every request an id, taken from X-Request-ID where it is a UUID; answers and logs with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            request.request_id = str(uuid.UUID(request.headers.get("X-Request-ID", "")))
        except ValueError:
            request.request_id = str(uuid.uuid4())
        bound_id = logs.request_id.set(request.request_id)
        started = perf_counter()
        try:
            response = self.get_response(request)
            self._log(request, response, perf_counter() - started)
        finally:
            logs.request_id.reset(bound_id)
        response["X-Request-ID"] = request.request_id
        return response

    def _log(self, request, response, seconds: float) -> None:
        """The page by its name in the code: an address may hold a one-time link."""
        match = request.resolver_match
        data = {
            "method": request.method,
            "view": match.view_name or match.route if match else None,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        }
        logger.info("request", extra={"data": data})


class ContentSecurityPolicyMiddleware:
    """Strict CSP on everything: no inline script or style, nothing from elsewhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class NullByteMiddleware:
    """Null bytes reach no query: a cookie that holds one is none, an admin address that does is a bad request.

    Our own forms and the API refuse them by themselves; the admin's lists do not, and the session's key is
    looked up as it comes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        if request.path.startswith("/admin/") and "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("A null byte in the address.")
        return self.get_response(request)


class KeyMiddleware:
    """A call of the API with a key goes straight to its view: session, CSRF and messages are for browsers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        carried = request.META.get("HTTP_AUTHORIZATION", "")
        if not (request.path_info.startswith("/api/") and carried.startswith("Bearer ")):
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info)
        response = match.func(request, *match.args, **match.kwargs)
        return response.render() if hasattr(response, "render") else response


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Every page needs a log-in but those marked login_not_required and the public addresses."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if PUBLIC.match(request.path):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class LastSeenMiddleware:
    """Notes when an account was last here: outside the request's transaction, and not more than now and then."""

    NOTED_EVERY = timedelta(minutes=10)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not UNBOUND.match(request.path) and request.user.is_authenticated:
            self._note(request.user)
        return self.get_response(request)

    def _note(self, user):
        now = timezone.now()
        stale = now - self.NOTED_EVERY
        if all(moment is None or moment < stale for moment in (user.last_seen_at, user.last_login)):
            rows = get_user_model().objects.using("outside").filter(pk=user.pk)
            rows.filter(Q(last_seen_at=None) | Q(last_seen_at__lt=stale)).update(
                last_seen_at=now, seen_before_at=user.last_visit
            )


class ScopeMiddleware:
    """One transaction around the whole response, bound to the user's scope.

    Django turns a view's exception into a response before this sees it, so a status of 400 or more
    is rolled back here: half a write must never be committed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if UNBOUND.match(request.path):
            return self.get_response(request)
        request.scope = Scope.of(request.user)
        face = "admin" if request.path.startswith("/admin/") else "browser"
        with bound(request.scope, face=face, request_id=request.request_id):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        # What one is shown is kept by no cache between, and asked for anew after the next log-in.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if getattr(response, "streaming", False):
            response.streaming_content = self._streamed(request, face, response.streaming_content)
        return response

    def _streamed(self, request, face, content):
        """A stream is read after the transaction has ended: it binds one of its own, of one moment's data."""
        with bound(request.scope, face=face, request_id=request.request_id, snapshot=True):
            yield from content
