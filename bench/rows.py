"""What is measured: each a request by somebody, and what is asked of the answer."""

import json
from dataclasses import dataclass

from bench.client import Request

PORTAL, PLAIN, FLOOR = "portal", "plain", "floor"
ALL = (FLOOR, PLAIN, PORTAL)

# What is judged. Printed beside the figures and never a test: a busy machine fails them all.
OF_FLOOR = 0.7
TIMES_PLAIN = 5.0
LIST_CPU_MS, LIST_KB = 15.0, 60.0
PAGE_CPU_MS, PAGE_STATEMENTS = 20.0, 15
TAIL = 4.0
GROWTH = 1.3
WORKER_MB = 150.0
SEARCH_MS = 20.0


@dataclass(frozen=True)
class Row:
    """One line of the table.

    by: servers that are asked the same. limits: names of what is judged of it, beside the tail (see judging).
    grows: whether it is asked in countries of other sizes too.
    """

    name: str
    group: str
    label: str
    request: Request
    by: tuple[str, ...] = (PORTAL,)
    limits: tuple[str, ...] = ()
    grows: bool = False
    connections: int = 2


def rows(cast: dict) -> list[Row]:
    """All of them, for the people and rows of one country."""
    return [*_lists(cast), *_details(cast), *_pages(cast), *_search(cast)]


def _api(cast: dict, account: str, path: str, body: dict | None = None) -> Request:
    headers = (("Authorization", f"Bearer {cast['keys'][account]}"), ("Accept", "application/json"))
    method = "GET" if body is None else "POST"
    return Request(f"/api/v1/{path}", method, headers, "" if body is None else json.dumps(body))


def _page(cast: dict, account: str, path: str) -> Request:
    cookie = ("Cookie", f"{cast['cookie']}={cast['sessions'][account]}")
    return Request(path, headers=(cookie, ("Accept", "text/html")))


def _lists(cast: dict) -> list[Row]:
    group, hot = "API, lists of 100", ("of_floor", "times_plain")
    out = []
    for account, reach in (("integration", "the whole country"), ("processledare", "a process leader's")):
        for resource, noun in (
            ("meetings", "Meetings"),
            ("participations", "Participations"),
            ("school-units", "Units"),
        ):
            request = _api(cast, account, f"{resource}?limit=100")
            label = f"{noun}, {reach}"
            out.append(Row(f"{resource}-{account}", group, label, request, ALL, hot, grows=True))
    deep = _api(cast, "integration", f"meetings?limit=100&cursor={cast['rows']['deep']}")
    out.append(Row("deep", group, "Meetings far in, by cursor", deep, grows=True))
    return out


def _details(cast: dict) -> list[Row]:
    group, ids = "API, one row", cast["rows"]
    found = [
        ("meetings", "One meeting", ids["meeting"]),
        ("participations", "One participation", ids["participation"]),
        ("school-units", "One unit", ids["unit"]),
    ]
    out = [
        Row(f"{name}-one", group, label, _api(cast, "forvaltning", f"{name}/{pk}"), ALL, grows=True)
        for name, label, pk in found
    ]
    body = {"participations": [ids["participation"]], "series": ids["series"], "when": ids["ahead"]}
    label = "New meeting of a series, with attendance and history"
    out.append(Row("create", group, label, _api(cast, "integration", "meetings", body), ALL, grows=True))
    return out


def _pages(cast: dict) -> list[Row]:
    group, ids = "Pages", cast["rows"]
    participation = ("page_cpu", "page_statements")
    found = [
        (
            "deltaganden",
            "Participations, the whole country",
            "samordnare",
            "/deltaganden/",
            ("list_cpu", "list_kb"),
        ),
        ("enheter", "Units, the whole country", "samordnare", "/enheter/", ("list_cpu", "list_kb")),
        ("traffar", "Meetings, the whole country", "samordnare", "/traffar/", ("list_cpu", "list_kb")),
        ("traffar-own", "Meetings, an editor's", "forvaltning", "/traffar/", ("list_cpu", "list_kb")),
        (
            "page",
            "A participation, an editor's",
            "forvaltning",
            f"/deltaganden/{ids['participation']}/",
            participation,
        ),
        (
            "page-largest",
            "The participation with most meetings",
            "samordnare",
            f"/deltaganden/{ids['largest_participation']}/",
            participation,
        ),
        ("start", "Start page, a coordinator's", "samordnare", "/", ()),
        ("start-leader", "Start page, a process leader's", "processledare", "/", ()),
        ("start-own", "Start page, an editor's", "forvaltning", "/", ()),
    ]
    return [
        Row(name, group, label, _page(cast, who, path), limits=limits, grows=True, connections=1)
        for name, label, who, path, limits in found
    ]


def _search(cast: dict) -> list[Row]:
    found = [
        ("search", "A word, the whole country", "samordnare", "/sok/?q=sambed%C3%B6mningen"),
        ("search-name", "A name, the whole country", "samordnare", "/sok/?q=kulla"),
        ("search-own", "A word, an editor's", "forvaltning", "/sok/?q=sambed%C3%B6mningen"),
    ]
    return [
        Row(name, "Search", label, _page(cast, who, path), limits=("search",), grows=True, connections=1)
        for name, label, who, path in found
    ]


def constant_statements(cast: dict) -> list[Request]:
    """Two sizes of the national list of participations, in the API and as a page: few rows and many."""
    return [
        _api(cast, "integration", "participations?limit=20"),
        _api(cast, "integration", "participations?limit=200"),
        _page(cast, "samordnare", "/deltaganden/?antal=25"),
        _page(cast, "samordnare", "/deltaganden/?antal=200"),
    ]
