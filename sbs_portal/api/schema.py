"""The API's description: OpenAPI 3.1 at /api/v1/openapi.json, made from the views themselves."""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpResponse
from django.urls import get_urlconf, set_urlconf
from django.utils.cache import get_conditional_response
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from sbs_portal.api.shaping import expandable_of


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "sbs_portal.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "En API-nyckel, sbs_ följt av tecken."}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "sbs_portal.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Portalens egen inloggning. Ändringar kräver också huvudet X-CSRFToken.",
        }


class ScopedRelatedFieldSchema(OpenApiSerializerFieldExtension):
    target_class = "sbs_portal.api.serializers.ScopedRelatedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction) -> dict:
        keys = self.target.natural_keys
        if direction == "request" and keys:
            return {"type": "string", "description": f"UUID eller {' eller '.join(keys)}", "maxLength": 200}
        if direction == "response" and self.target.read_only and self._may_be_empty():
            return {"type": ["string", "null"], "format": "uuid"}
        return {"type": "string", "format": "uuid"}

    def _may_be_empty(self) -> bool:
        """What is only shown says by itself nothing of being empty: its model does."""
        parent = self.target.parent
        model = getattr(getattr(parent, "Meta", None), "model", None)
        try:
            return model is not None and model._meta.get_field(self.target.source).null
        except FieldDoesNotExist:
            return False


def without_trailing_slashes(endpoints):
    """The canonical paths: a slash at the end is accepted, not described."""
    return [
        (path.rstrip("/") if path.count("/") > 3 else path, regex, method, callback)
        for path, regex, method, callback in endpoints
    ]


def finished(result, generator, request, public):
    """What the views do not know: whom to ask, the tags in order, a description of every parameter."""
    result["info"]["contact"] = {"name": settings.OPERATOR, "email": settings.CONTACT_EMAIL}
    tags = set()
    for operations in result["paths"].values():
        for operation in operations.values():
            tags.update(operation["tags"])
            for parameter in operation.get("parameters", ()):
                parameter.setdefault("description", parameter["name"])
    result["tags"] = [{"name": tag} for tag in sorted(tags)]
    _say_shapes(result["components"]["schemas"], generator)
    return _without_marks(result)


def _say_shapes(schemas: dict, generator) -> None:
    """``fields`` may leave any field out, and ``expand`` may put an object where an id stands."""
    resources = {callback.cls for *_, callback in generator.endpoints if hasattr(callback.cls, "related")}
    for view in resources:
        component = schemas[_component_of(view)]
        component.pop("required", None)
        for name, other in expandable_of(view, view.serializer_class, get_urlconf()).items():
            ref = {"$ref": f"#/components/schemas/{_component_of(other)}"}
            shown = component["properties"][name]
            if shown.get("type") == "array":
                shown["items"] = {"oneOf": [shown["items"], ref]}
            else:
                plain = {key: shown.pop(key) for key in ("type", "format") if key in shown}
                shown["oneOf"] = [plain, ref]


def _component_of(view) -> str:
    return view.serializer_class.__name__.removesuffix("Serializer")


def _without_marks(part):
    """drf-spectacular marks enums for a hook of its own that is not used here."""
    if isinstance(part, dict):
        return {key: _without_marks(value) for key, value in part.items() if key != "x-spec-enum-id"}
    return [_without_marks(value) for value in part] if isinstance(part, list) else part


@lru_cache(maxsize=8)
def document(urlconf: str, origin: str) -> tuple[bytes, str]:
    """The description as JSON in UTF-8 and its ETag, for the API as reached at this origin."""
    before = get_urlconf()
    set_urlconf(urlconf)
    try:
        schema = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
    finally:
        set_urlconf(before)
    schema["servers"] = [{"url": origin}]
    schema["info"]["contact"]["url"] = f"{origin}/tillganglighet/"
    body = json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class OpenApi(APIView):
    """GET /api/v1/openapi.json, without log-in."""

    schema = None
    authentication_classes = []
    permission_classes = []
    renderer_classes = [JSONRenderer]

    def perform_content_negotiation(self, request, force=False):
        # Asked for as application/vnd.oai.openapi+json, text/html or nothing: it is one document.
        return JSONRenderer(), JSONRenderer.media_type

    def get(self, request, *args, **kwargs):
        origin = request.build_absolute_uri("/").rstrip("/")
        body, etag = document(getattr(request._request, "urlconf", None) or settings.ROOT_URLCONF, origin)
        response = HttpResponse(body, content_type="application/json")
        response["ETag"] = etag
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        return get_conditional_response(request._request, etag=etag, response=response)
