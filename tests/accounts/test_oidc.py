"""Log-in by a kommun's own provider, against one in the test's own process."""

import base64
import hashlib
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from sbs_portal import config
from sbs_portal.accounts.models import User
from tests import factories
from tests.accounts.conftest import give_app
from tests.accounts.provider import LocalProvider

pytestmark = pytest.mark.django_db

START, ANSWER = "/konto/logga-in/via/granby/", "/konto/logga-in/via/granby/svar/"
EMAIL = "edit@granby.example"


@pytest.fixture(scope="module")
def served():
    provider = LocalProvider()
    yield provider
    provider.close()


@pytest.fixture
def provider(served, settings):
    """Granby's provider, trusted for granby.example."""
    served.signing_key, served.algorithm = served.key, "ES256"
    served.described_issuer, served.userinfo, served.asked = served.issuer, {}, []
    settings.OIDC_PROVIDERS = (
        config.Provider(
            "granby",
            "Granby kommun",
            served.issuer,
            served.client_id,
            served.client_secret,
            frozenset({"granby.example"}),
        ),
        config.Provider("almby", "Almby kommun", served.issuer, "annan", "x", frozenset({"almby.example"})),
    )
    return served


@pytest.fixture
def user():
    return factories.make_user(EMAIL)


def begin(browser, address: str = START) -> dict:
    """Off to the provider: what the portal asks of it."""
    return {
        name: value[0]
        for name, value in parse_qs(urlsplit(browser.get(address).headers["Location"]).query).items()
    }


def log_in(provider, *, state: str | None = None, begun: str = START, **claims):
    """The whole way; the browser and where it ended."""
    browser = Client()
    asked = begin(browser, begun)
    claims = {"email": EMAIL} | claims
    provider.prove(claims.pop("nonce", asked["nonce"]), **claims)
    return browser, browser.get(ANSWER, {"code": "kod", "state": state or asked["state"]})


def is_in(browser) -> bool:
    return browser.get("/kakor/").context["user"].is_authenticated


def test_the_log_in_page_offers_each(provider, client):
    page = client.get("/konto/logga-in/?next=/traffar/").content.decode()
    assert "Logga in med Granby kommun" in page
    assert 'href="/konto/logga-in/via/almby/?next=%2Ftraffar%2F"' in page


def test_an_account_is_opened_by_its_verified_address(provider, user):
    browser, answer = log_in(provider, begun=f"{START}?next=/traffar/")
    assert answer.headers["Location"] == "/traffar/"
    assert is_in(browser)
    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)


def test_the_code_is_asked_for_with_the_proofs(provider, user):
    browser = Client()
    asked = begin(browser)
    provider.prove(asked["nonce"], email=EMAIL)
    browser.get(ANSWER, {"code": "kod", "state": asked["state"]})
    form, authorization = next((form, header) for path, form, header in provider.asked if path == "/token")
    verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
    assert form["redirect_uri"] == asked["redirect_uri"] == f"http://testserver{ANSWER}"
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"portalen:mycket-hemligt"


def test_no_place_of_the_description_is_a_file_or_unencrypted(provider, user, monkeypatch):
    described = provider.answer_to

    def answered(path):
        found = described(path)
        return (
            found | {"userinfo_endpoint": "file:///etc/hostname"} if "userinfo_endpoint" in found else found
        )

    monkeypatch.setattr(provider, "answer_to", answered)
    browser = Client()
    assert browser.get(START).headers["Location"] == "/konto/logga-in/"


def test_the_address_may_come_from_userinfo_about_the_same_person(provider, user):
    provider.userinfo = {"sub": "person-1", "email": EMAIL.upper(), "email_verified": True}
    assert is_in(log_in(provider, email=None, email_verified=None)[0])
    provider.userinfo["sub"] = "person-2"
    assert not is_in(log_in(provider, email=None, email_verified=None)[0])


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "okand@granby.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "edit@almby.example"},
        {"email": "edit@granby.example.ond.example"},
        {"email": "edit@almby.example@granby.example"},
        {"email": ["edit@granby.example"]},
    ],
)
def test_what_opens_no_account(provider, user, claims):
    factories.make_user("edit@almby.example")
    accounts = User.objects.count()
    browser, answer = log_in(provider, **claims)
    assert answer.headers["Location"] == "/konto/logga-in/"
    assert "öppnar inget konto här" in browser.get("/konto/logga-in/").content.decode()
    assert (is_in(browser), User.objects.count()) == (False, accounts)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://ond.example"},
        {"aud": "annan"},
        {"azp": "annan"},
        {"nonce": "en annans"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"state": "en annans"},
    ],
)
def test_what_proves_nothing(provider, user, claims):
    browser, answer = log_in(provider, **claims)
    assert answer.headers["Location"] == "/konto/logga-in/"
    assert "Det gick inte att logga in med Granby kommun" in browser.get("/konto/logga-in/").content.decode()
    assert not is_in(browser)


def test_a_token_signed_by_another_proves_nothing(provider, user):
    provider.signing_key = ec.generate_private_key(ec.SECP256R1())
    assert not is_in(log_in(provider)[0])


@pytest.mark.parametrize(("algorithm", "key"), [("none", ""), ("HS256", "x" * 32)])
def test_a_token_signed_by_no_key_of_the_providers_proves_nothing(provider, user, algorithm, key):
    provider.algorithm, provider.signing_key = algorithm, key
    assert not is_in(log_in(provider)[0])


def test_a_description_of_another_issuer_is_not_followed(provider, user):
    provider.described_issuer = "https://ond.example"
    answer = Client().get(START)
    assert answer.headers["Location"] == "/konto/logga-in/"


def test_an_answer_counts_once_and_for_its_own_provider(provider, user):
    browser = Client()
    asked = begin(browser)
    provider.prove(asked["nonce"], email=EMAIL)
    answer = {"code": "kod", "state": asked["state"]}
    browser.get("/konto/logga-in/via/almby/svar/", answer)
    browser.get(ANSWER, answer)
    assert not is_in(browser)


def test_an_answer_nobody_asked_for_proves_nothing(provider, user):
    browser = Client()
    assert browser.get(ANSWER, {"code": "kod", "state": "x"}).headers["Location"] == "/konto/logga-in/"
    assert not is_in(browser)


def test_a_closed_account_stays_closed(provider, user):
    user.is_active = False
    user.save()
    browser, answer = log_in(provider)
    assert (answer.headers["Location"], is_in(browser)) == ("/konto/inaktivt/", False)


def test_the_portals_own_second_step_is_asked_all_the_same(provider, user):
    give_app(user)
    browser, answer = log_in(provider, amr=["mfa"])
    assert answer.headers["Location"].startswith("/konto/logga-in/steg-tva/")
    assert not is_in(browser)


@pytest.mark.parametrize("elsewhere", ["https://ond.example/", "//ond.example/"])
def test_it_leads_nowhere_else(provider, user, elsewhere):
    assert log_in(provider, begun=f"{START}?next={elsewhere}")[1].headers["Location"] == "/"


def test_an_unknown_provider_is_not_found(provider, client):
    assert client.get("/konto/logga-in/via/okand/").status_code == 404


def test_refusals_are_logged_without_who(provider, user, caplog):
    log_in(provider, email="okand@granby.example")
    log_in(provider, nonce="en annans")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("sbs_portal")]
    assert ours == ["Log-in by a provider: no account.", "Log-in by a provider: the token: another nonce."]


DOMAINS, EVERY = '["a.example"]', '["*"]'
ONE = '{"id": "a", "name": "A", "issuer": "https://a.example", "client_id": "x", "client_secret": "tyst", "domains": ["a.example"]}'


def test_providers_are_read(monkeypatch):
    monkeypatch.setenv("SBS_OIDC", f"[{ONE}]")
    (provider,) = config.providers("SBS_OIDC")
    assert (provider.issuer, provider.domains) == ("https://a.example", {"a.example"})
    assert "tyst" not in repr(provider)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("tyst", "no JSON"),
        (ONE, "must be a JSON list"),
        (f"[{ONE}, {ONE}]", "same id"),
        (f"[{ONE.replace('https:', 'http:')}]", "https address"),
        (f"[{ONE.replace(DOMAINS, '[]')}]", "domains of a"),
        (f"[{ONE.replace(DOMAINS, EVERY)}]", "domains of a"),
    ],
)
def test_providers_that_cannot_be_used_are_told_without_their_secrets(monkeypatch, written, says):
    monkeypatch.setenv("SBS_OIDC", written)
    with pytest.raises(ImproperlyConfigured, match="SBS_OIDC") as told:
        config.providers("SBS_OIDC")
    assert says in str(told.value)
    assert "tyst" not in str(told.value)
