"""Pages of a list: a number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

from sbs_portal.db.statements import Run, ids_in_runs

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
        return min(self.counted, COUNTED)

    @property
    def is_capped(self) -> bool:
        return self.counted > COUNTED

    @cached_property
    def counted(self) -> int:
        """How many rows there are, as far as one more than COUNTED; set by who knows already."""
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: COUNTED + 1].count()
        return len(self.object_list)


class ListPaginator(CappedPaginator):
    """Deep pages cost about what the first one does: what a row shows is not worked out for those passed over.

    runs: the rows' order, where no index has it as a whole.
    """

    runs: tuple[Run, ...] = ()

    def page(self, number) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = first + self.per_page
        if self.runs:
            ids = ids_in_runs(self.object_list, self.runs, first, last)
        elif first < DEEP or not isinstance(self.object_list, QuerySet):
            return super().page(number)
        else:
            ids = list(self.object_list.values_list("pk", flat=True)[first:last])
        rows = self.object_list.in_bulk(ids)
        return self._get_page([rows[pk] for pk in ids if pk in rows], number, self)


def page_of(
    rows,
    query: QueryDict,
    *,
    per_page: int = PER_PAGE,
    counted: int | None = None,
    runs: tuple[Run, ...] = (),
) -> Page:
    """The page asked for by ``?sida=``, of the size asked for by ``?antal=`` where that is one of SIZES.

    counted: how many rows there are, where that is known, as far as one more than COUNTED. runs: their order, as runs.
    """
    asked = query.get("antal", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else per_page
    paginator = ListPaginator(rows, size)
    paginator.runs = runs
    if counted is not None:
        paginator.counted = counted
    return paginator.get_page(query.get("sida"))
