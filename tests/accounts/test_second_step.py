"""The second step: who must take it, that nothing is seen before it, and each way to take it."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command

from tests import factories
from tests.accounts.conftest import code_of, give_app, kept_secret

pytestmark = pytest.mark.django_db

STEP_TWO = "/konto/logga-in/steg-tva/"
SET_UP = "/konto/tvasteg/"


def confirmed(browser):
    browser.post("/konto/bekrafta/", {"password": factories.PASSWORD})
    return browser


@pytest.mark.parametrize(
    "address", ["/", "/deltaganden/", "/admin/", "/konto/", "/konto/losenord/byt/", "/finns-inte/"]
)
def test_a_coordinator_without_a_second_step_is_led_to_set_it_up(in_two_steps, cast, log_in, address):
    browser, _ = log_in(cast.coordinator)
    answer = browser.get(address)
    assert answer.headers["Location"] == SET_UP


def test_the_api_is_closed_to_a_browser_before_its_second_step(in_two_steps, cast, log_in, api_for):
    browser, _ = log_in(cast.coordinator)
    refused = browser.get("/api/v1/participations/")
    assert (refused.status_code, "två steg" in refused.json()["detail"]) == (403, True)
    assert api_for(cast.coordinator).get("/api/v1/participations/").status_code == 200


def test_the_page_that_sets_it_up_is_open_and_says_why(in_two_steps, cast, log_in):
    browser, _ = log_in(cast.coordinator)
    page = browser.get(SET_UP)
    assert (page.status_code, "för att komma vidare" in page.content.decode()) == (200, True)


def test_it_is_not_asked_of_others(in_two_steps, cast, log_in):
    browser, _ = log_in(cast.editor)
    assert browser.get("/").status_code == 200


def test_staff_must_whatever_they_reach(in_two_steps, cast, log_in):
    cast.reader.is_staff = True
    cast.reader.save()
    browser, _ = log_in(cast.reader)
    assert browser.get("/admin/").headers["Location"] == SET_UP


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_by_the_code_it_shows(in_two_steps, cast, log_in):
    browser, _ = log_in(cast.coordinator)
    asked = browser.get("/konto/tvasteg/app/")
    assert asked.headers["Location"].startswith("/konto/bekrafta/")
    page = confirmed(browser).get("/konto/tvasteg/app/")
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml;base64,")
    secret = page.context["form"].secret
    wrong = browser.post("/konto/tvasteg/app/", {"code": "12"})
    assert (wrong.status_code, "Koden stämmer inte" in wrong.content.decode()) == (422, True)
    answer = browser.post("/konto/tvasteg/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/konto/tvasteg/koder/"
    assert len(browser.get("/konto/tvasteg/koder/").context["unused_codes"]) == 10
    assert "Koderna visas bara när de skapas" in browser.get("/konto/tvasteg/koder/").content.decode()
    assert browser.get("/").status_code == 200
    assert "en app är inlagd" in mail.outbox[0].subject


def test_secrets_are_not_kept_as_they_are(cast):
    secret = give_app(cast.coordinator)
    app = Authenticator.objects.get(user=cast.coordinator, type=Authenticator.Type.TOTP)
    assert secret not in str(app.data)
    assert kept_secret(app) == secret


def test_a_new_secret_key_takes_over_what_the_former_encrypted(cast, settings):
    secret, former = give_app(cast.coordinator), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]
    call_command("reencrypt_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    app, codes = Authenticator.objects.filter(user=cast.coordinator).order_by("-type")
    assert kept_secret(app) == secret
    assert len(codes.wrap().get_unused_codes()) == 10


def test_nothing_is_encrypted_anew_without_the_former_key(cast, settings):
    give_app(cast.coordinator)
    settings.SECRET_KEY = "n" * 50
    with pytest.raises(CommandError, match="Inget är ändrat"):
        call_command("reencrypt_secrets")


def test_log_in_stops_at_the_second_step(in_two_steps, cast, log_in):
    secret = give_app(cast.coordinator)
    browser, answer = log_in(cast.coordinator, next="/deltaganden/")
    assert answer.headers["Location"].startswith(STEP_TWO)
    assert browser.get("/").headers["Location"].startswith("/konto/logga-in/")
    assert browser.get(STEP_TWO).status_code == 200
    assert browser.post(STEP_TWO, {"code": "000000x"}).status_code == 422
    done = browser.post(STEP_TWO, {"code": code_of(secret)})
    assert done.headers["Location"] == "/deltaganden/"
    assert browser.get("/admin/").status_code == 200


def test_a_code_opens_once(cast, log_in):
    secret = give_app(cast.editor)
    code = code_of(secret)
    for expected in (302, 422):
        browser, _ = log_in(cast.editor)
        assert browser.post(STEP_TWO, {"code": code}).status_code == expected


def test_a_recovery_code_opens_once(cast, log_in):
    give_app(cast.editor)
    codes = Authenticator.objects.get(user=cast.editor, type=Authenticator.Type.RECOVERY_CODES)
    code = codes.wrap().get_unused_codes()[0]
    for expected in (302, 422):
        browser, _ = log_in(cast.editor)
        assert browser.post(STEP_TWO, {"code": code}).status_code == expected


def test_a_session_from_before_must_confirm_and_may_not_take_the_step_away(in_two_steps, cast, log_in):
    """A thief's session, begun before there was a second step, gets no further than to be asked for it."""
    thief, _ = log_in(cast.coordinator)
    secret = give_app(cast.coordinator)
    for address in ("/", SET_UP, "/konto/tvasteg/app/ta-bort/", "/konto/inloggningar/"):
        assert thief.get(address).headers["Location"].startswith("/konto/bekrafta/kod/?next=")
    confirmed(thief)
    assert thief.get("/").headers["Location"].startswith("/konto/bekrafta/kod/")
    answer = thief.post("/konto/bekrafta/kod/", {"code": code_of(secret), "next": "/deltaganden/"})
    assert answer.headers["Location"] == "/deltaganden/"
    assert thief.get("/deltaganden/").status_code == 200


def test_a_coordinator_takes_away_the_second_step_of_one_who_lost_it(cast, client_for, log_in):
    give_app(cast.editor)
    theirs = client_for(cast.editor)
    theirs.get("/konto/")
    answer = client_for(cast.coordinator).post(
        "/admin/accounts/user/", {"action": "remove_second_steps", "_selected_action": [cast.editor.pk]}
    )
    assert answer.status_code == 302
    assert theirs.get("/").headers["Location"].startswith("/konto/logga-in/")
    assert log_in(cast.editor)[1].headers["Location"] == "/"
    assert LogEntry.objects.get().object_id == str(cast.editor.pk)


def test_the_app_is_taken_away_after_the_password(cast, log_in):
    secret = give_app(cast.editor)
    browser, _ = log_in(cast.editor)
    browser.post(STEP_TWO, {"code": code_of(secret)})
    assert browser.get("/konto/tvasteg/app/ta-bort/").headers["Location"].startswith("/konto/bekrafta/")
    confirmed(browser).post("/konto/tvasteg/app/ta-bort/")
    assert not Authenticator.objects.filter(user=cast.editor).exists()


@pytest.mark.parametrize("address", ["namn", "ta-bort"])
def test_a_key_of_another_is_not_found(cast, log_in, address):
    key = Authenticator.objects.create(
        user=cast.stranger, type=Authenticator.Type.WEBAUTHN, data={"name": "Fjärdhult"}
    )
    browser, _ = log_in(cast.editor)
    confirmed(browser)
    assert browser.get(f"/konto/tvasteg/nycklar/{key.pk}/{address}/").status_code == 404
    assert browser.post(f"/konto/tvasteg/nycklar/{key.pk}/{address}/", {"name": "Min"}).status_code == 404
