"""The API: each role × each resource, in list, detail and change, with foreign rows at hand."""

import json
import re
import uuid
from functools import cache

import django_filters
import pytest
from django.conf import settings
from django.db import models
from rest_framework.relations import ManyRelatedField

from sbs_portal.api.serializers import ScopedRelatedField
from sbs_portal.api.shaping import MOST, expandable_of
from sbs_portal.api_urls import RESOURCES
from sbs_portal.filters import RelatedFilter
from sbs_portal.scope import NATIONAL, bound
from tests.matrix.expectations import CHANGE, CHANGE_OF_RESOURCE, READ, ROLES
from tests.matrix.world import NAME_OF_OTHER, OTHER, OWN, SCOPED, SECRET, STAFF

VIEWS = dict(RESOURCES)
SCOPED_VIEWS = {name: view for name, view in RESOURCES if view.queryset.model in SCOPED}
CHANGED = [name for name, view in SCOPED_VIEWS.items() if hasattr(view, "partial_update")]
# Which huvudmän share a seminar is told to all of them.
TELLS_OF_OTHERS = {"seminar-huvudman"}
MADE_UP = uuid.UUID("00000000-0000-4000-8000-000000000001")
# What two answers may differ in when they say the same.
VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def said(response) -> tuple[int, str]:
    """The status and the body, without the ids that were asked for and the request's own."""
    return response.status_code, VARYING.sub("…", response.content.decode())


@cache
def label(name: str) -> str:
    return VIEWS[name].queryset.model._meta.label


def api(world, api_for, role: str, *, write: bool = False):
    return api_for(getattr(world, role), write=write)


def unlike_rows(world, name: str) -> list:
    with bound(NATIONAL):
        return world.unlike_rows(VIEWS[name].queryset.model)


def rows_of(world, name: str) -> list:
    with bound(NATIONAL):
        return list(world.all_rows(VIEWS[name].queryset.model))


def foreign_id(world, model) -> str:
    """The outward id of a row of the stranger's."""
    with bound(NATIONAL):
        return str(model._base_manager.filter(pk__in=world.rows["other", model]).first().uuid)


def test_every_model_has_a_resource_or_stands_in_its_parents():
    parts = {
        "schools.PersonReveal",
        "seminars.MeetingParticipation",
        "seminars.MeetingUnit",
    }
    assert {model._meta.label for model in SCOPED} - {label(name) for name in SCOPED_VIEWS} <= parts


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(SCOPED_VIEWS))
def test_list_holds_exactly_the_rows_of_the_role(world, api_for, name, role):
    model = VIEWS[name].queryset.model
    with bound(NATIONAL):
        expected = world.reach(READ[label(name)][role], model)
        expected = {
            str(one) for one in model._base_manager.filter(pk__in=expected).values_list("uuid", flat=True)
        }
    response = api(world, api_for, role).get(f"/api/v1/{name}?limit=200")
    body = response.json()
    assert response.status_code == 200
    assert {row["id"] for row in body["data"]} == expected
    assert body["_meta"]["count"] == len(expected)
    assert words_out_of_place(response.content.decode(), role, name in TELLS_OF_OTHERS) == []


@pytest.mark.parametrize("role", ROLES)
def test_the_rows_are_the_same_by_cursor_and_nothing_more_is_told_by_expanding(world, api_for, role):
    client = api(world, api_for, role)
    for name, view in SCOPED_VIEWS.items():
        names = ",".join(sorted(expandable_of(view, view.serializer_class, settings.ROOT_URLCONF))[:MOST])
        response = client.get(f"/api/v1/{name}?cursor=*&limit=200" + (f"&expand={names}" if names else ""))
        model = view.queryset.model
        expected = uuids(model, world.reach(READ[label(name)][role], model))
        assert {row["id"] for row in response.json()["data"]} == {str(one) for one in expected}, name
        out_of_place = words_out_of_place(response.content.decode(), role, name in TELLS_OF_OTHERS)
        assert (name, out_of_place) == (name, [])


def words_out_of_place(text: str, role: str, tells_of_others: bool) -> list[str]:
    """Words in a body that the role must not meet."""
    if tells_of_others:
        text = text.replace(NAME_OF_OTHER, "").replace(f"{OWN} kommun", "")
    hidden = [SECRET]
    if role == "stranger":
        hidden += [OWN]
    elif role not in ("coordinator", "integration"):
        hidden += [OTHER]
    if role == "reader":
        hidden += [STAFF]
    return [word for word in hidden if word.lower() in text.lower()]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(SCOPED_VIEWS))
def test_detail_outside_scope_answers_like_a_made_up_id(world, api_for, name, role):
    client = api(world, api_for, role)
    made_up = said(client.get(f"/api/v1/{name}/{MADE_UP}"))
    assert made_up[0] == 404
    visible = world.reach(READ[label(name)][role], VIEWS[name].queryset.model)
    for row in unlike_rows(world, name):
        answer = said(client.get(f"/api/v1/{name}/{row.uuid}"))
        assert answer[0] == 200 if row.pk in visible else answer == made_up


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_without_a_key_nothing_is_told(world, client, name):
    assert client.get(f"/api/v1/{name}").status_code == 401
    assert client.get(f"/api/v1/{name}/{MADE_UP}").status_code == 401
    if hasattr(VIEWS[name], "create"):
        assert client.post(f"/api/v1/{name}", {}, content_type="application/json").status_code == 401
    if hasattr(VIEWS[name], "partial_update"):
        answer = client.patch(f"/api/v1/{name}/{MADE_UP}", {}, content_type="application/json")
        assert answer.status_code == 401


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_user_without_access_reads_nothing(world, api_for, name):
    from tests.factories import make_user

    response = api_for(make_user("ingen@example.se")).get(f"/api/v1/{name}")
    assert (response.status_code, response.json()["data"], response.json()["_meta"]["count"]) == (200, [], 0)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(CHANGED))
def test_change(world, api_for, name, role):
    client = api(world, api_for, role, write=True)
    model = VIEWS[name].queryset.model
    visible = world.reach(READ[label(name)][role], model)
    cells = CHANGE_OF_RESOURCE.get(name, CHANGE[label(name)])
    changed = world.reach(cells[role], model)
    made_up = said(client.patch(f"/api/v1/{name}/{MADE_UP}", {}, content_type="application/json"))
    for row in unlike_rows(world, name):
        answer = said(client.patch(f"/api/v1/{name}/{row.uuid}", {}, content_type="application/json"))
        if row.pk not in visible:
            assert answer == made_up
        else:
            assert (answer[0], row) == (200 if row.pk in changed else 403, row), answer[1]


@pytest.mark.parametrize("role", ROLES)
def test_change_of_many_answers_each_row_as_a_change_of_one(world, api_for, role):
    client = api(world, api_for, role, write=True)
    for name in CHANGED:
        model = VIEWS[name].queryset.model
        visible = world.reach(READ[label(name)][role], model)
        # Whether a row as a whole may be changed is asked last, and here it does not come so far.
        changed = world.reach(CHANGE[label(name)][role], model)
        rows = rows_of(world, name)
        # The made-up one is wrong for everyone, so that nothing is saved.
        body = [{"id": str(row.uuid)} for row in rows] + [{"id": str(MADE_UP)}]
        response = client.patch(f"/api/v1/{name}/bulk", json.dumps(body), content_type="application/json")
        *answers, made_up = response.json()["rows"]
        assert made_up["status"] == 404
        for row, answer in zip(rows, answers, strict=True):
            if row.pk not in visible:
                assert {**answer, "index": made_up["index"]} == made_up
            else:
                assert (name, row, answer["status"]) == (name, row, 424 if row.pk in changed else 403)


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_a_reading_key_changes_nothing(world, api_for, name):
    row = rows_of(world, name)[0]
    answer = api(world, api_for, "coordinator").patch(
        f"/api/v1/{name}/{row.uuid}", {}, content_type="application/json"
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_resource_that_is_read_takes_no_writing(world, api_for, name):
    client = api(world, api_for, "coordinator", write=True)
    with bound(NATIONAL):
        row = VIEWS[name].queryset.model._base_manager.first()
    row_id = row.uuid if row else MADE_UP
    for method, can in (
        ("post", "create"),
        ("patch", "partial_update"),
        ("delete", "destroy"),
        ("put", "update"),
    ):
        if hasattr(VIEWS[name], can):
            continue
        address = f"/api/v1/{name}" if method == "post" else f"/api/v1/{name}/{row_id}"
        assert getattr(client, method)(address, {}, content_type="application/json").status_code == 405


def related_model(model, path: str):
    """The model a filter's path ends in."""
    for step in path.split("__"):
        model = model._meta.get_field(step).related_model
    return model


def related_filters() -> list[tuple[str, str]]:
    return [
        (name, parameter)
        for name, view in sorted(VIEWS.items())
        for parameter, one in (view.filterset_class.base_filters if view.filterset_class else {}).items()
        if isinstance(one, (RelatedFilter, django_filters.UUIDFilter))
    ]


@pytest.mark.usefixtures("one_wall")
@pytest.mark.parametrize(("name", "parameter"), related_filters())
def test_a_filter_on_a_foreign_row_answers_like_a_made_up_id(world, api_for, name, parameter):
    one = VIEWS[name].filterset_class.base_filters[parameter]
    model = VIEWS[name].queryset.model
    target = (
        related_model(model, one.field_name)
        if isinstance(one, RelatedFilter)
        else type(world.own.participation)
    )
    if target not in SCOPED:
        target = type(world.own.participation)
    client = api(world, api_for, "editor")
    made_up = said(client.get(f"/api/v1/{name}?{parameter}={MADE_UP}"))
    assert said(client.get(f"/api/v1/{name}?{parameter}={foreign_id(world, target)}")) == made_up


def related_fields() -> list[tuple[str, str, str]]:
    """Resource, action and field, for every related row that can be sent in."""
    found = []
    for name, view_class in sorted(VIEWS.items()):
        for verb in ("create", "partial_update"):
            if not hasattr(view_class, verb):
                continue
            view = view_class()
            view.action = verb
            serializer = view.get_input_class()()
            found += [
                (name, verb, field)
                for field, kind in serializer.fields.items()
                if not kind.read_only and isinstance(kind, (ScopedRelatedField, ManyRelatedField))
            ]
    return found


@pytest.mark.parametrize(("name", "verb", "field"), related_fields())
def test_a_foreign_row_sent_in_answers_like_a_made_up_id(world, api_for, name, verb, field):
    view = VIEWS[name]()
    view.action = verb
    kind = view.get_input_class()().fields[field]
    many = isinstance(kind, ManyRelatedField)
    target = (kind.child_relation if many else kind).queryset.model
    if target not in SCOPED:
        pytest.skip("Read by everyone.")
    model = VIEWS[name].queryset.model
    with bound(NATIONAL):
        own = model._base_manager.filter(pk__in=world.rows.get(("own", model), set())).first()

    def answer(client, value):
        body = {field: [value] if many else value}
        if verb == "create":
            return said(client.post(f"/api/v1/{name}", body, content_type="application/json"))
        return said(client.patch(f"/api/v1/{name}/{own.uuid}", body, content_type="application/json"))

    client = api(world, api_for, "editor", write=True)
    if answer(client, str(MADE_UP))[0] == 403:
        # What an editor may not change at all, the huvudman's own system may.
        client = api_for(world.integration, write=True, huvudman_ids=[world.own.huvudman.pk])
    made_up = answer(client, str(MADE_UP))
    assert made_up[0] == 400
    assert answer(client, foreign_id(world, target)) == made_up


def test_a_list_of_made_up_rows_is_refused_in_the_whole_row_too(world, api_for):
    client = api(world, api_for, "coordinator", write=True)
    for name, verb, field in related_fields():
        view = VIEWS[name]()
        view.action = verb
        if verb != "partial_update" or not isinstance(
            view.get_input_class()().fields[field], ManyRelatedField
        ):
            continue
        with bound(NATIONAL):
            row = VIEWS[name].queryset.model._base_manager.first()
        answer = client.put(
            f"/api/v1/{name}/{row.uuid}",
            {field: [str(MADE_UP)]},
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        assert (name, field, answer.status_code) == (name, field, 400)


def test_a_key_for_one_huvudman_reaches_no_other(world, api_for):
    client = api_for(world.integration, huvudman_ids=[world.own.huvudman.pk])
    for name, view in SCOPED_VIEWS.items():
        model = view.queryset.model
        readable = READ[label(name)]["integration"] != "none"
        expected = {str(one) for one in uuids(model, world.reach("own" if readable else "none", model))}
        assert {row["id"] for row in client.get(f"/api/v1/{name}?limit=200").json()["data"]} == expected, name


def uuids(model: type[models.Model], ids: set[int]) -> set[uuid.UUID]:
    with bound(NATIONAL):
        return set(model._base_manager.filter(pk__in=ids).values_list("uuid", flat=True))
