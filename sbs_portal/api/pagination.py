"""Pages of a list: ``limit`` with ``page`` or ``cursor``, with where one is and where to go next."""

import re
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from sbs_portal.api import keyset
from sbs_portal.api.computed import Asked
from sbs_portal.api.finished import DEEP, Page, dumped, kept, statement_of

LIMIT = 20
MAX_LIMIT = 200
PARAMETERS = ("limit", "page", keyset.CURSOR)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class Pagination(BasePagination):
    """``{"data": […], "_meta": {limit, page, count, pages}, "_links": {self, next, prev}}``.

    An empty list has one page, the first. A page past the last is a 404. With ``cursor`` nothing is counted,
    and _meta holds the limit alone.
    """

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self._begin(request)
        if keyset.CURSOR in request.query_params:
            return self._from_cursor(queryset, view)
        return self._page(queryset)

    def finished(self, made: Callable[[], QuerySet], view, names: frozenset[str] | None, key=None) -> str:
        """The page as ``paginate_queryset`` would have it, as JSON that the database has built.

        made: gives the list. key: what it depends on, where its statement may be kept.
        """
        self._begin(view.request)
        asked = Asked.by(view.request)

        def answer(place, page: Callable[[QuerySet], Page]):
            where = (key, names, asked, self.limit, place) if key and place else None
            serializer = view.get_serializer_class()
            return kept(where, lambda: statement_of(serializer, names, asked, page(made()))).asked(view)

        if keyset.CURSOR in view.request.query_params:
            position = keyset.position_of(view.request, view)
            columns, turned = keyset.columns_of(position.order), position.backwards
            found = answer(
                () if position.uuid else ("from the start", position.order),
                lambda rows: Page(
                    keyset.beyond(rows, position, self.limit), self.limit, columns=columns, turned=turned
                ),
            )
            model = view.queryset.model
            ends = keyset.ends_of(found, model, position.order, self.limit, backwards=turned)
            self._say_from(position, *ends)
        else:
            number = self._asked_page()
            start = (number - 1) * self.limit
            found = answer(
                (start,),
                lambda rows: Page(rows[start : start + self.limit], self.limit, counted=rows),
            )
            self._say_page(number, found.count)
        return found.rows

    def _begin(self, request) -> None:
        self.request = request
        self.limit = self._number("limit", LIMIT, f"Ange ett heltal från 1 till {MAX_LIMIT}.", MAX_LIMIT)
        self.links = {"self": request.build_absolute_uri()}

    def _asked_page(self) -> int:
        return self._number("page", 1, "Ange ett heltal från 1.")

    def _page(self, queryset) -> list:
        page = self._asked_page()
        self._say_page(page, queryset.count())
        start = (page - 1) * self.limit
        if start >= DEEP:
            ids = list(queryset.values_list("pk", flat=True)[start : start + self.limit])
            return list(queryset.filter(pk__in=ids))
        return list(queryset[start : start + self.limit])

    def _say_page(self, page: int, count: int) -> None:
        """Where in the list the page is. Raises a 404 past the last."""
        pages = max(1, -(-count // self.limit))
        if page > pages:
            raise NotFound(f"Sidan {page} finns inte. Den sista sidan är {pages}.")
        self.is_first = page == 1
        self.meta = {"limit": self.limit, "page": page, "count": count, "pages": pages}
        for name, number in (("next", page + 1), ("prev", page - 1)):
            if 1 <= number <= pages:
                self.links[name] = replace_query_param(self.links["self"], "page", number)

    def _from_cursor(self, queryset, view) -> list:
        position = keyset.position_of(self.request, view)
        rows, more = keyset.rows_from(queryset, position, self.limit)
        self._say_from(position, rows, more)
        return rows

    def _say_from(self, position: keyset.Position, rows: list, more: bool) -> None:
        """Where a cursor leads on from the page's first and last row."""
        self.is_first = position.uuid is None
        self.meta = {"limit": self.limit}
        ahead = bool(rows) and (position.backwards or more)
        back = bool(rows) and (more if position.backwards else not self.is_first)
        if ahead:
            self.links["next"] = self._at(rows[-1], position.order, backwards=False)
        if back:
            self.links["prev"] = self._at(rows[0], position.order, backwards=True)

    def _at(self, row, order: keyset.Order, *, backwards: bool) -> str:
        cursor = keyset.cursor_at(row, order, self.request, backwards=backwards)
        # The order is in the cursor.
        here = remove_query_param(self.links["self"], "ordering")
        return replace_query_param(here, keyset.CURSOR, cursor)

    def _number(self, name: str, default: int, reason: str, high: int | None = None) -> int:
        given = self.request.query_params.get(name)
        if given is None:
            return default
        if not _NUMBER.fullmatch(given) or int(given) < 1 or (high and int(given) > high):
            raise ValidationError({name: [reason]})
        return int(given)

    def get_paginated_response(self, data, delta=None) -> Response:
        """The page. With a ``Delta``, also the time to ask from next, and on the first page what is gone."""
        return Response({"data": data, **self._around(delta)})

    def get_finished_response(self, rows: str, delta=None) -> HttpResponse:
        """As ``get_paginated_response``, of rows that are JSON already."""
        body = f'{{"data":{rows},{dumped(self._around(delta))[1:]}'
        return HttpResponse(body, content_type=JSONRenderer.media_type)

    def _around(self, delta) -> dict:
        links = {name: {"href": href} for name, href in self.links.items()}
        around = {"_meta": self.meta, "_links": links}
        if delta is not None:
            self.meta["next_modified_since"] = delta.next_time
            if self.is_first:
                around["_deleted"] = delta.deleted()
        return around

    def get_schema_operation_parameters(self, view) -> list[dict]:
        return [
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": f"Antal per sida, högst {MAX_LIMIT}.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT},
            },
            {
                "name": "page",
                "in": "query",
                "required": False,
                "description": "Sidans nummer, från 1. En sida efter den sista ger 404.",
                "schema": {"type": "integer", "minimum": 1, "default": 1},
            },
            {
                "name": keyset.CURSOR,
                "in": "query",
                "required": False,
                "description": keyset.described(keyset.keyset_columns(view)),
                "schema": {"type": "string", "examples": [keyset.START]},
            },
        ]

    def get_paginated_response_schema(self, schema: dict) -> dict:
        number = {"type": "integer"}

        def link(page: int) -> dict:
            href = {
                "type": "string",
                "format": "uri",
                "example": f"https://sbs.example.se/api/v1/meetings?page={page}",
            }
            return {"type": "object", "required": ["href"], "properties": {"href": href}}

        return {
            "type": "object",
            "required": ["data", "_meta", "_links"],
            "properties": {
                "data": schema,
                "_meta": {
                    "type": "object",
                    "description": "Med cursor räknas inte listan, och bara limit anges.",
                    "required": ["limit"],
                    "properties": {
                        "limit": number | {"description": "Antal per sida", "example": 20},
                        "page": number | {"description": "Den här sidans nummer", "example": 2},
                        "count": number | {"description": "Antal i hela listan", "example": 42},
                        "pages": number | {"description": "Antal sidor", "example": 3},
                        "next_modified_since": {
                            "type": "string",
                            "format": "date-time",
                            "example": "2018-04-23T11:00:00Z",
                            "description": "Med modified_since: tiden att fråga från nästa gång. Den ligger "
                            "några minuter bakåt, så samma rad kan komma två gånger.",
                        },
                    },
                },
                "_deleted": {
                    "type": "array",
                    "items": {"type": "string", "format": "uuid"},
                    "example": ["7f0a4a53-9d1e-4f6f-8d7b-3c116f1a7c1e"],
                    "description": "Med modified_since, på första sidan: id för det som inte längre finns "
                    "i listan, för att det tagits bort, lämnat din behörighet eller inte passar filtren.",
                },
                "_links": {
                    "type": "object",
                    "required": ["self"],
                    "properties": {"self": link(2), "next": link(3), "prev": link(1)},
                },
            },
        }
