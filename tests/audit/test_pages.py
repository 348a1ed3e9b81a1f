"""The review list in the browser, and sources and statements in the API."""

import pytest
from django.urls import reverse

from sbs_portal.audit.models import Review, SourceKind, Statement
from sbs_portal.scope import NATIONAL, bound
from tests.audit.test_services import make_statement

pytestmark = pytest.mark.django_db


def reread(statement) -> Statement:
    with bound(NATIONAL):
        found = Statement.objects.select_related("source").get(pk=statement.pk)
        # Fetched here, while there is a scope to fetch it in.
        assert found.subject or found.subject_id is None
        return found


@pytest.mark.parametrize(("rows", "queries"), [(1, 11), (30, 11)])
def test_the_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    cast, client_for, django_assert_num_queries, rows, queries
):
    for _ in range(rows):
        make_statement(subject=cast.participation)
    client = client_for(cast.coordinator)
    with django_assert_num_queries(queries):
        response = client.get(reverse("statement_list"))
    assert response.content.decode().count("Termin tre") == rows


@pytest.mark.parametrize("who", ["editor", "process_leader", "reader", "rektor", "stranger"])
def test_the_list_is_the_coordinators(cast, client_for, who):
    assert client_for(getattr(cast, who)).get(reverse("statement_list")).status_code == 403


def test_attach_accept_and_undo(cast, client_for):
    statement = make_statement()
    client = client_for(cast.coordinator)
    page = reverse("statement_detail", args=[statement.uuid])
    found = client.get(page, {"sok": "Björkby"}).content.decode()
    assert "Knyt hit" in found
    client.post(
        reverse("statement_attach", args=[statement.uuid]),
        {"kind": "participation", "id": str(cast.participation.uuid)},
    )
    assert reread(statement).subject == cast.participation
    client.post(reverse("statement_accept", args=[statement.uuid]), {"trust": "confirmed", "reason": ""})
    assert reread(statement).review == Review.ACCEPTED
    client.post(reverse("statement_reopen", args=[statement.uuid]))
    assert reread(statement).review == Review.WAITING


def test_rejecting_without_a_reason_is_told_at_the_field(cast, client_for):
    statement = make_statement(subject=cast.participation)
    response = client_for(cast.coordinator).post(
        reverse("statement_reject", args=[statement.uuid]), {"reason": ""}
    )
    assert response.status_code == 422
    assert "Skriv varför uppgiften avvisas." in response.content.decode()
    assert reread(statement).review == Review.WAITING


def test_attaching_to_a_stranger_of_a_kind_is_refused(cast, client_for):
    statement = make_statement()
    response = client_for(cast.coordinator).post(
        reverse("statement_attach", args=[statement.uuid]), {"kind": "user", "id": str(cast.editor.uuid)}
    )
    assert response.status_code == 302
    assert reread(statement).subject is None


def test_the_api_shows_statements_with_their_subject(cast, api_for):
    statement = make_statement(subject=cast.participation)
    body = api_for(cast.integration).get(f"/api/v1/statements/{statement.uuid}").json()
    assert body["subject"] == {"type": "participation", "id": str(cast.participation.uuid)}
    assert body["as_of"]["precision"] == "unknown"


def test_the_api_filters_by_subject_within_scope(cast, api_for):
    make_statement(subject=cast.participation)
    address = f"/api/v1/statements?subject={cast.participation.uuid}"
    assert api_for(cast.editor).get(address).json()["_meta"]["count"] == 1
    assert api_for(cast.stranger).get(address).json()["_meta"]["count"] == 0


def test_a_scraped_source_is_not_the_huvudmans(cast, api_for):
    make_statement(kind=SourceKind.SCRAPED)
    assert api_for(cast.editor).get("/api/v1/sources").json()["data"] == []


def test_a_scraped_source_is_not_a_national_integrations_either(cast, api_for):
    make_statement(kind=SourceKind.SCRAPED)
    assert api_for(cast.integration).get("/api/v1/sources").json()["_meta"]["count"] == 0
    assert api_for(cast.coordinator).get("/api/v1/sources").json()["_meta"]["count"] == 1
