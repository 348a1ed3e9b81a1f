"""Callers with keys, and a client that speaks JSON."""

import json
from dataclasses import dataclass

import pytest
from django.test import Client

from sbs_portal.accounts.models import User
from sbs_portal.api.tokens import issue_token
from sbs_portal.audit.models import Source, SourceKind, Statement, Trust, What
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.models import Access, Huvudman


@dataclass
class Caller:
    """A user with a key; ``get``, ``post`` and so on send it."""

    user: User
    key: str

    def send(self, method: str, path: str, data=None, **headers):
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.key}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return Client(raise_request_exception=False).generic(method, path, headers=headers, **body)

    def get(self, path: str, **headers):
        return self.send("GET", path, **headers)

    def post(self, path: str, data, **headers):
        return self.send("POST", path, data, **headers)

    def patch(self, path: str, data, **headers):
        return self.send("PATCH", path, data, **headers)

    def put(self, path: str, data, **headers):
        return self.send("PUT", path, data, **headers)

    def delete(self, path: str, **headers):
        return self.send("DELETE", path, **headers)


def make_caller(email: str, role: Role | None, huvudman=None, *, can_write: bool = False) -> Caller:
    user = User.objects.create_user(email, name="Test Testsson")
    if role:
        Access.objects.create(user=user, role=role, huvudman=huvudman)
    return Caller(user, issue_token(user=user, name="test", can_write=can_write)[1])


@pytest.fixture
def huvudman(db) -> Huvudman:
    with bound(NATIONAL):
        return Huvudman.objects.create(name="Region Exempel", kind="region")


@pytest.fixture
def coordinator(db) -> Caller:
    return make_caller("samordnare@test.example", Role.COORDINATOR, can_write=True)


@pytest.fixture
def reading(db) -> Caller:
    """Reaches all, with a key that only reads."""
    return make_caller("lasare@test.example", Role.COORDINATOR)


@pytest.fixture
def process_leader(huvudman) -> Caller:
    """Reads the statements of one huvudman and may review none."""
    return make_caller("ledare@test.example", Role.PROCESS_LEADER, huvudman, can_write=True)


@pytest.fixture
def nobody(db) -> Caller:
    """Has an account and no access."""
    return make_caller("ingen@test.example", None, can_write=True)


@pytest.fixture
def anonymous() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def make_source(db):
    def make(title="Nyhet om Uddevalla", **fields) -> Source:
        with bound(NATIONAL):
            return Source.objects.create(title=title, kind=SourceKind.NEWS, **fields)

    return make


@pytest.fixture
def make_statement(make_source):
    def make(text="Med sedan 2020", **fields) -> Statement:
        with bound(NATIONAL):
            source = fields.pop("source", None) or make_source()
            return Statement.objects.create(
                source=source, what=What.SINCE, text=text, trust=Trust.STATED, **fields
            )

    return make
