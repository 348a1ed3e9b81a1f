"""What the browser tests may ask for: a portal with the demo, and pages in a headless Chromium.

Playwright, portal and database live as long as this folder's tests on a worker: Playwright runs an event loop
in the main thread, where Django would refuse to be used by the tests that follow.
"""

import os
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.portal import loaded_demo, running

HERE = Path(__file__).parent
NO_BROWSER = "There is no Chromium: install it, or say where it is in CHROMIUM, to run the browser tests."
# Of what a page asks for, this long is patience enough on a busy machine.
PATIENCE = 20_000  # milliseconds


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def executable() -> str:
    """The Chromium to drive; without one, these tests are skipped."""
    found = chromium.installed()
    if found is None:
        pytest.skip(NO_BROWSER)
    return found


@pytest.fixture(scope="session")
def demo(executable, django_db_blocker) -> dict:
    """The loaded demo. Before Playwright, since a missing template is migrated in this process."""
    with django_db_blocker.unblock():
        return loaded_demo()


@pytest.fixture(scope="package")
def browser(executable, demo):
    """Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = chromium.launch(playwright, executable)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def read_portal(demo):
    """A portal with the demo, for tests that only read."""
    with running(os.environ.get("PYTEST_XDIST_WORKER", "main"), demo) as portal:
        yield portal


@pytest.fixture
def portal(read_portal):
    """A portal that the test may write in: it is as loaded, before and after."""
    yield read_portal
    read_portal.reset()


@pytest.fixture(scope="package")
def open_browser(browser, read_portal):
    """open_browser(account=None, width=1280, …) → a context of its own, logged in as the demo account."""

    def make(account: str | None = None, *, width: int = 1280, height: int = 900, **options):
        context = browser.new_context(
            base_url=read_portal.base,
            viewport={"width": width, "height": height},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if account:
            context.add_cookies([read_portal.session(account)])
        return context

    return make


@pytest.fixture
def tab(open_browser):
    """tab(account=None, …) → a page of a browser of its own."""
    contexts = []

    def make(*args, **options):
        contexts.append(open_browser(*args, **options))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()
