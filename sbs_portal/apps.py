"""The composition root's own app: commands and what ties the apps together."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sbs_portal"
    label = "sbs_portal"
    verbose_name = "SBS-portalen"
