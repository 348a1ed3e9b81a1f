from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.api.tokens import issue_token, revoke_token
from sbs_portal.rights import Role
from tests.api.conftest import make_caller
from tests.api.test_errors import problem_of

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]

LIST = "/api/v1/sources"


def token_of(caller) -> ApiToken:
    return ApiToken.objects.get(user=caller.user)


def test_a_key_opens_the_api(coordinator):
    assert coordinator.get(LIST).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/", LIST, "/api/v1/nothing", "/api/v1/sources/a%00b"])
def test_a_key_goes_past_the_session_and_is_answered_as_a_browser(coordinator, path):
    browser = Client()
    browser.force_login(coordinator.user)
    sent = {"X-Request-ID": "8c6f9f0e-3f0e-4c83-9f0d-0d6f1f8f4b11"}
    answers = [coordinator.get(path, **sent), browser.get(path, headers=sent)]
    assert [hasattr(one.wsgi_request, "session") for one in answers] == [False, True]
    said, expected = (
        (one.status_code, one.content, {name: one[name] for name in one.headers if name != "Vary"})
        for one in answers
    )
    assert said == expected
    assert {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"} <= said[2].keys()


def test_the_key_itself_is_not_stored(coordinator):
    token = token_of(coordinator)
    assert coordinator.key.startswith("sbs_")
    assert len(coordinator.key) >= 36
    assert coordinator.key not in {str(getattr(token, field.name)) for field in token._meta.fields}
    assert token.digest == ApiToken.digest_of(coordinator.key)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"revoked_at": timezone.now()}, "Nyckeln är återkallad."),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "Nyckeln har gått ut."),
    ],
)
def test_a_key_that_no_longer_holds_is_401(coordinator, change, detail):
    ApiToken.objects.update(**change)
    response = coordinator.get(LIST)
    assert problem_of(response, 401, "invalid-token")["detail"] == detail
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_the_key_of_a_closed_account_is_401(coordinator):
    User.objects.update(is_active=False)
    problem_of(coordinator.get(LIST), 401, "invalid-token")


@pytest.mark.parametrize("header", ["Bearer sbs_wrong", "Bearer", "Bearer a b", "bearer å"])
def test_a_key_that_is_not_one_is_401(anonymous, header):
    problem_of(anonymous.get(LIST, headers={"Authorization": header}), 401, "invalid-token")


def test_another_scheme_is_no_log_in(anonymous):
    response = anonymous.get(LIST, headers={"Authorization": "Basic dTpw"})
    problem_of(response, 401, "authentication-required")


def test_a_reading_key_may_not_write(reading):
    response = reading.post(LIST, {"title": "x", "kind": "news"})
    assert problem_of(response, 403, "forbidden")["detail"] == "Nyckeln får bara läsa."


def test_use_is_noted_also_when_the_request_is_refused(reading):
    reading.post(LIST, {})
    assert token_of(reading).last_used_at is not None


def test_use_is_noted_at_most_once_a_minute(coordinator):
    recently = timezone.now() - timedelta(seconds=50)
    ApiToken.objects.update(last_used_at=recently)
    coordinator.get(LIST)
    assert token_of(coordinator).last_used_at == recently


def test_use_is_noted_again_after_a_minute(coordinator):
    before = timezone.now() - timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=before)
    coordinator.get(LIST)
    assert token_of(coordinator).last_used_at > before


def test_a_narrowed_key_sees_less_than_its_user(coordinator, make_source):
    make_source(huvudman_ids=[1])
    issue = {"user": coordinator.user, "name": "smal"}
    counts = {}
    for huvudman_id in (1, 2):
        coordinator.key = issue_token(**issue, huvudman_ids=[huvudman_id])[1]
        counts[huvudman_id] = coordinator.get(LIST).json()["_meta"]["count"]
    assert counts == {1: 1, 2: 0}


def test_the_browser_session_reads(coordinator):
    client = Client()
    client.force_login(coordinator.user)
    assert client.get(LIST).status_code == 200


def test_the_browser_session_writes_only_with_its_csrf_token(coordinator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator.user)
    response = client.post(LIST, "{}", content_type="application/json")
    assert problem_of(response, 403, "forbidden")["detail"] == "CSRF-nyckeln saknas eller stämmer inte."


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
        ({"expires_at": timezone.now() + timedelta(days=800)}, "expires_at"),
        ({"huvudman_ids": []}, "huvudman_ids"),
        ({"name": " "}, "name"),
    ],
)
def test_a_key_with_wrong_terms_is_not_issued(coordinator, given, field):
    with pytest.raises(ValidationError) as caught:
        issue_token(**{"user": coordinator.user, "name": "x", **given})
    assert set(caught.value.message_dict) == {field}


def test_no_key_for_huvudman_the_user_does_not_reach(nobody):
    with pytest.raises(ValidationError):
        issue_token(user=nobody.user, name="x", huvudman_ids=[1])


def test_only_a_coordinator_issues_for_another_and_only_for_an_integration(coordinator, nobody):
    integration = make_caller("system@test.example", Role.INTEGRATION).user
    assert issue_token(user=integration, name="x", by=coordinator.user)
    for user, by in ((nobody.user, coordinator.user), (integration, nobody.user)):
        with pytest.raises(PermissionDenied):
            issue_token(user=user, name="x", by=by)


def test_a_revoked_key_stops_at_once(coordinator):
    revoke_token(token=token_of(coordinator), by=coordinator.user)
    problem_of(coordinator.get(LIST), 401, "invalid-token")
