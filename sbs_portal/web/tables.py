"""Lists as declared tables: a row is one line on a wide screen and a card on a phone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from sbs_portal.time import today
from sbs_portal.web import words

Phone = Literal["label", "fact", "line", "hide"]


@dataclass(frozen=True)
class Column:
    """One column.

    accessor: a dotted path from the row (methods are called), or a function of the row; the name by default.
    sort: what ``order_by`` takes, one or several; None cannot be sorted by.
    link: the row's address, as a function of the row or ``"get_absolute_url"``; makes this the row's name.
    template: draws the cell, with ``row``, ``value`` and ``today``.
    phone: on a card, a labelled pair, a fact in a sentence, a line of its own, or nothing.
    """

    name: str
    label: str
    accessor: str | Callable[[Any], Any] | None = None
    sort: str | tuple[str, ...] | None = None
    numeric: bool = False
    link: str | Callable[[Any], str] | None = None
    template: str = ""
    phone: Phone = "label"
    empty: str = ""

    def value(self, row) -> Any:
        """The row's value here; a missing link on the way is None."""
        if callable(self.accessor):
            return self.accessor(row)
        value = row
        for step in (self.accessor or self.name).split("."):
            value = value.get(step) if isinstance(value, dict) else getattr(value, step, None)
            value = value() if callable(value) else value
            if value is None:
                return None
        return value

    def url(self, row) -> str:
        if callable(self.link):
            return self.link(row) or ""
        return getattr(row, self.link)() if self.link else ""

    @property
    def order_by(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort or ())

    @property
    def css(self) -> str:
        return " ".join(
            filter(
                None,
                (
                    "num" if self.numeric else "",
                    {"fact": "fact", "hide": "phone-hide"}.get(self.phone, ""),
                ),
            )
        )


@dataclass(frozen=True)
class Heading:
    """A column's head as it stands now: sorted or not, and where a click leads."""

    column: Column
    url: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class Cell:
    column: Column
    content: SafeString
    is_name: bool

    @property
    def label(self) -> str:
        return self.column.label if self.column.phone == "label" else ""


class Table:
    """Rows under declared columns. Subclasses set ``columns`` and ``caption``, and a ``default_sort``.

    ``default_sort`` is a column's name, with a minus for descending; None keeps the queryset's own order.
    """

    columns: tuple[Column, ...] = ()
    caption: str = ""
    default_sort: str | None = None

    def __init__(self, rows: Iterable, *, request: HttpRequest | None = None):
        self.rows_in = rows
        self.request = request

    @classmethod
    def asked_sort(cls, request: HttpRequest | None) -> str | None:
        """The sort in ``?ordning=`` if it is one of the columns', else the default."""
        asked = request.GET.get("ordning", "") if request is not None else ""
        sortable = {column.name for column in cls.columns if column.sort}
        return asked if asked.removeprefix("-") in sortable else cls.default_sort

    @classmethod
    def ordered(cls, queryset, request: HttpRequest | None):
        """The queryset in the order asked for, the primary key last so that pages never overlap."""
        asked = cls.asked_sort(request)
        if not asked:
            return queryset
        name, descending = asked.removeprefix("-"), asked.startswith("-")
        column = next(column for column in cls.columns if column.name == name)
        keys = [_turned(key) if descending else key for key in column.order_by]
        return queryset.order_by(*keys, "pk")

    @property
    def headings(self) -> list[Heading]:
        asked = self.asked_sort(self.request) or ""
        return [self._heading(column, asked) for column in self.columns]

    def _heading(self, column: Column, asked: str) -> Heading:
        if not column.sort or self.request is None:
            return Heading(column, "", "")
        current = asked.removeprefix("-") == column.name
        descending = current and asked.startswith("-")
        query = self.request.GET.copy()
        query.pop("sida", None)
        query["ordning"] = f"-{column.name}" if current and not descending else column.name
        direction = ("descending" if descending else "ascending") if current else ""
        return Heading(column, f"?{query.urlencode()}", direction)

    @property
    def rows(self) -> Iterable[list[Cell]]:
        for row in self.rows_in:
            yield [self._cell(column, row) for column in self.columns]

    def _cell(self, column: Column, row) -> Cell:
        value = column.value(row)
        if column.template:
            context = {"row": row, "value": value, "today": today(), "request": self.request}
            content = SafeString(render_to_string(column.template, context).strip())
        else:
            content = conditional_escape(column.empty if value in (None, "") else shown(value))
        if url := column.url(row):
            content = format_html('<a href="{}">{}</a>', url, content)
        return Cell(column, content, bool(column.link))


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def shown(value) -> str:
    """A value as a cell says it: short days, yes and no in Swedish, numbers with thousands."""
    if (day := words.as_day(value)) is not None:
        return words.short_day(day, today())
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int):
        return words.thousands(value)
    return value if isinstance(value, SafeString) else str(localize(value))
