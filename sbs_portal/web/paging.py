"""Pages of a list: a number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 50
SIZES = (25, 50, 100, 200)


def page_of(rows, request: HttpRequest, *, per_page: int = PER_PAGE) -> Page:
    """The page asked for by ``?sida=``, of the size asked for by ``?antal=`` where that is one of SIZES."""
    asked = request.GET.get("antal", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else per_page
    return Paginator(rows, size).get_page(request.GET.get("sida"))
