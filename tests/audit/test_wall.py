"""Whose history is whose: who had the row then, or has it now. The filter and the policy say the same."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from programmes.models import ParticipationAssignment
from sbs_portal.audit.models import Change
from sbs_portal.db.security import event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import SchoolUnit, SchoolUnitVersion
from seminars.models import Attendance, Meeting, MeetingParticipation, MeetingUnit, Outcome
from tests import factories

pytestmark = pytest.mark.django_db


def seen(user, row) -> list[str]:
    """What happened to the row, as far as the user may know, oldest first."""
    model = type(row)
    scope = Scope.of(user)
    with bound(scope), connection.cursor() as cursor:
        changes = Change.objects.visible_to(scope).filter(model=model._meta.label, object_id=row.pk)
        filtered = list(changes.order_by("id").values_list("event_id", "kind"))
        table = event_models()[model]._meta.db_table
        cursor.execute(
            f'SELECT pgh_id, pgh_label FROM "{table}" WHERE pgh_obj_id = %s ORDER BY pgh_id', [row.pk]
        )
        walled = cursor.fetchall()
    assert filtered == walled
    return [kind for _, kind in filtered]


def nationally(change):
    with bound(NATIONAL):
        return change()


def test_a_row_that_stays_is_its_huvudmans_alone(cast):
    assert seen(cast.editor, cast.unit) == ["insert"]
    assert seen(cast.stranger, cast.unit) == []


def move(unit, huvudman):
    """A unit without roles or participations leaves its huvudman altogether."""
    with bound(NATIONAL):
        SchoolUnitVersion.objects.filter(unit=unit).update(huvudman=huvudman)


def rename(unit, name):
    with bound(NATIONAL):
        SchoolUnit.objects.filter(pk=unit.pk).update(name=name)


def test_who_gets_a_unit_reads_its_past_and_who_had_it_keeps_what_was_theirs(cast):
    unit = factories.make_unit(cast.huvudman, "Flyttskolan")
    rename(unit, "Flyttskolan ett")
    assert (seen(cast.editor, unit), seen(cast.stranger, unit)) == (["insert", "update"], [])
    move(unit, cast.other_huvudman)
    rename(unit, "Flyttskolan två")
    assert seen(cast.editor, unit) == ["insert", "update"]
    assert seen(cast.stranger, unit) == ["insert", "update", "update", "update"]
    move(unit, cast.huvudman)
    assert len(seen(cast.editor, unit)) == 5
    assert seen(cast.stranger, unit) == ["update", "update"]


def test_parts_follow_what_they_belong_to(cast):
    unit = factories.make_unit(cast.huvudman, "Flyttskolan")
    alias = nationally(lambda: unit.aliases.create(name="Gamla flytt"))
    assert seen(cast.editor, alias) == ["insert"]
    move(unit, cast.other_huvudman)
    nationally(lambda: type(alias).objects.filter(pk=alias.pk).update(name="Nya flytt"))
    assert seen(cast.editor, alias) == ["insert"]
    assert seen(cast.stranger, alias) == ["insert", "update"]


@pytest.fixture
def shared(cast) -> Meeting:
    """A meeting of both huvudmän, with a unit and a common line."""
    meeting = factories.make_meeting(
        cast.participation, cast.other_participation, when=date(2026, 9, 1), units=[cast.unit]
    )
    factories.make_outcome(meeting)
    return meeting


def leave(meeting, participation):
    MeetingParticipation.objects.filter(meeting=meeting, participation=participation).delete()


def test_who_leaves_a_shared_meeting_reads_no_further(cast, shared):
    with bound(NATIONAL):
        line, unit = shared.outcomes.get(), MeetingUnit.objects.get(meeting=shared)
    nationally(lambda: leave(shared, cast.other_participation))
    # Between its two links the meeting was the first one's alone.
    before = ["insert", "update"]
    assert seen(cast.stranger, shared) == before
    nationally(lambda: Meeting.objects.filter(pk=shared.pk).update(place="Rådhuset"))
    nationally(lambda: Outcome.objects.filter(pk=line.pk).update(text="Efteråt"))
    nationally(lambda: MeetingUnit.objects.filter(pk=unit.pk).delete())
    assert seen(cast.stranger, shared) == before
    assert seen(cast.editor, shared) == ["insert", "update", "update", "update", "update"]
    assert (seen(cast.stranger, line), seen(cast.editor, line)) == (["insert"], ["insert", "update"])
    assert (seen(cast.stranger, unit), seen(cast.editor, unit)) == (["insert"], ["insert", "delete"])


def test_who_comes_to_a_meeting_reads_what_is_common_and_not_the_others_lines(cast):
    meeting = factories.make_meeting(
        cast.participation, when=date(2026, 9, 1), attendees=[cast.rektor_person]
    )
    common = factories.make_outcome(meeting)
    own = nationally(lambda: Attendance.objects.get(meeting=meeting))
    assert (seen(cast.stranger, meeting), seen(cast.stranger, common)) == ([], [])
    nationally(
        lambda: MeetingParticipation.objects.create(meeting=meeting, participation=cast.other_participation)
    )
    assert seen(cast.stranger, meeting) == seen(cast.editor, meeting) != []
    assert seen(cast.stranger, common) == ["insert"]
    assert seen(cast.stranger, own) == []


def test_a_deleted_row_is_read_by_those_who_had_it(cast, shared):
    line = nationally(lambda: shared.outcomes.get())
    nationally(lambda: leave(shared, cast.other_participation))
    nationally(lambda: Outcome.objects.filter(pk=line.pk).delete())
    nationally(lambda: Meeting.objects.filter(pk=shared.pk).delete())
    assert seen(cast.editor, line) == ["insert", "delete"]
    assert seen(cast.stranger, line) == ["insert"]
    assert seen(cast.editor, shared)[-1] == "delete"
    assert "delete" not in seen(cast.stranger, shared)


def test_what_a_reader_sees_only_some_of_has_no_history_for_one(cast, shared):
    scope = Scope.of(cast.reader)
    with bound(scope):
        assert list(Change.objects.visible_to(scope)) == []


def test_a_role_reads_history_only_of_what_it_reads(cast):
    assignment = nationally(lambda: ParticipationAssignment.objects.get(participation=cast.participation))
    assert seen(cast.rektor, assignment) == ["insert"]
    scope = Scope.of(cast.rektor)
    with bound(scope):
        models = set(Change.objects.visible_to(scope).values_list("model", flat=True))
    assert "schools.Person" in models
    assert not models & {"audit.Statement", "schools.Access", "schools.Provider"}


def test_a_narrowed_key_of_a_coordinators_reads_one_huvudman(cast):
    scope = Scope.of(cast.coordinator).narrowed([cast.huvudman.pk], read_only=True)
    with bound(scope):
        units = Change.objects.visible_to(scope).filter(model="schools.SchoolUnit")
        assert set(units.values_list("object_id", flat=True)) == {cast.unit.pk, cast.second_unit.pk}


def test_the_ledger_is_written_by_its_triggers_only(cast):
    for statement in ("UPDATE audit_change SET face = 'x'", "DELETE FROM audit_change"):
        with (
            bound(Scope.of(cast.coordinator)),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_changes_are_told_under_their_object(cast, shared):
    with bound(NATIONAL):
        told = Change.objects.of("seminars.Meeting", shared.uuid)
        assert set(told.values_list("model", flat=True)) == {
            "seminars.Meeting",
            "seminars.MeetingParticipation",
            "seminars.MeetingUnit",
            "seminars.Outcome",
        }
