"""One term at a time, for a narrow screen: months across, each row's name above its marks."""

from dataclasses import dataclass
from datetime import date

from programmes.strip import words
from programmes.strip.chart import Chart, place, shortened, tag
from programmes.strip.data import StripData, Unit
from programmes.strip.drawing import Band, Drawing, Row
from programmes.strip.legend import legend
from programmes.strip.measure import Lane, Scale, text_width
from programmes.strip.meetings import Meetings
from programmes.strip.shapes import Text, line, rect
from programmes.strip.small import small
from programmes.strip.wide import current_column
from sbs_portal.time import MONTHS, ImpreciseDate, Precision

WIDTH, MARGIN, HEADER = 390, 16, 36
ROOM = WIDTH - 2 * MARGIN


@dataclass
class Step:
    """A link to another column; ``position`` is what ``?termin=`` says."""

    position: int
    label: str


@dataclass
class Phone:
    title: str
    detail: str
    overview: Drawing
    drawing: Drawing
    previous: Step | None
    next: Step | None


def chosen_column(data: StripData, position: str | int | None) -> int:
    """The column asked for, else the one that is going on, else the last one anything is known of."""
    try:
        asked = int(position or 0)
    except ValueError:
        asked = 0
    if 1 <= asked <= len(data.terms):
        return asked - 1
    now = current_column(data)
    if now is not None:
        return now
    begun = [i for i, column in enumerate(data.terms) if column.term.start <= data.until]
    return begun[-1] if begun else 0


def phone(data: StripData, *, key: str, position: str | int | None = None) -> Phone:
    index = chosen_column(data, position)
    column = data.terms[index]
    title = "Paus" if column.number is None else f"Termin {column.number} av {data.numbered}"
    detail = column.term.short
    if column.paused:
        detail += ", räknas inte"
    elif column.extension:
        detail += ", förlängd" + (f", {column.decision}" if column.decision else "")

    def step(to: int, word: str) -> Step | None:
        if not 0 <= to < len(data.terms):
            return None
        return Step(to + 1, f"{word} termin, {data.terms[to].term.short}")

    return Phone(
        title,
        detail,
        small(data, width=ROOM, chosen=index),
        _Phone(data, index, key, f"{title}, {column.term.long}.").drawing,
        step(index - 1, "Föregående"),
        step(index + 1, "Nästa"),
    )


class _Phone:
    def __init__(self, data: StripData, index: int, key: str, name: str):
        self.data, self.column = data, data.terms[index]
        term = self.column.term
        self.scale = Scale(term.start, term.end, MARGIN, WIDTH - MARGIN)
        self.chart = Chart(data, self.scale)
        self.drawing = Drawing(name, key, WIDTH)
        self.months = [date(term.year, month, 1) for month in range(term.start.month, term.end.month + 1)]
        for number, month in enumerate(self.months):
            following = self.months[number + 1] if number + 1 < len(self.months) else None
            right = self.scale.start(following) if following else self.scale.right
            middle = (self.scale.start(month) + right) / 2
            self.drawing.head.append(
                Text(MONTHS[month.month - 1][:3], middle, 20, "strip-2", 13, anchor="middle")
            )
        self.y = HEADER
        self._rule()
        self._phases()
        self._meetings()
        self._events()
        self._units()
        self._surfaces()
        self.drawing.legend = legend(self.drawing)

    def _rule(self) -> None:
        self.drawing.back.append(line("strip-rule", 0, self.y, WIDTH, self.y))

    def _label(self, content: str, y: float, suffix: str = "") -> Text:
        """The row's name above its marks; what is said after it is kept whole and the name shortened."""
        after = f" · {suffix}" if suffix else ""
        if text_width(after, 13) > ROOM * 0.7:
            after = ""
        short = shortened(content, MARGIN, y, ROOM - text_width(after, 13), "strip-2", 13)
        full = f"{content}{after}" if short.full else ""
        return Text(short.content + after, MARGIN, y, "strip-2", 13, full=full)

    def _phases(self) -> None:
        shown = [p for p in self.data.phases if self.chart.shows_phase(p)]
        self.y += 8
        for phase in shown:
            y = self.y + 42
            note = words.phase_note(phase, self.data)
            row = Row(f"phase {phase.name}", self.y, y + 10, self._label(phase.name, self.y + 22, note))
            drawn = self.chart.phase_mark(phase, y)
            if drawn:
                row.marks.append(drawn[0])
            self.drawing.rows.append(row)
            self.y += 52
        if not shown:
            text = Text("Ingen fas den här terminen", MARGIN, self.y + 22, "strip-note", 13)
            self.drawing.rows.append(Row("phases", self.y, self.y + 32, texts=[text]))
            self.y += 30
        self.y += 12
        self._rule()

    def _meetings(self) -> None:
        meetings = Meetings(self.data, self.scale)
        dots = meetings.dots
        half = max(26, dots.height + 12) / 2
        y = self.y + 32 + half
        row = Row("meetings", self.y, y + half, self._label("Träffar", self.y + 20))
        row.shapes = meetings.break_shapes(y, half, f"{self.drawing.key}-lov")
        # A mark may stand at the very edge of the term, so the line reaches out into the margin.
        lane, below = Lane(0, WIDTH), Lane(2, WIDTH - 2)
        for _, x, _ in dots.placed:
            lane.taken.append((x - dots.radius - 2, x + dots.radius + 2))
        marks = meetings.marks(y, half, below)
        row.marks = [*meetings.gap_marks(y, half, lane, below), *marks]
        row.bottom = max([y + half + 6, *(t.y + 8 for m in row.marks for t in m.texts if t.y > y + half)])
        second = Lane(2, WIDTH - 2)
        coming = [m for m, _, _ in dots.placed if m.status == "planned"]
        # Packed dots have their number below them, and no dates.
        for meeting, x, _ in () if meetings.are_packed else dots.placed:
            when = ImpreciseDate.of(meeting.when)
            is_next = bool(coming) and meeting is coming[0] and not self.data.is_cut_short
            weight = 600 if is_next else 400
            content = words.shorter(when)
            width = text_width(content, 13, weight)
            left = min(max(x - width / 2, 2), WIDTH - 2 - width)
            for lane_below, baseline in ((below, y + half + 18), (second, y + half + 34)):
                if lane_below.is_free(left - 2, left + width + 2):
                    lane_below.take(left - 2, left + width + 2)
                    row.texts.append(
                        Text(
                            content,
                            left + width / 2,
                            baseline,
                            "" if is_next else "strip-2",
                            13,
                            weight,
                            "middle",
                        )
                    )
                    row.bottom = max(row.bottom, baseline + 8)
                    break
        notes = [] if dots.placed else [("Inga träffar den här terminen", MARGIN, WIDTH - MARGIN)]
        for missing in self.data.calendar_missing:
            if self.scale.shows(missing.first, missing.last):
                notes.append((missing.label, self.scale.start(missing.first), self.scale.end(missing.last)))
        for content, left, right in notes:
            text = meetings.note(content, y, half, lane, below, left, right)
            if text is None and second.is_free(MARGIN, MARGIN + text_width(content, 13)):
                second.take(MARGIN, MARGIN + text_width(content, 13))
                text = Text(content, MARGIN, y + half + 34, "strip-note", 13)
            if text:
                row.texts.append(text)
                row.bottom = max(row.bottom, text.y + 8)
        self.drawing.rows.append(row)
        self.y = row.bottom
        self._rule()

    def _events(self) -> None:
        seminars, reports = [], []
        for seminar in self.data.seminars:
            day = ImpreciseDate.of(seminar.when)
            seminars.append(self.chart.seminar_spot(seminar, f"{seminar.label} {words.shorter(day)}"))
        for report in self.data.reports:
            word = "godkänd" if report.approved else "senast"
            label = f"{report.name or report.label} {word} {words.shorter(report.when)}"
            reports.append(self.chart.report_spot(report, label))
        for name, label, found in (("seminars", "Seminarier", seminars), ("reports", "Rapporter", reports)):
            spots = [spot for spot in found if spot]
            if not spots:
                continue
            placed = place(spots, 2, WIDTH - 2, 14)
            lanes = max(row for _, row, _ in placed) + 1
            bottom = self.y + 58 + (lanes - 1) * 28
            row = Row(name, self.y, bottom, self._label(label, self.y + 20))
            for spot, lane, text_x in placed:
                at = self.y + 40 + lane * 28
                mark = spot.draw(at)
                if text_x is not None:
                    mark.texts.append(Text(spot.label, text_x, at + 5, "", 14))
                row.marks.append(mark)
            self.drawing.rows.append(row)
            self.y = bottom
            self._rule()

    def _units(self) -> None:
        for unit in self.data.units:
            marks = self.chart.unit_marks(unit, self.y + 38)
            if not marks:
                continue
            label = self._label(unit.name, self.y + 20, self._unit_suffix(unit))
            self.drawing.rows.append(Row(f"unit {unit.name}", self.y, self.y + 42, label, marks=marks))
            self.y += 42
        self.y += 12

    def _unit_suffix(self, unit: Unit) -> str:
        said = []
        joined, left = ImpreciseDate.of(unit.joined), ImpreciseDate.of(unit.left)
        if self.chart.joined_late(unit) and self.scale.shows(joined.first, joined.last):
            said.append(self.chart.joined_late(unit))
        if left.is_known and self.chart.left_early(unit) and self.scale.shows(left.first, left.last):
            said.append(self.chart.left_early(unit))
        for change in unit.rektor_changes:
            when = ImpreciseDate.of(change.when)
            if when.is_known and self.scale.shows(when.first, when.last):
                day = words.shorter(when) if when.precision is Precision.DAY else str(when)
                said.append(f"{change.label} {day}")
        return ", ".join(said)

    def _surfaces(self) -> None:
        data, drawing, bottom = self.data, self.drawing, self.y
        behind, bands = [], []
        if self.column.paused:
            behind.append(rect("strip-pause", MARGIN, 0, WIDTH - MARGIN, bottom))
            bands.append(Band("strip-on-ground", MARGIN, WIDTH - MARGIN))
        if data.is_cut_short and data.until < self.scale.last:
            left = self.scale.end(data.until) if data.until >= self.scale.first else 0
            behind.append(rect("strip-unknown", left, 0, WIDTH, bottom))
            bands.append(Band("strip-on-ground", left, WIDTH))
        lines = [self.scale.start(month) for month in self.months]
        behind += [line("strip-term-line", x, 26, x, bottom) for x in lines]
        drawing.back = [*behind, *drawing.back]
        drawing.height = bottom + 8
        if data.is_cut_short and data.until < self.scale.last:
            text = f"Inget känt efter {words.short(data.until)}"
            drawing.tags.append(Text(text, MARGIN, bottom + 18, "strip-note", 13))
            drawing.height = bottom + 34
        if self.scale.first <= data.today <= self.scale.last:
            x = self.scale.middle(data.today)
            top = drawing.height - 4
            drawing.back.append(line("strip-now", x, HEADER, x, top + 2))
            box, text = tag(words.today_tag(data.today, week=False), x, top, MARGIN, WIDTH - MARGIN)
            drawing.front.append(box)
            drawing.tags.append(text)
            drawing.height = top + 32
            lines.append(x)
        drawing.soften(lines, bands, 0)
