"""The floor: each answer as one hand-written statement whose result is finished JSON, in a bare WSGI application.

It does what the portal must do and nothing else: the key is looked up with its account and what it reaches, and
the statement runs in a transaction bound as the portal binds it, under the same policies. Both go as one message,
which PostgreSQL takes as one transaction. No framework, no validation, no shape but the usual one: nobody would
want to keep this, and nothing that keeps more can be faster.

Its answers are held against the portal's before anything is timed (``bench.measuring``).
"""

import hashlib
import json
import threading
import uuid
from urllib.parse import parse_qs

from django.conf import settings

from bench import floor_create, floor_sql
from sbs_portal.db import embedded, roles
from sbs_portal.scope import BIND_SQL

PREFIX = "/api/v1/"
ORIGIN = "http://localhost"

CALLER = """
SELECT u.id, t.huvudman_ids, coalesce(array_agg(coalesce(a.huvudman_id, 0)) FILTER (WHERE a.id IS NOT NULL), '{}')
FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
LEFT JOIN schools_access a ON a.user_id = u.id
  AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)
WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > now() AND u.is_active
GROUP BY t.id, u.id
"""

_thread = threading.local()


def _cursor():
    """This thread's own cursor: its connection stays, as the portal's do."""
    if not hasattr(_thread, "cursor"):
        embedded.ensure_running(settings.DATA_DIR)
        _thread.cursor = roles.connect(settings.DATABASES["default"]).cursor()
    return _thread.cursor


def application(environ, start_response):
    status, body = _answer(environ)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]


def _answer(environ) -> tuple[str, bytes]:
    path = environ["PATH_INFO"]
    if not path.startswith(PREFIX):
        return "404 Not Found", b"{}"
    cursor = _cursor()
    key = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    cursor.execute(CALLER, [hashlib.sha256(key.encode()).hexdigest()])
    found = cursor.fetchone()
    if found is None:
        return "401 Unauthorized", b"{}"
    resource, _, row = path.removeprefix(PREFIX).partition("/")
    if environ["REQUEST_METHOD"] == "POST":
        body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        params = floor_create.params(str(uuid.uuid4()), body)
        cursor.execute(f"{BIND_SQL}; {floor_create.STATEMENT}", [*_bound(*found), *params])
        return "201 Created", cursor.fetchone()[0].encode()
    if row:
        cursor.execute(f"{BIND_SQL}; {floor_sql.DETAILS[resource]}", [*_bound(*found), row])
        return "200 OK", cursor.fetchone()[0].encode()
    query = environ["QUERY_STRING"]
    asked = parse_qs(query)
    limit, page = int(asked.get("limit", ["20"])[0]), int(asked.get("page", ["1"])[0])
    cursor.execute(f"{BIND_SQL}; {floor_sql.LISTS[resource]}", [*_bound(*found), limit, (page - 1) * limit])
    count, data = cursor.fetchone()
    return "200 OK", _page(path, query, data, count, limit, page).encode()


def _bound(user: int, narrowed: list[int] | None, huvudman_ids: list[int]) -> list[str]:
    """The four settings of the portal's binding. A national access row has no huvudman: 0."""
    national = 0 in huvudman_ids and narrowed is None
    ids = sorted(set(huvudman_ids) - {0})
    if narrowed is not None:
        ids = narrowed if 0 in huvudman_ids else sorted(set(ids) & set(narrowed))
    return [
        "sbs_national" if national else "none",
        f"{{{','.join(map(str, ids))}}}",
        str(uuid.uuid4()),
        f'{{"face": "api", "user": {user}}}',
    ]


def _page(path: str, query: str, data: str, count: int, limit: int, page: int) -> str:
    pages = max(1, -(-count // limit))
    here = f"{ORIGIN}{path}?{query}" if query else f"{ORIGIN}{path}"
    links = {"self": {"href": here}}
    for name, number in (("next", page + 1), ("prev", page - 1)):
        if 1 <= number <= pages:
            links[name] = {"href": f"{ORIGIN}{path}?limit={limit}&page={number}"}
    return (
        f'{{"data":{data},"_meta":{{"limit":{limit},"page":{page},"count":{count},"pages":{pages}}},'
        f'"_links":{json.dumps(links)}}}'
    )
