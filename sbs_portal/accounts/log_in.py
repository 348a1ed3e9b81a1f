"""What every request begins with: its session and its account, by Django's rules and by questions that are kept."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.db.questions import Given, Question, kept


def _of_key() -> Question:
    until = Given("now", DateTimeField())
    return Question(Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=until))


def _of_id() -> Question:
    return Question(User.objects.filter(pk=Given("id", BigIntegerField())))


class SessionStore(DatabaseStore):
    """Sessions in the database, as Django keeps them."""

    def _get_session_from_db(self):
        for session in kept("session", _of_key).asked(key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None


class AuthenticationBackend(AllauthBackend):
    """allauth's, with one question less to put together."""

    def get_user(self, user_id):
        for user in kept("account", _of_id).asked(id=user_id):
            return user if self.user_can_authenticate(user) else None
        return None
