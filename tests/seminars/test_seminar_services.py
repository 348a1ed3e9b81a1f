"""The services of seminars: what they keep, what they refuse, and to whom."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.audit.models import Trust
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate
from schools.models import StaffRole
from seminars.models import Delegate, Delegation, Seminar, SeminarUnit
from seminars.services import seminar as services
from tests.factories import make_huvudman, make_person, make_programme, make_seminar, make_unit

pytestmark = pytest.mark.django_db


def as_user(user):
    """Bound as the user, like a request of theirs."""
    return bound(Scope.of(user))


@pytest.fixture
def seminar(cast):
    return make_seminar(cast.participation, cast.other_participation)


@pytest.fixture
def delegation(cast, seminar):
    with bound(NATIONAL):
        return services.register_delegation(
            seminar=seminar, huvudman=cast.huvudman, head_count=2, by=NATIONAL
        )


def refused(error) -> dict:
    return error.value.message_dict


def test_a_planned_seminar_keeps_what_is_known_of_its_date(cast):
    when = ImpreciseDate.month(2022, 10, "i mitten av oktober")
    with as_user(cast.coordinator):
        seminar = services.plan_seminar(
            programme=make_programme(),
            kind="follow_up",
            starts=when,
            participations=[cast.participation],
            by=cast.coordinator,
        )
        assert Seminar.objects.get(pk=seminar.pk).starts == when


def test_a_planned_seminar_belongs_to_the_huvudman_of_its_participations(cast):
    with as_user(cast.coordinator):
        seminar = services.plan_seminar(
            programme=make_programme(),
            kind="closing",
            participations=[cast.participation, cast.other_participation],
            by=cast.coordinator,
        )
    assert seminar.huvudman_ids == sorted([cast.huvudman.pk, cast.other_huvudman.pk])


@pytest.mark.parametrize("name", ["process_leader", "editor", "rektor", "reader"])
def test_only_coordinators_plan_seminars(cast, name):
    user = getattr(cast, name)
    with as_user(user), pytest.raises(PermissionDenied):
        services.plan_seminar(
            programme=cast.participation.programme,
            kind="closing",
            participations=[cast.participation],
            by=user,
        )


def test_a_seminar_does_not_end_before_it_starts(cast, seminar):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.change_seminar(
            seminar=seminar, starts=date(2026, 11, 3), ends=date(2026, 11, 2), by=cast.coordinator
        )
    assert "Seminariet slutar före det börjar." in error.value.messages


def test_a_change_raises_the_version(cast, seminar):
    before = seminar.version
    with as_user(cast.coordinator):
        services.change_seminar(seminar=seminar, place="Stockholm", by=cast.coordinator)
    assert seminar.version == before + 1


def test_an_unknown_fact_is_a_programming_error(cast, seminar):
    with as_user(cast.coordinator), pytest.raises(TypeError, match="weather"):
        services.change_seminar(seminar=seminar, weather="sol", by=cast.coordinator)


def test_a_huvudman_that_takes_part_leaves_its_name_there(cast, seminar):
    newcomer = make_huvudman("Lindby kommun")
    with as_user(cast.coordinator):
        link = services.add_huvudman(seminar=seminar, huvudman=newcomer, by=cast.coordinator)
    assert link.name == "Lindby kommun"
    assert newcomer.pk in seminar.huvudman_ids


def test_a_huvudman_takes_part_once(cast, seminar):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.add_huvudman(seminar=seminar, huvudman=cast.huvudman, by=cast.coordinator)
    assert "Huvudmannen finns redan på seminariet." in error.value.messages


def test_a_huvudman_takes_part_with_its_own_participation(cast, seminar):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.add_huvudman(
            seminar=seminar,
            huvudman=make_huvudman(),
            participation=cast.participation,
            by=cast.coordinator,
        )
    assert list(refused(error)) == ["participation"]


def test_a_huvudman_with_a_delegation_is_not_taken_away(cast, seminar, delegation):
    link = seminar.huvudman_links.none()
    with as_user(cast.coordinator):
        link = seminar.huvudman_links.get(huvudman=cast.huvudman)
        with pytest.raises(ValidationError):
            services.remove_huvudman(link=link, by=cast.coordinator)


def test_a_huvudman_without_a_delegation_is_taken_away(cast, seminar):
    with as_user(cast.coordinator):
        link = seminar.huvudman_links.get(huvudman=cast.huvudman)
        services.remove_huvudman(link=link, by=cast.coordinator)
        seminar.refresh_from_db()
    assert seminar.huvudman_ids == [cast.other_huvudman.pk]


def test_a_total_and_fewer_names_live_side_by_side(cast, seminar):
    with as_user(cast.editor):
        delegation = services.register_delegation(
            seminar=seminar,
            huvudman=cast.huvudman,
            head_count=10,
            roles=[StaffRole.TEACHER, StaffRole.POLITICIAN],
            delegates=[{"person": cast.rektor_person}, {"person": cast.editor_person}],
            by=cast.editor,
        )
        assert (delegation.head_count, delegation.delegates.count()) == (10, 2)
        assert delegation.participation == cast.participation


def test_a_total_below_the_named_is_refused(cast, seminar):
    with as_user(cast.editor), pytest.raises(ValidationError) as error:
        services.register_delegation(
            seminar=seminar,
            huvudman=cast.huvudman,
            head_count=1,
            delegates=[{"person": cast.rektor_person}, {"person": cast.editor_person}],
            by=cast.editor,
        )
    assert refused(error) == {"head_count": ["2 är namngivna, så delegationen kan inte vara 1."]}


def test_a_total_is_not_lowered_below_the_named(cast, delegation):
    with as_user(cast.editor):
        for person in (cast.rektor_person, cast.editor_person):
            services.add_delegate(delegation=delegation, person=person, by=cast.editor)
        with pytest.raises(ValidationError) as error:
            services.change_delegation(delegation=delegation, head_count=1, by=cast.editor)
    assert list(refused(error)) == ["head_count"]


def test_one_more_than_the_total_is_not_named(cast, delegation):
    with as_user(cast.editor):
        for person in (cast.rektor_person, cast.editor_person):
            services.add_delegate(delegation=delegation, person=person, by=cast.editor)
        with pytest.raises(ValidationError) as error:
            services.add_delegate(delegation=delegation, person=cast.protected_person, by=cast.editor)
    assert list(refused(error)) == ["person"]


def test_only_names_and_no_total_is_a_delegation(cast, seminar):
    with as_user(cast.editor):
        delegation = services.register_delegation(
            seminar=seminar,
            huvudman=cast.huvudman,
            delegates=[{"person": cast.rektor_person}],
            by=cast.editor,
        )
        assert delegation.head_count is None
        assert delegation.delegates.count() == 1


def test_a_delegation_needs_its_huvudman_at_the_seminar(cast):
    elsewhere = make_seminar(cast.other_participation)
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.register_delegation(seminar=elsewhere, huvudman=cast.huvudman, by=cast.coordinator)
    assert refused(error) == {"huvudman": ["Huvudmannen är inte med på seminariet."]}


@pytest.mark.parametrize("name", ["process_leader", "rektor", "reader", "stranger"])
def test_who_may_not_register_a_delegation(cast, seminar, name):
    user = getattr(cast, name)
    with as_user(user), pytest.raises(PermissionDenied):
        services.register_delegation(seminar=seminar, huvudman=cast.huvudman, by=user)
    with bound(NATIONAL):
        assert not Delegation.objects.filter(seminar=seminar).exists()


def test_a_rektor_names_someone_of_the_own_unit(cast, delegation):
    with as_user(cast.rektor):
        services.add_delegate(
            delegation=delegation, person=cast.rektor_person, unit=cast.unit, by=cast.rektor
        )
        assert Delegate.objects.filter(delegation=delegation, unit=cast.unit).exists()


@pytest.mark.parametrize("unit", ["second_unit", None])
def test_a_rektor_names_nobody_of_other_units(cast, delegation, unit):
    with as_user(cast.rektor), pytest.raises(PermissionDenied):
        services.add_delegate(
            delegation=delegation,
            person=cast.rektor_person,
            unit=getattr(cast, unit) if unit else None,
            by=cast.rektor,
        )


def test_a_delegate_is_of_the_same_huvudman(cast, delegation):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.add_delegate(delegation=delegation, person=cast.other_person, by=cast.coordinator)
    assert refused(error) == {"person": ["Personen hör inte till huvudmannen."]}


def test_a_delegates_unit_is_of_the_same_huvudman(cast, delegation):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.add_delegate(
            delegation=delegation, person=cast.rektor_person, unit=cast.other_unit, by=cast.coordinator
        )
    assert list(refused(error)) == ["unit"]


def test_a_person_is_named_once(cast, delegation):
    with as_user(cast.editor):
        services.add_delegate(delegation=delegation, person=cast.rektor_person, by=cast.editor)
        with pytest.raises(ValidationError) as error:
            services.add_delegate(delegation=delegation, person=cast.rektor_person, by=cast.editor)
    assert "Personen finns redan i delegationen." in error.value.messages


def test_a_name_taken_away_leaves_the_total(cast, delegation):
    with as_user(cast.editor):
        delegate = services.add_delegate(delegation=delegation, person=cast.rektor_person, by=cast.editor)
        services.remove_delegate(delegate=delegate, by=cast.editor)
        delegation.refresh_from_db()
        assert (delegation.head_count, delegation.delegates.count()) == (2, 0)


def test_a_unit_is_marked_for_the_huvudman_it_takes_part_with(cast, seminar):
    with as_user(cast.rektor):
        presence = services.mark_unit(seminar=seminar, unit=cast.unit, by=cast.rektor)
    assert (presence.huvudman_id, presence.is_represented, presence.trust) == (
        cast.huvudman.pk,
        True,
        Trust.CONFIRMED,
    )


def test_a_unit_marked_again_has_one_line(cast, seminar):
    with as_user(cast.editor):
        services.mark_unit(seminar=seminar, unit=cast.unit, by=cast.editor)
        services.mark_unit(seminar=seminar, unit=cast.unit, is_represented=False, by=cast.editor)
        found = SeminarUnit.objects.get(seminar=seminar, unit=cast.unit)
    assert found.is_represented is False


def test_a_rektor_does_not_mark_another_unit(cast, seminar):
    with as_user(cast.rektor), pytest.raises(PermissionDenied):
        services.mark_unit(seminar=seminar, unit=cast.second_unit, by=cast.rektor)


def test_a_unit_of_no_huvudman_there_is_not_marked(cast, seminar):
    unit = make_unit(make_huvudman())
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.mark_unit(seminar=seminar, unit=unit, by=cast.coordinator)
    assert list(refused(error)) == ["unit"]


def test_sessions_come_in_the_order_they_were_added(cast, seminar):
    with as_user(cast.coordinator):
        for title in ("Inledning", "Dialog", "Avslut"):
            services.add_session(seminar=seminar, kind="other", title=title, by=cast.coordinator)
        assert [session.title for session in seminar.sessions.all()] == ["Inledning", "Dialog", "Avslut"]


def test_a_presentation_keeps_its_huvudmans_name(cast, seminar):
    with as_user(cast.coordinator):
        presentation = services.add_presentation(
            seminar=seminar, huvudman=cast.huvudman, title="Våra möten", by=cast.coordinator
        )
    assert presentation.presented_by == "Björkby kommun"


def test_a_presentation_is_of_its_own_seminars_programme(cast, seminar):
    elsewhere = make_seminar(cast.participation)
    with as_user(cast.coordinator):
        session = services.add_session(
            seminar=elsewhere, kind="dialogue", title="Dialog", by=cast.coordinator
        )
        with pytest.raises(ValidationError) as error:
            services.add_presentation(
                seminar=seminar,
                huvudman=cast.huvudman,
                title="Våra möten",
                session=session,
                by=cast.coordinator,
            )
    assert list(refused(error)) == ["session"]


def test_a_word_is_kept_once(cast, seminar):
    with as_user(cast.coordinator):
        services.add_word(seminar=seminar, word="kraft", by=cast.coordinator)
        with pytest.raises(ValidationError) as error:
            services.add_word(seminar=seminar, word="kraft", by=cast.coordinator)
    assert "Ordet finns redan." in error.value.messages


def test_an_editor_does_not_change_the_programme(cast, seminar):
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        services.add_lesson(seminar=seminar, text="Börja smått.", by=cast.editor)


def test_a_part_taken_away_raises_the_seminars_version(cast, seminar):
    with as_user(cast.coordinator):
        lesson = services.add_lesson(seminar=seminar, text="Börja smått.", by=cast.coordinator)
        before = seminar.version
        services.remove_part(part=lesson, by=cast.coordinator)
        seminar.refresh_from_db()
    assert seminar.version == before + 1


def test_a_lesson_too_long_is_told_how_much(cast, seminar):
    with as_user(cast.coordinator), pytest.raises(ValidationError) as error:
        services.add_lesson(seminar=seminar, text="x" * 2001, by=cast.coordinator)
    assert "Skriv högst 2\xa0000 tecken. Nu är det 2\xa0001." in refused(error)["text"]


def test_someone_from_elsewhere_who_works_here_can_be_named(cast, delegation):
    person = make_person(cast.huvudman, "Vikarie Vik")
    with as_user(cast.editor):
        assert services.add_delegate(delegation=delegation, person=person, by=cast.editor).person == person
