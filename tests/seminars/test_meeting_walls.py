"""A meeting that two huvudmän share: neither reaches the other's part of it."""

import pytest
from django.core.exceptions import PermissionDenied

from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Access
from seminars.services.meeting import add_attendee, cancel_meeting, change_meeting
from seminars.services.outcome import add_outcome
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast):
    return factories.make_meeting(
        cast.participation, cast.other_participation, units=[cast.unit, cast.other_unit]
    )


def test_the_units_of_both_are_set_exactly(cast, shared):
    with bound(NATIONAL):
        change_meeting(meeting=shared, units=[cast.second_unit, cast.other_unit], by=NATIONAL)
        assert {link.unit for link in shared.unit_links.all()} == {cast.second_unit, cast.other_unit}


@pytest.mark.parametrize("change", [change_meeting, cancel_meeting])
def test_one_of_two_huvudman_does_not_move_or_cancel_a_shared_meeting(cast, shared, change):
    given = {"reason": "Sjukdom"} if change is cancel_meeting else {"place": "Någon annanstans"}
    with bound(Scope.of(cast.editor)), pytest.raises(PermissionDenied):
        change(meeting=shared, by=cast.editor, **given)


def test_one_who_edits_elsewhere_writes_nothing_on_a_meeting_they_may_only_read(cast):
    held = factories.make_meeting(cast.participation, status="held")
    both = factories.make_user(role=Role.READER, huvudman=cast.huvudman)
    with bound(NATIONAL):
        Access.objects.create(user=both, role=Role.EDITOR, huvudman=cast.other_huvudman)
    with bound(Scope.of(both)), pytest.raises(PermissionDenied):
        add_outcome(meeting=held, kind="decision", text="Främmande", huvudman=cast.other_huvudman, by=both)


def test_a_rektor_adds_people_of_the_own_unit_only(cast):
    meeting = factories.make_meeting(cast.participation, units=[cast.unit])
    own = factories.make_person(cast.huvudman, unit=cast.unit)
    other = factories.make_person(cast.huvudman, unit=cast.second_unit)
    with bound(Scope.of(cast.rektor)):
        assert add_attendee(meeting=meeting, person=own, by=cast.rektor).unit == cast.unit
        with pytest.raises(PermissionDenied):
            add_attendee(meeting=meeting, person=other, unit=cast.unit, by=cast.rektor)
