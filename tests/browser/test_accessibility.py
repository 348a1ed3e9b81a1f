"""Every page of ours, at the widths of a screen and a phone: WCAG, nothing to scroll sideways, no CSP breach."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.pages import NO_PAGE, PAGES, page_names

AXE = (Path(__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > wide + 1)
    .map(one => one.outerHTML.slice(0, 160)).slice(0, 5).concat(['(scrolls sideways)']);
}"""
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def reader(open_browser):
    """reader(account, …) → the account's page, the same each time: a window of its own, styles, fonts and axe cost more
    than what is looked at.
    """
    pages = {}

    def open_page(account, **options):
        key = (account, *options.items())
        if key not in pages:
            context = open_browser(account, **options)
            context.add_init_script(AXE)
            pages[key] = context.new_page()
        return pages[key]

    yield open_page
    for page in pages.values():
        page.context.close()


@contextmanager
def complaints_of(page):
    """What the page's console says meanwhile of errors and warnings."""
    said = []
    heard = {
        "console": lambda line: said.append(line.text) if line.type in ("error", "warning") else None,
        "pageerror": lambda error: said.append(str(error)),
    }
    for event, hear in heard.items():
        page.on(event, hear)
    try:
        yield said
    finally:
        for event, hear in heard.items():
            page.remove_listener(event, hear)


def violations(page) -> list[str]:
    """What axe finds on the page, each as one line."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in page.evaluate(RUN_AXE, RULES)["violations"]
        for node in found["nodes"]
    ]


def test_every_page_is_on_the_list():
    listed = {page.name for page in PAGES}
    assert page_names() - set(NO_PAGE) == listed
    assert set(NO_PAGE) & listed == set()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_page(page, reader, read_portal):
    shown, found = reader(page.account), {}
    shown.set_viewport_size(SIZES["wide"])
    with complaints_of(shown) as found["console"]:
        answer = shown.goto(page.path(read_portal.demo["rows"]))
        assert answer.status == 200
        for size, measures in SIZES.items():
            shown.set_viewport_size(measures)
            found[f"axe, {size}"] = violations(shown)
        for width in (390, 320):
            shown.set_viewport_size({"width": width, "height": 844})
            found[f"sideways at {width}"] = shown.evaluate(OVERFLOW)
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("page", [page for page in PAGES if page.dark], ids=str)
def test_dark_page(page, reader, read_portal):
    shown = reader(page.account, color_scheme="dark")
    shown.goto(page.path(read_portal.demo["rows"]))
    assert violations(shown) == []


def test_a_page_with_a_fault_is_seen(tab):
    shown = tab()
    shown.set_content('<html lang="sv"><title>x</title><main><img src="x"><div>x</div></main></html>')
    shown.add_style_tag(content="div { width: 2000px }")
    assert [line.partition(":")[0] for line in violations(shown)] == ["image-alt"]
    assert "(scrolls sideways)" in shown.evaluate(OVERFLOW)


def test_a_breach_of_the_content_policy_is_seen(tab):
    shown = tab()
    said = []
    shown.on("console", lambda message: said.append(message.text))
    shown.goto("/kakor/")
    shown.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    shown.wait_for_timeout(100)
    assert any("Content Security Policy" in text for text in said)
