"""A meeting from log-in to done: with the keyboard only, without JavaScript, and on a phone."""

import re

import pytest

from sbs_portal.demo.accounts import DOMAIN, PASSWORD

LEADER = f"processledare@{DOMAIN}"
DECISION = "Ny gruppindelning från vecka 49"
MOST_TABS = 150

# Something visible marks the focused element: an outline or a shadow, on it or on what stands for it.
FOCUS = """() => {
  const focused = document.activeElement;
  const marked = one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const label = focused.closest('label');
  const shown = label ? [focused, label, ...label.children] : [focused];
  const place = (label || focused).getBoundingClientRect();
  const seen = place.width > 0 && place.height > 0 && place.bottom > 0 && place.top < innerHeight;
  return {seen: seen && shown.some(marked), what: focused.outerHTML.slice(0, 120)};
}"""


def tab_to(page, selector: str, *, key: str = "Tab") -> None:
    """Tab until the element has the focus; on every element on the way it must be seen where one is."""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            continue
        focus = page.evaluate(FOCUS)
        assert focus["seen"], focus["what"]
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with {key}.")


def test_a_meeting_with_the_keyboard_only(tab, portal):
    page = tab()
    page.goto("/")
    tab_to(page, "#id_login")
    page.keyboard.type(LEADER)
    tab_to(page, "#id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.base}/")

    tab_to(page, "a[href='/traffar/anteckna/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/traffar/[0-9a-f-]{36}/anteckna/$"))

    tab_to(page, "#narvaro-rader input[type=radio]")
    page.keyboard.press("Space")
    line = page.locator("#narvaro-rader fieldset").first
    assert line.locator("input[type=radio]").first.is_checked()
    with page.expect_response(re.compile("/narvaro/")) as saved:
        page.keyboard.press("ArrowRight")
    assert saved.value.status == 200
    assert line.get_by_label("Ersättare", exact=True).is_checked()
    with page.expect_response(re.compile("/narvaro/")) as saved:
        page.keyboard.press("ArrowLeft")
    assert saved.value.status == 200
    assert line.get_by_label("Här", exact=True).is_checked()

    tab_to(page, "#ny input[type=radio]")
    for _ in range(3):
        if page.locator("#ny").get_by_label("Beslut", exact=True).is_checked():
            break
        page.keyboard.press("ArrowRight")
    tab_to(page, "#ny textarea")
    page.keyboard.type(DECISION)
    tab_to(page, "#ny button[value=lagg-till]")
    page.keyboard.press("Enter")
    page.locator("#rader .outcome", has_text=DECISION).wait_for()
    assert page.evaluate("document.activeElement.matches('#ny textarea')")

    tab_to(page, "button[value=klar]", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/traffar/[0-9a-f-]{36}/$"))
    assert DECISION in page.locator("main").inner_text()


def test_a_meeting_without_javascript(tab, portal):
    page = tab(java_script_enabled=False)
    page.goto("/")
    page.fill("#id_login", LEADER)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{portal.base}/")

    page.click("a[href='/traffar/anteckna/']")
    page.locator("#narvaro-rader fieldset").first.get_by_label("Ersättare", exact=True).check()
    page.locator("#narvaro-rader fieldset").nth(1).get_by_label("Här", exact=True).check()
    page.locator("#ny").get_by_label("Beslut", exact=True).check()
    page.fill("#ny textarea", DECISION)
    page.click("#ny button[value=lagg-till]")
    page.locator("#rader .outcome", has_text=DECISION).wait_for()
    lines = page.locator("#narvaro-rader fieldset")
    assert lines.first.get_by_label("Ersättare", exact=True).is_checked()
    assert lines.nth(1).get_by_label("Här", exact=True).is_checked()

    page.click("button[value=klar]")
    page.wait_for_url(re.compile(r"/traffar/[0-9a-f-]{36}/$"))
    assert DECISION in page.locator("main").inner_text()


class Hand:
    """Taps and writes on a page, and counts it: a person's steps, not the machine's time."""

    def __init__(self, page):
        self.page = page
        self.steps = []

    def tap(self, what: str, place) -> None:
        place.click()
        self.steps.append(f"tryck: {what}")

    def write(self, what: str, text: str) -> None:
        self.page.fill("#ny textarea", text)
        self.steps.append(f"skriv: {what}")

    def choose(self, what: str, label: str) -> None:
        options = self.page.locator("#ny select option").all_inner_texts()
        self.page.select_option("#ny select", label=next(text for text in options if label in text))
        self.steps.append(f"välj: {what}")

    def kind(self, label: str) -> None:
        choice = self.page.locator("#ny").get_by_label(label, exact=True)
        if not choice.is_checked():
            self.tap(label, choice)

    def add(self, text: str) -> None:
        self.tap("Lägg till", self.page.locator("#ny button[value=lagg-till]"))
        self.page.locator("#rader .outcome", has_text=text).wait_for()


def test_a_meeting_on_a_phone_and_its_actions_at_their_owners(tab, portal):
    page = tab("processledare", width=390, height=844, has_touch=True)
    hand = Hand(page)
    page.goto("/")
    hand.tap("Anteckna från träff", page.locator("a[href='/traffar/anteckna/']"))
    with page.expect_response(re.compile("/alla-har/")):
        hand.tap("Alla här", page.locator("#narvaro button[value=alla]"))
    here = page.locator("#narvaro-rader input[value=present]")
    here.first.wait_for(state="attached")
    page.wait_for_function(
        "here => document.querySelectorAll(`${here}:checked`).length",
        arg="#narvaro-rader input[value=present]",
    )
    assert all(choice.is_checked() for choice in here.all())
    decisions = ["Elevintervjuer en gång per termin", "Gemensam planeringstid på onsdagar"]
    actions = ["Ta fram frågor till intervjuerna", "Boka sal till onsdagarna", "Skicka schemat till alla"]
    for text in decisions:
        hand.kind("Beslut")
        hand.write("beslutet", text)
        hand.add(text)
    for text in actions:
        hand.kind("Åtgärd")
        hand.write("åtgärden", text)
        hand.choose("ansvarig", "Jonas Habte")
        hand.add(text)
    hand.tap("Klar med träffen", page.locator("button[value=klar]"))
    page.wait_for_url(re.compile(r"/traffar/[0-9a-f-]{36}/$"))
    print(f"\n{len(hand.steps)} steg:\n  " + "\n  ".join(hand.steps))
    shown = page.locator("main").inner_text()
    assert [text for text in decisions + actions if text not in shown] == []

    rektor = tab("bjorkskolan", width=390, height=844)
    rektor.goto("/")
    for more in rektor.locator("#att-gora details > summary").all():
        more.click()
    work = rektor.locator("#att-gora").inner_text()
    assert [text for text in actions if text not in work] == []
