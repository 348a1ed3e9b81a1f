"""How often one may call."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from sbs_portal.api import limits
from tests.api.test_errors import problem_of

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """Five requests a minute, in the middle of one; set ``clock.now`` for another time."""

    class Clock:
        now = 600_000_015

        def time(self):
            return self.now

    settings.API_RATE = 5
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    monkeypatch.setattr(limits, "counter", limits.Counter())
    cache.clear()
    return clock


def test_answers_tell_what_is_left(reading):
    response = reading.get("/api/v1/sources")
    assert response.headers["RateLimit-Policy"] == '"default";q=5;w=60'
    assert response.headers["RateLimit"] == '"default";r=4;t=45'


def test_one_too_many_is_429_until_the_minute_is_over(reading, clock):
    for _ in range(5):
        assert reading.get("/api/v1/sources").status_code == 200
    refused = reading.get("/api/v1/sources")
    problem_of(refused, 429, "too-many-requests")
    assert refused.headers["RateLimit"] == '"default";r=0;t=45'
    assert 45 <= int(refused.headers["Retry-After"]) <= 46
    clock.now += 45
    assert reading.get("/api/v1/sources").status_code == 200


def test_a_refused_request_counts_and_another_key_is_not_touched(reading, coordinator):
    for _ in range(6):
        reading.get("/api/v1/finns-inte")
        reading.get("/api/v1/sources?okand=1")
    assert reading.get("/api/v1/sources").status_code == 429
    assert coordinator.get("/api/v1/sources").status_code == 200


def test_processes_share_the_limit(settings):
    settings.API_RATE = 40
    one, other = limits.Counter(), limits.Counter()
    given = [counter.take("key-1") for counter in (one, other) * 40]
    assert sum(not quota.is_exceeded for quota in given) == 40


def test_a_process_asks_the_shared_count_once_a_share(settings, django_assert_num_queries):
    settings.API_RATE = 100
    counter = limits.Counter()
    counter.take("key-1")
    with django_assert_num_queries(0):
        for _ in range(4):
            counter.take("key-1")


def test_keys_that_do_not_hold_are_counted_by_address(anonymous):
    wrong = Client(headers={"Authorization": "Bearer sbs_fel"}, raise_request_exception=False)
    assert [wrong.get("/api/v1/sources").status_code for _ in range(6)] == [401] * 5 + [429]
    assert anonymous.get("/api/v1/sources", REMOTE_ADDR="10.0.0.9").status_code == 401


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "192.0.2.7")])
def test_a_proxys_word_is_taken_only_where_it_is_trusted(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "203.0.113.1, 192.0.2.7"}, REMOTE_ADDR="10.0.0.1"
    )
    assert limits.address_of(request) == address


def test_no_limit_is_said_where_there_is_none(settings, reading):
    settings.API_RATE = 0
    assert "RateLimit" not in reading.get("/api/v1/sources").headers


def test_where_the_count_cannot_be_kept_each_process_counts_alone(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *_, **__: False)
    counter = limits.Counter()
    assert [counter.take("key-1").is_exceeded for _ in range(6)] == [False] * 5 + [True]
