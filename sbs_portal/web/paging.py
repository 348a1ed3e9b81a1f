"""Pages of a list: a number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

PER_PAGE = 50
SIZES = (25, 50, 100, 200)
# From this row on a page's rows are chosen first, and only they are read with all that the list shows of a row.
DEEP = 1_000
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


class ListPaginator(CappedPaginator):
    """Deep pages cost about what the first one does: what a row shows is not worked out for those passed over."""

    def page(self, number) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        if first < DEEP or not isinstance(self.object_list, QuerySet):
            return super().page(number)
        ids = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        rows = self.object_list.in_bulk(ids)
        return self._get_page([rows[pk] for pk in ids if pk in rows], number, self)


def page_of(rows, query: QueryDict, *, per_page: int = PER_PAGE) -> Page:
    """The page asked for by ``?sida=``, of the size asked for by ``?antal=`` where that is one of SIZES."""
    asked = query.get("antal", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else per_page
    return ListPaginator(rows, size).get_page(query.get("sida"))
