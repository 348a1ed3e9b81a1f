"""Lists as declared tables: a row is one line on a wide screen and a card on a phone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from sbs_portal.time import ImpreciseDate, Precision, SchoolYear, Term, today
from sbs_portal.web import words
from sbs_portal.web.addresses import COLUMNS, SORT, ListAddress, listed
from sbs_portal.web.drawing import attributes, escaped, select
from sbs_portal.web.icons import icon

Phone = Literal["label", "fact", "line", "hide"]
Plain = str | int | float | Decimal | bool | date | datetime | None
Accessor = str | Callable[[Any], Any]
MAX_KEYS = 3
ARROWS = {"ascending": "arrow-up", "descending": "arrow-down"}


@dataclass(frozen=True)
class Column:
    """One column.

    accessor: a dotted path from the row (methods are called), or a function of the row; the name by default.
    sort: what ``order_by`` takes, one or several; None cannot be sorted by.
    link: the row's address, as a function of the row or ``"get_absolute_url"``; makes this the row's name.
    draw: draws the cell, as a function of the row and the value; text is escaped, SafeString is not.
    template: draws the cell, with ``row``, ``value`` and ``today``; dearer than ``draw``, for what is more than a word.
    phone: on a card, a labelled pair, a fact in a sentence, a line of its own, or nothing.
    export: the value in an exported file, as accessor is the cell's; the cell's own value by default.
    extra: shown only to who has chosen it.
    short: stays on one line in its column.
    """

    name: str
    label: str
    accessor: Accessor | None = None
    sort: str | tuple[str, ...] | None = None
    numeric: bool = False
    link: str | Callable[[Any], str] | None = None
    draw: Callable[[Any, Any], str] | None = None
    template: str = ""
    phone: Phone = "label"
    empty: str = ""
    export: Accessor | None = None
    extra: bool = False
    short: bool = False

    @cached_property
    def value(self) -> Callable[[Any], Any]:
        """Gives a row's value here; a missing link on the way is None."""
        return reader(self.accessor or self.name)

    def plain(self, row) -> Plain:
        """The row's value in an exported file."""
        return plain(self._exported(row))

    @cached_property
    def _exported(self) -> Callable[[Any], Any]:
        return reader(self.export or self.accessor or self.name)

    @cached_property
    def nothing(self) -> str:
        """What a cell says that has no value."""
        return escaped(self.empty)

    def url(self, row) -> str:
        if callable(self.link):
            return self.link(row) or ""
        return getattr(row, self.link)() if self.link else ""

    @property
    def order_by(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort or ())

    @cached_property
    def tags(self) -> tuple[str, str, str]:
        """What stands before a cell's content, before no content, and after it."""
        if self.link:
            opening = '<th scope="row" role="rowheader" class="table__name">'
            return opening, opening, "</th> "
        opening = f'<td role="cell"{attributes({"class": self.css or False})}'
        said = self.label if self.phone == "label" else ""
        # Of nothing a card says nothing.
        return f"{opening}{attributes({'data-label': said or False})}>", f"{opening}>", "</td> "

    @property
    def css(self) -> str:
        return " ".join(
            filter(
                None,
                (
                    "num" if self.numeric else "",
                    "short" if self.short else "",
                    {"fact": "fact", "hide": "phone-hide"}.get(self.phone, ""),
                ),
            )
        )


def reader(accessor: Accessor) -> Callable[[Any], Any]:
    """Gives what a dotted path or a function says of a row; a missing link on the way is None."""
    if callable(accessor):
        return accessor
    steps = accessor.split(".")

    def read(value):
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else getattr(value, step, None)
            if callable(value):
                value = value()
            if value is None:
                return None
        return value

    return read


def plain(value) -> Plain:
    """A value as a spreadsheet has it: numbers and days as what they are, all else as text."""
    if isinstance(value, ImpreciseDate):
        return value.date if value.precision is Precision.DAY else value.code
    if isinstance(value, Term | SchoolYear):
        return value.code
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, SafeString):
        return strip_tags(value).strip()
    if isinstance(value, list | tuple | set):
        return ", ".join(str(item) for item in value)
    if value is None or type(value) in (str, int, float, bool, Decimal, date):
        return value
    return str(value)


class SelectColumn(Column):
    """A box to tick a row by, for the form by that id on the same page; in the head one that ticks them all,
    which is shown where a script is there to do it."""

    css = "table__select"

    def __init__(self, form_id: str, name: Callable[[Any], str]):
        super().__init__("Välj", "", accessor=lambda row: _box(row, form_id, name), phone="line")
        object.__setattr__(self, "form_id", form_id)


def _box(row, form_id: str, name: Callable[[Any], str]) -> SafeString:
    label = escaped(f"Välj {name(row)}")
    return SafeString(
        f'<input type="checkbox" name="rad" value="{row.uuid}" form="{form_id}" aria-label="{label}">'
    )


@dataclass(frozen=True)
class Heading:
    """A column's head as it stands now: sorted or not, and where a click leads.

    place: 2 or 3 where the column decides among rows that are equal by the ones before it; else 0.
    """

    column: Column
    url: str
    direction: Literal["", "ascending", "descending"]
    place: int = 0

    @property
    def drawn(self) -> str:
        column = self.column
        sorts = {"aria-sort": self.direction} if self.direction and not self.place else {}
        css = {"class": "num"} if column.numeric else {}
        return (
            f'<th scope="col" role="columnheader"{attributes(css | sorts)}>{self._said}{self._tick_all}</th>'
        )

    @property
    def _said(self) -> str:
        column = self.column
        label = escaped(column.label)
        if not label:
            return f'<span class="visually-hidden">{escaped(column.name)}</span>'
        if not self.url:
            return label
        arrow = icon(ARROWS[self.direction]) if self.direction else ""
        place = ""
        if self.place:
            place = (
                f'<span class="sort-place" aria-hidden="true">{self.place}</span>'
                f'<span class="visually-hidden">, sorteras som nummer {self.place}</span>'
            )
        return f'<a href="{escaped(self.url)}">{label}{arrow}{place}</a>'

    @property
    def _tick_all(self) -> str:
        if not isinstance(self.column, SelectColumn):
            return ""
        return f'<input type="checkbox" data-tick-all="{self.column.form_id}" aria-label="Välj alla på sidan" hidden>'


class Table:
    """Rows under declared columns. Subclasses set ``columns`` and ``caption``, and a ``default_sort``.

    ``default_sort`` is a column's name, with a minus for descending; None keeps the queryset's own order.
    ``select_for`` is the id of a form that rows are ticked for; "" shows no boxes. ``tick_name`` is what a row is
    called there, where it can be mistaken for another by its own name.
    """

    select_for = ""
    tick_name: Callable[[Any], str] = str

    columns: tuple[Column, ...] = ()
    caption: str = ""
    default_sort: str | None = None

    def __init__(
        self, rows: Iterable, *, request: HttpRequest | None = None, address: ListAddress | None = None
    ):
        self.rows_in = rows
        self.request = request
        self.address = address or ListAddress(request.GET if request is not None else QueryDict())

    @classmethod
    def default_keys(cls) -> tuple[str, ...]:
        return (cls.default_sort,) if cls.default_sort else ()

    @classmethod
    def sort_keys(cls, query: QueryDict) -> tuple[str, ...]:
        """The sort in ``?ordning=a,-b`` as far as it is the columns', else the default."""
        sortable = {column.name for column in cls.columns if column.sort}
        keys: dict[str, str] = {}
        for key in listed(query, SORT):
            if key.removeprefix("-") in sortable:
                keys.setdefault(key.removeprefix("-"), key)
        return tuple(keys.values())[:MAX_KEYS] or cls.default_keys()

    @classmethod
    def ordered(cls, queryset, query: QueryDict):
        """The queryset in the order asked for, the primary key last so that pages never overlap."""
        keys = cls.sort_keys(query)
        if not keys:
            return queryset
        columns = {column.name: column for column in cls.columns}
        order = [
            _turned(field) if key.startswith("-") else field
            for key in keys
            for field in columns[key.removeprefix("-")].order_by
        ]
        return queryset.order_by(*order, "pk")

    @classmethod
    def shown_columns(cls, query: QueryDict) -> list[Column]:
        """The row's name, then the columns in ``?kolumner=`` in that order; all but the extra by default."""
        columns = {column.name: column for column in cls.columns}
        asked = [columns[name] for name in listed(query, COLUMNS) if name in columns]
        if not asked:
            return [column for column in cls.columns if not column.extra]
        return [
            *(column for column in cls.columns if column.link),
            *(column for column in asked if not column.link),
        ]

    @property
    def shown(self) -> list[Column]:
        return self.shown_columns(self.address.query)

    @property
    def drawn(self) -> list[Column]:
        """The columns with the boxes before them, where rows can be ticked."""
        return (
            [SelectColumn(self.select_for, type(self).tick_name), *self.shown]
            if self.select_for
            else self.shown
        )

    @property
    def column_boxes(self) -> SafeString:
        """The columns one can choose, those that are shown ticked."""
        shown = self.shown
        return SafeString(
            "".join(
                f'<label class="pill"><input type="checkbox" name="{COLUMNS}" value="{escaped(column.name)}"'
                f"{' checked' if column in shown else ''}>{escaped(column.label)}</label>"
                for column in self.columns
                if column.label and not column.link
            )
        )

    @property
    def sort_fields(self) -> SafeString:
        """For each key there can be, a choice of what to sort by."""
        choices = [
            (f"{sign}{column.name}", f"{column.label}, {word}")
            for column in self.columns
            if column.sort
            for sign, word in (("", "stigande"), ("-", "fallande"))
        ]
        keys = [*self.sort_keys(self.address.query), "", "", ""]
        labels = (
            ("Sortera efter", "Listans egen ordning"),
            ("sedan efter", "Inget"),
            ("till sist efter", "Inget"),
        )
        return SafeString(
            "".join(
                f'<div class="field"><label for="{SORT}-{number}">{label}</label>'
                + select({"id": f"{SORT}-{number}", "name": SORT}, [("", none), *choices], key)
                + "</div>"
                for number, ((label, none), key) in enumerate(zip(labels, keys, strict=False), start=1)
            )
        )

    @property
    def headings(self) -> list[Heading]:
        keys = self.sort_keys(self.address.query)
        return [self._heading(column, keys) for column in self.drawn]

    def _heading(self, column: Column, keys: tuple[str, ...]) -> Heading:
        """A click sorts by the column, and by what it was sorted by before where that is equal."""
        if not column.sort or self.request is None:
            return Heading(column, "", "")
        names = [key.removeprefix("-") for key in keys]
        place = names.index(column.name) if column.name in names else None
        others = [key for key in keys if key.removeprefix("-") != column.name]
        if keys == self.default_keys() and SORT not in self.address.query:
            others = []
        turned = place == 0 and not keys[0].startswith("-")
        asked = [f"-{column.name}" if turned else column.name, *others][:MAX_KEYS]
        direction = ""
        if place is not None:
            direction = "descending" if keys[place].startswith("-") else "ascending"
        return Heading(
            column, self.address.url(**{SORT: ",".join(asked)}), direction, place + 1 if place else 0
        )

    @property
    def rows(self) -> Iterable[list[str]]:
        """The contents of each row's cells."""
        columns = self.drawn
        for row in self.rows_in:
            yield [self._content(column, row) for column in columns]

    @property
    def lines(self) -> Iterable[str]:
        """Each row as it is drawn. Not by a template: of a list's page, cells are by far the most."""
        tags = [column.tags for column in self.drawn]
        for contents in self.rows:
            cells = [
                f"{full if content else bare}{content}{end}"
                for (full, bare, end), content in zip(tags, contents, strict=True)
            ]
            yield f'<tr role="row">{"".join(cells)}</tr>'

    @property
    def body(self) -> SafeString:
        return SafeString("\n".join(self.lines))

    @property
    def head(self) -> SafeString:
        return SafeString("".join(heading.drawn for heading in self.headings))

    def _content(self, column: Column, row) -> str:
        value = column.value(row)
        if column.draw:
            content = escaped(column.draw(row, value))
        elif column.template:
            context = {"row": row, "value": value, "today": today(), "request": self.request}
            content = render_to_string(column.template, context).strip()
        else:
            nothing = value is None or value == ""
            content = column.nothing if nothing else escaped(value if type(value) is str else shown(value))
        if column.link and (url := column.url(row)):
            return f'<a href="{escaped(url)}">{content}</a>'
        return content


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def shown(value) -> str:
    """A value as a cell says it: short days, yes and no in Swedish, numbers with thousands."""
    if isinstance(value, str):
        return value if isinstance(value, SafeString) else str(value)
    if (day := words.as_day(value)) is not None:
        return words.short_day(day, today())
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int):
        return words.thousands(value)
    return str(localize(value))
