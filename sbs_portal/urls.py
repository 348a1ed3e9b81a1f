"""All addresses: the composition root."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from sbs_portal import health
from sbs_portal.web import errors

# One log-in for all: throttled, in two steps where asked.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("sbs_portal.api_urls")),
    path("utvecklare/", include("sbs_portal.api.page_urls")),
    path("admin/", admin.site.urls),
    path("", include("seminars.urls")),
    path("", include("programmes.urls")),
    path("", include("schools.urls")),
    path("", include("sbs_portal.audit.urls")),
    path("", include("sbs_portal.lists.urls")),
    path("", include("sbs_portal.search.urls")),
    path("", include("sbs_portal.web.urls")),
]

handler400 = errors.handler400
handler403 = errors.handler403
handler404 = errors.handler404
handler429 = errors.handler429
handler500 = errors.handler500
