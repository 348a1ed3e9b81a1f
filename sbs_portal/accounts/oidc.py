"""Log-in by the kommun's own provider (OpenID Connect, authorization code with PKCE).

A provider proves an e-mail address, nothing more: it must say that the address is verified, and be trusted for
its domain (SBS_OIDC). Whoever has no account gets none. The portal's own second step is asked all the same.

Written here and not taken from allauth.socialaccount, which checks neither the nonce nor the signature of a
token it fetched itself, and takes the account's password away when an address is matched.
"""

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
from django.conf import settings
from django.utils.crypto import constant_time_compare

from sbs_portal.accounts.models import User
from sbs_portal.config import Provider

SESSION_KEY = "oidc"
PATIENCE = 5.0  # seconds for one answer of the provider
LONGEST_ANSWER = 512 * 1024
VALID_FOR = 10 * 60  # seconds from start to return
LEEWAY = 60
# Named here and never taken from the token: "none" and a key of the wrong kind are no signature.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class LogInFailed(Exception):
    """The provider's answer proves nothing. The message is for the log and holds nobody's data."""


class NotLetIn(Exception):
    """The provider proved who it is, and that opens no account here."""


def providers() -> tuple[Provider, ...]:
    """Those one may log in by."""
    return settings.OIDC_PROVIDERS


def start(session, provider: Provider, *, return_to: str, next_url: str) -> str:
    """The provider's address to send the browser to; what its answer must match is kept in the session."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    endpoint = _discovered(provider)["authorization_endpoint"]
    session[SESSION_KEY] = {
        "provider": provider.id,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": next_url,
        "at": time.time(),
    }
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": _unpadded(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def finish(session, provider: Provider, answer, *, return_to: str) -> tuple[User, str]:
    """The account that the provider's answer opens, and where the user was going.

    Raises LogInFailed when the answer proves nothing, NotLetIn when it opens no account.
    """
    begun = session.pop(SESSION_KEY, None)
    if not begun or begun["provider"] != provider.id or time.time() - begun["at"] > VALID_FOR:
        raise LogInFailed("no log-in was begun with it")
    if not constant_time_compare(answer.get("state", ""), begun["state"]):
        raise LogInFailed("another state")
    if "code" not in answer:
        raise LogInFailed("no code")
    found = _discovered(provider)
    tokens = _fetch_tokens(provider, found, answer["code"], begun["verifier"], return_to)
    claims = _verified(provider, found, tokens.get("id_token"), begun["nonce"])
    if "email" not in claims and "userinfo_endpoint" in found:
        told = _json(_request(found["userinfo_endpoint"], bearer=str(tokens.get("access_token", ""))))
        if told.get("sub") != claims["sub"]:
            raise LogInFailed("userinfo about somebody else")
        claims = told | claims
    return _account(provider, claims), begun["next"]


def _account(provider: Provider, claims: dict) -> User:
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise NotLetIn("the address is not verified")
    email = email.strip().lower()
    if email.rpartition("@")[2] not in provider.domains:
        raise NotLetIn("the provider is not trusted for the domain")
    user = User.objects.filter(email=email).first()
    if user is None:
        raise NotLetIn("no account")
    return user


def _verified(provider: Provider, found: dict, token, nonce: str) -> dict:
    """What the token says, once its signature, issuer, audience, times and nonce are found right."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        keys = jwt.PyJWKSet.from_dict(_json(_request(found["jwks_uri"]))).keys
        key = next(key for key in keys if kid is None or key.key_id == kid)
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, StopIteration, TypeError, ValueError) as error:
        raise LogInFailed(f"the token: {type(error).__name__}") from error
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise LogInFailed("the token: another nonce")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise LogInFailed("the token: made for another")
    return claims


def _fetch_tokens(provider: Provider, found: dict, code: str, verifier: str, return_to: str) -> dict:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_to,
        "code_verifier": verifier,
    }
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    basic = ""
    if "client_secret_basic" in methods:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        basic = base64.b64encode(pair.encode()).decode()
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return _json(_request(found["token_endpoint"], basic=basic, form=form))


def _discovered(provider: Provider) -> dict:
    """The provider's own description; it must name itself and keep to https where its issuer does."""
    found = _json(_request(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if found.get("issuer") != provider.issuer:
        raise LogInFailed("another issuer in its description")
    asked = ["authorization_endpoint", "token_endpoint", "jwks_uri"]
    for name in asked + ["userinfo_endpoint"] * ("userinfo_endpoint" in found):
        if urlsplit(str(found.get(name))).scheme != urlsplit(provider.issuer).scheme:
            raise LogInFailed(f"{name} is missing or not https")
    return found


def _request(address: str, *, basic: str = "", bearer: str = "", form: dict | None = None):
    headers = {"Accept": "application/json"}
    if basic or bearer:
        headers["Authorization"] = f"Basic {basic}" if basic else f"Bearer {bearer}"
    return urllib.request.Request(address, urlencode(form).encode() if form else None, headers)


class _Straight(urllib.request.HTTPRedirectHandler):
    """A redirect is no answer: secrets go where they were meant to and nowhere else."""

    def redirect_request(self, *args):
        return None


_opener = urllib.request.build_opener(_Straight)


def _json(request) -> dict:
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            found = json.loads(answer.read(LONGEST_ANSWER))
    except (OSError, ValueError) as error:
        raise LogInFailed(f"its answer: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise LogInFailed("its answer: no object")
    return found


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
