import pytest
from django.test import RequestFactory

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.web import paging
from sbs_portal.web.paging import page_of
from schools.models import Huvudman
from tests import factories


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


@pytest.mark.django_db
def test_a_deep_page_has_the_rows_of_the_list_in_its_order(monkeypatch):
    monkeypatch.setattr(paging, "DEEP", 1)
    for _ in range(30):
        factories.make_huvudman()
    with bound(NATIONAL):
        rows = Huvudman.objects.with_unit_count().order_by("-sort_key", "pk")
        reading = paging.Reading.of(rows, 25, 50, counted=[rows])
        assert reading.counts.asked() == [(30,)]
        assert reading.read() == list(rows[25:])
        assert [row.unit_count for row in reading.read()] == [0] * 5
