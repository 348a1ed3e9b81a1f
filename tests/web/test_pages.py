import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.test import Client

from sbs_portal.web import services
from sbs_portal.web.models import AccessibilityReport
from tests import factories

pytestmark = pytest.mark.django_db

STATEMENT = (
    "Exempelmyndigheten",
    "SBS-portalen",
    "delvis förenlig",
    "Innehåll som inte är tillgängligt",
    "(12 §)",
    "(9 §)",
    "Så har vi prövat portalen",
    "Senaste bedömningen gjordes",
    "Redogörelsen uppdaterades senast",
    'href="https://www.digg.se/tdosanmalan"',
)


@pytest.mark.parametrize("address", ["/tillganglighet/", "/personuppgifter/", "/kakor/", "/konto/logga-in/"])
def test_public_pages_need_no_log_in(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/komponenter/", "/konto/losenord/byt/"])
def test_other_pages_do(client, address):
    assert client.get(address).headers["Location"].startswith("/konto/logga-in/?next=")


def test_the_component_page_is_drawn(client_for):
    assert client_for(factories.make_user()).get("/komponenter/").status_code == 200


@pytest.mark.parametrize("words", STATEMENT)
def test_the_accessibility_statement_has_what_the_law_asks(client, words):
    assert words in client.get("/tillganglighet/").content.decode()


def test_a_report_is_kept_and_given_a_receipt(client):
    page = client.post(
        "/tillganglighet/", {"description": "Knappen läses inte upp.", "page": "/traffar/"}, follow=True
    )
    report = AccessibilityReport.objects.get()
    assert (report.description, report.page) == ("Knappen läses inte upp.", "/traffar/")
    assert f"nummer {report.reference}" in page.content.decode()


def test_a_report_without_a_description_is_sent_back_with_the_rest_kept(client):
    page = client.post("/tillganglighet/", {"description": " ", "page": "/traffar/"})
    assert (page.status_code, AccessibilityReport.objects.count()) == (422, 0)
    assert 'value="/traffar/"' in page.content.decode()


def test_a_receipt_shows_only_what_this_browser_sent(client):
    client.post("/tillganglighet/", {"description": "Min."})
    report = AccessibilityReport.objects.get()
    assert report.reference not in Client().get("/tillganglighet/skickad/").content.decode()


def test_too_many_reports_in_an_hour_are_refused(monkeypatch):
    monkeypatch.setattr(services, "REPORTS_PER_HOUR", 2)
    for _ in range(2):
        services.report_accessibility(description="Samma.")
    with pytest.raises(ValidationError, match="ovanligt många rapporter"):
        services.report_accessibility(description="En till.")


def test_an_answered_report_says_by_whom(db):
    user = factories.make_user()
    report = services.report_accessibility(description="Knappen läses inte upp.")
    services.answer_report(report=report, answer="Rättat.", by=user)
    report.refresh_from_db()
    assert (report.answer, report.handled_by, report.handled_at is None) == ("Rättat.", user, False)


def test_log_in_leads_on(client):
    user = factories.make_user()
    answer = client.post(
        "/konto/logga-in/?next=/kakor/", {"login": user.email, "password": factories.PASSWORD}
    )
    assert answer.headers["Location"] == "/kakor/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(client):
    user = factories.make_user()
    wrong = client.post("/konto/logga-in/", {"login": user.email, "password": "fel"})
    unknown = client.post("/konto/logga-in/", {"login": "ingen@example.se", "password": "fel"})
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "data-error-summary" in wrong.content.decode()


def test_no_one_signs_up(client):
    page = client.get("/konto/nytt/")
    assert "Du behöver en inbjudan" in page.content.decode()


def test_a_forgotten_password_is_answered_by_mail_with_a_link_that_works(client):
    user = factories.make_user()
    client.post("/konto/losenord/glomt/", {"email": user.email})
    (message,) = mail.outbox
    link = next(line for line in message.body.splitlines() if "/konto/losenord/nytt/" in line)
    page = client.get(link.split("testserver", 1)[1], follow=True)
    assert "Välj nytt lösenord" in message.subject
    assert "<h1>Välj nytt lösenord</h1>" in page.content.decode()


def test_an_address_without_account_gets_the_same_page_and_another_mail(client):
    known = client.post("/konto/losenord/glomt/", {"email": factories.make_user().email})
    unknown = client.post("/konto/losenord/glomt/", {"email": "ingen@example.se"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert "Det finns inget konto med den här adressen" in mail.outbox[1].subject


def test_log_out_takes_a_form(client_for):
    browser = client_for(factories.make_user())
    assert browser.get("/konto/logga-ut/").status_code == 200
    assert "_auth_user_id" in browser.session
    assert browser.post("/konto/logga-ut/").headers["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("lost", [OperationalError, InterfaceError])
def test_while_the_database_does_not_answer_the_page_says_that_it_will(client_for, monkeypatch, lost):
    def read(*_, **__):
        raise lost("server closed the connection")

    client = client_for(factories.make_user())
    client.raise_request_exception = False
    monkeypatch.setattr("seminars.views.start.work_of", read)
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Databasen går inte att nå." in answer.content.decode()


def test_a_page_that_does_not_exist_says_so_in_the_portals_own_frame(client_for):
    page = client_for(factories.make_user()).get("/finns-inte/")
    assert (page.status_code, "Sidan finns inte" in page.content.decode()) == (404, True)


@pytest.mark.parametrize("up", ["../", "%2e%2e/", "..%2f", "..\\", "%5c..%5c", "....//", "%252e%252e/"])
@pytest.mark.parametrize("place", ["/static/", "/static/sbs/css/", "/", "/utvecklare/"])
def test_no_address_leads_out_of_what_is_served(client, db, place, up):
    for file in ("manage.py", "sbs_portal/settings.py", "etc/passwd"):
        answer = client.get(place + up * 4 + file)
        assert answer.status_code in (302, 400, 404), (place, up, file)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert not any(said in body for said in (b"DJANGO_SETTINGS_MODULE", b"INSTALLED_APPS", b"root:"))
