"""Bulk requests ask the database as often for thirty rows as for three, whatever the resource."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db


class World:
    """What rows can be about, as many of each as a request has rows."""

    def __init__(self, cast):
        self.participation = cast.participation
        self.huvudman = cast.huvudman
        self.meeting = factories.make_meeting(cast.participation, when=factories.date(2018, 5, 8))
        self.seminar = factories.make_seminar(cast.participation)
        self._made = {}

    def person(self, n):
        return self._once("person", n, lambda: factories.make_person(self.huvudman))

    def unit(self, n):
        return self._once("unit", n, lambda: factories.make_unit(self.huvudman))

    def owner(self, n):
        return self._once("owner", n, factories.make_huvudman)

    def user(self, n):
        return self._once("user", n, factories.make_user)

    def other_participation(self, n):
        return self._once("participation", n, factories.make_participation)

    def _once(self, kind, n, make):
        if (kind, n) not in self._made:
            self._made[kind, n] = str(make().uuid)
        return self._made[kind, n]


def lov(year, days=5):
    """A läsår's lov, as the API takes them."""
    return [
        {"name": "Jullov", "starts_on": f"{year - 1}-12-20", "ends_on": f"{year}-01-06"},
        {"name": "Sportlov", "starts_on": f"{year}-02-10", "ends_on": f"{year}-02-{9 + days}"},
    ]


# Resource → the body of the n-th row, and what is then changed of it (None where nothing is).
BODIES = {
    "attendances": (
        lambda w, n: {"meeting": str(w.meeting.uuid), "person": w.person(n), "status": "present"},
        lambda n: {"status": "substitute", "substitute_name": f"Vikarie {n}"},
    ),
    "meetings": (
        lambda w, n: {
            "participations": [str(w.participation.uuid)],
            "when": f"2018-06-{n % 28 + 1:02}",
            "place": f"Sal {n}",
        },
        lambda n: {"when": f"2018-07-{n % 28 + 1:02}", "units": [], "total_on_site": n},
    ),
    "outcomes": (
        lambda w, n: {
            "meeting": str(w.meeting.uuid),
            "kind": "action",
            "text": f"Rad {n}",
            "owner": w.person(n),
        },
        lambda n: {"text": f"Ny text {n}", "due_on": "2018-09-01"},
    ),
    "school-units": (
        lambda w, n: {"huvudman": str(w.huvudman.uuid), "name": f"Ny skola {n}", "school_forms": ["GR"]},
        lambda n: {"school_name": f"Skolan {n}"},
    ),
    "school-unit-versions": (
        lambda w, n: {
            "unit": w.unit(n),
            "huvudman": str(w.huvudman.uuid),
            "name": f"Bytt namn {n}",
            "valid_from": "2019-07-01",
        },
        lambda n: {"name": f"Rättat namn {n}"},
    ),
    "people": (
        lambda w, n: {
            "name": f"Ny {n}",
            "role": "rektor",
            "huvudman": str(w.huvudman.uuid),
            "unit": w.unit(n),
        },
        lambda n: {"phone": f"0522-{n:06}"},
    ),
    "role-assignments": (
        lambda w, n: {"person": w.person(n), "role": "developer", "huvudman": str(w.huvudman.uuid)},
        lambda n: {"title": f"Titel {n}"},
    ),
    "huvudman": (
        lambda w, n: {"name": f"Ny huvudman {n}", "kind": "independent"},
        lambda n: {"name": f"Bytt huvudman {n}"},
    ),
    "administrations": (
        lambda w, n: {"huvudman": str(w.huvudman.uuid), "name": f"Förvaltning {n}"},
        lambda n: {"phone": f"0522-{n:06}"},
    ),
    "school-calendars": (
        lambda w, n: {"municipality": None, "school_year": f"{2030 + n}/{31 + n}", "breaks": lov(2031 + n)},
        lambda n: {"breaks": lov(2031 + n, days=4)},
    ),
    "participations": (
        lambda w, n: {
            "huvudman": w.owner(n),
            "programme": str(w.participation.programme.uuid),
            "status": "active",
            "start_term": "VT2018",
        },
        lambda n: {"aims": f"Mål {n}"},
    ),
    "participating-units": (
        lambda w, n: {"participation": str(w.participation.uuid), "unit": w.unit(n), "joined": "2018-01-08"},
        lambda n: {"leave_reason": f"Skäl {n}"},
    ),
    "participation-phases": (
        lambda w, n: {
            "participation": w.other_participation(n),
            "phase": "analysis",
            "planned_start": "2018-01",
        },
        lambda n: {"actual_start": "2018-02"},
    ),
    "agreements": (
        lambda w, n: {"participation": str(w.participation.uuid), "kind": "agreement", "title": f"Avtal {n}"},
        lambda n: {"amount": 1000 + n},
    ),
    "delegates": (
        lambda w, n: {"delegation": w.delegation, "person": w.person(n), "role": "teacher"},
        lambda n: {"status": "present"},
    ),
    "reflection-words": (
        lambda w, n: {"seminar": str(w.seminar.uuid), "word": f"ord{n}"},
        lambda n: {"count": n + 1},
    ),
    "sessions": (
        lambda w, n: {"seminar": str(w.seminar.uuid), "kind": "lecture", "title": f"Punkt {n}"},
        lambda n: {"room": f"Sal {n}"},
    ),
    "accesses": (
        lambda w, n: {
            "user": w.user(n),
            "role": "rektor",
            "huvudman": str(w.huvudman.uuid),
            "unit": w.unit(n),
        },
        lambda n: {"valid_to": "2090-12-31"},
    ),
    "invitations": (
        lambda w, n: {
            "email": f"ny{n}@example.se",
            "role": "rektor",
            "huvudman": str(w.huvudman.uuid),
            "units": [w.unit(n), w.unit(n + 1)],
            "person": w.person(n),
        },
        None,
    ),
    "journal-entries": (
        lambda w, n: {"object_kind": "meeting", "object_id": str(w.meeting.uuid), "text": f"Rad {n}"},
        None,
    ),
    "saved-views": (
        lambda w, n: {"list_name": "participation", "name": f"Vy {n}", "query": "status=active"},
        lambda n: {"name": f"Bytt namn {n}"},
    ),
}


@pytest.fixture
def coordinator(cast, api_for):
    return api_for(cast.coordinator, write=True)


def ask(send, name, rows):
    """How many statements the request takes, and its rows."""
    with CaptureQueriesContext(connection) as queries:
        response = send(f"/api/v1/{name}/bulk", json.dumps(rows), content_type="application/json")
    assert response.status_code in (200, 201), response.content.decode()
    return len(queries), [row["row"] for row in response.json()["data"]]


@pytest.mark.parametrize("name", BODIES)
def test_thirty_rows_take_as_many_statements_as_three(name, cast, coordinator):
    body, change = BODIES[name]
    world = World(cast)
    if name == "delegates":
        seminar, huvudman = str(world.seminar.uuid), str(cast.huvudman.uuid)
        whole = {"seminar": seminar, "huvudman": huvudman, "head_count": 40}
        world.delegation = ask(coordinator.post, "delegations", [whole])[1][0]["id"]
    # The key notes that it is used, once.
    coordinator.get(f"/api/v1/{name}?limit=1")
    bodies = [body(world, n) for n in range(33)]
    few, made = ask(coordinator.post, name, bodies[:3])
    many, more = ask(coordinator.post, name, bodies[3:])
    assert few == many
    if change is not None:
        changes = [{"id": row["id"], **change(n)} for n, row in enumerate(made + more)]
        few_changed, _ = ask(coordinator.patch, name, changes[:3])
        many_changed, _ = ask(coordinator.patch, name, changes[3:])
        assert few_changed == many_changed
