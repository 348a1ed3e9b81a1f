"""Shapes, text and marks, measured in the units of the drawing, and the rules that keep them apart.

Text is measured with the advance widths of Source Sans 3, the portal's own font, so that a label can be
given a place, turned to the other side or shortened before anything is sent to the browser.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from html import escape

from django.utils.safestring import SafeString

# Advance width in thousandths of the size, and the letters that have it.
_ADVANCES = {
    400: {
        200: " \u00a0", 246: "ijí|", 250: "',.:;·’l", 263: "I", 290: "!f", 305: "()[]{}-", 340: "tr", 350: "/\\",
        420: "*s", 426: "?z\"”", 450: "xc«»", 467: "vy", 478: "YJ–", 490: "LF", 495: "keéè",
        497: "#$+0123456789<=>^~×_", 504: "agåäá", 514: "XV", 530: "EÉST", 543: "ZAoöøó`huÅÄüúnñ",
        555: "bdpq", 570: "PRC", 585: "KB", 615: "&DG", 650: "UÜNHOQÖØ", 720: "wM", 786: "Wæ", 829: "%mÆ@—",
        948: "…",
    },
    600: {
        200: " \u00a0", 263: "ijí|", 274: "',.:;·’lI", 320: "!f-()[]{}", 345: "/\\", 368: "tr", 438: "s*",
        444: "z?", 465: "cç«»", 482: "–x\"”", 497: "Jvy_Y", 510: "LeéèF", 513: "#$+0123456789<=>^~×",
        520: "aåäágk", 543: "VEÉZXST`oöøó", 560: "uüúAhÅÄnñbdpq", 582: "CP", 597: "RBK", 630: "DG&",
        663: "UÜNHOQÖØ", 748: "Mw", 800: "Wæ—", 843: "%mÆ@", 964: "…",
    },
}  # fmt: skip
_WIDTHS = {
    weight: {letter: width for width, letters in table.items() for letter in letters}
    for weight, table in _ADVANCES.items()
}
_WIDEST = 900

# Marks with a surface of their own under the text, which hides the lines.
COVERING = frozenset({"possible", "chosen", "claim-period", "gap"})


def text_width(content: str, size: float = 14, weight: int = 400) -> float:
    widths = _WIDTHS[weight]
    return sum(widths.get(letter, _WIDEST) for letter in content) * size / 1000


def ellipsis(content: str, room: float, size: float = 14, weight: int = 400) -> str:
    """The text, or as much of its beginning as there is room for with "…" after it."""
    if text_width(content, size, weight) <= room:
        return content
    kept = content
    while kept and text_width(kept.rstrip() + "…", size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,·–-") + "…"


def number(value: float) -> str:
    """A coordinate as SVG writes it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def _written(attributes: list[tuple[str, str]]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def joined(pieces: Iterable) -> SafeString:
    """The pieces as they are drawn, one after the other."""
    return SafeString("".join(piece.svg for piece in pieces))


@dataclass(frozen=True)
class Shape:
    """One SVG element without text; ``values`` are its geometry attributes."""

    tag: str
    cls: str
    values: dict[str, float | str]

    @property
    def attributes(self) -> list[tuple[str, str]]:
        return [
            (name, value if isinstance(value, str) else number(value)) for name, value in self.values.items()
        ]

    def __getitem__(self, name: str) -> float | str:
        return self.values[name]

    @property
    def svg(self) -> SafeString:
        return SafeString(f'<{self.tag} class="{self.cls}"{_written(self.attributes)}/>')


def rect(cls: str, left: float, top: float, right: float, bottom: float, radius: float = 0) -> Shape:
    values = {"x": left, "y": top, "width": max(right - left, 0), "height": bottom - top}
    return Shape("rect", cls, values | ({"rx": radius} if radius else {}))


def line(cls: str, x1: float, y1: float, x2: float, y2: float) -> Shape:
    return Shape("line", cls, {"x1": x1, "y1": y1, "x2": x2, "y2": y2})


def circle(cls: str, x: float, y: float, radius: float) -> Shape:
    return Shape("circle", cls, {"cx": x, "cy": y, "r": radius})


def path(cls: str, *steps: str | float) -> Shape:
    return Shape("path", cls, {"d": " ".join(s if isinstance(s, str) else number(s) for s in steps)})


def diamond(cls: str, x: float, y: float, radius: float = 8) -> Shape:
    return path(cls, "M", x, y - radius, "L", x + radius, y, "L", x, y + radius, "L", x - radius, y, "Z")


def flag(cls: str, x: float, y: float) -> Shape:
    """A swallow-tailed flag whose pole stands at ``x``; the pole is drawn by ``flag_pole``."""
    return path(cls, "M", x, y - 8, "L", x + 12, y - 8, "L", x + 8.5, y - 3.5, "L", x + 12, y + 1, "L", x, y + 1, "Z")  # fmt: skip


def flag_pole(x: float, y: float) -> Shape:
    return line("strip-pole", x, y - 8.8, x, y + 9)


def bracket(left: float, right: float, y: float) -> Shape:
    """Below a mark: it can have been any day from left to right."""
    return path("strip-bracket", "M", left, y - 4, "L", left, y, "L", right, y, "L", right, y - 4)


@dataclass(frozen=True)
class Text:
    """``full`` is the whole text where ``content`` has been shortened."""

    content: str
    x: float
    y: float
    cls: str = ""
    size: float = 14
    weight: int = 400
    anchor: str = "start"
    full: str = ""

    @property
    def width(self) -> float:
        return text_width(self.content, self.size, self.weight)

    @property
    def left(self) -> float:
        return self.x - {"start": 0, "middle": self.width / 2, "end": self.width}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.y - self.size * 0.76

    @property
    def bottom(self) -> float:
        return self.y + self.size * 0.22

    @property
    def classes(self) -> str:
        names = [
            "strip-text",
            self.cls,
            f"strip-s{number(self.size)}",
            "strip-bold" if self.weight > 400 else "",
        ]
        return " ".join(name for name in names if name)

    @property
    def attributes(self) -> list[tuple[str, str]]:
        anchor = [] if self.anchor == "start" else [("text-anchor", self.anchor)]
        return [("x", number(self.x)), ("y", number(self.y)), *anchor]

    @property
    def svg(self) -> SafeString:
        title = f"<title>{escape(self.full)}</title>" if self.full else ""
        opening = f'<text class="{self.classes}"{_written(self.attributes)}>'
        return SafeString(f"{opening}{title}{escape(self.content)}</text>")

    def overlaps(self, other: "Text") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass
class Mark:
    """Something that happened or will: a link with a whole name, drawn by its parts."""

    kind: str
    name: str
    url: str = ""
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def label_surfaces(self) -> list[Shape]:
        """Invisible surfaces that make the labels part of the link, though their text is not in it.

        The link's name is whole, the label short: a reader of the screen hears only the name.
        """
        return [rect("strip-hit", t.left - 4, t.top - 3, t.right + 4, t.bottom + 3) for t in self.texts]

    @property
    def svg(self) -> SafeString:
        name = escape(self.name)
        if self.url:
            opening = f'<a class="strip-mark" href="{escape(self.url)}" aria-label="{name}">'
            shapes, closing = [*self.label_surfaces, *self.shapes], "</a>"
        else:
            opening, closing = f'<g class="strip-mark" role="img" aria-label="{name}">', "</g>"
            shapes = self.shapes
        said = f'<g class="strip-said" aria-hidden="true">{joined(self.texts)}</g>' if self.texts else ""
        return SafeString(f"{opening}<title>{name}</title>{joined(shapes)}{closing}{said}")

    @property
    def x(self) -> float:
        """Where the mark itself stands: the first shape after the invisible surface that takes clicks."""
        shape = next(s for s in self.shapes if s.cls != "strip-hit")
        return shape.values.get("cx", shape.values.get("x", shape.values.get("x1", 0)))


@dataclass
class Row:
    """A line of the drawing: its name to the left (or above), decoration, marks in order, and notes."""

    name: str
    top: float
    bottom: float
    label: Text | None = None
    shapes: list[Shape] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def svg(self) -> SafeString:
        label = self.label.svg if self.label else ""
        inside = f"{label}{joined(self.marks)}{joined(self.texts)}"
        return SafeString(f'<g class="strip-row">{inside}</g>')


@dataclass(frozen=True)
class Band:
    """A surface behind the drawing, so that a label can take its colour as halo."""

    cls: str
    left: float
    right: float


@dataclass
class Legend:
    kind: str
    label: str
    shapes: list[Shape]
    width: int = 26

    @property
    def svg(self) -> SafeString:
        return joined(self.shapes)


@dataclass
class Drawing:
    """A finished picture; ``back`` lies behind all, ``front`` (header, tag) before all."""

    name: str
    key: str
    width: float
    height: float = 0
    back: list[Shape] = field(default_factory=list)
    head: list[Text] = field(default_factory=list)
    head_marks: list[Mark] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    front: list[Shape] = field(default_factory=list)
    tags: list[Text] = field(default_factory=list)
    legend: list[Legend] = field(default_factory=list)
    left_out: int = 0

    @property
    def view_box(self) -> str:
        return f"0 0 {number(self.width)} {number(self.height)}"

    @property
    def svg(self) -> SafeString:
        """All that is drawn, from back to front. Hundreds of small pieces: no template is entered for each."""
        behind = joined([*self.back, *(shape for row in self.rows for shape in row.shapes)])
        over = joined([*self.head, *self.head_marks, *self.rows, *self.front, *self.tags])
        return SafeString(f'<g aria-hidden="true">{behind}</g>\n{over}')

    @property
    def bars(self) -> SafeString:
        """Of a small picture without rows: the same without groups."""
        return joined([*self.back, *self.front, *self.tags])

    @property
    def marks(self) -> list[Mark]:
        return [*self.head_marks, *(mark for row in self.rows for mark in row.marks)]

    def all_texts(self) -> Iterator[Text]:
        yield from self.head
        for mark in self.marks:
            yield from mark.texts
        for row in self.rows:
            if row.label:
                yield row.label
            yield from row.texts
        yield from self.tags

    @property
    def has_links(self) -> bool:
        return any(mark.url for mark in self.marks)

    def kinds(self) -> set[str]:
        return {mark.kind for mark in self.marks}

    def soften(self, verticals: Iterable[float], bands: Iterable[Band], from_x: float) -> None:
        """Give each label that a line runs behind a halo in the colour of the surface it lies on."""
        verticals, bands = tuple(verticals), tuple(bands)

        def softened(text: Text) -> Text:
            if text.left < from_x:
                return text
            if not any(text.left - 2 <= x <= text.right + 2 for x in verticals):
                return text
            on = next((b.cls for b in bands if b.left <= text.left and text.right <= b.right), "")
            return replace(text, cls=" ".join(c for c in (text.cls, "strip-halo", on) if c))

        for row in self.rows:
            row.label = row.label and softened(row.label)
            row.texts = [softened(text) for text in row.texts]
            for mark in row.marks:
                if mark.kind not in COVERING:
                    mark.texts = [softened(text) for text in mark.texts]


@dataclass(frozen=True)
class Scale:
    """Linear time: ``first`` begins at ``left`` and ``last`` ends at ``right``."""

    first: date
    last: date
    left: float
    right: float

    @property
    def per_day(self) -> float:
        return (self.right - self.left) / ((self.last - self.first).days + 1)

    def start(self, day: date) -> float:
        """Where the day begins, kept inside the drawing."""
        return self._clamp(self.left + (day - self.first).days * self.per_day)

    def end(self, day: date) -> float:
        """Where the day is over, kept inside the drawing."""
        return self._clamp(self.left + ((day - self.first).days + 1) * self.per_day)

    def middle(self, first: date, last: date | None = None) -> float:
        """The middle of the day or the period."""
        return (self.start(first) + self.end(last or first)) / 2

    def shows(self, first: date, last: date | None = None) -> bool:
        return first <= self.last and (last or first) >= self.first

    def _clamp(self, x: float) -> float:
        return min(max(x, self.left), self.right)


class Lane:
    """The taken stretches of one line, so that the next thing can find a free one."""

    def __init__(self, left: float, right: float):
        self.left, self.right = left, right
        self.taken: list[tuple[float, float]] = []

    def is_free(self, left: float, right: float) -> bool:
        return (
            left >= self.left - 0.01
            and right <= self.right + 0.01
            and all(right <= start or left >= end for start, end in self.taken)
        )

    def take(self, left: float, right: float) -> None:
        self.taken.append((left, right))

    def gap_for(self, width: float, left: float, right: float) -> float | None:
        """Where something of this width can begin between left and right, or None."""
        edges = [left, *(end for _, end in self.taken if left < end < right)]
        return next((x for x in sorted(edges) if x + width <= right and self.is_free(x, x + width)), None)


def without(first: date, last: date, holes: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The period cut up by the holes (paused terms): the pieces that remain, in order."""
    pieces, start = [], first
    for hole_first, hole_last in sorted(holes):
        if hole_last < start or hole_first > last:
            continue
        if start < hole_first:
            pieces.append((start, hole_first - timedelta(days=1)))
        start = hole_last + timedelta(days=1)
    if start <= last:
        pieces.append((start, last))
    return pieces
