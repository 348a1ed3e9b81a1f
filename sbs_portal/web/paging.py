"""Pages of a list: a number out of range gives the nearest page, never an error."""

from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

from sbs_portal.db.questions import Question, Statement, is_among
from sbs_portal.db.statements import Run, counting, ids_in_runs

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


class Reading(NamedTuple):
    """How a page of a list is asked for: how many rows there are, and those from one place up to another.

    Deep pages cost about what the first one does: the ids come first, and what a row shows is not worked out for those
    passed over. So it is with an order that no index has as a whole, which comes as runs.
    """

    counts: Statement
    ids: Statement | None
    rows: Question

    @classmethod
    def of(
        cls, rows: QuerySet, first: int, last: int, *, counted: list[QuerySet], runs: tuple[Run, ...] = ()
    ) -> "Reading":
        counts = counting(counted, most=COUNTED + 1)
        if not runs and first < DEEP:
            return cls(counts, None, Question(rows[first:last]))
        ids = ids_in_runs(rows, runs, first, last) if runs else Statement.of(rows.values("pk")[first:last])
        chosen = rows.order_by().filter(is_among("pk", "ids"))
        return cls(counts, ids, Question(chosen))

    def read(self) -> list:
        if self.ids is None:
            return self.rows.asked()
        ids = [pk for (pk,) in self.ids.asked()]
        found = {row.pk: row for row in self.rows.asked(ids=ids)} if ids else {}
        return [found[pk] for pk in ids if pk in found]


def size_of(query: QueryDict, per_page: int) -> int:
    """How many rows a page has: ``?antal=`` where that is one of SIZES."""
    asked = query.get("antal", "")
    return int(asked) if asked.isdecimal() and int(asked) in SIZES else per_page


def page_of(rows, query: QueryDict, *, per_page: int = PER_PAGE, counted: int | None = None) -> Page:
    """The page asked for by ``?sida=``, of the size asked for.

    counted: how many rows there are, where that is known, as far as one more than COUNTED.
    """
    paginator = CappedPaginator(rows, size_of(query, per_page))
    if counted is not None:
        paginator.counted = counted
    return paginator.get_page(query.get("sida"))
