"""What each role may read and change of each model, by the law of the domain and not by the code's own table."""

import pytest
from django.db import DatabaseError, connection

from sbs_portal.db.security import event_models
from sbs_portal.scope import Scope, bound
from tests.matrix.expectations import CHANGE, READ, ROLES
from tests.matrix.world import SCOPED

BY_LABEL = {model._meta.label: model for model in SCOPED}


def test_every_scoped_model_has_expectations():
    assert set(READ) == set(BY_LABEL)
    assert set(CHANGE) == set(BY_LABEL)


@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_both_sides_have_rows_of_the_model(world, label):
    assert world.rows["own", BY_LABEL[label]]
    assert world.rows["other", BY_LABEL[label]]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_rows_a_role_reads(world, label, role):
    model = BY_LABEL[label]
    scope = Scope.of(getattr(world, role))
    with bound(scope):
        found = set(model.objects.visible_to(scope).values_list("pk", flat=True))
    assert found == world.reach(READ[label][role], model)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_rows_a_role_changes(world, label, role):
    model = BY_LABEL[label]
    scope = Scope.of(getattr(world, role))
    with bound(scope):
        found = set(model.objects.editable_by(scope).values_list("pk", flat=True))
    assert found == world.reach(CHANGE[label][role], model)


@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_the_database_shows_no_foreign_row(world, label):
    model = BY_LABEL[label]
    everything = model._base_manager.all()
    with bound(Scope.of(world.editor)):
        assert set(everything.values_list("pk", flat=True)) == world.reach("own", model)
    with bound(Scope.of(world.stranger)):
        assert set(everything.values_list("pk", flat=True)) == world.reach("other", model)
    assert everything.count() == 0


@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_the_database_changes_no_foreign_row(world, label):
    model = BY_LABEL[label]
    foreign = world.reach("all", model) - world.reach("own", model)
    if getattr(model, "append_only", False):
        for user in (world.editor, world.coordinator):
            for sql in (f"UPDATE {model._meta.db_table} SET id = id", f"DELETE FROM {model._meta.db_table}"):
                with pytest.raises(DatabaseError), bound(Scope.of(user)), connection.cursor() as cursor:
                    cursor.execute(sql)
        return
    with bound(Scope.of(world.editor)):
        assert model._base_manager.filter(pk__in=foreign).update(uuid="0" * 32) == 0
        assert model._base_manager.filter(pk__in=foreign)._raw_delete("default") == 0


@pytest.mark.parametrize("label", sorted(model._meta.label for model in event_models() if model in SCOPED))
def test_history_shows_no_foreign_row(world, label):
    model = BY_LABEL[label]
    table = event_models()[model]._meta.db_table
    with bound(Scope.of(world.editor)), connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT pgh_obj_id FROM "{table}"')
        found = {pk for (pk,) in cursor.fetchall()}
    assert found == world.reach("own", model)
