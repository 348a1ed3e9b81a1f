"""allauth's forms in our words."""

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

CODE = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "maxlength": 20}
)
NAME = "Namn på nyckeln"


class CodeMixin:
    """A code from the app, written by hand or filled in by the device."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Kod"
        self.fields["code"].widget = CODE
        self.fields["code"].error_messages["required"] = "Skriv koden."


class CodeForm(CodeMixin, AuthenticateForm):
    """The second step of log-in."""


class ConfirmCodeForm(CodeMixin, ReauthenticateForm):
    """The same, to confirm who one is."""


class AppForm(CodeMixin, ActivateTOTPForm):
    """An app is proved by the code it shows."""


class AddKeyForm(AddWebAuthnForm):
    """A key is made by the browser (passkey.js); it opens the portal without a password where the device can."""

    name = forms.CharField(label=NAME, max_length=60, required=False, help_text="Till exempel Jobbtelefonen.")
    passwordless = None


class RenameKeyForm(EditWebAuthnForm):
    name = forms.CharField(label=NAME, max_length=60)


class ForgottenForm(ResetPasswordForm):
    """Asks for a link by mail, where the portal can send any."""

    def clean(self):
        if not settings.SENDS_MAIL:
            raise ValidationError(
                "Portalen kan inte skicka e-post. Be den som ger behörighet hos er om hjälp."
            )
        return super().clean()
