"""Who gives whom access to what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import today
from schools.models import Access
from schools.services.access import change_access, end_access, grant_access
from schools.services.account import close_account, open_account
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(cast):
    """Known at the huvudman from before, without access now."""
    user = make_user("ny@example.se")
    long_ago = {"valid_from": date(2015, 1, 1), "valid_to": date(2016, 1, 1)}
    Access.objects.create(user=user, role=Role.READER, huvudman=cast.huvudman, **long_ago)
    return user


def now_of(user):
    return Access.objects.in_force().filter(user=user)


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
    assert not now_of(newcomer).exists()


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


def test_an_editor_gives_nothing_to_an_account_they_do_not_know(cast, as_user):
    """It is invited instead, and says yes: what accounts there are elsewhere is told to nobody."""
    with as_user(cast.editor), pytest.raises(ValidationError) as refused:
        grant_access(user=cast.stranger, role=Role.READER, huvudman=cast.huvudman, by=cast.editor)
    assert set(refused.value.message_dict) == {"user"}


@pytest.mark.parametrize("who", ["editor", "coordinator"])
def test_nobody_raises_themselves(cast, as_user, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        grant_access(user=user, role=Role.READER, huvudman=cast.huvudman, by=user)
    with as_user(user), pytest.raises(PermissionDenied):
        change_access(access=user.access_rows.get(), valid_to=today() + timedelta(days=9), by=user)


def test_a_coordinators_key_for_one_huvudman_gives_no_national_access(cast, newcomer):
    narrowed = Scope.of(cast.coordinator).narrowed([cast.huvudman.pk], read_only=False)
    with bound(narrowed), pytest.raises(PermissionDenied):
        grant_access(user=newcomer, role=Role.COORDINATOR, by=narrowed)


def test_the_admin_is_open_to_coordinators_as_long_as_they_are(cast, as_user, newcomer):
    with as_user(cast.coordinator):
        access = grant_access(user=newcomer, role=Role.COORDINATOR, by=cast.coordinator)
        newcomer.refresh_from_db()
        assert newcomer.is_staff
        end_access(access=access, by=cast.coordinator)
    newcomer.refresh_from_db()
    assert not newcomer.is_staff


def test_why_and_by_whom_access_was_ended_is_kept(cast, as_user):
    with as_user(cast.editor):
        row = end_access(access=cast.reader.access_rows.get(), reason=" Slutat ", by=cast.editor)
    assert (row.end_reason, row.ended_by) == ("Slutat", cast.editor)


def test_a_period_is_changed_forward_only(cast, as_user):
    access, soon = cast.reader.access_rows.get(), today() + timedelta(days=30)
    with as_user(cast.editor):
        assert change_access(access=access, valid_to=soon, by=cast.editor).valid_to == soon
        for field in ("valid_from", "valid_to"):
            with pytest.raises(ValidationError) as refused:
                change_access(access=access, **{field: today() - timedelta(days=1)}, by=cast.editor)
            assert set(refused.value.message_dict) == {field}


def test_access_that_is_over_is_not_revived(cast, as_user):
    with as_user(cast.editor):
        row = end_access(access=cast.reader.access_rows.get(), by=cast.editor)
        with pytest.raises(ValidationError, match="avslutad"):
            change_access(access=row, valid_to=None, by=cast.editor)


def test_the_last_coordinator_gets_no_last_day_and_no_closed_account(cast, as_user):
    other = make_user(role=Role.COORDINATOR)
    with as_user(other):
        change_access(
            access=cast.coordinator.access_rows.get(), valid_to=today() + timedelta(days=9), by=other
        )
    with as_user(cast.coordinator):
        access = other.access_rows.get()
        for refuse in (
            lambda: end_access(access=access, by=cast.coordinator),
            lambda: change_access(access=access, valid_to=today(), by=cast.coordinator),
            lambda: close_account(user=other, reason="Slutat", by=cast.coordinator),
        ):
            with pytest.raises(ValidationError, match="enda samordnaren"):
                refuse()


def test_a_closed_account_stops_at_its_next_request(cast, as_user, client_for, api_for):
    browser, api = client_for(cast.reader), api_for(cast.reader)
    assert (browser.get("/").status_code, api.get("/api/v1/huvudman").status_code) == (200, 200)
    with as_user(cast.coordinator):
        close_account(user=cast.reader, reason="Slutat", by=cast.coordinator)
    assert (browser.get("/").status_code, api.get("/api/v1/huvudman").status_code) == (302, 401)
    with as_user(cast.coordinator):
        open_account(user=cast.reader, by=cast.coordinator)
    assert api.get("/api/v1/huvudman").status_code == 200


def test_ended_access_stops_at_the_next_request(cast, as_user, client_for, api_for):
    browser, api = client_for(cast.reader), api_for(cast.reader)
    address = f"/huvudman/{cast.huvudman.uuid}/"
    assert browser.get(address).status_code == 200
    with as_user(cast.editor):
        end_access(access=cast.reader.access_rows.get(), by=cast.editor)
    assert browser.get(address).status_code == 404
    assert api.get("/api/v1/huvudman").json()["data"] == []


@pytest.mark.parametrize("who", ["editor", "process_leader", "reader"])
def test_accounts_are_closed_by_coordinators_only(cast, as_user, who):
    user = getattr(cast, who)
    for change in (close_account, open_account):
        fields = {"reason": "Slutat"} if change is close_account else {}
        with as_user(user), pytest.raises(PermissionDenied):
            change(user=cast.rektor, **fields, by=user)


def test_nobody_closes_their_own_account(cast, as_user):
    make_user(role=Role.COORDINATOR)
    with as_user(cast.coordinator), pytest.raises(ValidationError, match="ditt eget"):
        close_account(user=cast.coordinator, reason="Slutat", by=cast.coordinator)


@pytest.mark.parametrize(("last_day", "is_staff"), [(-1, False), (0, True)])
def test_a_coordinator_whose_period_has_run_out_loses_the_admin_at_log_in(cast, client, last_day, is_staff):
    access = cast.coordinator.access_rows.filter(role=Role.COORDINATOR)
    first = today() - timedelta(days=9)
    access.update(valid_from=first, valid_to=today() + timedelta(days=last_day))
    client.force_login(cast.coordinator)
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.is_staff is is_staff


def test_a_coordinator_whose_period_runs_out_meanwhile_loses_the_admin_at_once(cast, client_for):
    browser = client_for(cast.coordinator)
    assert browser.get("/admin/").status_code == 200
    yesterday = today() - timedelta(days=1)
    cast.coordinator.access_rows.update(valid_from=yesterday, valid_to=yesterday)
    assert 'href="/admin/"' not in browser.get("/konto/").content.decode()
    assert browser.get("/admin/").status_code == 302
    cast.coordinator.refresh_from_db()
    assert not cast.coordinator.is_staff
