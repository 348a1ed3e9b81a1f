"""The admin: for staff only, and then still within scope."""

import pytest
from django.contrib import admin
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from tests.matrix import expectations as expect
from tests.matrix.test_api import words_out_of_place
from tests.matrix.world import SCOPED, SECRET

REGISTERED = {model._meta.label: model for model in admin.site._registry if model in SCOPED}
ROLES = tuple(role for role in expect.ROLES if role not in ("coordinator", "integration"))


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(model, pk: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def staff(client_for, user):
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return client_for(user)


@pytest.mark.parametrize("role", ROLES)
def test_only_staff_get_in(world, client_for, role):
    client = client_for(getattr(world, role))
    for model in REGISTERED.values():
        assert client.get(list_of(model)).status_code in (302, 403)


@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_a_coordinator_finds_everything(world, client_for, label):
    client, model = client_for(world.coordinator), REGISTERED[label]
    listed = client.get(list_of(model), {"all": ""}).content.decode()
    for pk in world.reach("all", model):
        address = page_of(model, pk)
        assert address in listed
        page = client.get(address)
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
    assert SECRET not in listed


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_others_who_are_let_in_stay_within_scope(world, client_for, label, role):
    client, model = staff(client_for, getattr(world, role)), REGISTERED[label]
    visible = world.reach(expect.READ[label][role], model)
    listed = client.get(list_of(model))
    assert listed.status_code in (200, 403)
    assert words_out_of_place(listed.content.decode(), role, False) == []
    for pk in world.reach("all", model) - visible:
        page = client.get(page_of(model, pk))
        assert page.status_code in (302, 403, 404)
        assert page_of(model, pk) not in listed.content.decode()


@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_a_foreign_row_cannot_be_posted_to(world, client_for, label):
    client, model = staff(client_for, world.editor), REGISTERED[label]
    with bound(NATIONAL):
        row = model._base_manager.filter(pk__in=world.rows["other", model]).first()
        before = row.updated_at
    assert client.post(page_of(model, row.pk), {"name": "Tagen"}).status_code in (302, 403, 404)
    with bound(NATIONAL):
        row.refresh_from_db()
    assert row.updated_at == before
