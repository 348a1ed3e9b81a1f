"""The web's common ground: pages' frame, components, forms, tables, base views."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sbs_portal.web"
    label = "web"
    verbose_name = "Webb"
