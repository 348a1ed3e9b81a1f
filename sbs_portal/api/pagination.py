"""Pages of a list: ``limit`` and ``page``, with where one is and where to go next."""

import re

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

LIMIT = 20
MAX_LIMIT = 200
PARAMETERS = ("limit", "page")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class PagePagination(BasePagination):
    """``{"data": […], "_meta": {limit, page, count, pages}, "_links": {self, next, prev}}``.

    An empty list has one page, the first. A page past the last is a 404.
    """

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self.request = request
        self.limit = self._number("limit", LIMIT, f"Ange ett heltal från 1 till {MAX_LIMIT}.", MAX_LIMIT)
        self.page = self._number("page", 1, "Ange ett heltal från 1.")
        self.count = queryset.count()
        self.pages = max(1, -(-self.count // self.limit))
        if self.page > self.pages:
            raise NotFound(f"Sidan {self.page} finns inte. Den sista sidan är {self.pages}.")
        start = (self.page - 1) * self.limit
        return list(queryset[start : start + self.limit])

    def _number(self, name: str, default: int, reason: str, high: int | None = None) -> int:
        given = self.request.query_params.get(name)
        if given is None:
            return default
        if not _NUMBER.fullmatch(given) or int(given) < 1 or (high and int(given) > high):
            raise ValidationError({name: [reason]})
        return int(given)

    def get_paginated_response(self, data) -> Response:
        here = self.request.build_absolute_uri()
        links = {"self": {"href": here}}
        if self.page < self.pages:
            links["next"] = {"href": replace_query_param(here, "page", self.page + 1)}
        if self.page > 1:
            links["prev"] = {"href": replace_query_param(here, "page", self.page - 1)}
        meta = {"limit": self.limit, "page": self.page, "count": self.count, "pages": self.pages}
        return Response({"data": data, "_meta": meta, "_links": links})

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
                    "required": ["limit", "page", "count", "pages"],
                    "properties": {
                        "limit": number | {"description": "Antal per sida", "example": 20},
                        "page": number | {"description": "Den här sidans nummer", "example": 2},
                        "count": number | {"description": "Antal i hela listan", "example": 42},
                        "pages": number | {"description": "Antal sidor", "example": 3},
                    },
                },
                "_links": {
                    "type": "object",
                    "required": ["self"],
                    "properties": {"self": link(2), "next": link(3), "prev": link(1)},
                },
            },
        }
