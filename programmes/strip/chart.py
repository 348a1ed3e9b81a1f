"""The parts that the wide drawing and the phone's have in common: bars, dots, flags and lines.

A part gets the height it is drawn at and gives marks back; what it must keep clear of it is told by the
``Lane`` it is handed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from programmes.strip import words
from programmes.strip.data import Phase, Report, Seminar, StripData, Unit, When
from programmes.strip.measure import Lane, Scale, ellipsis, text_width, without
from programmes.strip.shapes import (
    Mark,
    Shape,
    Text,
    bracket,
    circle,
    diamond,
    flag,
    flag_pole,
    line,
    path,
    rect,
)
from sbs_portal.time import ImpreciseDate, Precision, Term

LABEL_GAP = 5


@dataclass(frozen=True)
class Spot:
    """A mark with a label beside it, before it has been given its place."""

    x: float
    reach_left: float
    reach_right: float
    label: str
    draw: Callable[[float], Mark]


def place(spots: list[Spot], left: float, right: float, size: float) -> list[tuple[Spot, int, float | None]]:
    """Give each spot a row and its label a beginning: to the right, else to the left, else a new row.

    A label that fits nowhere gets None: the mark still has its whole name. Never do two things overlap.
    """
    spots = sorted(spots, key=lambda spot: spot.x)
    lanes: list[Lane] = []
    result = []
    for index, spot in enumerate(spots):
        width = text_width(spot.label, size)
        # A mark may stand at the very edge; it is the label that has to stay inside.
        mark_left = max(spot.x - spot.reach_left - 2, left)
        mark_right = min(spot.x + spot.reach_right + 2, right)
        sides = (
            (mark_left, spot.x + spot.reach_right + LABEL_GAP + width, spot.x + spot.reach_right + LABEL_GAP),
            (
                spot.x - spot.reach_left - LABEL_GAP - width,
                mark_right,
                spot.x - spot.reach_left - LABEL_GAP - width,
            ),
        )
        coming = [(s.x - s.reach_left - 2, s.x + s.reach_right + 2) for s in spots[index + 1 :]]
        # The first row is kept for the marks still to come, so that they stand in one line; a new row
        # takes the label even where it covers one of them.
        tries = [(row, coming if row == 0 else []) for row in range(max(len(lanes), 1))]
        tries.append((len(lanes), []))
        chosen = None
        for row, ahead in tries:
            lane = lanes[row] if row < len(lanes) else Lane(left, right)
            for start, end, text_x in sides:
                if lane.is_free(start, end) and all(end <= a or start >= b for a, b in ahead):
                    chosen = (row, lane, start, end, text_x)
                    break
            if chosen:
                break
        if chosen is None:
            chosen = (row, lane, mark_left, mark_right, None)
        row, lane, start, end, text_x = chosen
        if row == len(lanes):
            lanes.append(lane)
        lane.take(start, end)
        result.append((spot, row, text_x))
    return result


class Chart:
    """The data seen through one scale: all terms, or one."""

    def __init__(self, data: StripData, scale: Scale):
        self.data, self.scale = data, scale
        self.holes = [(c.term.start, c.term.end) for c in data.terms if c.paused]
        self.now = scale.middle(data.until)

    # Phases

    def shows_phase(self, phase: Phase) -> bool:
        days = [
            day
            for when in (phase.planned_first, phase.planned_last, phase.actual_first, phase.actual_last)
            if (known := ImpreciseDate.of(when)).is_known
            for day in (known.first, known.last)
        ]
        if not days:
            return False
        is_open = ImpreciseDate.of(phase.actual_first).is_known and not phase.actual_last
        return self.scale.shows(min(days), max([*days, self.data.until] if is_open else days))

    def phase_mark(self, phase: Phase, y: float) -> tuple[Mark, float, float] | None:
        """The mark and how far it reaches to the left and right; None when no date is known."""
        shapes = [*self._plan(phase, y), *self._actual(phase, y)]
        if not shapes:
            return None
        left = min(shape["x"] for shape in shapes)
        right = max(shape["x"] + shape["width"] for shape in shapes)
        hit = rect("strip-hit", left, y - 12, max(right, left + 24), y + 12)
        mark = Mark("phase", words.phase_name(phase, self.data), phase.url, [hit, *shapes])
        return mark, left, right

    def _plan(self, phase: Phase, y: float) -> list[Shape]:
        first, last = ImpreciseDate.of(phase.planned_first), ImpreciseDate.of(phase.planned_last)
        if not (first.is_known and last.is_known) or last.last < first.first:
            return []
        if not phase.confirmed or first.last >= last.first:
            exact = phase.confirmed and first.precision is last.precision is Precision.DAY
            parts = [(first.first, last.last, not exact)]
        else:
            parts = [(first.last, last.first, False)]
            if first.first < first.last:
                parts.append((first.first, first.last, True))
            if last.first < last.last:
                parts.append((last.first, last.last, True))
        return [
            rect(
                "strip-plan strip-dashed" if vague else "strip-plan",
                self.scale.start(a) + 0.75, y - 7.25, self.scale.end(b) - 0.75, y + 7.25, 3,
            )
            for start, end, vague in sorted(parts)
            for a, b in without(start, end, self.holes)
            if self.scale.shows(a, b)
        ]  # fmt: skip

    def _actual(self, phase: Phase, y: float) -> list[Shape]:
        first, last = ImpreciseDate.of(phase.actual_first), ImpreciseDate.of(phase.actual_last)
        if not first.is_known:
            return []
        end = last.last if last.is_known else self.data.until
        # What only a source states is never filled as if it were known.
        cls = "strip-done" if phase.confirmed else "strip-stated"
        shapes = []
        for a, b in without(first.first, end, self.holes):
            if self.scale.shows(a, b):
                right = self.now if b == self.data.until and not last.is_known else self.scale.end(b)
                shapes.append(rect(cls, self.scale.start(a) + 1.5, y - 5, right, y + 5, 2))
        return shapes

    # Seminars and reports

    def seminar_spot(self, seminar: Seminar, label: str) -> Spot | None:
        when = ImpreciseDate.of(seminar.when)
        if not (when.is_known and self.scale.shows(when.first, when.last)):
            return None
        x = self.scale.middle(when.first, when.last)
        vague = when.precision is not Precision.DAY

        def draw(y: float) -> Mark:
            cls = {"held": "strip-held", "planned": "strip-open", "cancelled": "strip-cancelled"}[
                seminar.status
            ]
            shapes = [
                rect("strip-hit", x - 12, y - 12, x + 12, y + 12),
                diamond(f"{cls} strip-dashed" if vague and cls == "strip-open" else cls, x, y),
            ]
            if seminar.status == "cancelled":
                shapes.append(path(cls, "M", x - 4, y + 4, "L", x + 4, y - 4))
            if vague:
                shapes.append(bracket(self.scale.start(when.first), self.scale.end(when.last), y + 14))
            return Mark(f"seminar-{seminar.status}", words.seminar_name(seminar), seminar.url, shapes)

        return Spot(x, 9, 9, label, draw)

    def report_spot(self, report: Report, label: str) -> Spot | None:
        when = ImpreciseDate.of(report.when)
        if not (when.is_known and self.scale.shows(when.first, when.last)):
            return None
        x = min(self.scale.middle(when.first, when.last), self.scale.right - 12)
        vague = when.precision is not Precision.DAY

        def draw(y: float) -> Mark:
            cls = "strip-flag-held" if report.approved else "strip-flag"
            shapes = [
                rect("strip-hit", x - 7, y - 12, x + 17, y + 12),
                flag(f"{cls} strip-dashed" if vague and not report.approved else cls, x, y),
                flag_pole(x, y),
            ]
            if vague:
                shapes.append(bracket(self.scale.start(when.first), self.scale.end(when.last), y + 14))
            kind = "report-approved" if report.approved else "report-due"
            return Mark(kind, words.report_name(report), report.url, shapes)

        return Spot(x, 2, 12, label, draw)

    # Units

    def unit_marks(self, unit: Unit, y: float) -> list[Mark]:
        """The membership line and a ring for each change of rektor."""
        joined, left = ImpreciseDate.of(unit.joined), ImpreciseDate.of(unit.left)
        if not joined.is_known:
            return []
        last = min(left.last, self.scale.last) if left.is_known else self.scale.last
        if not self.scale.shows(joined.first, last):
            return []
        start, end = self.scale.start(joined.first), self.scale.end(last)
        now = self.scale.end(last) if last <= self.data.until else self.now
        shapes = []
        if joined.first <= self.data.until:
            sure = min(self.scale.start(joined.last), now)
            if sure > start:
                shapes.append(line("strip-unit strip-unit-vague", start, y, sure, y))
            if now > sure:
                shapes.append(line("strip-unit", sure, y, now, y))
        else:
            now = start
        # Nothing is drawn past the day through which the participation is known.
        if not self.data.is_cut_short and end > now:
            shapes.append(line("strip-unit-ahead", now, y, end, y))
        if not shapes:
            return []
        if joined.first >= self.scale.first and joined.precision is Precision.DAY:
            shapes.append(line("strip-unit-tick", start, y - 6, start, y + 6))
        if (
            left.is_known
            and left.last <= self.scale.last
            and (left.last <= self.data.until or not self.data.is_cut_short)
        ):
            shapes.append(line("strip-unit-tick", end, y - 6, end, y + 6))
        hit = rect("strip-hit", start, y - 12, end, y + 12)
        marks = [Mark("unit", words.unit_name(unit), unit.url, [hit, *shapes])]
        for change in unit.rektor_changes:
            when = ImpreciseDate.of(change.when)
            if when.is_known and self.scale.shows(when.first, when.last):
                x = self.scale.middle(when.first, when.last)
                ring = [rect("strip-hit", x - 12, y - 12, x + 12, y + 12), circle("strip-ring", x, y, 4.5)]
                if when.precision is not Precision.DAY:
                    ring.append(bracket(self.scale.start(when.first), self.scale.end(when.last), y + 11))
                marks.append(Mark("rektor", words.rektor_name(unit, change), change.url, ring))
        return marks

    def joined_late(self, unit: Unit) -> str:
        """ "med från ht 2026" for a unit that was not there from the first term, else nothing."""
        joined = ImpreciseDate.of(unit.joined)
        if not joined.is_known or Term.of(joined.first) <= self.data.terms[0].term:
            return ""
        return f"med från {_in_term(joined)}"

    def left_early(self, unit: Unit) -> str:
        """ "med till vt 2027" for a unit that left before the last term."""
        left = ImpreciseDate.of(unit.left)
        if not left.is_known or Term.of(left.last) >= self.data.terms[-1].term:
            return ""
        return f"med till {_in_term(left)}"


def _in_term(when: When) -> str:
    known = ImpreciseDate.of(when)
    return str(known) if known.precision is Precision.YEAR else Term.of(known.first).short


def tag(content: str, x: float, top: float, left: float, right: float) -> tuple[Shape, Text]:
    """The dark label below a drawing, moved inwards at the edges."""
    half = text_width(content, 14, 600) / 2 + 20
    middle = min(max(x, left + half), right - half)
    return (
        rect("strip-tag", middle - half, top, middle + half, top + 22, 3),
        Text(content, middle, top + 16, "strip-tag-text", 14, 600, "middle"),
    )


def shortened(
    content: str, x: float, y: float, room: float, cls: str, size: float = 14, weight: int = 400
) -> Text:
    fits = ellipsis(content, room, size, weight)
    return Text(fits, x, y, cls, size, weight, full="" if fits == content else content)


def outside(data: StripData, first: date, last: date) -> int:
    """How many dated things lie before the first day or after the last and stand only in the table."""
    dated = [
        *(m.when for m in data.meetings),
        *(s.when for s in data.seminars),
        *(r.when for r in data.reports),
        *(c.when for u in data.units for c in u.rektor_changes),
    ]
    return sum(
        1
        for when in map(ImpreciseDate.of, dated)
        if not when.is_known or when.last < first or when.first > last
    )
