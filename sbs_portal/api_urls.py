"""Addresses under /api/ (composition root: included by the project's urls as ``path("api/", include(…))``)."""

from django.urls import URLResolver, path, re_path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern
from django.views.generic import RedirectView
from rest_framework.routers import Route, SimpleRouter

from programmes.api import urls as programmes
from sbs_portal.api.about import ApiInfo, Root, problem_kind
from sbs_portal.api.errors import not_found
from sbs_portal.api.schema import OpenApi
from sbs_portal.audit.api import urls as audit
from sbs_portal.lists.api import urls as lists
from sbs_portal.search.api import SearchView
from schools.access import api as access
from schools.api import urls as schools
from seminars.api import urls as seminars

app_name = "api"

# Every app's resources: import ``ROUTES as …`` from its api.urls above and add ``*…`` here.
RESOURCES = (
    *access.ROUTES,
    *schools.ROUTES,
    *programmes.ROUTES,
    *seminars.ROUTES,
    *audit.ROUTES,
    *lists.ROUTES,
)


class Router(SimpleRouter):
    """Addresses without a slash at the end; with one they lead to the same place. Beside DRF's, ``…/bulk``."""

    routes = [
        *SimpleRouter.routes[:2],
        Route(
            url=r"^{prefix}/bulk{trailing_slash}$",
            mapping={"post": "bulk_create", "patch": "bulk_update"},
            name="{basename}-bulk",
            detail=False,
            initkwargs={},
        ),
        *SimpleRouter.routes[2:],
    ]

    def __init__(self):
        super().__init__()
        self.trailing_slash = "/?"


class ByName(URLResolver):
    """The resources' addresses. An address is looked for among those of the resource it names, and no others."""

    def __init__(self, prefix: str, patterns: dict[str, list]):
        super().__init__(RegexPattern(f"^{prefix}"), [one for found in patterns.values() for one in found])
        self.prefix = prefix
        self.of = {name: URLResolver(self.pattern, found) for name, found in patterns.items()}

    def resolve(self, path):
        name = path.removeprefix(self.prefix).partition("/")[0]
        if name not in self.of:
            raise Resolver404({"path": path})
        return self.of[name].resolve(path)


def _addresses(prefix: str, viewset) -> list:
    router = Router()
    router.register(prefix, viewset, basename=prefix)
    return router.urls


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="developers"), name="start"),
    path("v1/", Root.as_view(resources=RESOURCES), name="root"),
    path("v1/api-info", ApiInfo.as_view(), name="api-info"),
    path("v1/docs", RedirectView.as_view(pattern_name="developers"), name="docs"),
    path("v1/openapi.json", OpenApi.as_view(), name="openapi"),
    path("v1/search", SearchView.as_view(), name="search"),
    ByName("v1/", {prefix: _addresses(prefix, viewset) for prefix, viewset in RESOURCES}),
    path("problems/<slug:slug>", problem_kind, name="problem"),
    # Last: whatever leads nowhere under /api/ is a problem, not a page.
    re_path(r"", not_found, name="not-found"),
]
