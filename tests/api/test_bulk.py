"""Many rows in one request: all or none, an answer for each, and no stranger's row told from one that is not."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sbs_portal.audit.models import Source, Statement
from sbs_portal.scope import NATIONAL, bound
from tests.api.test_errors import problem_of, reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")

SOURCES, STATEMENTS = "/api/v1/sources/bulk", "/api/v1/statements/bulk"


def statement(source, text="Ny", **fields) -> dict:
    return {"source": source, "what": "since", "text": text, "trust": "stated", **fields}


def texts() -> list[str]:
    with bound(NATIONAL):
        return sorted(Statement.objects.values_list("text", flat=True))


def test_many_are_made_and_each_is_answered(coordinator, make_source):
    source = make_source("Källan")
    names = [str(source.uuid), "Källan"]
    response = coordinator.post(STATEMENTS, [statement(name, f"Rad {name}") for name in names])
    assert response.status_code == 201
    body = response.json()
    assert [(row["index"], row["status"], row["row"]["text"]) for row in body["data"]] == [
        (index, 201, f"Rad {name}") for index, name in enumerate(names)
    ]
    assert {row["row"]["source"] for row in body["data"]} == {str(source.uuid)}
    assert body["_meta"] == {"count": 2}


def test_one_wrong_row_of_many_is_named_and_nothing_is_saved(coordinator, make_source):
    rows = [statement(str(make_source().uuid), f"Rad {n}") for n in range(500)]
    rows[300] |= {"trust": "nej", "extra": 1}
    body = problem_of(coordinator.post(STATEMENTS, rows), 400, "bulk-rejected")
    assert body["detail"] == "1 av 500 rader behöver ändras, med index 300. Inget har sparats."
    assert {one["property"] for one in body["invalid_parameters"]} == {"300.trust", "300.extra"}
    assert [row["status"] for row in body["rows"]] == [424] * 300 + [400] + [424] * 199
    assert set(body["rows"][300]["errors"]) == {"trust", "extra"}
    assert texts() == []


@pytest.mark.django_db(transaction=True)
def test_what_the_service_refuses_is_the_rows_and_nothing_is_saved(coordinator, make_source):
    path = str(make_source().uuid)
    # The database's own rule: a derived statement says how.
    rows = [statement(path), statement(path, trust="derived"), statement(path)]
    body = problem_of(coordinator.post(STATEMENTS, rows), 400, "bulk-rejected")
    assert [(row["index"], row["status"]) for row in body["rows"]] == [(0, 424), (1, 400), (2, 424)]
    assert body["rows"][1]["errors"] == {"": ["Skriv hur uppgiften är härledd."]}
    assert texts() == []


def test_strangers_related_rows_answer_like_made_up_ones(process_leader, make_source, huvudman):
    foreign = make_source("Främmande")
    answers = []
    for name in (str(foreign.uuid), str(uuid.UUID(int=7))):
        response = process_leader.post(STATEMENTS, [statement(name)])
        answers.append(response.json()["rows"][0]["errors"]["source"][0].replace(name, "…"))
    assert answers[0] == answers[1] == "Finns inte, eller så saknar du behörighet: …."


def test_many_are_changed_by_id_or_natural_key(coordinator, make_source):
    make_source("Ett")
    two = make_source("Två")
    response = coordinator.patch(SOURCES, [{"id": str(two.uuid), "note": "b"}, {"id": "Ett", "note": "a"}])
    assert response.status_code == 200
    assert [(row["index"], row["status"], row["row"]["note"]) for row in response.json()["data"]] == [
        (0, 200, "b"),
        (1, 200, "a"),
    ]
    with bound(NATIONAL):
        assert dict(Source.objects.values_list("title", "note")) == {"Ett": "a", "Två": "b"}


def test_each_row_of_a_change_is_held_to_its_version(coordinator, make_statement):
    one, two = make_statement("Ett"), make_statement("Två")
    rows = [
        {"id": str(one.uuid), "text": "Nytt", "if_match": '"1"'},
        {"id": str(two.uuid), "text": "Nytt", "if_match": 'W/"7"'},
    ]
    body = problem_of(coordinator.patch(STATEMENTS, rows), 400, "bulk-rejected")
    assert [row["status"] for row in body["rows"]] == [424, 412]
    assert texts() == ["Ett", "Två"]
    rows[1]["if_match"] = coordinator.get(f"/api/v1/statements/{two.uuid}")["ETag"]
    assert coordinator.patch(STATEMENTS, rows).status_code == 200


def test_a_strangers_row_answers_like_a_made_up_one_and_one_without_right_is_403(
    process_leader, make_source, huvudman
):
    foreign, own = make_source("Främmande"), make_source("Egen", huvudman_ids=[huvudman.pk])
    rows = [{"id": str(one), "note": "x"} for one in (foreign.uuid, uuid.UUID(int=7), own.uuid)]
    answered = problem_of(process_leader.patch(SOURCES, rows), 400, "bulk-rejected")["rows"]
    assert [row["status"] for row in answered] == [404, 404, 403]
    assert {**answered[0], "index": 1} == answered[1]


def test_rows_that_are_named_twice_or_not_at_all_are_named(coordinator, make_source):
    name = str(make_source().uuid)
    rows = [{"id": name, "note": "a"}, {"id": name, "note": "b"}, {"note": "c"}, {"id": 7}]
    assert reasons_of(coordinator.patch(SOURCES, rows), slug="bulk-rejected") == {
        "1.id": "Raden finns två gånger i listan.",
        "2.id": "Uppgiften behövs.",
        "3.id": "Ange ett id (UUID).",
    }


@pytest.mark.parametrize("body", [{}, [], [1], [{"title": "x", "kind": "news"}] * 1001])
def test_a_body_that_is_no_list_of_rows_is_400(coordinator, body):
    problem_of(coordinator.post(SOURCES, body), 400, "validation-error")


def test_a_reading_key_and_no_key_change_nothing(reading, anonymous, db):
    problem_of(reading.post(SOURCES, [{"title": "x", "kind": "news"}]), 403, "forbidden")
    assert anonymous.post(SOURCES, "[]", content_type="application/json").status_code == 401


def test_the_same_many_again_are_made_once(coordinator):
    rows = [{"title": "x", "kind": "news"}] * 3
    first = coordinator.post(SOURCES, rows, Idempotency_Key="a")
    assert coordinator.post(SOURCES, rows, Idempotency_Key="a").content == first.content
    problem_of(coordinator.post(SOURCES, rows[:2], Idempotency_Key="a"), 422, "idempotency-key-reused")
    with bound(NATIONAL):
        assert Source.objects.count() == 3


def test_a_row_costs_what_its_service_costs_and_nothing_more(coordinator, make_source):
    source, counts = str(make_source().uuid), []
    coordinator.get("/api/v1/sources")
    for number in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            made = coordinator.post(STATEMENTS, [statement(source)] * number).json()["data"]
        counts.append(len(queries))
        changes = [{"id": row["row"]["id"], "text": "Ändrad"} for row in made]
        with CaptureQueriesContext(connection) as queries:
            assert coordinator.patch(STATEMENTS, changes).status_code == 200
        counts.append(len(queries))
    # The test's service is one INSERT, or one UPDATE: the rest is the same for one row and fifty.
    # key with access, savepoint, bind; related rows; [insert]; the rows as they became; release, bind
    # key with access, savepoint, bind; ids, locks, rows, rights; [update]; the rows, rights again; release, bind
    assert counts == [7 + 1, 11 + 1, 7 + 50, 11 + 50]
