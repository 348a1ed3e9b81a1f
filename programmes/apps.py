"""Programmes: participations, their units, phases, support and agreements."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Deltaganden"
