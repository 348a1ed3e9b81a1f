"""The portal's configuration: every environment variable it reads, in one table.

A value that cannot be used stops the start with one sentence that says which variable, what was
found and what would do. The table in docs/configuration.md is generated from here
(``python manage.py configuration``) and held to it by a test.
"""

import contextlib
import errno
import json
import os
import re
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from psycopg2.extensions import make_dsn

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default in words, and what it is for."""

    name: str
    default: str
    purpose: str


@dataclass(frozen=True)
class Provider:
    """Somebody else's log-in (OpenID Connect), and the e-mail domains it is trusted to speak for."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: frozenset[str]


VARIABLES = (
    Variable("DATABASE_URL", "embedded PostgreSQL", "postgres://…; the web's connection (role sbs_app)"),
    Variable(
        "DATABASE_OWNER_URL",
        "embedded PostgreSQL",
        "postgres://…; migrations, roles and backups (role sbs_owner); the process that serves pages does without it",
    ),
    Variable(
        "DATABASE_ADMIN_URL",
        "",
        "postgres://…; a role that may create roles: only for manage.py create_roles",
    ),
    Variable(
        "SBS_DATA",
        ".data in the checkout; root: /var/lib/sbs-portal-…",
        "folder of the embedded database and the secret key",
    ),
    Variable(
        "SECRET_KEY", "made on first run, kept in SBS_DATA", "Django's secret key, at least 32 characters"
    ),
    Variable(
        "SECRET_KEY_FALLBACKS",
        "",
        "former secret keys, comma separated: what they signed and encrypted is still read (docs/deployment.md)",
    ),
    Variable("DEBUG", "0", "1 only while developing"),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "host names, comma separated"),
    Variable("PORT", "8000", "port of make run and make dev"),
    Variable("SBS_HTTPS", "0", "1 when served over TLS: secure cookies, HSTS, redirect"),
    Variable("SBS_TRUST_PROXY", "0", "1 when a proxy sets X-Forwarded-Proto and -For"),
    Variable(
        "SBS_LISTEN", "localhost", "localhost, or an address to listen on, such as 0.0.0.0 in a container"
    ),
    Variable("WEB_CONCURRENCY", "2", "web processes, each with four threads"),
    Variable("SBS_DEMO", "0", "1 allows the demo outside the embedded database"),
    Variable(
        "SBS_CONTACT_EMAIL", "sbs-portalen@example.se", "address shown on the accessibility and privacy pages"
    ),
    Variable(
        "SBS_OPERATOR", "Exempelmyndigheten (övningsmiljö)", "the authority that runs this installation"
    ),
    Variable(
        "SBS_LOG", "plain", "json: one object a line, and a line for each request; plain for a terminal"
    ),
    Variable(
        "EMAIL_URL",
        "no mail is sent",
        "smtp://user:password@host:587 (STARTTLS), smtps://…:465 (TLS), or console, which prints it: only while developing",
    ),
    Variable("DEFAULT_FROM_EMAIL", "sbs-portalen@example.se", "sender of the portal's mail"),
    Variable(
        "SBS_REQUIRE_MFA",
        "1; 0 in the demo",
        "1 demands a second step at log-in of whoever reaches the whole country or the admin",
    ),
    Variable(
        "SBS_OIDC",
        "",
        "log-in by other providers, as JSON: a list of objects with id, name, issuer, client_id, client_secret and domains (the e-mail domains it is trusted for); return address /konto/logga-in/via/<id>/svar/",
    ),
    Variable("SBS_API_RATE", "600", "requests a minute that each key to the API may make; 0 is no limit"),
    Variable("CHROMIUM", "found on the machine", "the browser of the browser tests"),
)


def text(name: str, default: str = "") -> str:
    """The variable's text, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """A yes or no: 1/0, true/false, yes/no."""
    found = text(name, "1" if default else "0").lower()
    if found in {"1", "true", "yes"}:
        return True
    if found in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} is {found!r}: write 1 or 0.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within bounds."""
    found = text(name, str(default))
    if not found.isdecimal() or not low <= int(found) <= high:
        raise ImproperlyConfigured(f"{name} is {found!r}: write a whole number from {low} to {high}.")
    return int(found)


def one_of(name: str, known: tuple[str, ...]) -> str:
    """One of the known words; the first is the default."""
    found = text(name, known[0])
    if found not in known:
        raise ImproperlyConfigured(f"{name} is {found!r}: write {' or '.join(known)}.")
    return found


def names(name: str, default: str) -> list[str]:
    """A comma separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str) -> dict | None:
    """A postgres:// address as Django's connection settings; None where the variable is unset."""
    address = text(name)
    if not address:
        return None
    parts = _split(address)
    if parts is None or parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgres://user:password@host:5432/name,"
            " where a sign such as @, / or # in the password is written as %40, %2F or %23."
        )
    options = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    try:
        make_dsn(**options)
    except psycopg2.ProgrammingError as error:
        # It names the option and not its value.
        raise ImproperlyConfigured(f"{name}: {str(error).strip()}. See libpq's connection options.") from None
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {key: unquote(value) for key, value in options.items()},
    }


def _split(address: str) -> SplitResult | None:
    """The parts of the address; None where it is none. What is wrong with it may be a part of its password."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def unusable(folder: Path, error: OSError) -> str:
    """What the system refuses in the data folder, and what to do about it, in a sentence."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"There is no room left where {folder} is. Free some, or choose another folder with SBS_DATA: "
            "an empty database takes a quarter of a gigabyte."
        )
    return (
        f"{error.filename or folder} cannot be used: {error.strerror or error}. "
        "Mend that, or choose another folder with SBS_DATA."
    )


def secret_key(data_dir: Path) -> str:
    """The secret key from the environment, or one made on the first run and kept private."""
    if given := text("SECRET_KEY"):
        return _long_enough("SECRET_KEY", given)
    path = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        return _long_enough(str(path), path.read_text().strip())
    except OSError as error:
        raise ImproperlyConfigured(unusable(data_dir, error)) from error


def _make_key(path: Path) -> None:
    # Written beside and linked into place: of two that start at once one wins, and neither reads half a key.
    mine = path.with_name(f".secret_key-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
    finally:
        mine.unlink(missing_ok=True)


def former_keys(name: str) -> list[str]:
    """Secret keys that were used before, the latest first."""
    return [_long_enough(name, key) for key in names(name, "")]


def _long_enough(name: str, key: str) -> str:
    if len(key) < 32:
        raise ImproperlyConfigured(f"{name} is too short: give at least 32 characters.")
    return key


def email(name: str) -> dict:
    """Django's mail settings from console or smtp://user:password@host:port; no mail where it is unset."""
    address = text(name)
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if address == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = _split(address)
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be console or smtp://user:password@host:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def providers(name: str) -> tuple[Provider, ...]:
    """Log-in providers from JSON. What is wrong is told without the secrets."""
    example = 'a JSON list of {"id", "name", "issuer", "client_id", "client_secret", "domains": [...]}'
    try:
        found = json.loads(text(name, "[]"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no JSON: write {example}.") from error
    wanted = {each.name for each in fields(Provider)}
    if not isinstance(found, list) or any(not isinstance(one, dict) or set(one) != wanted for one in found):
        raise ImproperlyConfigured(f"{name} must be {example}.")
    for one in found:
        domains = one["domains"]
        if any(not isinstance(value, str) or not value for key, value in one.items() if key != "domains"):
            raise ImproperlyConfigured(f"{name}: every value must be a text.")
        if not re.fullmatch(r"[a-z0-9-]+", one["id"]):
            raise ImproperlyConfigured(f"{name}: the id {one['id']!r} must be a-z, 0-9 and hyphens.")
        parts = _split(one["issuer"])
        if not parts or (parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}):
            raise ImproperlyConfigured(f"{name}: the issuer of {one['id']} must be an https address.")
        if not isinstance(domains, list) or not domains or not all(_is_domain(each) for each in domains):
            raise ImproperlyConfigured(
                f"{name}: domains of {one['id']} must be a list such as ['example.se']."
            )
    if len({one["id"] for one in found}) != len(found):
        raise ImproperlyConfigured(f"{name}: two providers have the same id.")
    return tuple(
        Provider(**one | {"domains": frozenset(domain.lower() for domain in one["domains"])}) for one in found
    )


def _is_domain(found) -> bool:
    return isinstance(found, str) and bool(re.fullmatch(r"([\w-]+\.)+[\w-]+", found))
