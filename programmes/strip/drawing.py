"""A finished picture: rows of marks with their names, what lies behind them and before them, and its legend."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString

from programmes.strip.shapes import Mark, Shape, Text, joined, number, surfaces

# Marks with a surface of their own under the text, which hides the lines.
COVERING = frozenset({"possible", "chosen", "claim-period", "gap"})


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
        return SafeString(f"{label}{joined(self.marks)}{joined(self.texts)}")


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
        opening = f'<svg class="strip-sample" width="{self.width}" height="16" aria-hidden="true">'
        return SafeString(f"<li>{opening}{joined(self.shapes)}</svg>{self.label}</li>")


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
        behind = surfaces([*self.back, *(shape for row in self.rows for shape in row.shapes)])
        over = joined([*self.head, *self.head_marks, *self.rows, *self.front, *self.tags])
        return SafeString(f'<g aria-hidden="true">{behind}</g>\n{over}')

    @property
    def legend_list(self) -> SafeString:
        return SafeString(f'<ul class="strip-legend">{joined(self.legend)}</ul>' if self.legend else "")

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
