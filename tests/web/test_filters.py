from django.test import RequestFactory

from sbs_portal.web.addresses import ListAddress
from sbs_portal.web.filters import Pill, shown_pills
from sbs_portal.web.paging import COUNTED

PILLS = (
    Pill("Alla"),
    Pill("Sena", (("late", "1"),)),
    Pill("Nya", (("new", "1"),)),
)
COUNTS = {PILLS[1]: 2, PILLS[2]: 0}


def pills(query, counts=COUNTS):
    address = ListAddress(RequestFactory().get("/" + query).GET)
    return [(pill.label, pill.url, pill.current, pill.count) for pill in shown_pills(PILLS, address, counts)]


def test_without_a_filter_all_is_current_and_a_pill_that_gives_nothing_is_left_out():
    assert pills("?q=a&sida=2") == [("Alla", "?q=a", True, None), ("Sena", "?q=a&late=1", False, 2)]


def test_a_pill_that_is_on_leads_back():
    assert pills("?q=a&late=1") == [("Alla", "?q=a", False, None), ("Sena", "?q=a", True, 2)]


def test_a_pill_that_is_on_stays_even_when_it_gives_nothing():
    assert ("Nya", "?", True, 0) in pills("?new=1")


def test_a_pill_is_counted_no_further_than_the_pages_reach():
    (_, late, *_) = shown_pills(PILLS, ListAddress(RequestFactory().get("/").GET), {PILLS[1]: COUNTED + 1})
    assert (late.count, late.is_capped) == (COUNTED, True)


def test_pills_of_different_groups_narrow_together():
    both = (*PILLS, Pill("ht 2025", (("term", "HT2025"),), group="cohort"))
    address = ListAddress(RequestFactory().get("/?late=1").GET)
    shown = {pill.label: pill.url for pill in shown_pills(both, address, COUNTS | {PILLS[1]: 1})}
    assert shown == {"Alla": "?", "Sena": "?", "ht 2025": "?late=1&term=HT2025"}
