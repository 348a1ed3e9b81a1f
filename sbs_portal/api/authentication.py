"""Who calls: a bearer token from a system, or the browser's own session."""

from datetime import date, timedelta
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from sbs_portal.accounts import second_step
from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.api.computed import Sql
from sbs_portal.api.errors import InvalidToken
from sbs_portal.scope import Scope
from sbs_portal.time import today

SCHEME = "Bearer"
REALM = 'Bearer realm="SBS-portalen"'
# How exact "last used" is: at most one write a minute and token.
USE_NOTED_EVERY = timedelta(minutes=1)


# Stands for the key's digest in the statement that is kept.
_DIGEST = "digest"
_TOKEN = tuple(field.attname for field in ApiToken._meta.concrete_fields)
_USER = tuple(field.attname for field in User._meta.concrete_fields)


@lru_cache(maxsize=2)
def _lookup(day: date) -> tuple[str, tuple]:
    """The statement that reads a key with its account and the account's access on the day."""
    access = apps.get_model(settings.SBS_ACCESS_MODEL)
    row = Sql("json_build_array({0}, {1}, {2})", F("role"), F("huvudman_id"), F("unit_id"))
    rows = access.objects.in_force(day).filter(user=OuterRef("user_id")).annotate(row=row).values("row")
    found = ApiToken.objects.filter(digest=_DIGEST).order_by().annotate(access=ArraySubquery(rows))
    return found.values_list(*_TOKEN, *(f"user__{name}" for name in _USER), "access").query.sql_with_params()


def token_of(key: str) -> ApiToken | None:
    """The key with its account and access, in one statement that is compiled once a day."""
    sql, params = _lookup(today())
    digest = ApiToken.digest_of(key)
    with connection.cursor() as cursor:
        cursor.execute(sql, [digest if param == _DIGEST else param for param in params])
        found = cursor.fetchone()
    if found is None:
        return None
    token = ApiToken.from_db("default", _TOKEN, found[: len(_TOKEN)])
    token.user = User.from_db("default", _USER, found[len(_TOKEN) : -1])
    token.access_rows = found[-1]
    return token


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
        token = token_of(key)
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
