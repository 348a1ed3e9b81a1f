"""How wide a text is, where a day lies, and what room is left on a line.

Text is measured with the advance widths of Source Sans 3, the portal's own font, so that a label can be
given a place, turned to the other side or shortened before anything is sent to the browser.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

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


@lru_cache(maxsize=4096)
def text_width(content: str, size: float = 14, weight: int = 400) -> float:
    widths = _WIDTHS[weight]
    return sum([widths.get(letter, _WIDEST) for letter in content]) * size / 1000


def ellipsis(content: str, room: float, size: float = 14, weight: int = 400) -> str:
    """The text, or as much of its beginning as there is room for with "…" after it."""
    if text_width(content, size, weight) <= room:
        return content
    kept = content
    while kept and text_width(kept.rstrip() + "…", size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,·–-") + "…"


@dataclass(frozen=True)
class Scale:
    """Linear time: ``first`` begins at ``left`` and ``last`` ends at ``right``."""

    first: date
    last: date
    left: float
    right: float

    @cached_property
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
        return self.left if x < self.left else self.right if x > self.right else x


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
