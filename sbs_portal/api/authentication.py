"""Who calls: a bearer token from a system, or the browser's own session."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from sbs_portal.accounts import second_step
from sbs_portal.accounts.models import ApiToken
from sbs_portal.api.errors import InvalidToken
from sbs_portal.scope import Scope

SCHEME = "Bearer"
REALM = 'Bearer realm="SBS-portalen"'
# How exact "last used" is: at most one write a minute and token.
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer sbs_…``; request.auth is then the ApiToken."""

    def authenticate(self, request):
        parts = authentication.get_authorization_header(request).split()
        if not parts or parts[0].lower() != SCHEME.lower().encode():
            return None
        if len(parts) != 2:
            raise InvalidToken("Skriv huvudet som Authorization: Bearer följt av nyckeln.")
        token = self._token(parts[1].decode("latin-1"))
        self._note_use(token)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return REALM

    def _token(self, key: str) -> ApiToken:
        """The token of this key. What is wrong is told only to one who holds a real key."""
        token = ApiToken.objects.select_related("user").filter(digest=ApiToken.digest_of(key)).first()
        if token is None:
            raise InvalidToken("Nyckeln är okänd.")
        if token.revoked_at is not None:
            raise InvalidToken("Nyckeln är återkallad.")
        if token.expires_at <= timezone.now():
            raise InvalidToken("Nyckeln har gått ut.")
        if not token.user.is_active:
            raise InvalidToken("Kontot som nyckeln hör till är avstängt.")
        return token

    def _note_use(self, token: ApiToken) -> None:
        """Written outside the request's transaction: a refused request is a use too."""
        now = timezone.now()
        stale = now - USE_NOTED_EVERY
        if token.last_used_at is None or token.last_used_at < stale:
            ApiToken.objects.using("outside").filter(
                Q(last_used_at__isnull=True) | Q(last_used_at__lt=stale), pk=token.pk
            ).update(last_used_at=now)


class SessionAuthentication(authentication.SessionAuthentication):
    """The logged-in browser, after its second step where one is asked; unsafe methods need its CSRF token."""

    def authenticate(self, request):
        found = super().authenticate(request)
        browser = request._request
        if found and settings.REQUIRE_SECOND_STEP and second_step.is_missing(browser, Scope.of(browser.user)):
            raise exceptions.PermissionDenied("Logga in i två steg i webbläsaren först.")
        return found

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied("CSRF-nyckeln saknas eller stämmer inte.") from error


class MayWrite(permissions.BasePermission):
    """A read-only scope (a read token) changes nothing."""

    message = "Nyckeln får bara läsa."

    def has_permission(self, request, view) -> bool:
        return request.method in permissions.SAFE_METHODS or not request.scope.read_only
