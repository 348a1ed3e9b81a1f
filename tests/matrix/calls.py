"""Steps of a walk that are calls of the API."""

import json
import re

from tests.matrix import ways
from tests.matrix.answers import Leak, local, taken_back

MADE_UP = "5e0c1b7a-3d2f-4a6b-8c7d-9e0f1a2b3c4d"
FOREIGN = "@foreign@"
NASTY = ("", "0", "-1", "2026-02-30", "vt 1900", "ÅÄÖ" * 90, "' OR 1=1 --", "\u202e", "9" * 30, "{}", "null")
# Parameters of every list of the API, which take no id.
PLAIN = {"cursor", "expand", "fields", "limit", "modified_since", "ordering", "page", "q"}
# Parameters by which what is shared may be asked for: who shares it is told to all of them.
SHARING = ("huvudman", "participation")


class Calls:
    """Calls of a walk, with others' ids in them."""

    def call(self) -> None:
        """An operation of the API with others' ids in address, filters and body; and with one that is nobody's."""
        path, method, operation = self.rng.choice(ways.operations())
        view = ways.view_of(path)
        model = view.queryset.model if view else None
        about = self.foreign_id(model)
        mine = self.own.get(model._meta.label) if model else None
        row = self.rng.choice(mine) if mine and self.rng.random() < 0.5 else FOREIGN
        query, wanted = self.query(operation, view, path)
        body, of_body = self.body(operation, row)
        if row != FOREIGN or "{" not in path:
            about = self.foreign_id(wanted or of_body or model)
        headers = {}
        if self.rng.random() < 0.7 and method in ("put", "patch", "delete"):
            headers["If-Match"] = self.rng.choice(("*", '"1-0000"', 'W/"1"'))
        if self.rng.random() < 0.2 and method == "post":
            headers["Idempotency-Key"] = f"walk-{self.rng.randint(1, 5)}"

        def ask(one):
            sent = json.dumps(body).replace(FOREIGN, one)
            address = re.sub(r"\{\w+\}", row, path) + query
            extra = {} if method == "get" else {"data": sent, "content_type": "application/json"}
            return getattr(self.key, method)(address.replace(FOREIGN, one), headers=headers, **extra)

        self.same(ask, f"{method} {path} ({row}) {query} {body} {headers}", about)

    def query(self, operation: dict, view, path: str) -> tuple[str, object]:
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        parts, wanted = [], None
        told_of = SHARING if ways.tells_who_shares(path) else ()
        related = [name for name in names if name not in PLAIN and name not in told_of]
        if related and self.rng.random() < 0.6:
            name = self.rng.choice(related)
            wanted = ways.model_called(name)
            parts.append(f"{name}={FOREIGN}")
        if view and "expand" in names and self.rng.random() < 0.4 and ways.expansions(view):
            parts.append(f"expand={self.rng.choice(ways.expansions(view))}")
        if "modified_since" in names and self.rng.random() < 0.1:
            parts.append("modified_since=2020-01-01T00:00:00Z")
        if "cursor" in names and self.rng.random() < 0.2:
            parts.append("cursor=*&limit=2")
        return (f"?{'&'.join(parts)}" if parts else ""), wanted

    def body(self, operation: dict, row: str) -> tuple[object, object]:
        """A body, and the model that its foreign id is to be of."""
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        described = content.get("schema", {})
        fields = ways.properties(described)
        names = sorted(fields)
        named = [name for name in names if ways.model_called(name)]
        chosen = self.rng.sample(names, min(len(names), self.rng.randint(1, 4)))
        wanted = None
        if named and self.rng.random() < 0.7:
            chosen = [self.rng.choice(named)]
            wanted = ways.model_called(chosen[0])
        body = {}
        for name in chosen:
            value = FOREIGN if name in named or self.rng.random() < 0.5 else self.rng.choice(NASTY)
            body[name] = [value] if fields[name].get("type") == "array" else value
        if described.get("type") == "array" or "items" in described:
            return [{**body, "id": row}, {"id": FOREIGN}], wanted
        return body, wanted

    def borrow(self) -> None:
        """A cursor that another's list gave, used in one's own."""
        listed = [path for path, method, _ in ways.operations() if method == "get" and "{" not in path]
        path = self.rng.choice([one for one in listed if ways.view_of(one)])
        given = self.lender_key.get(f"{path}?cursor=*&limit=1").json()
        onward = given.get("_links", {}).get("next")
        if onward:
            address = local(onward["href"])
            self.look(self.key.get(address), f"GET {path} with another's cursor")

    def repeat(self) -> None:
        """What another has done with an Idempotency-Key, sent again as oneself."""
        meeting = str(self.world.meeting.uuid)
        body = {"object_kind": "meeting", "object_id": meeting, "text": "Det som båda får skriva"}
        headers = {"Idempotency-Key": "walk-1"}
        with taken_back():
            answers = [
                key.post("/api/v1/journal-entries", body, content_type="application/json", headers=headers)
                for key in (self.lender_key, self.key)
            ]
        assert answers[0].status_code == 201, answers[0].content
        self.look(answers[1], "POST journal-entries again as another")
        if answers[1].has_header("Idempotency-Replayed"):
            raise Leak(f"{self.role}: an answer given to another is given again")

    def _api_addresses(self, most: int) -> list[str]:
        found = []
        for path, method, operation in self._some(ways.operations(), most * 4):
            view = ways.view_of(path)
            if method != "get" or view is None:
                continue
            mine = self.own.get(view.queryset.model._meta.label) or [MADE_UP]
            names = {one["name"] for one in operation.get("parameters", ())}
            query = []
            if ways.expansions(view) and "expand" in names and self.rng.random() < 0.5:
                query.append(f"expand={self.rng.choice(ways.expansions(view))}")
            if "limit" in names:
                query.append(
                    self.rng.choice(("limit=2", "limit=200", "cursor=*&limit=200", "limit=1&page=1"))
                )
            found.append(
                path.replace("{id}", self.rng.choice(mine)) + (f"?{'&'.join(query)}" if query else "")
            )
        return found[:most]
