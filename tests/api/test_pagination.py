import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from sbs_portal.scope import NATIONAL, ask_as
from tests.api.test_errors import problem_of, reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")

HOST = "http://testserver"


def test_a_list_has_data_meta_and_links(coordinator, make_source):
    for number in range(5):
        make_source(f"Källa {number}")
    body = coordinator.get("/api/v1/sources?limit=2&page=2").json()
    assert [row["title"] for row in body["data"]] == ["Källa 2", "Källa 3"]
    assert body["_meta"] == {"limit": 2, "page": 2, "count": 5, "pages": 3}
    assert body["_links"] == {
        "self": {"href": f"{HOST}/api/v1/sources?limit=2&page=2"},
        "next": {"href": f"{HOST}/api/v1/sources?limit=2&page=3"},
        "prev": {"href": f"{HOST}/api/v1/sources?limit=2&page=1"},
    }


def test_the_last_page_has_no_next(coordinator, make_source):
    make_source()
    assert set(coordinator.get("/api/v1/sources").json()["_links"]) == {"self"}


def test_twenty_rows_when_nothing_is_said(coordinator, make_source):
    for number in range(21):
        make_source(f"Källa {number}")
    body = coordinator.get("/api/v1/sources").json()
    assert (len(body["data"]), body["_meta"]["limit"]) == (20, 20)


def test_an_empty_list_has_one_page(coordinator):
    body = coordinator.get("/api/v1/sources").json()
    assert (body["data"], body["_meta"]) == ([], {"limit": 20, "page": 1, "count": 0, "pages": 1})


@pytest.mark.parametrize("value", ["0", "201", "-1", "x", "", "1.5", "٣", "9" * 30])
def test_a_limit_that_cannot_be_used_is_400(coordinator, value):
    assert reasons_of(coordinator.get(f"/api/v1/sources?limit={value}")) == {
        "limit": "Ange ett heltal från 1 till 200."
    }


@pytest.mark.parametrize("value", ["0", "-1", "x"])
def test_a_page_that_cannot_be_used_is_400(coordinator, value):
    assert set(reasons_of(coordinator.get(f"/api/v1/sources?page={value}"))) == {"page"}


def test_a_page_past_the_last_is_404(coordinator, make_source):
    make_source()
    body = problem_of(coordinator.get("/api/v1/sources?page=2"), 404, "not-found")
    assert body["detail"] == "Sidan 2 finns inte. Den sista sidan är 1."


def test_an_unknown_parameter_is_named_with_the_known(coordinator):
    assert reasons_of(coordinator.get("/api/v1/sources?titel=x")) == {
        "titel": "Okänd parameter. Kända: cursor, expand, fields, kind, limit, modified_since, ordering, page, publisher."
    }


def test_a_single_row_takes_no_parameters(coordinator, make_source):
    path = f"/api/v1/sources/{make_source().uuid}?limit=1"
    assert reasons_of(coordinator.get(path)) == {"limit": "Okänd parameter. Kända: expand, fields."}


def test_a_parameter_given_twice_is_400(coordinator):
    assert reasons_of(coordinator.get("/api/v1/sources?limit=1&limit=2")) == {
        "limit": "Ange parametern en gång."
    }


def test_an_unknown_choice_is_named_with_the_known(coordinator):
    assert reasons_of(coordinator.get("/api/v1/sources?kind=gossip")) == {
        "kind": "Okänt värde. Kända: document, news, register, scraped, web_page."
    }


def test_a_filter_narrows(coordinator, make_source):
    make_source("En", publisher="Uddevalla")
    make_source("Två", publisher="Älvdalen")
    body = coordinator.get("/api/v1/sources?publisher=Älvdalen").json()
    assert [row["title"] for row in body["data"]] == ["Två"]


@pytest.mark.parametrize("by", ["uuid", "title"])
def test_a_related_filter_takes_uuid_and_natural_key(coordinator, make_source, make_statement, by):
    wanted = make_source("Den här")
    make_statement("rätt", source=wanted)
    make_statement("fel", source=make_source("En annan"))
    body = coordinator.get(f"/api/v1/statements?source={getattr(wanted, by)}").json()
    assert [row["text"] for row in body["data"]] == ["rätt"]


def test_ordering_follows_the_declared_names(coordinator, make_source):
    for title in ("B", "C", "A"):
        make_source(title)
    rows = coordinator.get("/api/v1/sources?ordering=-title").json()["data"]
    assert [row["title"] for row in rows] == ["C", "B", "A"]


def test_an_unknown_ordering_is_named_with_the_known(coordinator):
    assert reasons_of(coordinator.get("/api/v1/sources?ordering=title,-kind")) == {
        "ordering": "Okänd ordning: -kind. Kända: id, published, title."
    }


def test_a_deep_page_holds_the_rows_of_its_place(coordinator, make_source, monkeypatch):
    monkeypatch.setattr("sbs_portal.api.pagination.DEEP", 2)
    for number in range(5):
        make_source(f"Källa {number}")
    rows = coordinator.get("/api/v1/sources?limit=2&page=2").json()["data"]
    assert [row["title"] for row in rows] == ["Källa 2", "Källa 3"]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    coordinator, make_source, make_statement, django_assert_num_queries, rows
):
    source = make_source()
    for _ in range(rows):
        make_statement(source=source)
    coordinator.get("/api/v1/statements")
    # key with access; savepoint, bind, count and rows, release, bind (outside a test: the first, and one more)
    with django_assert_num_queries(6):
        assert len(coordinator.get("/api/v1/statements?limit=200").json()["data"]) == rows


def test_a_list_of_its_own_is_one_question_that_leaves_nothing_bound(
    transactional_db, coordinator, make_source
):
    make_source("Källa")
    coordinator.get("/api/v1/sources")
    with CaptureQueriesContext(connection) as queries:
        assert len(coordinator.get("/api/v1/sources").json()["data"]) == 1
    # The key with its access, and the list with its binding: no transaction.
    assert len(queries) == 2
    with pytest.raises(DataError):
        ask_as(NATIONAL, "SELECT 1 / %s", [0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('sbs.scope', true)")
        assert cursor.fetchone() == ("sbs_app", "")
    assert ask_as(NATIONAL, "SELECT current_user", []) == ("sbs_national",)
