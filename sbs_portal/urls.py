"""All addresses: the composition root."""

from django.contrib import admin
from django.urls import include, path

from sbs_portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("sbs_portal.api_urls")),
    path("admin/", admin.site.urls),
    path("", include("sbs_portal.audit.urls")),
    path("", include("sbs_portal.web.urls")),
]
