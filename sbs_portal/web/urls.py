"""Addresses of the web's own pages and of log-in. Included at the root."""

from django.urls import include, path

from sbs_portal.web import pages

urlpatterns = [
    path("tillganglighet/", pages.AccessibilityView.as_view(), name="accessibility"),
    path("tillganglighet/skickad/", pages.AccessibilityReceiptView.as_view(), name="accessibility_receipt"),
    path("personuppgifter/", pages.PrivacyView.as_view(), name="privacy"),
    path("kakor/", pages.CookiesView.as_view(), name="cookies"),
    path("komponenter/", pages.ComponentsView.as_view(), name="components"),
    path("konto/", include("sbs_portal.web.account_urls")),
]
