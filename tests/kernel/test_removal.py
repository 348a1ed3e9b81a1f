"""Archiving and deleting: the one way for every model that says how."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from programmes.models import ParticipatingUnit, Participation
from sbs_portal import removal
from sbs_portal.db.security import domain_models, event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Administration, Huvudman, Person, RoleAssignment, SchoolUnit, SchoolUnitVersion
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [model for model in domain_models() if hasattr(model, "removal")])
def test_every_declared_part_and_root_is_there(model):
    for name in model.removal.parts:
        assert model._meta.get_field(name).one_to_many
    if model.removal.root:
        assert hasattr(model._meta.get_field(model.removal.root).related_model, "touch")


def test_archived_is_out_of_use_until_it_is_restored(cast):
    with bound(Scope.of(cast.editor)):
        archived = removal.archive(row=cast.second_unit, by=cast.editor)
        assert (archived.is_archived, archived.archived_by) == (True, cast.editor)
        assert archived.version > cast.second_unit.version
        assert cast.second_unit not in SchoolUnit.objects.visible_to(cast.editor).in_use()
        assert cast.second_unit in SchoolUnit.objects.visible_to(cast.editor).archived()
        assert cast.second_unit in SchoolUnit.objects.in_use(cast.second_unit.pk)
        removal.restore(row=cast.second_unit, by=cast.editor)
        assert cast.second_unit in SchoolUnit.objects.visible_to(cast.editor).in_use()


def test_what_depends_is_named_and_nothing_is_gone(cast):
    with bound(Scope.of(cast.coordinator)), pytest.raises(removal.InUse) as refused:
        removal.delete_if_unused(row=cast.unit, by=cast.coordinator)
    assert refused.value.messages == [
        "Enheten har 1 behörighet, 1 deltagande och 2 roller och kan därför inte tas bort."
        " Arkivera i stället."
    ]
    with bound(NATIONAL):
        assert SchoolUnit.objects.filter(pk=cast.unit.pk).exists()


def test_an_unused_unit_goes_with_its_periods_for_its_own_editor(cast):
    unit = factories.make_unit(cast.huvudman, "Felskolan")
    with bound(Scope.of(cast.editor)):
        removal.delete_if_unused(row=unit, by=cast.editor)
    with bound(NATIONAL):
        assert not SchoolUnit.objects.filter(pk=unit.pk).exists()
        assert not SchoolUnitVersion.objects.filter(unit_id=unit.pk).exists()
        last = event_models()[SchoolUnit].objects.filter(pgh_obj_id=unit.pk).order_by("pgh_id").last()
        assert (last.pgh_label, last.huvudman_ids) == ("delete", [cast.huvudman.pk])


def test_an_unused_person_goes_with_the_roles(cast):
    person = factories.make_person(cast.huvudman, "Dubbel Person")
    with bound(Scope.of(cast.editor)):
        removal.delete_if_unused(row=person, by=cast.editor)
    with bound(NATIONAL):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert not RoleAssignment.objects.filter(person_id=person.pk).exists()


def test_what_the_user_does_not_see_stops_it_too_and_is_not_told(cast):
    """Another huvudman's participation works with the unit; its editor knows nothing of that."""
    unit = factories.make_unit(cast.huvudman, "Delade skolan")
    with bound(NATIONAL):
        ParticipatingUnit.objects.create(participation=cast.other_participation, unit=unit)
        SchoolUnit.objects.filter(pk=unit.pk).update(huvudman_ids=[cast.huvudman.pk])
        unit.refresh_from_db()
    with bound(Scope.of(cast.editor)), pytest.raises((removal.InUse, PermissionDenied)) as refused:
        removal.delete_if_unused(row=unit, by=cast.editor)
    assert "deltagande" not in str(refused.value)


def test_a_row_of_several_is_no_ones_alone(cast):
    person = factories.make_person(cast.huvudman, "Två Huvudmän")
    with bound(NATIONAL):
        RoleAssignment.objects.create(person=person, huvudman=cast.other_huvudman, role="teacher")
        person.refresh_from_db()
    for service in (removal.archive, removal.delete_if_unused):
        with bound(Scope.of(cast.editor)), pytest.raises(PermissionDenied):
            service(row=person, by=cast.editor)
    assert removal.may_remove(Scope.of(cast.coordinator), person)


def test_a_huvudman_is_the_coordinators(cast):
    with bound(Scope.of(cast.editor)), pytest.raises(PermissionDenied):
        removal.archive(row=cast.huvudman, by=cast.editor)
    assert not removal.may_remove(Scope.of(cast.editor), cast.huvudman)


def test_a_stranger_reaches_nothing(cast):
    with bound(Scope.of(cast.stranger)), pytest.raises(PermissionDenied):
        removal.archive(row=cast.unit, by=cast.stranger)


def test_a_deleted_part_raises_its_roots_version(cast):
    with bound(NATIONAL):
        row = Administration.objects.create(huvudman=cast.huvudman, name="Fel förvaltning")
    with bound(Scope.of(cast.editor)):
        before = Huvudman.objects.get(pk=cast.huvudman.pk).version
        removal.delete_if_unused(row=row, by=cast.editor)
        assert Huvudman.objects.get(pk=cast.huvudman.pk).version == before + 1


def test_an_archived_participation_leaves_its_place_and_takes_it_back_only_when_free(cast):
    with bound(Scope.of(cast.coordinator)):
        removal.archive(row=cast.participation, by=cast.coordinator)
        Participation.objects.create(
            huvudman=cast.huvudman, programme=cast.participation.programme, status="active"
        )
        with pytest.raises(ValidationError, match="redan ett pågående"), transaction.atomic():
            removal.restore(row=cast.participation, by=cast.coordinator)
