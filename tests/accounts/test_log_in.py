"""Log-in: throttled by account and by address, calmly; where it leads; what is logged of it."""

import logging

import pytest
from django.http import HttpResponse
from django.test import Client

from sbs_portal.web import errors
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_in_memory(request, settings):
    """A test shares its connection with "outside", and would roll back what is counted there."""
    if "transaction" not in request.node.get_closest_marker("django_db").kwargs:
        memory = "django.core.cache.backends.locmem.LocMemCache"
        settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": request.node.name}}


PAGE = "/konto/logga-in/"
ATTEMPTS = 1000


def try_log_in(email: str, password: str, address: str = "192.0.2.1", client: Client | None = None):
    return (client or Client()).post(PAGE, {"login": email, "password": password}, REMOTE_ADDR=address)


def test_a_thousand_wrong_log_ins_from_one_place_are_let_try_a_few_passwords(client, monkeypatch):
    victim, other = factories.make_user(), factories.make_user()
    with monkeypatch.context() as patched:
        # A thousand pages that say the same take longer to draw than to refuse; one is drawn below.
        patched.setattr(errors, "render", lambda request, page, status: HttpResponse(status=status))
        answers = [
            try_log_in(victim.email, f"gissning-{number}", client=client).status_code
            for number in range(ATTEMPTS)
        ]
    assert answers.count(422) == 5
    assert answers.count(429) == ATTEMPTS - 5
    refused = try_log_in(victim.email, factories.PASSWORD, "192.0.2.1")
    words = refused.content.decode()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert "Vänta en stund" in words
    assert victim.email not in words
    assert try_log_in(other.email, factories.PASSWORD, "192.0.2.2").status_code == 302


def test_the_right_password_is_refused_too_from_anywhere_while_the_account_is_throttled():
    victim, other = factories.make_user(), factories.make_user()
    for number in range(5):
        assert try_log_in(victim.email, "gissning", f"192.0.2.{number}").status_code == 422
    assert try_log_in(victim.email, factories.PASSWORD, "192.0.2.99").status_code == 429
    assert try_log_in(victim.email.upper(), factories.PASSWORD, "192.0.2.99").status_code == 429
    assert try_log_in(other.email, factories.PASSWORD, "192.0.2.99").status_code == 302


def test_an_address_that_guesses_at_many_accounts_is_throttled():
    user = factories.make_user()
    answers = [try_log_in(f"gissad{number}@example.se", "gissning").status_code for number in range(25)]
    assert answers == [422] * 20 + [429] * 5
    assert try_log_in(user.email, factories.PASSWORD).status_code == 429
    assert try_log_in(user.email, factories.PASSWORD, "192.0.2.2").status_code == 302


def test_those_who_log_in_rightly_from_one_address_are_not_counted():
    user = factories.make_user()
    assert {try_log_in(user.email, factories.PASSWORD).status_code for _ in range(21)} == {302}


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_what_is_counted_survives_the_roll_back_of_a_refused_request():
    user = factories.make_user()
    answers = [try_log_in(user.email, "gissning").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_wrong_second_step_is_throttled_too(log_in):
    from tests.accounts.conftest import code_of, give_app

    user = factories.make_user()
    secret = give_app(user)
    browser, _ = log_in(user)
    for _ in range(5):
        assert browser.post("/konto/logga-in/steg-tva/", {"code": "000x"}).status_code == 422
    right = browser.post("/konto/logga-in/steg-tva/", {"code": code_of(secret)})
    assert right.status_code == 422
    assert "För många försök" in right.content.decode()


def test_the_admin_has_the_same_log_in(client):
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == "/konto/logga-in/?next=%2Fadmin%2F"
    answer = client.post("/admin/login/", {"username": "a@example.se", "password": "b"})
    assert answer.headers["Location"].startswith("/konto/logga-in/")


def test_failures_are_logged_without_who(caplog):
    user = factories.make_user()
    with caplog.at_level(logging.INFO):
        for _ in range(6):
            try_log_in(user.email, "gissning-47")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("sbs_portal")]
    assert ours == ["Log-in refused."] * 5 + ["Log-in throttled."]
    assert not any(word in caplog.text for word in (user.email, "gissning-47", "192.0.2.1"))


@pytest.mark.parametrize(
    "elsewhere",
    ["https://ond.example/", "//ond.example/", "/\\ond.example", "javascript:alert(1)", "https:ond.example"],
)
def test_log_in_leads_nowhere_else(log_in, elsewhere):
    user = factories.make_user()
    assert log_in(user, next=elsewhere)[1].headers["Location"] == "/"
    answer = Client().post(f"{PAGE}?next={elsewhere}", {"login": user.email, "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_strange_host_is_refused():
    assert Client(headers={"host": "ond.example"}).get(PAGE).status_code == 400


def test_a_closed_account_is_told_only_to_who_knows_the_password(log_in):
    user = factories.make_user(is_active=False)
    assert log_in(user)[1].headers["Location"] == "/konto/inaktivt/"
    assert log_in(user, "gissning")[1].status_code == 422
