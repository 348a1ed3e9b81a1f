"""A walk through the portal as someone who tries things: links, addresses, forms and API calls with others' ids.

What the other huvudman has holds words of its own (tests/matrix/world.py) and codes that nobody else has. No
answer may hold one, in body, header or address; and what is said of a row outside is said of no row.
"""

import json
import random
import re
from urllib.parse import urlsplit

from django.urls import URLPattern, get_resolver, reverse

from sbs_portal.scope import NATIONAL, bound
from tests.faces.pages import Page
from tests.matrix.world import NAME_OF_OTHER, OTHER, OWN, SCOPED, SECRET, STAFF

ROLES = ("process_leader", "editor", "rektor", "reader", "stranger")
MADE_UP = "00000000-0000-4000-8000-000000000001"
OPENAPI = "/api/v1/openapi.json"
# Left alone: what logs out, and what a walk would only repeat.
AVOIDED = ("/konto/logga-ut", "/static/", "/admin/logout")
# All that two answers about nothing may differ in: ids, keys, times.
VARYING = re.compile(
    r'[0-9a-f]{8}-[0-9a-f-]{27}|"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"|\d\d[.:]\d\d'
)
NASTY = ("", "0", "-1", "2026-02-30", "vt 1900", "ÅÄÖ" * 90, "' OR 1=1 --", "\u202e", "9" * 30, "{}", "null")


class Leak(AssertionError):
    """An answer told someone what is not theirs."""


class Walk:
    """A walk of one role. ``step`` takes one; ``log`` says how it came there."""

    def __init__(self, world, role: str, client, key, rng: random.Random):
        self.world, self.role, self.client, self.key, self.rng = world, role, client, key, rng
        self.seen: set[str] = set()
        self.links: list[str] = ["/"]
        self.forms: list = []
        self.steps = 0
        foreign, own = ("other", "own") if role != "stranger" else ("own", "other")
        with bound(NATIONAL):
            self.foreign = self._uuids(foreign)
            self.own = self._uuids(own)
        self.hidden = [SECRET, OWN if role == "stranger" else OTHER]
        if role == "reader":
            self.hidden.append(STAFF)

    def _uuids(self, side: str) -> dict[str, list[str]]:
        return {
            model._meta.label: [
                str(one)
                for one in model._base_manager.filter(pk__in=self.world.rows[side, model])
                .order_by("pk")
                .values_list("uuid", flat=True)
            ]
            for model in SCOPED
        }

    # What is sent, and what came back

    def look(self, response, sent: str):
        """Whether the answer tells what it must not. ``sent`` is what it may say back."""
        self.steps += 1
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode(errors="replace") + "".join(f"{k}: {v}\n" for k, v in response.headers.items())
        text = text.replace(NAME_OF_OTHER, "").replace(f"{OWN} kommun", "")
        if response.status_code >= 500:
            raise Leak(f"{self.role}: {response.status_code} for {sent}")
        found = [word for word in self.hidden if word.lower() in text.lower() and word not in sent]
        if found:
            at = text.lower().index(found[0].lower())
            raise Leak(f"{self.role}: {sent} tells {found}: …{text[max(0, at - 200) : at + 80]}…")
        return content

    def said(self, response) -> tuple[int, str]:
        return response.status_code, VARYING.sub("…", response.content.decode(errors="replace"))

    def any_id(self) -> str:
        return self.rng.choice(self.rng.choice([ids for ids in self.foreign.values() if ids]))

    # The ways to go on

    def step(self) -> None:
        self.rng.choice((self.follow, self.follow, self.submit, self.submit, self.knock, self.call))()

    def follow(self) -> None:
        address = self.rng.choice(self.links)
        response = self.client.get(address)
        content = self.look(response, f"GET {address}")
        if "text/html" in response.get("Content-Type", ""):
            self.learn(content.decode(), address)
        if response.has_header("Location"):
            self.links.append(self.local(response["Location"]))

    def learn(self, body: str, address: str) -> None:
        page = Page(body, address)
        for link in map(self.local, page.links):
            if not link.startswith(AVOIDED) and link not in self.seen:
                self.seen.add(link)
                self.links.append(link)
        self.forms = [*self.forms, *(one for one in page.forms if not one.action.startswith(AVOIDED))][-200:]

    @staticmethod
    def local(address: str) -> str:
        parts = urlsplit(address)
        if parts.netloc not in ("", "testserver") or parts.scheme not in ("", "http"):
            return "/"
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def submit(self) -> None:
        """A form as it stands, with something else in some of its fields."""
        if not self.forms:
            return self.follow()
        form = self.rng.choice(self.forms)
        data = {name: list(values) for name, values in form.data.items()}
        for name in self.rng.sample(form.names, min(len(form.names), self.rng.randint(0, 3))):
            if name != "csrfmiddlewaretoken":
                data[name] = [self.value(form.choices.get(name, []), form.method)]
        if form.buttons and self.rng.random() < 0.8:
            name, value = self.rng.choice(form.buttons)
            data[name] = [value]
        address = self.local(form.action)
        send = self.client.post if form.method == "post" else self.client.get
        response = send(address, data)
        content = self.look(response, f"{form.method} {address} {data}")
        if "text/html" in response.get("Content-Type", ""):
            self.learn(content.decode(), address)
        elif response.has_header("Location"):
            self.links.append(self.local(response["Location"]))
        return None

    def value(self, choices: list[str], method: str) -> str:
        if choices and self.rng.random() < 0.5:
            return self.rng.choice(choices)
        # The others' words are asked for, and never written: what one has written oneself is no leak.
        asked = (OTHER, SECRET) if method == "get" else ()
        return self.rng.choice((self.any_id(), MADE_UP, self.rng.choice(NASTY), *asked))

    def knock(self) -> None:
        """An address about a row of the other's, and about none: the same answer."""
        name, pattern = self.rng.choice(sorted(ADDRESSES.items()))
        methods = [
            one for one in ("get", "post") if one in getattr(pattern, "http_method_names", ("get", "post"))
        ]
        send = getattr(self.client, self.rng.choice(methods))
        answers = [send(reverse(name, args=[one])) for one in (self.any_id(), MADE_UP)]
        for answer in answers:
            self.look(answer, name)
        if answers[0].status_code not in (302, 403) and self.said(answers[0]) != self.said(answers[1]):
            raise Leak(f"{self.role}: {name} tells a foreign row from none")
        if answers[0].status_code != answers[1].status_code:
            raise Leak(f"{self.role}: {name} answers {[one.status_code for one in answers]}")

    def call(self) -> None:
        """An operation of the API with others' ids in address, filters and body; and with one that is nobody's."""
        path, method, operation = self.rng.choice(operations())
        foreign = self.any_id()
        answers = []
        body = self.body(operation)
        query = self.query(operation)
        for one in (foreign, MADE_UP):
            sent = json.dumps(body).replace(FOREIGN, one)
            address = re.sub(r"\{\w+\}", one, path) + query.replace(FOREIGN, one)
            headers = {"If-Match": "*"} if method in ("put", "delete") else {}
            extra = {} if method == "get" else {"data": sent, "content_type": "application/json"}
            answers.append(getattr(self.key, method)(address, headers=headers, **extra))
            self.look(answers[-1], f"{method} {address} {sent}")
        if self.said(answers[0]) != self.said(answers[1]):
            raise Leak(
                f"{self.role}: {method} {path}{query} {body} tells a foreign id from none: "
                f"{[self.said(one)[1][-300:] for one in answers]}"
            )

    def query(self, operation: dict) -> str:
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        related = [name for name in names if name not in PLAIN]
        return f"?{self.rng.choice(related)}={FOREIGN}" if related and self.rng.random() < 0.6 else ""

    def body(self, operation: dict) -> dict:
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        fields = sorted(properties(schema or {}))
        chosen = self.rng.sample(fields, min(len(fields), self.rng.randint(1, 4)))
        return {name: FOREIGN if self.rng.random() < 0.7 else self.rng.choice(NASTY) for name in chosen}


FOREIGN = "@foreign@"
# Parameters of every list, which take no id.
PLAIN = {"cursor", "expand", "fields", "limit", "modified_since", "order", "page", "q"}
_schema: dict = {}


def operations() -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in sorted(_schema["paths"].items())
        for method, operation in sorted(methods.items())
        if method in ("get", "post", "patch", "put", "delete")
    ]


def properties(schema: dict) -> dict:
    while "$ref" in schema:
        schema = _schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


def read_openapi(client) -> None:
    _schema.update(client.get(OPENAPI).json())


def addresses() -> dict:
    """Our addresses about one row, by name, with their views."""
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if set(pattern.pattern.converters) == {"uuid"}:
                    found[pattern.name] = getattr(pattern.callback, "view_class", pattern.callback)
            elif pattern.namespace not in ("admin", "api"):
                walk(pattern.url_patterns)

    walk(get_resolver().url_patterns)
    return found


ADDRESSES = addresses()
