"""Statements outward: what is rejected or only scraped stays inside, and so do subjects out of reach."""

import pytest

from sbs_portal.audit import services
from sbs_portal.audit.models import SourceKind
from sbs_portal.scope import NATIONAL, Scope, bound
from seminars.models import Delegation
from tests.audit.test_services import make_statement
from tests.factories import make_meeting, make_seminar

pytestmark = pytest.mark.django_db


def listed(client) -> tuple[int, list[str]]:
    body = client.get("/api/v1/statements").json()
    return body["_meta"]["count"], sorted(row["text"] for row in body["data"])


def test_the_rejected_and_the_collected_are_the_coordinators(cast, api_for):
    make_statement(subject=cast.participation, text="Står kvar")
    rejected = make_statement(subject=cast.participation, text="Avvisad")
    collected = make_statement(kind=SourceKind.SCRAPED, text="Insamlad")
    with bound(Scope.of(cast.coordinator)):
        services.reject_statement(statement=rejected, reason="Fel projekt", by=cast.coordinator)
        services.attach_statement(statement=collected, subject=cast.participation, by=cast.coordinator)
    for user in (cast.editor, cast.reader):
        assert listed(api_for(user)) == (1, ["Står kvar"])
    assert listed(api_for(cast.coordinator)) == (3, ["Avvisad", "Insamlad", "Står kvar"])


def test_a_subject_the_caller_does_not_read_is_not_told(cast, api_for):
    """A reader is not told of a meeting that has not been held."""
    meeting = make_meeting(cast.participation)
    statement = make_statement(text="Om träffen")
    with bound(Scope.of(cast.coordinator)):
        services.attach_statement(statement=statement, subject=meeting, by=cast.coordinator)
    subjects = {
        name: [row["subject"] for row in api_for(user).get("/api/v1/statements").json()["data"]]
        for name, user in (("editor", cast.editor), ("reader", cast.reader))
    }
    assert subjects == {"editor": [{"type": "meeting", "id": str(meeting.uuid)}], "reader": [None]}


def test_what_a_role_does_not_read_is_read_in_no_statement_about_it_either(cast, api_for):
    """A reader sees no delegations, and so not how many a source says they were."""
    seminar = make_seminar(cast.participation)
    with bound(NATIONAL):
        delegation = Delegation.objects.create(seminar=seminar, huvudman=cast.huvudman)
    make_statement(subject=delegation, text="Tolv personer åkte")
    make_statement(subject=seminar, text="Det hölls i Folkets Hus")
    assert listed(api_for(cast.editor)) == (2, ["Det hölls i Folkets Hus", "Tolv personer åkte"])
    assert listed(api_for(cast.reader)) == (1, ["Det hölls i Folkets Hus"])
    assert listed(api_for(cast.stranger)) == (0, [])
