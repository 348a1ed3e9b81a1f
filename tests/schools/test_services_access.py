"""Who gives whom access to what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import today
from schools.models import Access
from schools.services.access import end_access, grant_access
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db):
    return make_user("ny@example.se")


def test_a_coordinator_grants_and_is_written_as_who_did(cast, as_user, newcomer):
    with as_user(cast.coordinator):
        access = grant_access(
            user=newcomer, role=Role.PROCESS_LEADER, huvudman=cast.huvudman, by=cast.coordinator
        )
    assert (access.granted_by, access.valid_from) == (cast.coordinator, today())
    assert Scope.of(newcomer).huvudman_ids == {cast.huvudman.pk}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.READER])
def test_an_editor_grants_within_their_own_huvudman(cast, as_user, newcomer, role):
    with as_user(cast.editor):
        access = grant_access(user=newcomer, role=role, huvudman=cast.huvudman, by=cast.editor)
    assert access.granted_by == cast.editor


def test_an_editor_makes_someone_rektor_of_a_unit(cast, as_user, newcomer):
    with as_user(cast.editor):
        access = grant_access(
            user=newcomer, role=Role.REKTOR, huvudman=cast.huvudman, unit=cast.unit, by=cast.editor
        )
    assert access.unit == cast.unit


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROCESS_LEADER, Role.INTEGRATION])
@pytest.mark.parametrize("own", [True, False])
def test_an_editor_grants_no_other_role(cast, as_user, newcomer, role, own):
    huvudman = cast.huvudman if own else None
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        grant_access(user=newcomer, role=role, huvudman=huvudman, by=cast.editor)


def test_an_editor_grants_nothing_at_anothers_huvudman(cast, as_user, newcomer):
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        grant_access(user=newcomer, role=Role.READER, huvudman=cast.other_huvudman, by=cast.editor)


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader", "integration"])
def test_others_grant_nothing(cast, as_user, newcomer, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        grant_access(user=newcomer, role=Role.READER, huvudman=cast.huvudman, by=user)


@pytest.mark.parametrize(
    ("role", "with_huvudman", "with_unit"),
    [
        (Role.COORDINATOR, True, False),
        (Role.EDITOR, False, False),
        (Role.REKTOR, True, False),
        (Role.READER, True, True),
    ],
)
def test_a_role_has_the_place_it_needs(cast, newcomer, role, with_huvudman, with_unit):
    with bound(NATIONAL), pytest.raises(ValidationError):
        grant_access(
            user=newcomer,
            role=role,
            huvudman=cast.huvudman if with_huvudman else None,
            unit=cast.unit if with_unit else None,
            by=NATIONAL,
        )


def test_a_rektors_unit_is_the_huvudmans(cast, newcomer):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        grant_access(
            user=newcomer, role=Role.REKTOR, huvudman=cast.huvudman, unit=cast.other_unit, by=NATIONAL
        )
    assert "unit" in refused.value.message_dict


def test_reversed_dates_are_refused(cast, newcomer):
    with bound(NATIONAL), pytest.raises(ValidationError, match="före startdatum"):
        grant_access(
            user=newcomer,
            role=Role.READER,
            huvudman=cast.huvudman,
            valid_from=date(2020, 1, 1),
            valid_to=date(2019, 1, 1),
            by=NATIONAL,
        )


def test_the_same_access_is_not_given_twice(cast):
    with bound(NATIONAL), pytest.raises(ValidationError, match="redan den behörigheten"):
        grant_access(user=cast.reader, role=Role.READER, huvudman=cast.huvudman, by=NATIONAL)


def test_ended_access_reaches_nothing_from_that_moment(cast, as_user):
    with as_user(cast.editor):
        ended = end_access(access=cast.reader.access_rows.get(), by=cast.editor)
    assert ended.valid_to == today() - timedelta(days=1)
    assert Scope.of(cast.reader).grants == ()


def test_access_given_and_ended_the_same_day_is_gone(cast, newcomer):
    with bound(NATIONAL):
        access = grant_access(user=newcomer, role=Role.READER, huvudman=cast.huvudman, by=NATIONAL)
        assert end_access(access=access, by=NATIONAL) is None
    assert not Access.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("whose", ["process_leader", "coordinator", "stranger"])
def test_an_editor_does_not_end_what_they_could_not_give(cast, as_user, whose):
    access = getattr(cast, whose).access_rows.get()
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        end_access(access=access, by=cast.editor)


def test_the_last_coordinator_stays(cast, as_user):
    access = cast.coordinator.access_rows.get()
    with as_user(cast.coordinator), pytest.raises(ValidationError, match="enda samordnaren"):
        end_access(access=access, by=cast.coordinator)
    make_user(role=Role.COORDINATOR)
    with as_user(cast.coordinator):
        assert end_access(access=access, by=cast.coordinator).valid_to
