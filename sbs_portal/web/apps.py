"""The web's common ground: pages' frame, components, forms, tables, base views."""

from django.apps import AppConfig
from django.contrib import admin

from sbs_portal.web.navigation import register_item


class WebConfig(AppConfig):
    name = "sbs_portal.web"
    label = "web"
    verbose_name = "Webb"

    def ready(self):
        register_item(
            name="admin",
            title="Admin",
            url_name="admin:index",
            order=90,
            visible=lambda request: admin.site.has_permission(request),
            seldom=True,
        )
