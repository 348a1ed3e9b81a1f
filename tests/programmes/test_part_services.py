"""Units, phases, focus, agreements, support and assignments: who may, what is refused, what follows."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from programmes.models import FocusArea, ParticipatingUnit, ParticipationPhase, Support
from programmes.services import assignments, parts
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate, frozen
from schools.models import Access
from tests.factories import (
    make_huvudman,
    make_participation,
    make_person,
    make_provider,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_nation():
    with bound(NATIONAL):
        yield NATIONAL


@pytest.fixture
def participation(as_nation):
    return make_participation()


def test_a_unit_joins_later_than_the_others(participation, as_nation):
    unit = make_unit(participation.huvudman)
    joined = ImpreciseDate.day(date(2018, 8, 13))
    parts.add_unit(participation=participation, unit=unit, joined=joined, by=as_nation)
    units = ParticipatingUnit.objects.filter(participation=participation)
    assert not units.with_us_on(date(2018, 8, 12)).exists()
    assert units.with_us_on(date(2018, 8, 13)).exists()


def test_another_huvudmans_unit_is_refused(participation, as_nation):
    foreign = make_unit(make_huvudman())
    with pytest.raises(ValidationError) as refused:
        parts.add_unit(participation=participation, unit=foreign, by=as_nation)
    assert refused.value.message_dict == {"unit": ["Enheten drivs inte av huvudmannen."]}


def test_a_unit_cannot_be_in_twice_at_once(participation, as_nation):
    unit = make_unit(participation.huvudman)
    parts.add_unit(participation=participation, unit=unit, by=as_nation)
    with pytest.raises(ValidationError, match="redan med"):
        parts.add_unit(participation=participation, unit=unit, joined=date(2019, 1, 8), by=as_nation)


def test_the_database_too_refuses_a_unit_twice_at_once(participation, as_nation):
    unit = make_unit(participation.huvudman)
    ParticipatingUnit.objects.create(participation=participation, unit=unit)
    with pytest.raises(IntegrityError, match="participating_unit_no_overlap"), transaction.atomic():
        ParticipatingUnit.objects.create(participation=participation, unit=unit)


def test_a_unit_leaves_and_its_time_with_us_stays(participation, as_nation):
    unit = make_unit(participation.huvudman)
    part = parts.add_unit(participation=participation, unit=unit, joined=date(2018, 1, 8), by=as_nation)
    parts.remove_unit(participating_unit=part, left=date(2019, 7, 1), reason="Skolan lades ner", by=as_nation)
    units = ParticipatingUnit.objects.filter(participation=participation)
    assert units.with_us_on(date(2019, 6, 30)).exists()
    assert not units.with_us_on(date(2019, 7, 1)).exists()


def test_a_unit_cannot_leave_at_an_unknown_time(participation, as_nation):
    part = parts.add_unit(participation=participation, unit=make_unit(participation.huvudman), by=as_nation)
    with pytest.raises(ValidationError) as refused:
        parts.remove_unit(participating_unit=part, left=None, by=as_nation)
    assert "left" in refused.value.message_dict


def test_a_unit_cannot_leave_before_it_joined(participation, as_nation):
    unit = make_unit(participation.huvudman)
    part = parts.add_unit(participation=participation, unit=unit, joined=date(2018, 8, 13), by=as_nation)
    with pytest.raises(ValidationError, match="innan den kom med"):
        parts.remove_unit(participating_unit=part, left=date(2018, 8, 12), by=as_nation)


def test_a_phase_is_set_in_steps_and_stays_one_row(participation, as_nation):
    parts.set_phase(
        participation=participation, phase="analysis", planned_start=date(2018, 1, 8), by=as_nation
    )
    row = parts.set_phase(
        participation=participation, phase="analysis", actual_start=date(2018, 1, 15), by=as_nation
    )
    assert ParticipationPhase.objects.filter(participation=participation).count() == 1
    assert str(row.planned_start) == "8 januari 2018"


def test_a_phase_that_ends_before_it_begins_is_refused(participation, as_nation):
    with pytest.raises(ValidationError, match="före den påbörjades"):
        parts.set_phase(
            participation=participation,
            phase="plan",
            actual_start=date(2018, 5, 2),
            actual_end=date(2018, 5, 1),
            by=as_nation,
        )


def test_the_phase_of_another_participations_unit_is_refused(participation, as_nation):
    with bound(NATIONAL):
        foreign = make_participation(units=1).units.get()
    with pytest.raises(ValidationError) as refused:
        parts.set_phase(participation=participation, phase="plan", participating_unit=foreign, by=as_nation)
    assert "participating_unit" in refused.value.message_dict


def test_a_focus_area_is_on_a_participation_once(participation, as_nation):
    area = FocusArea.objects.create(code="betyg", name="Betyg och bedömning")
    parts.add_focus(participation=participation, focus_area=area, by=as_nation)
    with pytest.raises(ValidationError, match="finns redan"):
        parts.add_focus(participation=participation, focus_area=area, by=as_nation)


def test_a_retired_focus_area_is_refused(participation, as_nation):
    area = FocusArea.objects.create(code="gammal", name="Gammalt område", is_active=False)
    with pytest.raises(ValidationError) as refused:
        parts.add_focus(participation=participation, focus_area=area, by=as_nation)
    assert "focus_area" in refused.value.message_dict


def test_a_participation_has_two_agreements_one_with_an_amount(participation, as_nation):
    parts.record_agreement(participation=participation, kind="decision", title="Beslut", by=as_nation)
    parts.record_agreement(
        participation=participation,
        kind="agreement",
        title="Överenskommelse om insatser",
        amount=2_500_000,
        target_count=370,
        by=as_nation,
    )
    assert [row.amount for row in participation.agreements.all()] == [None, 2_500_000]


def test_a_negative_amount_is_refused(participation, as_nation):
    with pytest.raises(ValidationError, match="negativt"):
        parts.record_agreement(
            participation=participation, kind="agreement", title="Avtal", amount=-1, by=as_nation
        )


def test_support_is_proposed_until_more_is_said(participation, as_nation):
    support = parts.propose_support(participation=participation, provider=make_provider(), by=as_nation)
    parts.change_support(support=support, status="active", process_leader_count=7, by=as_nation)
    support.refresh_from_db()
    assert (support.status, support.process_leader_count) == ("active", 7)


def test_an_unknown_level_of_support_is_refused_by_service_and_database(participation, as_nation):
    provider = make_provider()
    with pytest.raises(ValidationError):
        parts.propose_support(participation=participation, provider=provider, levels=["galaxy"], by=as_nation)
    with pytest.raises(IntegrityError, match="support_levels_known"), transaction.atomic():
        Support.objects.create(participation=participation, provider=provider, levels=["galaxy"])


def test_a_part_raises_the_participations_version(participation, as_nation):
    before = participation.version
    parts.propose_support(participation=participation, provider=make_provider(), by=as_nation)
    assert participation.version == before + 1


def test_a_process_leader_with_an_account_gets_access_for_the_period(cast):
    person = make_person(name="Ny Ledare", role="process_leader", provider=make_provider("Skolverket"))
    user = make_user("ny@example.se", person=person)
    with bound(Scope.of(cast.coordinator)):
        person.refresh_from_db()
        assignments.assign_person(
            participation=cast.participation,
            person=person,
            role="process_leader",
            valid_from=date(2018, 1, 8),
            valid_to=date(2020, 12, 31),
            by=cast.coordinator,
        )
    access = Access.objects.get(user=user)
    assert (access.role, access.huvudman_id, access.valid_from, access.valid_to) == (
        Role.PROCESS_LEADER,
        cast.huvudman.pk,
        date(2018, 1, 8),
        date(2020, 12, 31),
    )


def test_a_process_leader_without_an_account_gets_no_access(cast):
    person = make_person(name="Ny Ledare", role="process_leader", provider=make_provider("Skolverket"))
    before = Access.objects.count()
    with bound(Scope.of(cast.coordinator)):
        assignments.assign_person(
            participation=cast.participation, person=person, role="process_leader", by=cast.coordinator
        )
    assert Access.objects.count() == before


def test_an_assignment_that_ends_takes_its_access_with_it(cast):
    person = make_person(name="Ny Ledare", role="process_leader", provider=make_provider("Skolverket"))
    user = make_user("ny@example.se", person=person)
    with bound(Scope.of(cast.coordinator)), frozen(date(2018, 6, 1)):
        person.refresh_from_db()
        assignment = assignments.assign_person(
            participation=cast.participation,
            person=person,
            role="process_leader",
            valid_from=date(2018, 1, 8),
            by=cast.coordinator,
        )
        assignments.end_assignment(assignment=assignment, on=date(2018, 5, 31), by=cast.coordinator)
        assert Scope.of(user).grants == ()


def test_an_assignment_that_never_began_leaves_no_access(cast):
    person = make_person(name="Ny Ledare", role="process_leader", provider=make_provider("Skolverket"))
    user = make_user("ny@example.se", person=person)
    with bound(Scope.of(cast.coordinator)):
        person.refresh_from_db()
        assignment = assignments.assign_person(
            participation=cast.participation, person=person, role="process_leader", by=cast.coordinator
        )
        assignments.end_assignment(assignment=assignment, on=date(2018, 5, 31), by=cast.coordinator)
    assert not Access.objects.filter(user=user).exists()


def test_an_editor_sets_the_contact_but_not_the_process_leader(cast):
    with bound(Scope.of(cast.editor)):
        assignments.assign_person(
            participation=cast.participation, person=cast.editor_person, role="contact", by=cast.editor
        )
        with pytest.raises(PermissionDenied):
            assignments.assign_person(
                participation=cast.participation,
                person=cast.editor_person,
                role="process_leader",
                by=cast.editor,
            )


def test_an_editor_cannot_name_a_person_of_another_huvudman(cast):
    with bound(Scope.of(cast.editor)), pytest.raises(ValidationError) as refused:
        assignments.assign_person(
            participation=cast.participation, person=cast.other_person, role="contact", by=cast.editor
        )
    assert refused.value.message_dict == {"person": ["Finns inte, eller så saknar du behörighet."]}


def test_a_person_is_process_leader_once_at_a_time(cast):
    with bound(Scope.of(cast.coordinator)), pytest.raises(ValidationError, match="redan processledare"):
        assignments.assign_person(
            participation=cast.participation,
            person=cast.leader_person,
            role="process_leader",
            by=cast.coordinator,
        )


@pytest.mark.parametrize("name", ["process_leader", "editor", "rektor", "reader", "stranger"])
def test_only_a_coordinator_changes_units_phases_and_support(cast, name):
    user = getattr(cast, name)
    with bound(Scope.of(user)):
        for call in (
            lambda: parts.add_unit(participation=cast.participation, unit=cast.unit, by=user),
            lambda: parts.set_phase(participation=cast.participation, phase="plan", by=user),
            lambda: parts.propose_support(
                participation=cast.participation, provider=make_provider("Högskolan"), by=user
            ),
        ):
            with pytest.raises(PermissionDenied):
                call()
