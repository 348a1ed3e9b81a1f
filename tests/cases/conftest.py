"""The loaded demo, for tests that only read it.

The demo is loaded once for all workers (tests/browser/portal.py keeps it as a template). Each worker gets a copy
for as long as it runs tests of this folder; every test is rolled back, so that the copy stays as loaded.
"""

import os

import pytest
from django.conf import settings

from tests import database
from tests.browser.portal import Portal, loaded_demo
from tests.cases.reading import Reader


@pytest.fixture(scope="package", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    before = settings.DATABASES["default"]["NAME"]
    name = f"test_sbs_cases_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        copy = Portal(name, loaded_demo())
        copy.create()
        database.use(name)
    yield
    with django_db_blocker.unblock():
        database.use(before)
        copy.drop()


@pytest.fixture
def reader(db, client_for, api_for):
    """reader("rektor") → what that demo account reads, on pages and in the API."""
    from sbs_portal.demo.accounts import user

    def make(account: str) -> Reader:
        who = user(account)
        return Reader(pages=client_for(who), api=api_for(who))

    return make


@pytest.fixture
def coordinator(reader) -> Reader:
    return reader("samordnare")


@pytest.fixture
def integration(reader) -> Reader:
    return reader("integration")
