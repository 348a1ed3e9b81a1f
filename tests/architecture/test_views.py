"""Views: who gets in, and what they are built on. Templates: nothing that the content policy would stop."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.views.generic import View

from sbs_portal.api.views import Bound, ReadViewSet
from sbs_portal.api_urls import RESOURCES
from sbs_portal.config import BASE_DIR
from sbs_portal.db.security import DOMAIN_APPS
from sbs_portal.web.model_admin import ScopedModelAdmin
from sbs_portal.web.views import PageMixin

OURS = ("sbs_portal.", "schools.", "programmes.", "seminars.")
# Pages for those who are not logged in, and what machines ask for.
PUBLIC = {
    "healthz",
    "readyz",
    "accessibility",
    "accessibility_receipt",
    "privacy",
    "cookies",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "provider_answer",
    "provider_start",
    "admin:login",
    "admin:jsi18n",
    "calendar_feed",
    "invitation",
    "api:root",
    "api:start",
    "api:docs",
    "api:api-info",
    "developers",
    "developers_problems",
    "developers_resource",
    "api:openapi",
    "api:problem",
    "api:not-found",
}
# Admin classes of tables that are under no scope: accounts, keys, access and reports.
UNSCOPED_ADMINS = {"AccessAdmin", "AccessibilityReportAdmin", "ApiTokenAdmin", "UserAdmin"}
SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000001", "int": "1", "slug": "a", "str": "a", "path": "1"}


def patterns(found=None, prefix="", namespace=""):
    """Every address as (name with namespace, a path it answers to, its view)."""
    for pattern in (found or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or pattern.lookup_str}"
            yield name, "/" + prefix + sample(pattern.pattern), pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, prefix + sample(pattern.pattern), inner)


def sample(pattern) -> str:
    """A path the pattern matches."""
    route = str(pattern)
    if hasattr(pattern, "_route"):
        return re.sub(
            r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", SAMPLES["slug"]), route
        )
    route = re.sub(r"\(\?P<uidb36>[^)]*\)-\(\?P<key>[^)]*\)", "a-b", route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", SAMPLES["uuid"], route)
    return re.sub(r"[\^$\\?]|/\?$", "", route.replace("/?$", ""))


@pytest.mark.django_db
def test_everything_needs_a_log_in_but_the_public_pages():
    client, open_to_all = Client(raise_request_exception=False), set()
    for name, path, _ in patterns():
        answers = {client.get(path).status_code, client.post(path).status_code}
        if not answers <= {302, 401, 405}:
            open_to_all.add(name)
        elif 302 in answers:
            where = client.get(path).headers.get("Location", "") + client.post(path).headers.get(
                "Location", ""
            )
            if "/konto/logga-in/" not in where and "/admin/login/" not in where:
                open_to_all.add(name)
    assert open_to_all - PUBLIC == set()


def test_every_resource_derives_from_the_apis_base():
    assert [name for name, view in RESOURCES if not issubclass(view, ReadViewSet)] == []
    strays = [
        name
        for name, _, view in patterns()
        if name.startswith("api:")
        and name not in PUBLIC
        and not issubclass(getattr(view, "cls", object), Bound)
    ]
    assert strays == []


def test_every_page_derives_from_the_pages_base():
    strays = [
        name
        for name, _, view in patterns()
        if (view_class := getattr(view, "view_class", None)) is not None
        and issubclass(view_class, View)
        and view_class.__module__.startswith(OURS)
        and not issubclass(view_class, PageMixin)
        and not name.startswith("api:")
    ]
    assert strays == []


def test_every_admin_stays_within_scope():
    strays = {
        type(model_admin).__name__
        for model, model_admin in admin.site._registry.items()
        if model._meta.app_label in DOMAIN_APPS and not isinstance(model_admin, ScopedModelAdmin)
    }
    assert strays - UNSCOPED_ADMINS == set()


TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html")) + sorted(
    path
    for folder in ("sbs_portal", "schools", "programmes", "seminars")
    for path in (BASE_DIR / folder).rglob("*.html")
)
INLINE = {
    "a style attribute": re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE),
    "an event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "a script address": re.compile(r"""(href|src)\s*=\s*["']javascript:""", re.IGNORECASE),
}


def inline_parts(source: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(source)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_templates_hold_no_inline_style_or_script(path):
    assert inline_parts(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<a href='#' onclick='x()'>",
        "<style>p {}</style>",
        "<script>x()</script>",
        '<a href="javascript:x()">',
    ],
)
def test_inline_parts_are_seen(source):
    assert len(inline_parts(source)) == 1
