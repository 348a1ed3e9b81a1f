"""The demo command: repeatable, and telling who can log in."""

from io import StringIO

import pytest
from django.conf import global_settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from programmes.models import Participation
from sbs_portal.accounts.models import User
from sbs_portal.demo.accounts import ACCOUNTS, PASSWORD
from sbs_portal.demo.cases import uddevalla
from sbs_portal.scope import NATIONAL, bound
from tests.cases.reading import tables, the


def counts() -> dict[str, int]:
    with bound(NATIONAL):
        return {model._meta.label: model._base_manager.count() for model in tables()}


@pytest.fixture
def real_passwords(settings):
    """The demo is hashed as in the portal; other tests hash fast."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS


def run() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_a_second_run_adds_nothing(db, settings):
    settings.DEMO = True
    before = counts()
    run()
    assert counts() == before


def test_it_prints_every_account_the_password_and_uddevalla_on_its_day(db, settings):
    settings.DEMO = True
    said = run()
    page = the(Participation, huvudman__name=uddevalla.NAME).get_absolute_url()
    wanted = [account.email for account in ACCOUNTS] + [PASSWORD, f"{page}?datum=2018-04-23"]
    assert [each for each in wanted if each not in said] == []


def test_every_account_but_the_integration_logs_in_with_the_password(db, real_passwords):
    let_in = {
        account.name for account in ACCOUNTS if User.objects.get(email=account.email).check_password(PASSWORD)
    }
    assert let_in == {account.name for account in ACCOUNTS} - {"integration"}


def test_the_printed_password_opens_the_login_form(db, real_passwords):
    answer = Client().post(reverse("account_login"), {"login": "rektor@demo.example", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")


def test_only_the_invented_huvudman_is_marked_as_such(integration):
    fictional = {row["name"] for row in integration.rows("huvudman") if row["is_fictional"]}
    assert fictional == {"Exempelby kommun (påhittad)"}


def test_no_source_has_an_address_or_a_day_it_was_fetched(integration):
    assert {(row["address"], row["retrieved_on"]) for row in integration.rows("sources")} == {("", None)}


def test_no_huvudman_has_an_invented_organisationsnummer(integration):
    assert {row["organisation_number"] for row in integration.rows("huvudman")} == {None}


def test_no_unit_has_an_invented_code(integration):
    assert {row["unit_code"] for row in integration.rows("school-units")} == {None}
