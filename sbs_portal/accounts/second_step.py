"""The second step of log-in: who must take it, whether this session has, and allauth's adapter for it.

Whoever reaches the whole country or the admin proves who they are in two steps (settings.REQUIRE_SECOND_STEP).
Without it they are led to set it up, or to confirm, before they see anything.
"""

import base64
import hashlib
import re
from io import BytesIO
from urllib.parse import urlencode

import qrcode
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.urls import reverse
from qrcode.image.svg import SvgPathFillImage

from sbs_portal.accounts.sessions import end_log_ins

FIRST_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What is open on the way to the second step, and what concerns nobody's data.
ON_THE_WAY = re.compile(
    r"^/(konto/(logga-in|logga-ut|bekrafta)/|healthz$|readyz$|static/|tillganglighet/|personuppgifter/|kakor/)"
)
# What allauth keeps encrypted of an app and of recovery codes.
SECRETS = {"secret", "seed", "migrated_codes"}
SETTING_UP = re.compile(r"^/konto/tvasteg/")


def is_required_of(user, scope) -> bool:
    """Whether the user must log in by two steps: whoever reaches the whole country or the admin."""
    return settings.REQUIRE_SECOND_STEP and user.is_authenticated and (scope.national or user.is_staff)


def is_set_up(user: str = "user_id") -> Exists:
    """Whether the account whose id is in the field ``user`` of a row has a second step, as an annotation."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user), type__in=FIRST_FACTORS))


def is_taken(request) -> bool:
    """Whether this session proved who it is by a second step."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def is_missing(request, scope) -> bool:
    """Whether the user must take a second step that this session has not taken. Asks the database nothing."""
    return is_required_of(request.user, scope) and not is_taken(request)


class SecondStepMiddleware:
    """Leads to the second step whoever must take it and has not, whatever was asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        scope = getattr(request, "scope", None)
        if scope is None or ON_THE_WAY.match(request.path) or not is_missing(request, scope):
            return self.get_response(request)
        types = set(
            Authenticator.objects.filter(user=request.user, type__in=FIRST_FACTORS).values_list(
                "type", flat=True
            )
        )
        if not types:
            if SETTING_UP.match(request.path):
                return self.get_response(request)
            return HttpResponseRedirect(reverse("mfa_index"))
        confirm = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
        way_back = (
            urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}) if request.method == "GET" else ""
        )
        return HttpResponseRedirect(f"{reverse(confirm)}?{way_back}")


@receiver(signals.authenticator_added)
def note_set_up(sender, request, user, authenticator, **kwargs):
    """Setting a step up proves it: the session need not take it at once again."""
    if authenticator.type in FIRST_FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def remove_second_steps(user) -> None:
    """Take every second step away, for someone who lost them all, and end their sessions."""
    Authenticator.objects.filter(user=user).delete()
    end_log_ins(user=user)


def reencrypt_secrets() -> int:
    """Keep every code secret under the present SECRET_KEY; how many accounts' steps that were.

    Raises ImproperlyConfigured for one that neither the key nor SECRET_KEY_FALLBACKS opens; then nothing is changed.
    """
    adapter, count = MfaAdapter(), 0
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(type__in=("totp", "recovery_codes"))
        for authenticator in kept.order_by("pk"):
            for name in SECRETS & authenticator.data.keys():
                found = authenticator.data[name]
                authenticator.data[name] = (
                    [adapter.encrypt(adapter.decrypt(one)) for one in found]
                    if isinstance(found, list)
                    else adapter.encrypt(adapter.decrypt(found))
                )
            authenticator.save(update_fields=["data"])
            count += 1
    return count


class MfaAdapter(DefaultMFAAdapter):
    """Swedish words, our name in the app, and secrets that a copy of the database does not give away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Du kan inte ta bort det andra steget.",
        "cannot_generate_recovery_codes": "Lägg först in en app eller en inloggningsnyckel.",
        "incorrect_code": "Koden stämmer inte. Skriv den som appen visar just nu.",
        "unverified_email": "E-postadressen är inte bekräftad.",
    }

    def get_totp_issuer(self):
        return "SBS-portalen"

    def build_totp_svg(self, url):
        """Dark on white, in both themes."""
        buffer = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode()

    def generate_authenticator_name(self, user, type):
        return f"Nyckel {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text):
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured("A second step was kept under another SECRET_KEY.") from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"sbs second step " + key.encode()).digest()))
        for key in keys
    )
