"""What the API tells of itself: its resources, its version, and what the kinds of problems mean."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from sbs_portal.api import errors
from sbs_portal.api.conf import API_RELEASED, API_STATUS, API_VERSION, SPECTACULAR_SETTINGS
from sbs_portal.api.problems import PROBLEMS

_LINK = {"type": "object", "properties": {"href": {"type": "string", "format": "uri"}}, "required": ["href"]}
INFO_SCHEMA = {
    "type": "object",
    "required": ["apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus", "apiPublisher"],
    "properties": {
        "apiName": {"type": "string", "description": "API:ets namn"},
        "apiVersion": {"type": "string", "description": "Version enligt semver"},
        "apiReleased": {"type": "string", "format": "date", "description": "När versionen släpptes"},
        "apiDocumentation": {"type": "string", "format": "uri", "description": "Var API:et är beskrivet"},
        "apiStatus": {"type": "string", "enum": ["alpha", "beta", "active", "deprecated", "retired"]},
        "apiPublisher": {"type": "string", "description": "Myndigheten som driver installationen"},
    },
}
ROOT_SCHEMA = {
    "type": "object",
    "required": ["data", "_links"],
    "properties": {
        "data": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "about", "href"],
                "properties": {
                    "name": {"type": "string", "description": "Resursens namn i adressen"},
                    "title": {"type": "string", "description": "Resursens namn på svenska"},
                    "about": {"type": "string", "description": "Vad resursen innehåller"},
                    "href": {"type": "string", "format": "uri"},
                },
            },
        },
        "_links": {"type": "object", "properties": {"self": _LINK, "service-desc": _LINK}},
    },
}


class AlwaysJSON(BaseContentNegotiation):
    """For addresses that answer alike whatever is asked for."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Root(APIView):
    """GET /api/v1/: the resources there are and where they are. Needs no log-in and reads no rows."""

    authentication_classes = []
    permission_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    resources: Sequence[tuple[str, Any]] = ()

    @extend_schema(
        operation_id="root_retrieve",
        tags=["Om API:et"],
        summary="Lista resurserna",
        description="Alla resurser i API:et med adress. Går att läsa utan nyckel.",
        responses=OpenApiResponse(ROOT_SCHEMA, description="Resurserna i bokstavsordning."),
    )
    def get(self, request, *args, **kwargs):
        def href(name: str) -> str:
            return reverse(f"api:{name}", request=request)

        rows = [
            {"name": name, "title": view.nouns, "about": view.about, "href": href(f"{name}-list")}
            for name, view in sorted(self.resources, key=lambda pair: pair[0])
        ]
        links = {"self": {"href": href("root")}, "service-desc": {"href": href("openapi")}}
        return Response({"data": rows, "_links": links})


class ApiInfo(APIView):
    """GET /api/v1/api-info, as Digg's REST API profile names its parts."""

    authentication_classes = []
    permission_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="api_info_retrieve",
        tags=["Om API:et"],
        summary="Hämta API:ets version och läge",
        description="Namn, version och läge enligt Diggs REST API-profil. Går att läsa utan nyckel.",
        responses=OpenApiResponse(INFO_SCHEMA, description="API:ets version och läge."),
    )
    def get(self, request, *args, **kwargs):
        documentation = request.build_absolute_uri(reverse("developers"))
        return Response(
            {
                "apiName": SPECTACULAR_SETTINGS["TITLE"],
                "apiVersion": API_VERSION,
                "apiReleased": API_RELEASED,
                "apiDocumentation": documentation,
                "apiStatus": API_STATUS,
                "apiPublisher": settings.OPERATOR,
            }
        )


@csrf_exempt
def problem_kind(request, slug: str) -> HttpResponse:
    """What a problem's type address stands for: as JSON, or the page about it for who asks for a page."""
    kind = PROBLEMS.get(slug)
    if kind is None:
        return errors.not_found(request)
    if request.method not in ("GET", "HEAD"):
        return errors.problem(request, "method-not-allowed", headers={"Allow": "GET, HEAD"})
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        response = HttpResponseRedirect(f"{reverse('developers_problems')}#{slug}")
        response.status_code = status.HTTP_303_SEE_OTHER
    else:
        response = JsonResponse(
            {
                "type": kind.address,
                "title": kind.title,
                "status": kind.status,
                "explanation": kind.explanation,
            },
            json_dumps_params={"ensure_ascii": False},
        )
    patch_vary_headers(response, ["Accept"])
    return response
