"""GET /api/v1/search: the search page's answer, for other systems."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from sbs_portal.api.filters import known, refuse_unknown_parameters
from sbs_portal.api.views import Bound
from sbs_portal.search.kinds import find, kinds, suggestions
from sbs_portal.search.text import LONGEST, Asked

MOST, USUAL = 50, 10
HIT = {
    "type": "object",
    "required": ["kind", "id", "title", "note", "exact", "href"],
    "properties": {
        "kind": {"type": "string", "description": "Vad det är"},
        "id": {"type": "string", "format": "uuid", "description": "Radens id i sin resurs"},
        "title": {"type": "string", "description": "Radens namn"},
        "note": {"type": "string", "description": "Det som skiljer den från andra med samma namn"},
        "exact": {"type": "boolean", "description": "Om frågan är radens kod eller nummer"},
        "href": {"type": "string", "format": "uri", "description": "Radens sida i portalen"},
    },
}
ANSWER = {
    "type": "object",
    "required": ["data", "_meta"],
    "properties": {
        "data": {"type": "array", "items": HIT},
        "_meta": {
            "type": "object",
            "required": ["limit", "has_more", "suggestions"],
            "properties": {
                "limit": {"type": "integer", "description": "Högsta antal av varje slag"},
                "has_more": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Slag med fler rader",
                },
                "suggestions": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Namn som stavas nästan så, när inget hittades",
                },
            },
        },
    },
}


class SearchView(Bound, APIView):
    """Rows of every kind that hold the words, within the caller's scope."""

    @extend_schema(
        operation_id="search_list",
        tags=["Sök"],
        summary="Sök i allt",
        description=(
            "Huvudmän, enheter, personer, deltaganden, träffar, rader från träffar, seminarier och journal som innehåller "
            "alla orden, från ordens början. Koder och nummer skrivs hela. Bara det som anroparen når."
        ),
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "minLength": 1, "maxLength": LONGEST},
                required=True,
                description="Det som söks, minst två bokstäver eller siffror",
            ),
            OpenApiParameter(
                "kind",
                {"type": "string", "enum": [kind.name for kind in kinds()]},
                description="Bara rader av ett slag",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                description="Högsta antal av varje slag",
            ),
        ],
        responses=OpenApiResponse(ANSWER, description="Det som hittades, slag för slag."),
    )
    def get(self, request, *args, **kwargs):
        refuse_unknown_parameters(request, {"q", "kind", "limit"})
        asked, only, limit = self._read(request.query_params)
        groups = find(request.scope, asked, limit=limit, only=only)
        rows = [
            {
                "kind": group.kind.name,
                "id": hit.id,
                "title": hit.title,
                "note": hit.note,
                "exact": hit.is_exact,
                "href": request.build_absolute_uri(hit.url),
            }
            for group in groups
            for hit in group.hits
        ]
        meta = {
            "limit": limit,
            "has_more": [group.kind.name for group in groups if group.has_more],
            "suggestions": [] if groups else suggestions(request.scope, asked),
        }
        return Response({"data": rows, "_meta": meta})

    def _read(self, parameters) -> tuple[Asked, list[str], int]:
        asked, reasons = Asked.of(parameters.get("q", "")), {}
        if len(parameters.get("q", "")) > LONGEST:
            reasons["q"] = [f"Skriv högst {LONGEST} tecken."]
        elif asked.is_too_short:
            reasons["q"] = ["Skriv minst två bokstäver eller siffror."]
        kind, names = parameters.get("kind"), {kind.name for kind in kinds()}
        if kind is not None and kind not in names:
            reasons["kind"] = [f"Okänt slag. {known(names)}"]
        limit = parameters.get("limit", str(USUAL))
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:6]) <= MOST):
            reasons["limit"] = [f"Skriv ett heltal från 1 till {MOST}."]
        if reasons:
            raise ValidationError(reasons)
        return asked, [kind] if kind else [], int(limit)
