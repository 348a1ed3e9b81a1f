"""An assignment as process leader and the person's account give access, whichever comes first."""

from datetime import date, timedelta

import pytest

from programmes.models import ParticipationAssignment
from programmes.services import assignments
from sbs_portal.scope import Scope, bound
from sbs_portal.time import today
from schools.models import Access
from schools.services.person import change_person
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def leading(cast):
    return ParticipationAssignment.objects.get(person=cast.leader_person)


def has_access(user) -> bool:
    return Access.objects.in_force().filter(user=user, reason="Uppdrag som processledare").exists()


def test_an_account_linked_after_the_assignment_gets_its_access(cast):
    user = make_user()
    with bound(Scope.of(cast.coordinator)):
        change_person(person=cast.leader_person, user=user, by=cast.coordinator)
        access = leading(cast).access
        assert (access.user, access.huvudman, access.valid_from) == (user, cast.huvudman, today())
        assignments.end_assignment(
            assignment=leading(cast), on=today() - timedelta(days=1), by=cast.coordinator
        )
    assert not has_access(user)


def test_a_relinked_assignment_leaves_the_former_account_nothing(cast):
    former, user = make_user(), make_user()
    with bound(Scope.of(cast.coordinator)):
        change_person(person=cast.leader_person, user=former, by=cast.coordinator)
        Access.objects.filter(user=former).update(valid_from=today() - timedelta(days=9))
        change_person(person=cast.leader_person, user=user, by=cast.coordinator)
        assert (has_access(former), has_access(user)) == (False, True)
        assert Access.objects.get(user=former).valid_to == today() - timedelta(days=1)
        change_person(person=cast.leader_person, user=None, by=cast.coordinator)
        assert (leading(cast).access, has_access(user)) == (None, False)


def test_an_assignment_that_is_over_gives_a_late_account_nothing(cast):
    user = make_user()
    with bound(Scope.of(cast.coordinator)):
        assignments.end_assignment(assignment=leading(cast), on=date(2019, 5, 31), by=cast.coordinator)
        change_person(person=cast.leader_person, user=user, by=cast.coordinator)
        assert not has_access(user)
        assignments.end_assignment(assignment=leading(cast), on=None, by=cast.coordinator)
        assert has_access(user)
