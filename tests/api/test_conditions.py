"""ETag, If-Match and If-None-Match; full replacement and removal, which must say the version they mean."""

import pytest

from sbs_portal.audit.models import Source, Statement
from sbs_portal.scope import NATIONAL, bound
from tests.api.test_errors import problem_of, reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")

WHOLE = {"what": "since", "text": "Helt ny", "trust": "stated", "reasoning": "", "as_of": "2018"}


def path_of(row) -> str:
    return f"/api/v1/{type(row)._meta.model_name}s/{row.uuid}"


def version(response) -> str:
    return response["ETag"].strip('"').partition("-")[0]


def test_the_etag_begins_with_the_version_which_rises_with_a_change(coordinator, make_statement):
    path = path_of(make_statement())
    assert version(coordinator.get(path)) == "1"
    changed = coordinator.patch(path, {"text": "Annat"})
    assert version(changed) == "2"
    assert coordinator.get(path)["ETag"] == changed["ETag"]


def test_a_row_without_a_version_has_an_etag_that_every_change_changes(coordinator, make_source):
    source = make_source()
    path = path_of(source)
    first = coordinator.get(path)["ETag"]
    assert coordinator.get(path)["ETag"] == first
    with bound(NATIONAL):
        Source.objects.filter(pk=source.pk).update(note="I en klump, utan updated_at")
    # A transaction of its own would change it without the content; in a test there is one for all.
    assert coordinator.get(path)["ETag"] != first


def test_what_is_unchanged_is_304_without_a_body(coordinator, make_statement):
    path = path_of(make_statement())
    tag = coordinator.get(path)["ETag"]
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        response = coordinator.get(path, If_None_Match=header)
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert response["Cache-Control"] == "private, no-cache"


def test_a_change_of_what_is_shown_is_no_304_though_the_version_stands(coordinator, make_statement):
    path = path_of(make_statement())
    assert coordinator.get(path, If_None_Match='"1-000000000000"').status_code == 200
    assert coordinator.get(path, If_None_Match='"1"').status_code == 200


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"7", W/"1"', '"1-000000000000"', "1", "*"])
def test_a_change_holds_with_the_version_whatever_was_computed(coordinator, make_statement, tag):
    assert coordinator.patch(path_of(make_statement()), {"text": "Ny"}, If_Match=tag).status_code == 200


def test_a_change_on_a_version_that_has_passed_is_412(coordinator, make_statement):
    path = path_of(make_statement())
    coordinator.patch(path, {"text": "Först"}, If_Match='"1"')
    for send in (coordinator.patch, coordinator.put):
        problem_of(send(path, {"text": "Sedan"}, If_Match='W/"1"'), 412, "precondition-failed")
    problem_of(coordinator.delete(path, If_Match='"1"'), 412, "precondition-failed")
    with bound(NATIONAL):
        assert Statement.objects.get().text == "Först"


def test_replacing_and_removing_need_a_version(coordinator, make_statement):
    statement = make_statement()
    path = path_of(statement)
    problem_of(coordinator.put(path, WHOLE), 428, "precondition-required")
    problem_of(coordinator.delete(path), 428, "precondition-required")
    with bound(NATIONAL):
        assert Statement.objects.get().text == statement.text


def test_put_replaces_every_field(coordinator, make_statement, make_source):
    statement = make_statement(reasoning="Härledd")
    other = make_source("En annan")
    path = path_of(statement)
    body = {**WHOLE, "source": str(other.uuid)}
    response = coordinator.put(path, body, If_Match=coordinator.get(path)["ETag"])
    assert response.status_code == 200
    assert (response.json()["text"], response.json()["source"]) == ("Helt ny", str(other.uuid))
    assert response.json()["reasoning"] == ""


def test_put_with_a_field_left_out_names_it(coordinator, make_statement):
    statement = make_statement()
    body = {**WHOLE, "source": str(statement.source.uuid)}
    del body["reasoning"]
    assert reasons_of(coordinator.put(path_of(statement), body, If_Match="*")) == {
        "reasoning": "Uppgiften behövs."
    }


def test_deleting_answers_204_and_removes(coordinator, make_statement):
    path = path_of(make_statement())
    assert coordinator.delete(path, If_Match=coordinator.get(path)["ETag"]).status_code == 204
    assert coordinator.get(path).status_code == 404


def test_outside_reach_comes_before_the_version(
    process_leader, nobody, make_source, make_statement, huvudman
):
    own = {"huvudman_ids": [huvudman.pk]}
    path = path_of(make_statement(source=make_source(**own), **own))
    problem_of(process_leader.delete(path, If_Match='"99"'), 403, "forbidden")
    problem_of(process_leader.put(path, WHOLE), 403, "forbidden")
    problem_of(nobody.delete(path), 404, "not-found")


@pytest.mark.django_db(transaction=True)
def test_a_row_without_a_version_is_held_to_the_transaction_that_wrote_it(coordinator, make_source):
    path = path_of(make_source())
    first = coordinator.get(path)["ETag"]
    assert coordinator.patch(path, {"note": "Först"}, If_Match=first).status_code == 200
    problem_of(coordinator.patch(path, {"note": "Sedan"}, If_Match=first), 412, "precondition-failed")
    assert (
        coordinator.patch(path, {"note": "Sedan"}, If_Match=coordinator.get(path)["ETag"]).status_code == 200
    )
