"""The register: huvudmän, units, people, school calendars and who has access."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Register"
