"""Logging in as people do, and the codes an app would show."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from sbs_portal.accounts.second_step import MfaAdapter
from tests import factories


@pytest.fixture
def in_two_steps(settings):
    """The second step is demanded of those who reach the whole country or the admin."""
    settings.REQUIRE_SECOND_STEP = True


@pytest.fixture
def log_in():
    """log_in(user, password=…, client=…, next=…) → the browser and the answer to the log-in form."""

    def log_in(user, password=factories.PASSWORD, client=None, **query):
        browser = client or Client()
        form = {"login": user.email, "password": password} | query
        return browser, browser.post("/konto/logga-in/", form)

    return log_in


def code_of(secret: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(user) -> str:
    """An app for the user; its secret. Recovery codes come with it."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def kept_secret(authenticator) -> str:
    return MfaAdapter().decrypt(authenticator.data["secret"])
