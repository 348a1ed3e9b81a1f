"""Each operation of the API as OpenAPI describes it: words, parameters, headers, examples and problems."""

from drf_spectacular import openapi
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from sbs_portal.api import saved_views
from sbs_portal.api.bulk import MOST, answer_of, change_of
from sbs_portal.api.changes import MODIFIED_SINCE, has_history
from sbs_portal.api.filters import known
from sbs_portal.api.idempotency import HEADER, REPLAYED
from sbs_portal.api.lifecycle import retiring_of
from sbs_portal.api.problems import CONTENT_TYPE, PROBLEMS
from sbs_portal.api.shaping import DEPTH, EXPAND, FIELDS, expandable, field_names
from sbs_portal.api.writing import DEMANDING, ONE_OF, whole

PROBLEM = {"$ref": "#/components/schemas/Problem"}
VERBS = {
    "list": "Lista",
    "retrieve": "Hämta",
    "create": "Skapa",
    "partial_update": "Ändra",
    "update": "Ersätt",
    "destroy": "Ta bort",
    "bulk_create": "Skapa flera",
    "bulk_update": "Ändra flera",
    "archive": "Arkivera",
    "restore": "Ta tillbaka ur arkivet:",
}
EXPLANATIONS = {
    "list": "Det som ligger inom din behörighet, en sida i taget.",
    "retrieve": "404 om uppgiften inte finns eller ligger utanför din behörighet.",
    "create": "Allt eller inget sparas.",
    "partial_update": "Bara de fält som skickas ändras. Med If-Match ändras inget om någon annan hunnit före.",
    "bulk_create": f"Högst {MOST} rader. Alla eller inga sparas, och varje rad får ett svar.",
    "bulk_update": f"Högst {MOST} rader, var och en med sitt id. Alla eller inga sparas, och varje rad får ett "
    "svar. Med if_match på en rad ändras inget om någon annan hunnit före.",
    "update": "Alla fält som går att skriva behövs. Kräver If-Match.",
    "destroy": "Går bara där inget annat beror på uppgiften, annars 409 med vad som gör det. Kräver If-Match.",
    "archive": "Det som är arkiverat finns kvar men syns inte i listor och går inte att välja. Går att ångra.",
    "restore": "Det arkiverade syns och går att välja igen.",
}
ANSWERS = {
    ("200", "list"): "En sida av listan.",
    ("200", "partial_update"): "Uppgiften som den blev.",
    ("201", "bulk_create"): "Raderna som de blev.",
    ("200", "bulk_update"): "Raderna som de blev.",
    ("200", "update"): "Uppgiften som den blev.",
    "200": "Uppgiften.",
    "201": "Uppgiften som den blev. Location är dess adress.",
    "204": "Borttagen. Svaret har inget innehåll.",
}
# Which problems an operation may answer with, beside those every operation has.
ALWAYS = ("malformed-request", "authentication-required", "forbidden", "not-acceptable", "too-many-requests")
ALWAYS_LAST = ("internal-error", "unavailable")
WRITING = ("conflict", "body-too-large", "unsupported-media-type")


class AutoSchema(openapi.AutoSchema):
    """Swedish texts from the view's nouns, and every problem an operation can answer with."""

    @property
    def action(self) -> str:
        return getattr(self.view, "action", None) or self.method.lower()

    @property
    def nouns(self) -> tuple[str, str]:
        singular = getattr(self.view, "noun", "")
        return singular, getattr(self.view, "nouns", "") or singular

    def get_tags(self) -> list[str]:
        nouns = self.nouns[1]
        return [nouns[:1].upper() + nouns[1:]] if nouns else super().get_tags()

    def get_summary(self) -> str | None:
        noun = self.nouns[1] if self.action in ("list", *ONE_OF) else self.nouns[0]
        return f"{VERBS[self.action]} {noun}" if self.action in VERBS else None

    def get_description(self) -> str:
        leaving = retiring_of(self.view)
        said = (
            getattr(self.view, "about", ""),
            EXPLANATIONS.get(self.action),
            leaving and leaving.in_words,
        )
        return " ".join(part for part in said if part)

    def is_deprecated(self) -> bool:
        return retiring_of(self.view) is not None

    def get_request_serializer(self):
        if self.action == "update":
            return whole(self.view.get_input_class())
        if self.action in ("create", "partial_update"):
            return self.view.get_input_class()
        if self.action == "bulk_create":
            return self.view.get_input_class()(many=True)
        if self.action == "bulk_update":
            return change_of(self.view.get_input_class())(many=True)
        return super().get_request_serializer()

    def get_response_serializers(self):
        if self.action in ONE_OF:
            answer = answer_of(self.view.get_serializer_class())
            return {201 if self.action == "bulk_create" else 200: answer}
        return super().get_response_serializers()

    def _get_filter_parameters(self) -> list[dict]:
        """A filter whose type is overridden loses its description on the way: its label is given back."""
        filterset = getattr(self.view, "filterset_class", None)
        filters = filterset.base_filters if filterset else {}
        found = super()._get_filter_parameters()
        for parameter in found:
            if "enum" in parameter["schema"]:
                # A choice is its words, whatever column of the same name the model has.
                parameter["schema"].pop("format", None)
                parameter["schema"]["type"] = "string"
            if parameter["name"] in filters:
                parameter.setdefault("description", filters[parameter["name"]].label)
        return found

    def get_override_parameters(self) -> list[OpenApiParameter]:
        keys = getattr(self.view, "natural_keys", ())
        also = f" eller {' eller '.join(keys)}" if keys else ""
        found = []
        if getattr(self.view, "detail", False):
            found.append(
                OpenApiParameter(
                    "id",
                    {"type": "string", "maxLength": 200},
                    OpenApiParameter.PATH,
                    description=f"UUID{also}.",
                )
            )
            for name, meaning in getattr(self.view, "detail_parameters", {}).items():
                found.append(OpenApiParameter(name, str, description=meaning))
            found += self._conditions()
        if self.action in ("list", "retrieve") and hasattr(self.view, "related"):
            found += self._shape()
        if self.action == "list" and has_history(self.view.queryset.model):
            meaning = (
                "Bara det som ändrats sedan dess, tiden själv medräknad. En del räknas som ändrad också när "
                "helheten den hör till har ändrats. _deleted räknar upp det som inte längre finns i listan. "
                "Har din behörighet ändrats behöver hela listan läsas om."
            )
            found.append(OpenApiParameter(MODIFIED_SINCE, OpenApiTypes.DATETIME, description=meaning))
        if self.action == "list" and saved_views.lists_of(self.view):
            found.append(
                OpenApiParameter(saved_views.PARAMETER, OpenApiTypes.UUID, description=saved_views.MEANING)
            )
        if self.keeps_answers:
            meaning = (
                "Eget id för begäran, till exempel en UUID. Skickas den igen med samma id inom ett dygn ges "
                "samma svar, och inget görs en gång till."
            )
            key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
            found.append(OpenApiParameter(HEADER, key, OpenApiParameter.HEADER, description=meaning))
        return found + self._answer_headers()

    @property
    def keeps_answers(self) -> bool:
        """Whether an Idempotency-Key is read here."""
        return self.method == "POST" and self.action not in self.view.unkept_actions

    def _shape(self) -> list[OpenApiParameter]:
        """``fields`` and ``expand``, with the names each takes."""
        fields = {"type": "string", "examples": ["id"]}
        meaning = (
            f"Bara de här fälten, med komma emellan. {known(field_names(self.view.get_serializer_class()))}"
        )
        found = [OpenApiParameter(FIELDS, fields, description=meaning)]
        if names := expandable(self.view):
            expand = {"type": "string", "examples": [min(names)]}
            meaning = (
                "Visa de här i stället för deras id, med komma emellan och punkt för nästa nivå "
                f"(högst {DEPTH}). Det du inte når visas som id. {known(names)}"
            )
            found.append(OpenApiParameter(EXPAND, expand, description=meaning))
        return found

    def _conditions(self) -> list[OpenApiParameter]:
        if self.method in SAFE_METHODS:
            meaning = "ETag du redan har. Är den densamma blir svaret 304."
            return [OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=meaning)]
        meaning = "ETag från den hämtade uppgiften. Har någon annan hunnit före blir svaret 412."
        demanded = self.method in DEMANDING
        return [
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=demanded, description=meaning)
        ]

    def _answer_headers(self) -> list[OpenApiParameter]:
        found = []
        if self.action in ("retrieve", "create", "partial_update", "update"):
            found.append(
                OpenApiParameter(
                    "ETag",
                    str,
                    OpenApiParameter.HEADER,
                    description="Uppgiftens version, ett bindestreck och svarets kontrollsumma.",
                    response=["200", "201"],
                )
            )
        if self.keeps_answers:
            meaning = "true när svaret är det som gavs förra gången."
            found.append(
                OpenApiParameter(
                    REPLAYED, str, OpenApiParameter.HEADER, description=meaning, response=["200", "201"]
                )
            )
        if self.action == "create":
            found.append(
                OpenApiParameter(
                    "Location", str, OpenApiParameter.HEADER, description="Adressen.", response=["201"]
                )
            )
        return found

    def get_examples(self) -> list[OpenApiExample]:
        example = getattr(self.view, "examples", None)
        if not example or self.action in ONE_OF:
            return []
        return [OpenApiExample("Exempel", value=example, response_only=True, status_codes=["200", "201"])]

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        for status, body in bodies.items():
            text = ANSWERS.get((status, self.action)) or ANSWERS.get(status, "Svaret.")
            if status == "204" or not body.get("description"):
                body["description"] = text
        if self.action == "retrieve":
            bodies["304"] = {"description": "Det du har gäller fortfarande. Svaret har inget innehåll."}
        return bodies | self._problems()

    def _problems(self) -> dict[str, dict]:
        if not self.view.get_authenticators():
            slugs = ["internal-error"]
        else:
            slugs = list(ALWAYS)
            if getattr(self.view, "detail", False) or self.action == "list":
                slugs.append("not-found")
            if self.method not in SAFE_METHODS:
                slugs += WRITING
                if getattr(self.view, "detail", False):
                    slugs.append("precondition-failed")
                if self.keeps_answers:
                    slugs.append("idempotency-key-reused")
                if self.method in DEMANDING:
                    slugs.append("precondition-required")
            slugs += ALWAYS_LAST
        kinds = sorted((PROBLEMS[slug] for slug in slugs), key=lambda kind: kind.status)
        answers = {
            str(kind.status): {
                "description": f"{kind.title}. {kind.explanation}",
                "content": {CONTENT_TYPE: {"schema": PROBLEM}},
            }
            for kind in kinds
        }
        if "400" in answers:
            answers["400"]["description"] = (
                "Begäran går inte att läsa, eller uppgifter i den behöver ändras; se invalid_parameters."
            )
        if "429" in answers:
            answers["429"]["headers"] = {
                "Retry-After": {"description": "Sekunder att vänta.", "schema": {"type": "integer"}}
            }
        if "401" in answers:
            answers["401"]["headers"] = {
                "WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}
            }
        return answers
