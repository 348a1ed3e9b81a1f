"""The account's own pages: what is in it, the second step, where one is logged in; log-in by a provider."""

import logging

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views import View

from sbs_portal.accounts import oidc, second_step
from sbs_portal.accounts.sessions import end_log_in, end_log_ins, log_ins
from sbs_portal.web.sections import sections_for
from sbs_portal.web.views import PageMixin, PageView, ServiceView

logger = logging.getLogger(__name__)


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


class ProviderMixin(PageMixin):
    """A provider one may log in by; whatever goes wrong is told on the log-in page."""

    takes_date = False

    @property
    def provider(self):
        for provider in oidc.providers():
            if provider.id == self.kwargs["provider"]:
                return provider
        raise Http404

    @property
    def return_to(self) -> str:
        address = reverse("provider_answer", args=[self.provider.id])
        return self.request.build_absolute_uri(address)

    def turned_away(self, error, words: str) -> HttpResponseRedirect:
        logger.warning("Log-in by a provider: %s.", error)
        messages.error(self.request, words)
        return HttpResponseRedirect(reverse("account_login"))

    def failed(self, error) -> HttpResponseRedirect:
        return self.turned_away(
            error, f"Det gick inte att logga in med {self.provider.name}. Försök igen, eller logga in här."
        )


class ProviderStartView(ProviderMixin, View):
    """Off to the provider."""

    def get(self, request, *args, **kwargs):
        next_url = get_next_redirect_url(request) or ""
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_url or reverse("start"))
        try:
            address = oidc.start(request.session, self.provider, return_to=self.return_to, next_url=next_url)
        except oidc.LogInFailed as error:
            return self.failed(error)
        return HttpResponseRedirect(address)


class ProviderAnswerView(ProviderMixin, View):
    """Back from the provider: in, on to the second step, or told why not."""

    def get(self, request, *args, **kwargs):
        provider = self.provider
        try:
            user, next_url = oidc.finish(request.session, provider, request.GET, return_to=self.return_to)
        except oidc.LogInFailed as error:
            return self.failed(error)
        except oidc.NotLetIn as error:
            return self.turned_away(
                error,
                f"Ditt konto hos {provider.name} öppnar inget konto här. Den som ger behörighet hos er kan bjuda in dig.",
            )
        record_authentication(request, user, "provider", provider=provider.id)
        return perform_login(request, user, redirect_url=next_url or None)


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
