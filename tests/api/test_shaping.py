"""fields= and expand=: less of a row, or the related rows in it, never beyond the caller's reach."""

import pytest

from tests.api.test_errors import reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")
STATEMENTS = "/api/v1/statements"


def test_fields_shows_those_alone_in_lists_and_single_rows(coordinator, make_statement):
    statement = make_statement()
    expected = {"text": "Med sedan 2020", "trust": "stated"}
    assert coordinator.get(f"{STATEMENTS}?fields=trust,text").json()["data"] == [expected]
    assert coordinator.get(f"{STATEMENTS}/{statement.uuid}?fields=text,trust").json() == expected


def test_a_part_of_a_row_has_an_etag_of_its_own_with_the_same_version(coordinator, make_statement):
    path = f"{STATEMENTS}/{make_statement().uuid}"
    tags = {coordinator.get(path)["ETag"], coordinator.get(f"{path}?fields=text")["ETag"]}
    assert len(tags) == 2
    assert {tag.partition("-")[0] for tag in tags} == {'"1'}


def test_unknown_fields_are_named_with_the_known(coordinator, make_statement):
    for path in (STATEMENTS, f"{STATEMENTS}/{make_statement().uuid}"):
        assert reasons_of(coordinator.get(f"{path}?fields=text,pk")) == {
            "fields": "Okänt: pk. Kända: as_of, id, reasoning, source, text, trust, updated_at, version, what."
        }
    assert set(reasons_of(coordinator.get(f"{STATEMENTS}?fields="))) == {"fields"}


def test_expand_shows_the_related_row_as_its_own_resource_does(coordinator, make_statement):
    statement = make_statement()
    source = coordinator.get(f"/api/v1/sources/{statement.source.uuid}").json()
    assert coordinator.get(f"{STATEMENTS}/{statement.uuid}?expand=source").json()["source"] == source
    assert coordinator.get(f"{STATEMENTS}?expand=source&fields=source").json()["data"] == [{"source": source}]


def test_what_cannot_be_expanded_is_named_with_what_can(coordinator):
    assert reasons_of(coordinator.get(f"{STATEMENTS}?expand=what")) == {
        "expand": "Okänt: what. Kända: source."
    }
    assert reasons_of(coordinator.get(f"{STATEMENTS}?expand=source.id")) == {
        "expand": "Okänt: source.id. Här finns inga."
    }
    assert set(reasons_of(coordinator.get(f"{STATEMENTS}?expand=source.a.b"))) == {"expand"}
    assert set(reasons_of(coordinator.get(f"{STATEMENTS}?expand=source&fields=text"))) == {"expand"}


def test_a_related_row_out_of_reach_stays_an_id(process_leader, make_source, make_statement, huvudman):
    source = make_source("Hemlig", huvudman_ids=[])
    own = make_source("Egen", huvudman_ids=[huvudman.pk])
    make_statement("En", source=own, huvudman_ids=[huvudman.pk])
    response = process_leader.get(f"{STATEMENTS}?expand=source")
    assert [row["source"]["title"] for row in response.json()["data"]] == ["Egen"]
    make_statement("Två", source=source, huvudman_ids=[huvudman.pk])
    body = process_leader.get(f"{STATEMENTS}?expand=source").content.decode()
    assert "Hemlig" not in body


@pytest.mark.parametrize("rows", [1, 30])
def test_expanding_asks_one_question_more_whatever_the_number_of_rows(
    coordinator, make_source, make_statement, django_assert_num_queries, rows
):
    for _ in range(rows):
        make_statement(source=make_source())
    coordinator.get(STATEMENTS)
    # Key with access; savepoint, bind, count, rows, the sources, release, bind.
    with django_assert_num_queries(8):
        assert len(coordinator.get(f"{STATEMENTS}?limit=200&expand=source").json()["data"]) == rows
