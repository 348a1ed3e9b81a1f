"""Which database a test is on: the migrated one, or one where a world of rows is already.

A world is built once on a worker and committed in a database of its own. A test that asks for one begins there,
and is rolled back as everywhere: it finds the same rows as if it had made them itself, for the copying of some
objects instead of hundreds of statements. A pytest plugin: tests/conftest.py names it.
"""

import copy
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from tests import database
from tests.factories import WORLDS


class Worlds:
    """The databases of one worker."""

    def __init__(self):
        self.plain = self.name("")
        self.built: dict[str, Any] = {}
        self.wanted: str | None = None
        self.on: str | None = None
        self.blocker: Any = None

    def name(self, world: str) -> str:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        return f"test_sbs_{world}{worker}_{os.getpid()}"

    def begin(self, blocker) -> None:
        self.blocker = blocker
        database.fresh_database(self.plain)
        database.use(self.plain)
        self.follow()

    def follow(self) -> None:
        """To the database of the world that is wanted, where another is used."""
        if self.wanted == self.on:
            return
        if self.wanted is not None and self.wanted not in self.built:
            self._build(self.wanted)
        database.use(self.plain if self.wanted is None else self.name(self.wanted))
        self.on = self.wanted

    def _build(self, world: str) -> None:
        origin = self.name(f"{world}_origin")
        database.fresh_database(origin)
        database.use(origin)
        try:
            self.built[world] = WORLDS[world]()
        finally:
            # Nobody is connected any more, so that it can be copied.
            database.use(self.plain)
        database.fresh_database(self.name(world), origin=origin)

    def renew(self) -> None:
        """The present database as it was before the test."""
        for alias in settings.DATABASES:
            connections[alias].close()
        origin = None if self.on is None else self.name(f"{self.on}_origin")
        database.fresh_database(settings.DATABASES["default"]["NAME"], origin=origin)

    def drop(self) -> None:
        for name in (self.plain, *(self.name(one + part) for one in self.built for part in ("", "_origin"))):
            database.drop(name)


worlds = Worlds()


@pytest.fixture
def world_of_test(db) -> Any:
    """What the test's database holds, as objects of the test's own."""
    return copy.deepcopy(worlds.built[worlds.on])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before the test's fixtures, since the first of them begins its transaction."""
    asked = getattr(item, "fixturenames", ())
    worlds.wanted = next((name for name in reversed(WORLDS) if name in asked), None)
    if worlds.blocker is not None:
        with worlds.blocker.unblock():
            worlds.follow()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        worlds.begin(django_db_blocker)
    yield
    with django_db_blocker.unblock():
        database.use(before)
        worlds.drop()


def _fixture_teardown(self) -> None:
    """After a test that commits: a new copy, since sbs_app may not TRUNCATE and migrations' rows would go."""
    worlds.renew()


TransactionTestCase._fixture_teardown = _fixture_teardown
TransactionTestCase.databases = frozenset(settings.DATABASES)


@pytest.fixture(autouse=True)
def _outside_is_inside(request) -> Iterator[None]:
    """In a test that is rolled back, "outside" is the same connection: it sees the test's rows, and goes too."""
    uses_database = request.node.get_closest_marker("django_db") or "db" in request.fixturenames
    if not uses_database:
        yield
        return
    request.getfixturevalue("db")
    if not connections["default"].in_atomic_block:
        yield
        return
    outside = connections["outside"]
    connections["outside"] = connections["default"]
    yield
    connections["outside"] = outside
