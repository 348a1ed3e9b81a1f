"""What every test may ask for."""

import gc
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from sbs_portal.db import questions
from tests import factories

pytest_plugins = ["tests.worlds"]


def pytest_configure():
    # A cast is seven users; a real password hash takes longer than everything else a test does.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SENDS_MAIL = True
    # Asked for in the tests of it; the rest log in by force.
    settings.REQUIRE_SECOND_STEP = False
    # Counted in the tests of it.
    settings.API_RATE = 0
    # No collectstatic before a test: files are served by their own names.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def pytest_collection_finish():
    """What is read by now stays: going through all of it for every few hundred objects took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_collection_modifyitems(items):
    """First what waits for servers, or takes long in one piece: at the end all would wait for that."""
    first = {"test_embedded.py", "test_contract.py", "test_openapi.py"}
    items.sort(key=lambda item: item.path.name not in first)


# A busy machine is slow, not wrong.
hypothesis_settings.register_profile("sbs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("sbs")


@pytest.fixture
def cast(world_of_test) -> factories.Cast:
    """One user of each role, and two huvudmän that must not see each other."""
    return getattr(world_of_test, "cast", world_of_test)


@pytest.fixture
def nothing_kept():
    """For a test that changes how questions are made: none are kept before it or by it."""
    questions.forget()
    yield
    questions.forget()


@pytest.fixture
def client_for():
    """client_for(user) → a browser logged in as the user."""

    def make(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def api_for():
    """api_for(user, write=False) → an API client with a token of the user's."""
    from sbs_portal.api.tokens import issue_token

    def make(user, *, write: bool = False, huvudman_ids=None) -> Client:
        _, key = issue_token(
            user=user,
            name="test",
            can_write=write,
            expires_at=timezone.now() + timedelta(days=1),
            huvudman_ids=huvudman_ids,
            by=user,
        )
        return Client(headers={"Authorization": f"Bearer {key}"})

    return make
