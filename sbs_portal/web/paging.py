"""Pages of a list: a number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

PER_PAGE = 50
SIZES = (25, 50, 100, 200)
# Nobody reads further than this page by page, and no list is counted further.
COUNTED = 20_000


class CappedPaginator(Paginator):
    """Counts as far as COUNTED, which is also where its pages end."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_capped(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: COUNTED + 1].count()
        return len(self.object_list)


def page_of(rows, query: QueryDict, *, per_page: int = PER_PAGE) -> Page:
    """The page asked for by ``?sida=``, of the size asked for by ``?antal=`` where that is one of SIZES."""
    asked = query.get("antal", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else per_page
    return CappedPaginator(rows, size).get_page(query.get("sida"))
