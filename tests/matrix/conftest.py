"""One world for all tests of the matrix on a worker: built once, and rolled back to after each test."""

import os

import pytest
from django.conf import settings as django_settings

from sbs_portal import scope
from tests import database
from tests.matrix.world import World


@pytest.fixture(scope="package")
def _world(django_db_setup, django_db_blocker):
    before = django_settings.DATABASES["default"]["NAME"]
    name = f"test_sbs_world_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        database.fresh_database(name)
        database.use(name)
        world = World()
    yield world
    with django_db_blocker.unblock():
        database.use(before)
        database.drop(name)


@pytest.fixture
def world(_world, db) -> World:
    return _world


@pytest.fixture
def one_wall(monkeypatch) -> None:
    """The policies hold nothing: everybody reads as the whole country does, and the filters stand alone."""
    params = scope.bind_params
    monkeypatch.setattr(scope, "bind_params", lambda binding: ["sbs_national", *params(binding)[1:]])


@pytest.fixture(autouse=True)
def _uncollected_files(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
