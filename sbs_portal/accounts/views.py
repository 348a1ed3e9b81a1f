"""The account's own pages: what is in it, the second step, and where one is logged in."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.urls import reverse

from sbs_portal.accounts import second_step
from sbs_portal.accounts.sessions import end_log_in, end_log_ins, log_ins
from sbs_portal.web.sections import sections_for
from sbs_portal.web.views import PageView, ServiceView


class AccountView(PageView):
    """Mitt konto: name, password, the second step and log-ins. Others hang sections on the page ``account``."""

    title = "Mitt konto"
    template_name = "account/home.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            sections=sections_for("account", self.request, user),
            second_steps=_second_steps(user),
            second_step_required=second_step.is_required_of(user, self.scope),
            log_ins=log_ins(self.request),
            **kwargs,
        )


class SecondStepView(PageView):
    """The second step: the app, the keys and the recovery codes."""

    title = "Inloggning i två steg"
    template_name = "mfa/index.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            second_steps=_second_steps(self.request.user),
            second_step_required=second_step.is_required_of(self.request.user, self.scope),
            **kwargs,
        )


class LogInsView(PageView):
    """Mina inloggningar: where one is logged in."""

    title = "Mina inloggningar"
    template_name = "account/log_ins.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(log_ins=log_ins(self.request), **kwargs)


class LogInEndView(ServiceView):
    """End one log-in of one's own."""

    success_message = "Inloggningen är avslutad."

    def perform(self):
        try:
            end_log_in(user=self.request.user, pk=self.kwargs["pk"])
        except ObjectDoesNotExist as error:
            raise Http404 from error

    def get_success_url(self):
        return reverse("log_ins")


class LogInsEndView(ServiceView):
    """End every log-in but this one."""

    def perform(self):
        ended = end_log_ins(user=self.request.user, but=self.request.session.session_key)
        messages.success(
            self.request,
            f"{ended} {'annan inloggning är avslutad' if ended == 1 else 'andra inloggningar är avslutade'}.",
        )

    def get_success_url(self):
        return reverse("log_ins")


def _second_steps(user) -> dict:
    """The user's second steps by kind: the app, the keys in order, and the recovery codes with how many are left."""
    kinds = {}
    for authenticator in Authenticator.objects.filter(user=user).order_by("created_at"):
        kinds.setdefault(authenticator.type, []).append(authenticator)
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "app": kinds.get(Authenticator.Type.TOTP, [None])[0],
        "keys": kinds.get(Authenticator.Type.WEBAUTHN, []),
        "codes": codes[0] if codes else None,
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
        "any": bool(kinds),
    }
