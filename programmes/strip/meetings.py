"""Meetings as dots, the gaps between them and lov behind them, of all terms or of one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from programmes.strip import words
from programmes.strip.data import Gap, Meeting, StripData, StripTerm
from programmes.strip.measure import Lane, Scale, text_width
from programmes.strip.shapes import Mark, Shape, Text, bracket, circle, dots, path, rect
from sbs_portal.time import ImpreciseDate, Precision

# Radius of a dot and how many rows of dots there may be, tried until every meeting has its own place.
DOT_SIZES = ((6, 1), (6, 2), (6, 3), (5, 3), (4, 4), (3, 6), (3, 10))
# So many meetings are a link each. Of more, those of a term are one link, to the list of them.
MOST_LINKED = 60
NOTE = 13


@dataclass(frozen=True)
class Dots:
    """Where each meeting of a period stands: ``rows`` of dots with this radius."""

    radius: float
    rows: int
    placed: tuple[tuple[Meeting, float, int], ...]

    @property
    def pitch(self) -> float:
        return 2 * self.radius + 2

    def offset(self, row: int) -> float:
        return (row - (self.rows - 1) / 2) * self.pitch

    @property
    def height(self) -> float:
        return self.rows * self.pitch


def arranged(meetings: Sequence[Meeting], scale: Scale) -> Dots:
    """Every meeting in the period at its own place; dots shrink and stack before two may touch."""
    spots = []
    for meeting in meetings:
        when = ImpreciseDate.of(meeting.when)
        if when.is_known and scale.shows(when.first, when.last):
            spots.append((scale.middle(when.first, when.last), meeting))
    spots.sort(key=lambda spot: spot[0])
    for radius, rows in DOT_SIZES:
        free_from = [float("-inf")] * rows
        placed, fits = [], True
        for x, meeting in spots:
            row = 0
            while row < rows and x < free_from[row]:
                row += 1
            if row == rows:
                fits, row = False, free_from.index(min(free_from))
                if (radius, rows) != DOT_SIZES[-1]:
                    break
            free_from[row] = x + 2 * radius + 1
            placed.append((meeting, x, row))
        if fits:
            break
    return Dots(radius, max((row for *_, row in placed), default=0) + 1, tuple(placed))


def dot(status: str, x: float, y: float, radius: float, *, vague: bool = False) -> list[Shape]:
    if status == "held":
        return [circle("strip-held", x, y, radius)]
    if status == "planned":
        return [circle("strip-open strip-dashed" if vague else "strip-open", x, y, radius - 1)]
    reach = (radius - 0.75) * 0.71
    return [
        circle("strip-cancelled", x, y, radius - 0.75),
        path("strip-cancelled", "M", x - reach, y + reach, "L", x + reach, y - reach),
    ]


def dots_of(status: str, points: list[tuple[float, float]], radius: float) -> list[Shape]:
    """Many dots that look as ``dot`` draws one."""
    if status == "held":
        return [dots("strip-dots-held", points, 2 * radius)]
    outline = 2 if status == "planned" else 1.5
    shapes = [
        dots(f"strip-dots-{status}", points, 2 * radius),
        dots("strip-dots-core", points, 2 * (radius - outline)),
    ]
    if status == "cancelled":
        reach = (radius - 0.75) * 0.71
        steps = [step for x, y in points for step in ("M", x - reach, y + reach, "L", x + reach, y - reach)]
        shapes.append(path("strip-cancelled", *steps))
    return shapes


class Meetings:
    """The meetings that one scale shows."""

    def __init__(self, data: StripData, scale: Scale):
        self.data, self.scale = data, scale
        self.dots = arranged(data.meetings, scale)

    @property
    def are_packed(self) -> bool:
        """Whether they are too many for a link each, where there is a list to lead to."""
        return bool(self.data.meetings_url) and len(self.data.meetings) > MOST_LINKED

    def marks(self, y: float, half: float, below: Lane) -> list[Mark]:
        """A link for each; where they are packed one for each term, with their number on the line below."""
        if self.are_packed:
            terms = self.data.terms
            return [mark for column in terms if (mark := self._term_mark(column, y, half, below))]
        xs_by_row: dict[int, list[float]] = {}
        for _, x, row in self.dots.placed:
            xs_by_row.setdefault(row, []).append(x)
        marks = []
        for meeting, x, row in self.dots.placed:
            at = y + self.dots.offset(row)
            nearest = min((abs(x - other) for other in xs_by_row[row] if other != x), default=24)
            half, tall = min(nearest, 24) / 2, 12 if self.dots.rows == 1 else self.dots.pitch / 2
            shapes = [rect("strip-hit", x - half, at - tall, x + half, at + tall)]
            shapes += dot(meeting.status, x, at, self.dots.radius, vague=is_vague(meeting))
            shapes += self._brackets([meeting], y)
            marks.append(Mark(f"meeting-{meeting.status}", words.meeting_name(meeting), meeting.url, shapes))
        return marks

    def _brackets(self, meetings: list[Meeting], y: float) -> list[Shape]:
        under = y + self.dots.height / 2 + 4
        vague = [ImpreciseDate.of(meeting.when) for meeting in meetings if is_vague(meeting)]
        return [bracket(self.scale.start(when.first), self.scale.end(when.last), under) for when in vague]

    def _term_mark(self, column: StripTerm, y: float, half: float, below: Lane) -> Mark | None:
        left, right = self.scale.start(column.term.start), self.scale.end(column.term.end)
        here = [spot for spot in self.dots.placed if left <= spot[1] < right]
        if not here:
            return None
        places: dict[str, list[tuple[float, float]]] = {}
        for meeting, x, row in here:
            places.setdefault(meeting.status, []).append((x, y + self.dots.offset(row)))
        shapes = [rect("strip-hit", left, y - half, right, y + half)]
        for status, points in places.items():
            shapes += dots_of(status, points, self.dots.radius)
        shapes += self._brackets([meeting for meeting, *_ in here], y)
        counted = words.meeting_counts(Counter(meeting.status for meeting, *_ in here))
        url = f"{self.data.meetings_url}&when={column.term.code}"
        mark = Mark("meetings", f"Träffar {column.term.long}: {counted}", url, shapes)
        start, width = left + 10, text_width(counted, NOTE)
        if start + width <= right and below.is_free(start, start + width):
            below.take(start - 8, start + width + 8)
            mark.texts.append(Text(counted, start, y + half + 13, "strip-2", NOTE))
        return mark

    def gap_box(self, gap: Gap) -> tuple[float, float]:
        """From just after the dot before to just before the dot after, whole when they are too close."""
        days = {ImpreciseDate.of(m.when).first: x for m, x, _ in self.dots.placed if m.status != "cancelled"}
        clear = self.dots.radius + 4
        left = days[gap.first] + clear if gap.first in days else self.scale.start(gap.first)
        right = days[gap.last] - clear if gap.last in days else self.scale.end(gap.last)
        if right - left < 14:
            return self.scale.middle(gap.first), self.scale.middle(gap.last)
        return left, right

    def gap_marks(self, y: float, half: float, lane: Lane, below: Lane) -> list[Mark]:
        """The boxes, with "9 v" inside where there is room between the dots, else on the line below."""
        marks = []
        for gap in sorted(self.data.gaps, key=lambda gap: gap.first):
            if not self.scale.shows(gap.first, gap.last):
                continue
            left, right = self.gap_box(gap)
            if right - left < 4:
                continue
            box = rect("strip-gap", left, y - half, right, y + half, 3)
            mark = Mark("gap", words.gap_name(gap), gap.url, [box])
            label = f"{gap.school_weeks} v"
            width = text_width(label, NOTE, 600)
            free = right - 6 - width
            if not (free >= left + 4 and lane.is_free(free - 2, free + width + 2)):
                free = lane.gap_for(width + 8, left, right)
                free = None if free is None else free + 4
            elif not any(left < (a + b) / 2 < right for a, b in lane.taken):
                free = (left + right - width) / 2
            if free is not None:
                lane.take(left, right)
                mark.texts.append(Text(label, free, y + 4.5, "strip-risk", NOTE, 600))
            else:
                lane.take(left, right)
                start = (left + right - width) / 2
                if below.is_free(start - 3, start + width + 3):
                    below.take(start - 3, start + width + 3)
                    mark.texts.append(Text(label, start, y + half + 13, "strip-risk", NOTE, 600))
            marks.append(mark)
        return marks

    def break_shapes(self, y: float, half: float, pattern: str) -> list[Shape]:
        return [
            Shape(
                "rect",
                "strip-lov",
                {
                    "x": self.scale.start(b.first),
                    "y": y - half,
                    "width": self.scale.end(b.last) - self.scale.start(b.first),
                    "height": 2 * half,
                    "fill": f"url(#{pattern})",
                },
            )
            for b in self.data.breaks
            if self.scale.shows(b.first, b.last)
        ]

    def note(self, content: str, y: float, half: float, lane: Lane, below: Lane, left: float, right: float):
        """A sentence in a row: beside the marks and clear of lov, else over lov, else below, else None."""
        width = text_width(content, NOTE)
        clear = Lane(lane.left, lane.right)
        clear.taken = [
            *lane.taken,
            *((self.scale.start(b.first), self.scale.end(b.last)) for b in self.data.breaks),
        ]
        free = clear.gap_for(width + 16, left, right)
        if free is None:
            free = lane.gap_for(width + 16, left, right)
        if free is not None:
            lane.take(free, free + width + 16)
            return Text(content, free + 8, y + 4.5, "strip-note", NOTE)
        free = below.gap_for(width + 16, max(left - width, below.left), right)
        if free is not None:
            below.take(free, free + width + 16)
            return Text(content, free + 8, y + half + 13, "strip-note", NOTE)
        return None


def is_vague(meeting: Meeting) -> bool:
    return ImpreciseDate.of(meeting.when).precision is not Precision.DAY
