"""Process-leader meetings and seminars: who came, what was decided, what came of it."""

from django.apps import AppConfig


class SeminarsConfig(AppConfig):
    name = "seminars"
    verbose_name = "Träffar och seminarier"
