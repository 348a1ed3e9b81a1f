"""What PostgreSQL builds says what DRF's own would, to each role and in the same order of keys."""

import json

import pytest

from sbs_portal.api.views import ReadViewSet
from sbs_portal.api_urls import RESOURCES
from tests.matrix.expectations import ROLES

# What is made row by row in Python. Why stands on the view.
PLAIN = {"history", "invitations", "journal-entries", "person-reveals", "saved-views", "statements"}
FINISHED = {name: view for name, view in RESOURCES if name not in PLAIN}
# The one row of a list that each role asks for by itself, whole and by some fields.
ONE = ("", "?fields=id,created_at")
# Each list whole, and in one of these ways, which the roles share among them.
WAYS = ("cursor=*&limit=2", "limit=1&ordering=-id&archived=include", "fields=id,created_at")


def test_every_list_is_finished_by_the_database_but_those_with_a_reason():
    assert {name for name, view in RESOURCES if view.plain} == PLAIN


def parsed(response):
    """The body, objects as lists of pairs: their order counts. And the version, where there is one."""
    assert response.status_code in (200, 400), response.content
    version = response.headers.get("ETag", "").partition("-")[0]
    return response.status_code, version, json.loads(response.content, object_pairs_hook=list)


@pytest.mark.parametrize("role", ROLES)
def test_a_finished_list_is_as_drf_makes_it(world, api_for, role, monkeypatch):
    client = api_for(getattr(world, role))
    turn = ROLES.index(role)
    addresses = [
        f"/api/v1/{name}?{query}"
        for number, name in enumerate(sorted(FINISHED), start=turn)
        for query in ("limit=200", WAYS[number % len(WAYS)])
    ]
    finished = {address: client.get(address) for address in addresses}
    for number, name in enumerate(sorted(FINISHED), start=turn):
        if rows := finished[f"/api/v1/{name}?limit=200"].json()["data"]:
            address = f"/api/v1/{name}/{rows[number % len(rows)]['id']}{ONE[number % len(ONE)]}"
            finished[address] = client.get(address)
    monkeypatch.setattr(ReadViewSet, "plain", "to be compared")
    for address, response in finished.items():
        said, expected = parsed(response), parsed(client.get(address))
        if said[0] == 400:
            continue
        assert (address, said) == (address, expected)
