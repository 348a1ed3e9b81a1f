"""Passwords: changed, forgotten, first chosen."""

import pytest
from django.core import mail
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

FORGOTTEN = "/konto/losenord/glomt/"
NEW = "Granris-vid-sjön-88"


def link_in(message) -> str:
    line = next(line for line in message.body.splitlines() if "/konto/losenord/nytt/" in line)
    return line.strip().removeprefix("http://testserver")


def choose(link: str, password: str = NEW):
    browser = Client()
    form = browser.get(link, follow=True)
    return browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_the_answer_is_the_same_whoever_it_is():
    closed = factories.make_user(is_active=False)
    answers = []
    for email in (factories.make_user().email, "ingen@example.se", closed.email):
        browser = Client()
        answer = browser.post(FORGOTTEN, {"email": email})
        page = browser.get(answer.headers["Location"])
        key = page.context["csrf_token"]
        words = page.content.decode().replace(str(key), "")
        answers.append((answer.status_code, answer.headers["Location"], words))
    assert answers[0] == answers[1] == answers[2]
    assert [len(message.to) for message in mail.outbox] == [1, 1, 1]


def test_a_link_opens_once_and_ends_every_log_in(client_for):
    user = factories.make_user()
    browser = client_for(user)
    Client().post(FORGOTTEN, {"email": user.email})
    link = link_in(mail.outbox[0])
    assert choose(link).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert browser.get("/").headers["Location"].startswith("/konto/logga-in/")
    assert "gäller inte längre" in Client().get(link, follow=True).content.decode()


def test_an_account_without_a_password_chooses_its_first():
    user = factories.make_user()
    user.set_unusable_password()
    user.save()
    Client().post(FORGOTTEN, {"email": user.email})
    choose(link_in(mail.outbox[0]))
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Kort-1", "minst 10 tecken"),
        ("9182736455463", "numeriskt"),
        ("password123", "alldeles för vanligt"),
    ],
)
def test_a_weak_password_is_refused_in_swedish(password, says):
    user = factories.make_user()
    Client().post(FORGOTTEN, {"email": user.email})
    answer = choose(link_in(mail.outbox[0]), password)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_without_mail_the_page_says_whom_to_ask(settings):
    settings.SENDS_MAIL = False
    page = Client().get(FORGOTTEN).content.decode()
    assert "kan inte skicka e-post" in page
    assert settings.CONTACT_EMAIL in page
    assert Client().post(FORGOTTEN, {"email": factories.make_user().email}).status_code == 422
    assert mail.outbox == []


def test_the_link_is_never_to_a_host_of_the_askers_choice():
    user = factories.make_user()
    assert Client(headers={"host": "ond.example"}).post(FORGOTTEN, {"email": user.email}).status_code == 400
    Client(headers={"x-forwarded-host": "ond.example"}).post(FORGOTTEN, {"email": user.email})
    assert "ond.example" not in mail.outbox[0].body


def test_asking_again_and_again_is_throttled():
    user = factories.make_user()
    answers = [Client().post(FORGOTTEN, {"email": user.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_changing_it_takes_the_old_one(client_for):
    browser = client_for(factories.make_user())
    answer = browser.post("/konto/losenord/byt/", {"oldpassword": "fel", "password1": NEW, "password2": NEW})
    assert answer.status_code == 422
