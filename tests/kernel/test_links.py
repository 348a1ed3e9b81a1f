"""A link row opens its parent to a huvudman: only who reaches the parent already may write one."""

import pytest
from django.db import ProgrammingError, connection, transaction

from sbs_portal.db.security import event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Person, RoleAssignment, StaffRole
from seminars.models import Meeting, MeetingParticipation
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_guessed_id_does_not_open_anothers_person(cast):
    with (
        bound(Scope.of(cast.editor)) as scope,
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        RoleAssignment.objects.create(
            person_id=cast.other_person.pk, huvudman=cast.huvudman, role=StaffRole.TEACHER
        )
    with bound(scope):
        assert not Person.objects.filter(pk=cast.other_person.pk).exists()


def test_a_guessed_id_does_not_open_anothers_meeting(cast):
    meeting = factories.make_meeting(cast.other_participation)
    with (
        bound(Scope.of(cast.editor)) as scope,
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        MeetingParticipation.objects.create(meeting_id=meeting.pk, participation=cast.participation)
    with bound(scope):
        assert not Meeting.objects.filter(pk=meeting.pk).exists()


def test_a_person_within_reach_gets_another_role(cast):
    with bound(Scope.of(cast.editor)):
        RoleAssignment.objects.create(
            person=cast.rektor_person, huvudman=cast.huvudman, role=StaffRole.DEVELOPER
        )
    with bound(NATIONAL):
        assert RoleAssignment.objects.filter(person=cast.rektor_person).count() == 2


def test_a_temporary_table_does_not_take_the_place_of_history(cast):
    table = event_models()[RoleAssignment]._meta.db_table
    with bound(NATIONAL), connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "{table}" (LIKE public."{table}") ON COMMIT DROP')
        cursor.execute(f'SELECT count(*) FROM public."{table}"')
        before = cursor.fetchone()[0]
        RoleAssignment.objects.create(
            person=cast.rektor_person, huvudman=cast.huvudman, role=StaffRole.DEVELOPER
        )
        cursor.execute(f'SELECT count(*) FROM public."{table}"')
        assert cursor.fetchone()[0] == before + 1
