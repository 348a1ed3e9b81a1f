import pytest
from django.test import RequestFactory

from sbs_portal.web.paging import page_of


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", 1, 50),
        ("?sida=2", 51, 100),
        ("?sida=99", 101, 120),
        ("?sida=x", 1, 50),
        ("?antal=25&sida=2", 26, 50),
        ("?antal=7", 1, 50),
        ("?antal=²", 1, 50),
    ],
)
def test_any_page_asked_for_gives_a_page_that_exists(query, first, last):
    page = page_of(range(120), RequestFactory().get("/" + query).GET)
    assert (page.start_index(), page.end_index()) == (first, last)
