"""allauth's adapter: accounts are made by invitation, never by signing up; guessing is slowed down."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.core.exceptions import ValidationError

from sbs_portal.accounts.sessions import forget_ended_log_ins

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "För många försök. Vänta fem minuter och försök igen.",
        "rate_limited": "För många försök. Vänta fem minuter och försök igen.",
    }

    def is_open_for_signup(self, request):
        return False

    def populate_username(self, request, user):
        """Nothing to fill in: the e-mail address is the log-in name."""

    def login(self, request, user):
        forget_ended_log_ins()
        super().login(request, user)

    def pre_authenticate(self, request, **credentials):
        """Too many failures of late, of the account or from the address: not even the right password is tried."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            logger.warning("Log-in throttled.")
            raise ImmediateHttpResponse(respond_429(request)) from error

    def authentication_failed(self, request, **credentials):
        logger.warning("Log-in refused.")
