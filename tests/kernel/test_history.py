"""History: written by the database for every change, with who, by which face and in which request."""

import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from sbs_portal.db.security import event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Huvudman
from tests import factories

pytestmark = pytest.mark.django_db

HuvudmanEvent = event_models()[Huvudman]


def events_of(huvudman):
    return HuvudmanEvent.objects.filter(pgh_obj_id=huvudman.pk).order_by("pgh_id")


def test_who_by_which_face_and_in_which_request(cast):
    request_id = str(uuid.uuid4())
    with bound(Scope.of(cast.coordinator), face="admin", request_id=request_id):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(name="Björkby stad")
        event = events_of(cast.huvudman).last()
    assert event.pgh_label == "update"
    assert event.name == "Björkby stad"
    assert event.pgh_context == {"face": "admin", "user": cast.coordinator.pk}
    assert str(event.pgh_context_id) == request_id


def test_raw_and_bulk_changes_are_seen(cast):
    with bound(NATIONAL):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE schools_huvudman SET name = name || ' AB'")
        assert events_of(cast.huvudman).last().name == "Björkby kommun AB"
        assert events_of(cast.other_huvudman).last().name == "Granby kommun AB"


def test_one_state_is_open_and_the_others_are_closed(cast):
    with bound(NATIONAL):
        for name in ("A-stad", "B-stad"):
            Huvudman.objects.filter(pk=cast.huvudman.pk).update(name=name)
        closed = [event.superseded_at is not None for event in events_of(cast.huvudman)]
    assert closed == [True, True, False]


def test_a_deleted_row_leaves_its_history(cast):
    empty = factories.make_huvudman("Tomma AB")
    with bound(NATIONAL):
        pk = empty.pk
        empty.delete()
        assert [
            event.pgh_label for event in HuvudmanEvent.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
        ] == [
            "insert",
            "delete",
        ]


def test_history_is_within_scope(cast):
    with bound(Scope.of(cast.editor)):
        assert set(HuvudmanEvent.objects.values_list("pgh_obj_id", flat=True)) == {cast.huvudman.pk}


@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_cannot_be_rewritten(cast, statement):
    table = HuvudmanEvent._meta.db_table
    with (
        bound(Scope.of(cast.coordinator)),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_change_of_nothing_leaves_version_and_history(cast):
    with bound(NATIONAL):
        before = cast.huvudman.version
        cast.huvudman.save()
        cast.huvudman.refresh_from_db()
        assert cast.huvudman.version == before
        assert events_of(cast.huvudman).count() == 1


def test_a_change_raises_the_version_also_in_bulk(cast):
    with bound(NATIONAL):
        Huvudman.objects.update(kind="state")
        cast.huvudman.refresh_from_db()
    assert cast.huvudman.version == 2


def test_touching_raises_the_version(cast):
    with bound(NATIONAL):
        cast.participation.touch()
    assert cast.participation.version == 2


def test_no_context_rows_are_written(cast):
    with bound(Scope.of(cast.coordinator), face="browser", request_id=str(uuid.uuid4())):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(name="Ny stad")
    assert apps.get_model("pghistory", "Context").objects.count() == 0
