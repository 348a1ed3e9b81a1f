"""modified_since=: what has changed and what is gone, and nothing of rows that never were within reach."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sbs_portal.api.changes import has_history
from sbs_portal.audit.models import Source, Statement
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from seminars.models import Meeting, MeetingParticipation, Outcome
from tests import factories
from tests.api.conftest import make_caller
from tests.api.test_errors import reasons_of
from tests.matrix import ways

SMALL = pytest.mark.urls("tests.api.urls")
SOURCES, STATEMENTS, OUTCOMES = "/api/v1/sources", "/api/v1/statements", "/api/v1/outcomes"
PAST, FUTURE = "2018-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


def delta(caller, path: str, since: str = PAST) -> tuple[set[str], set[str]]:
    """Ids of the rows that have changed, and of those that are gone."""
    response = caller.get(f"{path}{'&' if '?' in path else '?'}limit=200&modified_since={since}")
    assert response.status_code == 200, response.json()
    body = response.json()
    return {row["id"] for row in body["data"]}, set(body["_deleted"])


def ids(*rows) -> set[str]:
    return {str(row.uuid) for row in rows}


@pytest.fixture
def owned(make_source, huvudman):
    """make(title) → a source of the process leader's huvudman."""
    return lambda title="Egen": make_source(title, huvudman_ids=[huvudman.pk])


@SMALL
def test_a_list_since_then_holds_what_was_made_and_changed(coordinator, make_source):
    source = make_source()
    assert delta(coordinator, SOURCES) == (ids(source), set())
    assert delta(coordinator, SOURCES, FUTURE) == (set(), set())


@SMALL
@pytest.mark.django_db(transaction=True)
def test_only_what_has_changed_since_and_a_bulk_change_counts(coordinator, make_source):
    make_source("Orörd")
    changed, removed = make_source("Ändrad"), make_source("Borttagen")
    since = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    with bound(NATIONAL):
        Source.objects.filter(pk=changed.pk).update(note="I klump")
        Source.objects.filter(pk=removed.pk).delete()
    assert delta(coordinator, SOURCES, since) == (ids(changed), ids(removed))


@SMALL
def test_the_time_to_ask_from_next_lies_a_little_back(coordinator, make_source):
    body = coordinator.get(f"{SOURCES}?modified_since={PAST}").json()
    then = datetime.fromisoformat(body["_meta"]["next_modified_since"])
    assert timedelta(minutes=4) < timezone.now() - then < timedelta(minutes=6)
    assert "_deleted" not in coordinator.get(SOURCES).json()


@SMALL
def test_what_is_gone_is_told_on_the_first_page_alone(coordinator, make_source):
    for number in range(3):
        make_source(f"Källa {number}")
    first = coordinator.get(f"{SOURCES}?limit=2&cursor=*&modified_since={PAST}").json()
    assert first["_deleted"] == []
    second = coordinator.get(first["_links"]["next"]["href"].removeprefix("http://testserver")).json()
    assert (len(second["data"]), "_deleted" in second) == (1, False)


@SMALL
@pytest.mark.parametrize("value", ["x", "2018-01-01", "2018-01-01T00:00:00", ""])
def test_a_time_that_cannot_be_used_is_400(coordinator, value):
    assert set(reasons_of(coordinator.get(f"{SOURCES}?modified_since={value}"))) == {"modified_since"}


@SMALL
def test_a_removed_row_is_told_to_those_who_had_it_and_to_no_one_else(
    process_leader, nobody, coordinator, owned, make_source
):
    own, foreign = owned(), make_source("Främmande")
    with bound(NATIONAL):
        Source.objects.filter(pk__in=[own.pk, foreign.pk]).delete()
    assert delta(coordinator, SOURCES) == (set(), ids(own, foreign))
    assert delta(process_leader, SOURCES) == (set(), ids(own))
    assert delta(nobody, SOURCES) == (set(), set())


@SMALL
def test_a_row_the_role_never_read_is_not_told_when_it_is_removed(process_leader, huvudman):
    with bound(NATIONAL):
        hidden = Source.objects.create(title="Skrapad", kind="scraped", huvudman_ids=[huvudman.pk])
        gone = ids(hidden)
        hidden.delete()
    assert gone
    assert delta(process_leader, SOURCES) == (set(), set())


@SMALL
def test_a_row_the_role_no_longer_reads_is_gone(process_leader, owned, make_statement, huvudman):
    statement = make_statement(source=owned(), huvudman_ids=[huvudman.pk])
    assert delta(process_leader, STATEMENTS) == (ids(statement), set())
    with bound(NATIONAL):
        Statement.objects.filter(pk=statement.pk).update(review="rejected", review_reason="Fel")
    assert delta(process_leader, STATEMENTS) == (set(), ids(statement))


@SMALL
def test_a_row_that_no_longer_matches_the_filter_is_gone(coordinator, make_source):
    source = make_source()
    with bound(NATIONAL):
        Source.objects.filter(pk=source.pk).update(kind="document")
    assert delta(coordinator, f"{SOURCES}?kind=news") == (set(), ids(source))
    assert delta(coordinator, f"{SOURCES}?kind=document") == (ids(source), set())


def test_a_shared_meeting_enters_and_leaves_with_its_lines(cast):
    theirs = make_caller("annan@test.example", Role.EDITOR, cast.other_huvudman)
    own = make_caller("egen@test.example", Role.EDITOR, cast.huvudman)
    meeting = factories.make_meeting(cast.participation)
    with bound(NATIONAL):
        line = Outcome.objects.create(meeting=meeting, kind="decision", text="Beslut", huvudman=None)
    assert delta(theirs, OUTCOMES) == (set(), set())
    with bound(NATIONAL):
        link = MeetingParticipation.objects.create(meeting=meeting, participation=cast.other_participation)
    assert delta(theirs, OUTCOMES) == (ids(line), set())
    assert delta(theirs, "/api/v1/meetings") == (ids(meeting), set())
    with bound(NATIONAL):
        link.delete()
    assert delta(theirs, "/api/v1/meetings") == (set(), ids(meeting))
    assert delta(own, OUTCOMES) == (ids(line), set())


def test_a_decision_comes_to_readers_with_its_meeting_and_goes_with_it(cast):
    reader = make_caller("lasare@test.example", Role.READER, cast.huvudman)
    meeting = factories.make_meeting(cast.participation)
    with bound(NATIONAL):
        line = Outcome.objects.create(meeting=meeting, kind="decision", text="Beslut", huvudman=cast.huvudman)
    assert delta(reader, OUTCOMES) == (set(), set())

    def become(status):
        with bound(NATIONAL):
            Meeting.objects.filter(pk=meeting.pk).update(status=status)

    become("held")
    assert delta(reader, OUTCOMES) == (ids(line), set())
    become("planned")
    assert delta(reader, OUTCOMES) == (set(), ids(line))


def test_reference_rows_tell_their_changes_to_everyone_with_access(cast):
    editor = make_caller("egen@test.example", Role.EDITOR, cast.huvudman)
    kept, removed = factories.make_provider("Kvar"), factories.make_provider("Borta")
    gone = ids(removed)
    with bound(NATIONAL):
        removed.delete()
    changed, told = delta(editor, "/api/v1/providers")
    assert (ids(kept) <= changed, told) == (True, gone)
    assert delta(editor, "/api/v1/providers", FUTURE) == (set(), set())


def test_a_resource_without_history_does_not_take_it(cast):
    editor = make_caller("egen@test.example", Role.EDITOR, cast.huvudman)
    assert set(reasons_of(editor.get(f"/api/v1/municipalities?modified_since={PAST}"))) == {"modified_since"}


def test_every_list_that_offers_it_answers(cast, api_for):
    taking = {name for name, view in ways.VIEWS.items() if has_history(view.queryset.model)}
    assert {"meetings", "accesses", "invitations", "journal-entries"} <= taking
    assert "saved-views" not in taking
    for user in (cast.coordinator, cast.reader):
        caller = api_for(user)
        for name in sorted(taking):
            answer = caller.get(f"/api/v1/{name}?cursor=*&modified_since={PAST}")
            assert (name, answer.status_code) == (name, 200)
