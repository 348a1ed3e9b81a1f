"""What a drawing is made of: shapes, text, and marks that are links; each writes itself as SVG.

A page has hundreds of them, so each is as short as it can be: what is drawn behind goes together as one path for
each look, and a name stands once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString

from programmes.strip.measure import text_width


def number(value: float) -> str:
    """A coordinate as SVG writes it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def joined(pieces: Iterable) -> SafeString:
    """The pieces as they are drawn, one after the other."""
    return SafeString("".join([piece.svg for piece in pieces]))


@dataclass(frozen=True)
class Shape:
    """One SVG element without text; ``values`` are its geometry attributes."""

    tag: str
    cls: str
    values: dict[str, float | str]

    def __getitem__(self, name: str) -> float | str:
        return self.values[name]

    @property
    def svg(self) -> SafeString:
        written = "".join(
            [
                f' {name}="{value if isinstance(value, str) else number(value)}"'
                for name, value in self.values.items()
            ]
        )
        return SafeString(f'<{self.tag} class="{self.cls}"{written}/>')

    @property
    def steps(self) -> str:
        """Of a line or a rectangle: the same as a part of a path."""
        if self.tag == "line":
            x1, y1, x2, y2 = (number(self[name]) for name in ("x1", "y1", "x2", "y2"))
            return f"M{x1} {y1}L{x2} {y2}"
        x, y, width, height = (number(self[name]) for name in ("x", "y", "width", "height"))
        return f"M{x} {y}h{width}v{height}h-{width}z"


def surfaces(shapes: Iterable[Shape]) -> SafeString:
    """Lines and rectangles that nobody asks by themselves: those of one look as one path, in the order they come."""
    looks: dict[tuple[str, str], list[str]] = {}
    for shape in shapes:
        looks.setdefault((shape.cls, shape.values.get("fill", "")), []).append(shape.steps)
    return SafeString(
        "".join(
            [
                f'<path class="{cls}"{f" fill={chr(34)}{fill}{chr(34)}" if fill else ""} d="{"".join(steps)}"/>'
                for (cls, fill), steps in looks.items()
            ]
        )
    )


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


def dots(cls: str, points: Iterable[tuple[float, float]], width: float) -> Shape:
    """Dots of one look: strokes without length, whose round ends are all that is seen."""
    steps = "".join([f"M{number(x)} {number(y)}h0" for x, y in points])
    return Shape("path", f"strip-dots {cls}", {"d": steps, "stroke-width": width})


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
        """What it has that 14 px in the ordinary weight and colour has not."""
        names = (self.cls, "strip-13" if self.size < 14 else "", "strip-bold" if self.weight > 400 else "")
        return " ".join([name for name in names if name])

    @property
    def svg(self) -> SafeString:
        title = f"<title>{escape(self.full)}</title>" if self.full else ""
        cls = f' class="{self.classes}"' if self.classes else ""
        anchor = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        opening = f'<text{cls} x="{number(self.x)}" y="{number(self.y)}"{anchor}>'
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
        """The title is the link's name, and what the mouse is told."""
        if self.url:
            opening, closing = f'<a href="{escape(self.url)}">', "</a>"
            shapes = [*self.label_surfaces, *self.shapes]
        else:
            opening, closing, shapes = '<g role="img">', "</g>", self.shapes
        said = f'<g class="strip-said" aria-hidden="true">{joined(self.texts)}</g>' if self.texts else ""
        return SafeString(f"{opening}<title>{escape(self.name)}</title>{joined(shapes)}{closing}{said}")

    @property
    def x(self) -> float:
        """Where the mark itself stands: the first shape after the invisible surface that takes clicks."""
        shape = next(s for s in self.shapes if s.cls != "strip-hit")
        return shape.values.get("cx", shape.values.get("x", shape.values.get("x1", 0)))
