"""Keyset pages: forth and back, bound to their filters and order, within scope like any list."""

import pytest

from sbs_portal.api.keyset import keyset_columns
from sbs_portal.api_urls import RESOURCES
from sbs_portal.scope import NATIONAL, bound
from tests.api.test_errors import reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")
STATEMENTS = "/api/v1/statements"


@pytest.fixture
def statements(make_source, make_statement) -> list:
    source = make_source()
    return [
        make_statement(f"Nummer {n}", source=source, review="accepted" if n % 2 else "waiting")
        for n in range(7)
    ]


def walk(caller, path: str, direction: str = "next") -> list[list[str]]:
    """The pages from an address on, as the texts of their rows."""
    pages = []
    while path:
        body = caller.get(path).json()
        pages.append([row["text"] for row in body["data"]])
        path = body["_links"].get(direction, {}).get("href", "").removeprefix("http://testserver")
    return pages


def last_page(caller, path: str) -> str:
    while True:
        links = caller.get(path).json()["_links"]
        if "next" not in links:
            return path
        path = links["next"]["href"].removeprefix("http://testserver")


@pytest.mark.parametrize("order", ["id", "-id", "review", "-review"])
def test_every_row_comes_once_forth_and_back(coordinator, statements, order):
    names = order.removeprefix("-"), "id"
    key = {"id": lambda row: str(row.uuid), "review": lambda row: row.review}
    expected = sorted(
        statements, key=lambda row: tuple(key[name](row) for name in names), reverse=order[0] == "-"
    )
    texts = [row.text for row in expected]
    first = f"{STATEMENTS}?cursor=*&limit=3&ordering={order}"
    assert walk(coordinator, first) == [texts[:3], texts[3:6], texts[6:]]
    assert walk(coordinator, last_page(coordinator, first), "prev") == [texts[6:], texts[3:6], texts[:3]]


def test_a_row_added_behind_moves_nothing(coordinator, statements, make_statement):
    first = coordinator.get(f"{STATEMENTS}?cursor=*&limit=3&ordering=review").json()
    make_statement("Före", source=statements[0].source, review="accepted")
    rest = walk(coordinator, first["_links"]["next"]["href"].removeprefix("http://testserver"))
    shown = [row["text"] for row in first["data"]] + [text for page in rest for text in page]
    assert sorted(set(shown) - {"Före"}) == sorted(row.text for row in statements)
    assert len(shown) == len(set(shown))


def test_nothing_is_counted_and_the_filter_holds(coordinator, statements):
    path = f"{STATEMENTS}?cursor=*&limit=2&trust=stated&source={statements[0].source.uuid}"
    body = coordinator.get(path).json()
    assert body["_meta"] == {"limit": 2}
    assert set(body["_links"]) == {"self", "next"}
    assert sum(map(len, walk(coordinator, path))) == 7


def next_of(caller, path: str) -> str:
    return caller.get(path).json()["_links"]["next"]["href"].removeprefix("http://testserver")


def test_a_cursor_with_other_filters_is_told_which(coordinator, statements):
    address = next_of(coordinator, f"{STATEMENTS}?cursor=*&limit=2&trust=stated")
    assert reasons_of(coordinator.get(address.replace("trust=stated", "trust=derived"))) == {
        "cursor": "Gjord för trust=stated. Börja om med cursor=* för andra filter."
    }
    assert reasons_of(coordinator.get(address.replace("trust=stated&", "").replace("&trust=stated", ""))) == {
        "cursor": "Gjord för trust=stated. Börja om med cursor=* för andra filter."
    }


def test_a_cursor_with_another_order_is_told_which(coordinator, statements):
    address = next_of(coordinator, f"{STATEMENTS}?cursor=*&limit=2&ordering=-review")
    assert reasons_of(coordinator.get(f"{address}&ordering=review")) == {
        "cursor": "Gjord för ordering=-review. Börja om med cursor=* för en annan."
    }


def test_an_order_that_no_index_serves_is_400_with_those_that_can(coordinator):
    assert reasons_of(coordinator.get(f"{STATEMENTS}?cursor=*&ordering=what")) == {
        "ordering": "Ordningen går inte att använda med cursor. Kända: id, review. Med - fallande."
    }


@pytest.mark.parametrize("cursor", ["x", "a:b", "%00", "{}", "9" * 3000])
def test_a_cursor_that_was_not_given_by_us_is_400(coordinator, cursor):
    assert set(reasons_of(coordinator.get(f"{STATEMENTS}?cursor={cursor}"))) == {"cursor"}


def test_a_page_and_a_cursor_together_are_400(coordinator):
    assert set(reasons_of(coordinator.get(f"{STATEMENTS}?cursor=*&page=1"))) == {"cursor"}


def test_anothers_cursor_opens_nothing(
    coordinator, nobody, process_leader, statements, huvudman, make_source
):
    address = next_of(coordinator, f"{STATEMENTS}?cursor=*&limit=2")
    for caller in (nobody, process_leader):
        assert caller.get(address).json()["data"] == []


def test_every_resource_of_the_portal_has_an_order_a_cursor_can_follow(db):
    with bound(NATIONAL):
        for name, view in RESOURCES:
            assert "id" in keyset_columns(view()), name


@pytest.mark.parametrize("rows", [1, 7])
def test_a_keyset_page_asks_the_same_questions_whatever_its_length(
    coordinator, statements, django_assert_num_queries, rows
):
    coordinator.get(STATEMENTS)
    # key with access, savepoint, bind, rows, release, bind: no count
    with django_assert_num_queries(6):
        assert len(coordinator.get(f"{STATEMENTS}?cursor=*&limit={rows}").json()["data"]) == rows
