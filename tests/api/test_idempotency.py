"""Idempotency-Key: the same request again is the same answer, done once."""

import contextlib
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from sbs_portal.api.idempotency import Attempt
from sbs_portal.api.models import GivenAnswer
from sbs_portal.audit.models import Source
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.models import Access
from tests.api.conftest import make_caller
from tests.api.test_errors import problem_of, reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")

SOURCES, BODY = "/api/v1/sources", {"title": "Ny", "kind": "news"}


def made() -> int:
    with bound(NATIONAL):
        return Source.objects.count()


def test_the_same_again_is_the_same_answer_and_one_row(coordinator):
    first = coordinator.post(SOURCES, BODY, Idempotency_Key="a-1")
    again = coordinator.post(SOURCES, BODY, Idempotency_Key='"a-1"')
    assert (again.status_code, again.content, made()) == (201, first.content, 1)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)


def test_without_a_key_or_with_another_it_is_done_again(coordinator):
    for headers in ({}, {}, {"Idempotency_Key": "a"}, {"Idempotency_Key": "b"}):
        assert coordinator.post(SOURCES, BODY, **headers).status_code == 201
    assert made() == 4


@pytest.mark.parametrize(
    ("path", "body"), [(SOURCES, {**BODY, "title": "Annan"}), ("/api/v1/statements", BODY)]
)
def test_the_key_with_another_request_is_422(coordinator, path, body):
    coordinator.post(SOURCES, BODY, Idempotency_Key="a")
    problem_of(coordinator.post(path, body, Idempotency_Key="a"), 422, "idempotency-key-reused")
    assert made() == 1


def test_anothers_key_answers_nothing(coordinator):
    other = make_caller("annan@test.example", Role.COORDINATOR, can_write=True)
    coordinator.post(SOURCES, BODY, Idempotency_Key="a")
    response = other.post(SOURCES, BODY, Idempotency_Key="a")
    assert (response.status_code, "Idempotency-Replayed" in response, made()) == (201, False, 2)


def test_who_reaches_less_since_then_is_not_shown_the_answer(coordinator):
    coordinator.post(SOURCES, BODY, Idempotency_Key="a")
    Access.objects.filter(user=coordinator.user).delete()
    problem_of(coordinator.post(SOURCES, BODY, Idempotency_Key="a"), 422, "idempotency-key-reused")


@pytest.mark.parametrize("title", ["", "går sönder"])
@pytest.mark.django_db(transaction=True)
def test_what_failed_is_tried_anew(coordinator, title):
    failed = coordinator.post(SOURCES, {**BODY, "title": title}, Idempotency_Key="a")
    assert failed.status_code >= 400
    assert coordinator.post(SOURCES, BODY, Idempotency_Key="a").status_code == 201


def test_after_a_day_the_key_is_forgotten(coordinator):
    coordinator.post(SOURCES, BODY, Idempotency_Key="a")
    GivenAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    coordinator.post(SOURCES, {**BODY, "title": "Annan"}, Idempotency_Key="b")
    assert GivenAnswer.objects.count() == 1
    assert coordinator.post(SOURCES, BODY, Idempotency_Key="a").status_code == 201


@pytest.mark.parametrize("key", ["", "å", "a b", "x" * 256])
def test_a_key_that_cannot_be_used_is_400(coordinator, key):
    assert set(reasons_of(coordinator.post(SOURCES, BODY, Idempotency_Key=key))) == {"Idempotency-Key"}


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_while_the_first_runs_the_second_is_409(coordinator, monkeypatch):
    lock = Attempt.lock.fget

    with contextlib.ExitStack() as first:

        def taken(self):
            # As another connection would, in the middle of the same request.
            first.enter_context(transaction.atomic(using="outside"))
            with connections["outside"].cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock(self)])
            return lock(self)

        monkeypatch.setattr(Attempt, "lock", property(taken))
        problem_of(coordinator.post(SOURCES, BODY, Idempotency_Key="a"), 409, "request-in-progress")
    assert made() == 0
