"""Pictures of the portal with the demo, for the documentation: ``python -m tests.browser.screenshots``.

Written to docs/screenshots/ at two widths.
"""

import os
import sys

import django

from sbs_portal.config import BASE_DIR

FOLDER = BASE_DIR / "docs" / "screenshots"
WIDTHS = {1280: 900, 390: 844}
LONGEST = 1400  # pixels; what is further down a page is left out, to keep the files small
SHOTS = (
    ("logga-in", None, "account_login", "", ""),
    ("mitt-arbete", "exempelby", "start", "", ""),
    ("mitt-arbete-processledare", "processledare", "start", "", ""),
    ("deltagande", "forvaltning", "participation_detail", "uddevalla", "?datum=2018-04-23"),
    ("deltagande-exempelby", "exempelby", "participation_detail", "exempelby", ""),
    ("deltagande-okand-start", "samordnare", "participation_detail", "unknown_start", ""),
    ("traff", "processledare", "meeting_detail", "held_meeting", ""),
    ("traff-anteckna", "processledare", "meeting_write", "meeting_now", ""),
    ("seminarium", "samordnare", "seminar_detail", "seminar", ""),
    ("lista", "samordnare", "participation_list", "", ""),
    ("huvudman", "samordnare", "huvudman_detail", "huvudman", ""),
    ("uppgifter", "samordnare", "statement_list", "", ""),
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbs_portal.settings")
    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium
    from tests.browser.portal import loaded_demo, running

    executable = chromium.installed()
    if executable is None:
        print("There is no Chromium: install it, or say where it is in CHROMIUM.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    demo = loaded_demo()
    with running("pictures", demo) as portal, sync_playwright() as playwright:
        browser = chromium.launch(playwright, executable)
        for width, height in WIDTHS.items():
            for name, account, url_name, row, query in SHOTS:
                picture = taken(
                    browser, portal, (width, height), account, address(url_name, row, demo) + query
                )
                path = FOLDER / f"{name}-{width}.png"
                path.write_bytes(picture)
                print(f"{path.relative_to(BASE_DIR)} {path.stat().st_size // 1024} kB")
        browser.close()
    return 0


def address(url_name: str, row: str, demo: dict) -> str:
    from django.urls import reverse

    return reverse(url_name, args=[demo["rows"][row]] if row else [])


def taken(browser, portal, size: tuple[int, int], account: str | None, path: str) -> bytes:
    """The page as PNG, in full unless it is very long."""
    width, height = size
    context = browser.new_context(
        base_url=portal.base,
        viewport={"width": width, "height": height},
        locale="sv-SE",
        reduced_motion="reduce",
    )
    if account:
        context.add_cookies([portal.session(account)])
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    full = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(full, height), LONGEST)})
    picture = page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    sys.exit(main())
