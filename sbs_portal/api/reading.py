"""openapi.json read for people: resources, operations, parameters and fields in words, and examples."""

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from sbs_portal.api.operations import EXPLANATIONS
from sbs_portal.api.problems import PROBLEMS, Kind
from sbs_portal.api.schema import document

PREFIX = "/api/v1/"
TYPES = {
    "string": "text",
    "integer": "heltal",
    "number": "tal",
    "boolean": "true eller false",
    "object": "objekt",
    "null": "null",
}
FORMATS = {"uuid": "UUID", "date": "datum", "date-time": "tid", "email": "e-postadress", "uri": "adress"}
PLACES = {"query": "i adressens fråga", "path": "i adressen", "header": "som huvud"}
EXAMPLES = {
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "date": "2026-09-14",
    "date-time": "2026-09-14T08:00:00Z",
    "email": "namn@exempel.se",
    "uri": "https://exempel.se/",
    "uri-reference": "/",
}
PLAIN = {"integer": 1, "number": 1.5, "boolean": True, "null": None, "object": {}}
DEEPEST = 3


@dataclass(frozen=True)
class Shown:
    """A parameter or a field."""

    name: str
    kind: str
    meaning: str
    required: bool
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    method: str
    path: str
    said: dict
    components: dict
    about: str = ""

    @property
    def anchor(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", f"{self.method}-{self.path.removeprefix(PREFIX)}".lower()).strip(
            "-"
        )

    @property
    def summary(self) -> str:
        return self.said["summary"]

    @property
    def description(self) -> str:
        """What there is to say of it, beside what its resource is about."""
        return self.said["description"].removeprefix(self.about).strip()

    @property
    def deprecated(self) -> bool:
        return self.said.get("deprecated", False)

    @property
    def parameters(self) -> list[Shown]:
        return [
            Shown(
                one["name"],
                self._kind(one["schema"]),
                _plain(one.get("description", "")),
                one.get("required", False),
                PLACES[one["in"]],
            )
            for one in self.said.get("parameters", ())
        ]

    @cached_property
    def _body(self) -> dict | None:
        content = self.said.get("requestBody", {}).get("content", {})
        return content["application/json"]["schema"] if "application/json" in content else None

    @property
    def sent(self) -> list[Shown]:
        return self._fields(self._body) if self._body else []

    @property
    def request(self) -> str:
        """The call as curl says it."""
        lines = [f"curl -X {self.method} https://…{self.path.replace('{id}', EXAMPLES['uuid'])}"]
        lines.append('  -H "Authorization: Bearer sbs_…"')
        for one in self.said.get("parameters", ()):
            if one["in"] == "header" and one.get("required"):
                lines.append(f"  -H '{one['name']}: \"3-5f1c…\"'")
        if self._body:
            lines.append('  -H "Content-Type: application/json"')
            lines.append(f"  -d '{_json(self.example_of(self._body))}'")
        return " \\\n".join(lines)

    @cached_property
    def _answer(self) -> tuple[str, dict | None]:
        for status, answer in sorted(self.said["responses"].items()):
            if status.startswith("2"):
                content = answer.get("content", {}).get("application/json", {})
                return status, content
        return "", None

    @property
    def answer(self) -> str:
        """The status and body of an answer that went well."""
        status, content = self._answer
        if not content:
            return status
        given = next(iter(content.get("examples", {}).values()), {}).get("value")
        shown = self.example_of(content["schema"])
        if isinstance(given, dict) and isinstance(shown, dict):
            shown |= given
        return f"{status}\n{_json(shown)}"

    @property
    def shown(self) -> list[Shown]:
        """The fields of the row answered with; a list's are its rows'."""
        content = self._answer[1]
        if not content:
            return []
        schema = self._resolved(content["schema"])
        rows = schema.get("properties", {}).get("data", {}).get("items")
        return self._fields(rows or schema)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [
            (status, answer["description"])
            for status, answer in sorted(self.said["responses"].items())
            if not status.startswith("2")
        ]

    def _resolved(self, schema: dict) -> dict:
        while "$ref" in schema:
            schema = self.components[schema["$ref"].rpartition("/")[2]]
        if len(schema.get("allOf", ())) == 1:
            return {**self._resolved(schema["allOf"][0]), **{k: v for k, v in schema.items() if k != "allOf"}}
        return schema

    def _fields(self, schema: dict) -> list[Shown]:
        schema = self._resolved(schema)
        if schema.get("type") == "array":
            schema = self._resolved(schema["items"])
        needed = schema.get("required", ())
        return [
            Shown(name, self._kind(one), _plain(self._meaning(one)), name in needed)
            for name, one in schema.get("properties", {}).items()
        ]

    def _meaning(self, schema: dict) -> str:
        found = schema.get("description") or self._resolved(schema).get("description") or ""
        return found or schema.get("title", "")

    def _kind(self, schema: dict) -> str:
        if "$ref" in schema and "properties" in self._resolved(schema):
            return "objekt"
        schema = self._resolved(schema)
        for name in ("oneOf", "anyOf"):
            if name in schema:
                return " eller ".join(dict.fromkeys(self._kind(one) for one in schema[name]))
        if "enum" in schema:
            return ", ".join("null" if one is None else str(one) or '""' for one in schema["enum"])
        types = schema.get("type", [])
        return " eller ".join(self._of_type(one, schema) for one in _listed(types)) or "valfritt"

    def _of_type(self, kind: str, schema: dict) -> str:
        if kind == "array":
            return f"lista av {self._kind(schema.get('items', {}))}"
        if kind == "string":
            return FORMATS.get(schema.get("format", ""), "text")
        return TYPES.get(kind, kind)

    def example_of(self, schema: dict, depth: int = 0):
        """A value the schema would take."""
        schema = self._resolved(schema)
        if schema.get("examples"):
            return schema["examples"][0]
        for name in ("example", "default", "const"):
            if name in schema:
                return schema[name]
        if schema.get("enum"):
            return schema["enum"][0]
        for name in ("oneOf", "anyOf"):
            if name in schema:
                return self.example_of(schema[name][0], depth)
        kind = _listed(schema.get("type", "object"))[0]
        if kind == "array":
            return [] if depth > DEEPEST else [self.example_of(schema.get("items", {}), depth + 1)]
        if "properties" in schema:
            if depth > DEEPEST:
                return {}
            return {name: self.example_of(one, depth + 1) for name, one in schema["properties"].items()}
        if kind == "string":
            return EXAMPLES.get(schema.get("format", ""), schema.get("title") or "text")
        return PLAIN.get(kind)


@dataclass(frozen=True)
class Resource:
    """All there is under one name: ``meetings``."""

    name: str
    title: str
    about: str
    operations: list[Operation]


def _listed(found) -> list:
    return found if isinstance(found, list) else [found]


def _plain(text: str) -> str:
    """A description without the list of values that drf-spectacular writes into it."""
    return text.partition("\n\n*")[0].strip().replace("`", "")


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@lru_cache(maxsize=8)
def resources(urlconf: str, origin: str) -> dict[str, Resource]:
    """The resources by name, in order of title."""
    described = json.loads(document(urlconf, origin)[0])
    components = described["components"]["schemas"]
    by_name: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        if name := path.removeprefix(PREFIX).partition("/")[0]:
            by_name.setdefault(name, []).extend(
                Operation(method.upper(), path, said, components) for method, said in methods.items()
            )
    found = [_resource(name, operations) for name, operations in by_name.items()]
    return {one.name: one for one in sorted(found, key=lambda one: one.title)}


def _resource(name: str, operations: list[Operation]) -> Resource:
    about = operations[0].description.removesuffix(EXPLANATIONS["list"]).strip()
    told = [replace(one, about=about) for one in operations]
    return Resource(name, operations[0].said["tags"][0], about, told)


def problems() -> list[Kind]:
    return list(PROBLEMS.values())
