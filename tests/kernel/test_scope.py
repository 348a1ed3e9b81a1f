"""Scope: what each role reaches, said by filters and held by policies."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils.functional import SimpleLazyObject

from programmes.models import Participation
from sbs_portal.rights import Action, Role
from sbs_portal.scope import NATIONAL, NOBODY, Scope, bound, current, ensure_still_editable, require
from sbs_portal.time import today
from schools.models import Access, Huvudman, Person, Provider, SchoolUnit
from seminars.models import Meeting, MeetingParticipation, Outcome
from tests import factories

pytestmark = pytest.mark.django_db


def settings_now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('sbs.scope', true)")
        return cursor.fetchone()


def test_nobody_reaches_nothing(cast):
    with bound(NOBODY):
        assert Huvudman.objects.visible_to(AnonymousUser()).count() == 0
        assert Huvudman.objects.count() == 0


def test_a_scope_holds_the_account_and_not_the_request_it_came_with(cast):
    assert type(Scope.of(SimpleLazyObject(lambda: cast.editor)).user) is type(cast.editor)


def test_without_a_binding_there_are_no_rows(cast):
    assert Huvudman.objects.count() == 0


def test_an_editor_sees_own_huvudman_in_filter_and_policy(cast):
    with bound(Scope.of(cast.editor)) as scope:
        assert list(Huvudman.objects.visible_to(scope)) == [cast.huvudman]
        assert list(Huvudman.objects.all()) == [cast.huvudman]


def test_a_coordinator_sees_all_as_the_national_role(cast):
    with bound(Scope.of(cast.coordinator)) as scope:
        assert settings_now() == ("sbs_national", "{}")
        assert set(Huvudman.objects.visible_to(scope)) == {cast.huvudman, cast.other_huvudman}


def test_a_reader_sees_no_people(cast):
    with bound(Scope.of(cast.reader)) as scope:
        assert Person.objects.visible_to(scope).count() == 0
        assert Huvudman.objects.visible_to(scope).count() == 1


def test_a_reader_sees_held_meetings_and_their_decisions_only(cast):
    held = factories.make_meeting(cast.participation, when=date(2018, 3, 1), status="held")
    factories.make_meeting(cast.participation, when=date(2018, 5, 1))
    decision = factories.make_outcome(held, "decision")
    factories.make_outcome(held, "information")
    with bound(Scope.of(cast.reader)) as scope:
        assert list(Meeting.objects.visible_to(scope)) == [held]
        assert list(Outcome.objects.visible_to(scope)) == [decision]


def test_a_rektor_writes_in_meetings_of_own_units_only(cast):
    own = factories.make_meeting(cast.participation, units=[cast.unit, cast.second_unit])
    other = factories.make_meeting(cast.participation, units=[cast.second_unit])
    with bound(Scope.of(cast.rektor)) as scope:
        assert set(Meeting.objects.visible_to(scope)) == {own, other}
        assert list(Meeting.objects.editable_by(scope, Action.MEETING_RECORD)) == [own]


def test_outside_scope_is_not_found_and_inside_without_the_right_is_refused(cast):
    with bound(Scope.of(cast.rektor)) as scope:
        with pytest.raises(Http404):
            Huvudman.objects.get_for_change(scope, uuid=cast.other_huvudman.uuid)
        with pytest.raises(PermissionDenied):
            Huvudman.objects.get_for_change(scope, uuid=cast.huvudman.uuid)


def test_reference_rows_are_read_by_all_who_have_access(cast):
    with bound(Scope.of(cast.stranger)) as scope:
        assert Provider.objects.visible_to(scope).exists()
        assert not Provider.objects.editable_by(scope).exists()


def test_access_counts_in_its_period_only(cast):
    with bound(NATIONAL):
        Access.objects.filter(user=cast.editor).update(valid_to=today() - timedelta(days=1))
    assert Scope.of(cast.editor).grants == ()


def test_a_token_narrows_and_never_widens(cast):
    national = Scope.of(cast.integration)
    narrowed = national.narrowed([cast.huvudman.pk], read_only=True)
    assert not narrowed.national
    assert narrowed.huvudman_ids == {cast.huvudman.pk}
    assert Scope.of(cast.editor).narrowed([cast.other_huvudman.pk], read_only=False).grants == ()


def test_a_read_only_scope_changes_nothing(cast):
    scope = Scope.of(cast.coordinator).narrowed(None, read_only=True)
    with bound(scope):
        assert Huvudman.objects.visible_to(scope).count() == 2
        assert Huvudman.objects.editable_by(scope).count() == 0


def test_require_refuses_what_the_table_refuses(cast):
    with bound(Scope.of(cast.editor)):
        require(cast.editor, Action.MEETING_CHANGE, huvudman_id=cast.huvudman.pk)
        with pytest.raises(PermissionDenied):
            require(cast.editor, Action.MEETING_CHANGE, huvudman_id=cast.other_huvudman.pk)
        with pytest.raises(PermissionDenied):
            require(cast.editor, Action.PARTICIPATION_CHANGE, huvudman_id=cast.huvudman.pk)


def test_leaving_a_nested_binding_restores_the_outer(cast):
    with bound(Scope.of(cast.editor)) as outer:
        with bound(NATIONAL):
            assert settings_now()[0] == "sbs_national"
        assert settings_now() == ("sbs_app", f"{{{cast.huvudman.pk}}}")
        assert current() == outer


def test_leaving_a_failed_nested_binding_restores_the_outer(cast):
    with bound(Scope.of(cast.editor)):
        with pytest.raises(ZeroDivisionError), bound(NATIONAL):
            raise ZeroDivisionError
        assert settings_now() == ("sbs_app", f"{{{cast.huvudman.pk}}}")


def test_the_policy_refuses_a_row_for_a_stranger(cast):
    theirs = Participation(
        huvudman_id=cast.other_huvudman.pk, programme_id=cast.other_participation.programme_id
    )
    with bound(Scope.of(cast.editor)), pytest.raises(DatabaseError), transaction.atomic():
        theirs.save()


def test_a_row_may_not_be_moved_out_of_reach(cast):
    with bound(NATIONAL):
        cast.participation.huvudman = cast.other_huvudman
        cast.participation.status = "completed"
        cast.participation.save()
        with pytest.raises(PermissionDenied):
            ensure_still_editable(cast.participation, Scope.of(cast.editor))


def test_a_shared_row_follows_its_link_rows(cast):
    meeting = factories.make_meeting(cast.participation, cast.other_participation)
    assert meeting.huvudman_ids == sorted([cast.huvudman.pk, cast.other_huvudman.pk])
    with bound(NATIONAL):
        meeting.participation_links.filter(participation=cast.other_participation).delete()
        meeting.refresh_from_db()
    assert meeting.huvudman_ids == [cast.huvudman.pk]


def test_a_person_follows_roles_and_assignments(cast):
    with bound(NATIONAL):
        cast.leader_person.refresh_from_db()
    assert cast.leader_person.huvudman_ids == [cast.huvudman.pk]


def test_saving_a_row_read_before_does_not_take_its_owners_back(cast):
    meeting = factories.make_meeting(cast.participation)
    with bound(NATIONAL):
        MeetingParticipation.objects.create(meeting=meeting, participation=cast.other_participation)
        meeting.save()
        meeting.refresh_from_db()
    assert meeting.huvudman_ids == sorted([cast.huvudman.pk, cast.other_huvudman.pk])
    assert meeting.version == 2


def test_scope_is_read_in_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        Scope.of(cast.rektor)


def test_every_role_is_in_the_cast(cast):
    assert {role for user in cast.everyone.values() for role in Scope.of(user).roles} == set(Role)


def test_units_are_shared_by_the_huvudman_that_have_had_them(cast):
    with bound(Scope.of(cast.stranger)) as scope:
        assert list(SchoolUnit.objects.visible_to(scope)) == [cast.other_unit]
