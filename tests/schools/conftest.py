"""What the register's tests share."""

from contextlib import contextmanager

import pytest

from sbs_portal.scope import Scope, bound


@pytest.fixture(autouse=True)
def _light_settings(settings):
    """No test here is about passwords, and a cast has seven of them; nor about collected static files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def as_user(db):
    """as_user(user): the block runs as the user's own scope, with the database's policies on."""

    @contextmanager
    def run(user):
        with bound(Scope.of(user)) as scope:
            yield scope

    return run


@pytest.fixture
def numbered():
    """numbered("212000014") → the ten digits with a right check digit."""

    def make(nine: str) -> str:
        doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(nine)]
        total = sum(digit - 9 if digit > 9 else digit for digit in doubled)
        return f"{nine}{-total % 10}"

    return make
