"""The second step in a real browser: an app by its code, and a passkey by a device that Chromium plays."""

import re

from sbs_portal.demo.accounts import DOMAIN, PASSWORD
from tests.accounts.conftest import code_of
from tests.browser.test_accessibility import OVERFLOW, violations

EDITOR = f"forvaltning@{DOMAIN}"
# The page itself, and not the log-in that leads on to it.
ARRIVED = re.compile(r"^[^?]*/konto/tvasteg/$")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def looked_at(page) -> list[str]:
    """What is wrong with the page on a phone, which is where it has least room."""
    page.set_viewport_size({"width": 390, "height": 844})
    return violations(page) + page.evaluate(OVERFLOW)


def log_in(page):
    page.fill("#id_login", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()


def test_an_app_and_a_passkey_are_set_up_and_used(tab, portal):
    page = tab()
    said, faults = [], {}
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    # A key is made for a name: localhost, never a number.
    home = portal.base.replace("127.0.0.1", "localhost")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.goto(f"{home}/konto/logga-in/?next=/konto/tvasteg/")
    log_in(page)
    page.get_by_role("link", name="Lägg in en app").click()
    page.fill("#id_password", PASSWORD)
    faults["confirm"] = looked_at(page)
    page.get_by_role("button", name="Fortsätt").click()
    page.wait_for_url(re.compile("/tvasteg/app/$"))
    faults["app"] = looked_at(page)
    assert page.locator("main img").evaluate("image => image.naturalWidth") > 0
    page.fill("#id_code", code_of(page.locator("main code").inner_text()))
    page.get_by_role("button", name="Lägg in appen").click()
    page.wait_for_url(re.compile("/tvasteg/koder/$"))
    faults["codes"] = looked_at(page)
    code = page.locator("main code").first.inner_text()

    page.goto(f"{home}/konto/tvasteg/nycklar/ny/")
    faults["new key"] = looked_at(page)
    page.fill("#id_name", "Jobbdatorn")
    page.get_by_role("button", name="Lägg in nyckeln").click()
    page.get_by_role("link", name="Byt namn på Jobbdatorn").wait_for()
    faults["steps"] = looked_at(page)
    for link, name in (("Byt namn på Jobbdatorn", "rename"), ("Ta bort Jobbdatorn", "remove")):
        page.get_by_role("link", name=link).click()
        faults[name] = looked_at(page)
        page.go_back()
    for address in ("app/ta-bort/", "koder/nya/", "koder/"):
        page.goto(f"{home}/konto/tvasteg/{address}")
        faults[address] = looked_at(page)

    page.context.clear_cookies()
    page.goto(f"{home}/konto/logga-in/?next=/konto/tvasteg/")
    page.get_by_role("button", name="Logga in med en inloggningsnyckel").click()
    page.wait_for_url(ARRIVED)

    page.context.clear_cookies()
    page.goto(f"{home}/konto/logga-in/?next=/konto/tvasteg/")
    log_in(page)
    page.wait_for_url(re.compile("/steg-tva/"))
    faults["step two"] = looked_at(page)
    page.get_by_role("button", name="Använd en inloggningsnyckel").click()
    page.wait_for_url(ARRIVED)

    page.context.clear_cookies()
    page.goto(f"{home}/konto/logga-in/?next=/konto/tvasteg/")
    log_in(page)
    page.fill("#id_code", code)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(ARRIVED)
    assert {name: fault for name, fault in faults.items() if fault} == {}
    assert said == []
