"""The term strip: a participation's terms in one drawing, made of plain values.

``build`` gives what ``programmes/_strip.html`` draws; ``build_small`` what ``programmes/_strip_small.html``
draws. Nothing here reads the database or the clock.
"""

from dataclasses import dataclass

from programmes.strip.data import (
    Break,
    CalendarMissing,
    Claim,
    Gap,
    Meeting,
    Phase,
    Reading,
    RektorChange,
    Report,
    Seminar,
    StripData,
    StripTerm,
    Unit,
    When,
)
from programmes.strip.drawing import Drawing
from programmes.strip.phone import Phone, phone
from programmes.strip.small import progress, small
from programmes.strip.table import Group, table
from programmes.strip.unknown import unknown
from programmes.strip.wide import ALL_ROWS, WIDTH, title, wide

__all__ = [
    "Break",
    "CalendarMissing",
    "Claim",
    "Gap",
    "Meeting",
    "Phase",
    "Reading",
    "RektorChange",
    "Report",
    "Seminar",
    "Small",
    "Strip",
    "StripData",
    "StripTerm",
    "Unit",
    "When",
    "build",
    "build_small",
]


@dataclass(frozen=True)
class Strip:
    """One strip, ready for its template. ``phone`` has a stepper; with an unknown start it is None."""

    key: str
    title: str
    subtitle: str
    wide: Drawing
    phone: Phone | None
    narrow: Drawing | None
    table: list[Group] | None
    query: str = ""

    @property
    def is_unknown(self) -> bool:
        return self.phone is None


@dataclass(frozen=True)
class Small:
    """Bars with their sentence; ``drawing`` is None when the start term is unknown."""

    name: str
    drawing: Drawing | None


def build(
    data: StripData,
    *,
    key: str = "remsa",
    position: str | int | None = None,
    width: float = WIDTH,
    rows: tuple[str, ...] = ALL_ROWS,
    query: str = "",
    with_table: bool = False,
) -> Strip:
    """Lay out everything for one strip.

    ``key`` begins the ids in the page, so it must be its own on each page. ``position`` is the column the
    phone shows, from 1; anything else gives the current one. ``rows`` and ``width`` make a smaller wide
    drawing, in the same size of text. ``query`` is what else the page's address asks, "datum=2018-04-23&": the
    phone's steps keep it, and the way to the table and back.
    """
    groups = table(data) if with_table else None
    if not data.terms:
        return Strip(
            key,
            "Det vi vet",
            data.subtitle or "Utan starttermin ritas bara det källan säger",
            unknown(data, key=key),
            None,
            unknown(data, key=key, is_phone=True),
            groups,
            query,
        )
    return Strip(
        key,
        title(data),
        data.subtitle,
        wide(data, key=key, width=width, rows=rows),
        phone(data, key=key, position=position),
        None,
        groups,
        query,
    )


def build_small(data: StripData) -> Small:
    return Small(progress(data), small(data))
