"""Mina inloggningar: seen in words, ended one by one and all at once; a closed account is out."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from sbs_portal.accounts.sessions import device_in_words
from tests import factories

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)
PAGE = "/konto/inloggningar/"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Safari på Iphone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox på Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge på Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome på Android",
        ),
        ("", "Okänd webbläsare"),
    ],
)
def test_a_device_in_words(user_agent, words):
    assert device_in_words(user_agent) == words


@pytest.fixture
def two(cast, log_in):
    """The editor logged in at work and on the phone."""
    return log_in(cast.editor)[0], log_in(cast.editor, client=Client(headers={"user-agent": PHONE}))[0]


def is_in(browser) -> bool:
    return browser.get("/kakor/").context["user"].is_authenticated


def test_this_one_is_marked_and_comes_first(two):
    work, _ = two
    assert [(one.device, one.current) for one in work.get(PAGE).context["log_ins"]] == [
        ("Okänd webbläsare", True),
        ("Safari på Iphone", False),
    ]


def test_one_is_ended(two):
    work, phone = two
    other = work.get(PAGE).context["log_ins"][1]
    work.post(f"{PAGE}{other.pk}/avsluta/")
    assert (is_in(work), is_in(phone)) == (True, False)


def test_all_others_are_ended(two):
    work, phone = two
    work.post(f"{PAGE}avsluta/")
    assert (is_in(work), is_in(phone)) == (True, False)


def test_another_users_is_not_found(two, cast, log_in):
    stranger, _ = log_in(cast.stranger)
    theirs = two[0].get(PAGE).context["log_ins"][0]
    assert stranger.post(f"{PAGE}{theirs.pk}/avsluta/").status_code == 404
    assert is_in(two[0])


def test_a_new_password_ends_the_others(two):
    work, phone = two
    new = "Granris-vid-sjön-88"
    answer = work.post(
        "/konto/losenord/byt/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert (is_in(work), is_in(phone)) == (True, False)
    assert len(work.get(PAGE).context["log_ins"]) == 1


def test_a_closed_account_is_out_at_once(two, cast, client_for):
    cast.editor.is_active = False
    cast.editor.save()
    assert [is_in(browser) for browser in two] == [False, False]


def test_an_account_that_is_opened_again_does_not_come_back_to_its_sessions(two, cast, client_for):
    coordinator, page = client_for(cast.coordinator), f"/behorighet/konton/{cast.editor.uuid}/"
    assert coordinator.post(f"{page}stang-av/", {"reason": "Tappad telefon"}).status_code == 302
    assert coordinator.post(f"{page}oppna/").status_code == 302
    assert [is_in(browser) for browser in two] == [False, False]


def test_nothing_is_kept_of_a_log_in_that_has_run_out(two, cast, log_in):
    Session.objects.update(expire_date=timezone.now())
    log_in(cast.stranger)
    assert [session.user for session in UserSession.objects.all()] == [cast.stranger]
    assert Session.objects.count() == 1


def test_my_account_ties_it_together(two):
    page = two[0].get("/konto/").content.decode()
    for address in ("/konto/losenord/byt/", "/konto/tvasteg/", "avsluta/"):
        assert address in page
