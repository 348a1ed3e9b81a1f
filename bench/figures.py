"""What is made of many measured numbers: a median with its spread, and percentiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing: the middle one, the least and the most."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread | None":
        """None where there is nothing to tell of."""
        return cls(median(values), min(values), max(values)) if values else None

    def __str__(self) -> str:
        return f"{short(self.middle)} [{short(self.least)}–{short(self.most)}]"


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of them does not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    ranked = sorted(values)
    return ranked[max(0, min(len(ranked), -int(-len(ranked) * share // 1)) - 1)]


def short(value: float | None) -> str:
    """Three figures are enough to compare by: 1 234, 87.5, 0.73."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(part: float | None, whole: float | None) -> float | None:
    """None where either is not known, or there is nothing to divide by."""
    return part / whole if part is not None and whole else None
