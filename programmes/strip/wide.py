"""The whole programme in one picture: terms across, phases, meetings, seminars, reports and units down."""

from dataclasses import replace

from programmes.strip import words
from programmes.strip.chart import Chart, outside, place, shortened, tag
from programmes.strip.data import StripData, StripTerm
from programmes.strip.drawing import Band, Drawing, Row
from programmes.strip.legend import legend
from programmes.strip.measure import Lane, Scale, text_width
from programmes.strip.meetings import Meetings
from programmes.strip.shapes import Mark, Text, line, rect
from sbs_portal.time import ImpreciseDate

ALL_ROWS = ("phases", "meetings", "seminars", "reports", "units")
WIDTH, PADDING, INDENT = 1198, 20, 20
HEADER, PHASE, MEETINGS, EVENTS, UNIT, TAG = 48, 28, 40, 36, 28, 32
EMPTY = {
    "phases": "Inga faser är inlagda än",
    "meetings": "Inga träffar är inlagda än",
    "seminars": "Inga seminarier är inlagda än",
    "reports": "Inga rapporter är inlagda än",
    "units": "Inga enheter är inlagda än",
}


def current_column(data: StripData) -> int | None:
    """The place of the term that is going on, where that is known."""
    if data.is_cut_short:
        return None
    places = (i for i, c in enumerate(data.terms) if c.term.start <= data.today <= c.term.end)
    return next(places, None)


def title(data: StripData) -> str:
    terms = data.numbered
    return f"{words.count(terms)} {'termin' if terms == 1 else 'terminer'}"


def sentence(data: StripData) -> str:
    """The drawing in one sentence, for those who do not see it."""
    said = f"{title(data)}, {data.terms[0].term.long} till {data.terms[-1].term.long}."
    place_now = current_column(data)
    if place_now is not None:
        now = data.terms[place_now]
        state = "paus" if now.paused else f"termin {now.number} av {data.numbered}"
        said += f" I dag är det {state}, vecka {data.today.isocalendar().week}."
    elif data.is_cut_short:
        said += f" Känt till och med {words.short(data.until)}."
    return said


def wide(data: StripData, *, key: str, width: float = WIDTH, rows: tuple[str, ...] = ALL_ROWS) -> Drawing:
    return _Wide(data, key, width, rows).drawing


class _Wide:
    def __init__(self, data: StripData, key: str, width: float, rows: tuple[str, ...]):
        self.data, self.width = data, width
        self.label_width, self.indent = (164, INDENT) if width >= 900 else (118, 0)
        first, last = data.terms[0].term.start, data.terms[-1].term.end
        self.scale = Scale(first, last, self.label_width, width - PADDING)
        self.chart = Chart(data, self.scale)
        self.drawing = Drawing(sentence(data), key, width)
        self.drawing.left_out = outside(data, first, last)
        self.y = self._header()
        self.head_bottom = self.y
        for index, name in enumerate(rows):
            if index:
                self.drawing.back.append(line("strip-rule", 0, self.y, width, self.y))
            getattr(self, f"_{name}")()
        self.bottom = self.y
        self._surfaces()
        if data.is_cut_short:
            self._unknown_words()
        self.drawing.legend = legend(self.drawing)

    # Header

    def _header(self) -> float:
        notes = [self._column_note(column) for column in self.data.terms]
        height = HEADER + (34 if any(notes) else 0)
        for index, (column, note) in enumerate(zip(self.data.terms, notes, strict=True)):
            self._column_head(column, note, is_current=index == current_column(self.data))
        self.drawing.back.append(line("strip-rule", 0, height, self.width, height))
        return height

    @staticmethod
    def _column_note(column: StripTerm) -> tuple[str, str] | None:
        if column.paused:
            return "Paus", "räknas inte"
        return ("Förlängd", column.decision) if column.extension else None

    def _column_head(self, column: StripTerm, note: tuple[str, str] | None, *, is_current: bool) -> None:
        left = self.scale.start(column.term.start) + 10
        room = self.scale.end(column.term.end) - left - 4
        texts = []
        when_weight, when_cls = (600, "") if is_current else (400, "strip-2")
        number = "" if column.number is None else f"T{column.number}"
        taken = text_width(number, 14, 600) + 5 if number else 0
        if number and taken - 5 <= room + 6:
            texts.append(Text(number, left, 34, "", 14, 600))
        for when in (column.term.short, f"{column.term.short[:2]} {column.term.year % 100:02}"):
            if taken + text_width(when, 14, when_weight) <= room:
                texts.append(Text(when, left + taken, 34, when_cls, 14, when_weight))
                break
        if note is None:
            self.drawing.head += texts
            return
        name, detail = note
        if text_width(name, 13, 600) <= room:
            texts.append(Text(name, left, 55, "", 13, 600))
        texts.append(shortened(detail, left, 72, room, "strip-2", 13))
        said = f"Paus {column.term.long}, räknas inte"
        if column.extension:
            said = f"Förlängd till termin {column.number}, {column.decision}".rstrip(", ")
        surface = rect("strip-hit", left - 10, 42, left + room + 4, 80)
        kind = "pause" if column.paused else "extension"
        self.drawing.head += [text for text in texts if text.y == 34]
        self.drawing.head_marks.append(
            Mark(kind, said, column.url, [surface], [text for text in texts if text.y != 34])
        )

    # Rows

    def _label(self, content: str, y: float, weight: int = 400) -> Text:
        return shortened(content, self.indent, y + 5, self.label_width - self.indent - 10, "", 14, weight)

    def _empty(self, name: str, label: str, height: float) -> None:
        y = self.y + height / 2
        note = Text(EMPTY[name], self.label_width + 10, y + 4.5, "strip-note", 13)
        self.drawing.rows.append(Row(name, self.y, self.y + height, self._label(label, y), texts=[note]))
        self.y += height

    def _phases(self) -> None:
        if not self.data.phases:
            return self._empty("phases", "Faser", MEETINGS)
        self.y += 12
        for phase in self.data.phases:
            y = self.y + PHASE / 2
            row = Row(f"phase {phase.name}", self.y, self.y + PHASE, self._label(phase.name, y))
            drawn = self.chart.phase_mark(phase, y) if self.chart.shows_phase(phase) else None
            if drawn:
                mark, left, right = drawn
                row.marks.append(mark)
                self._after_bar(mark, words.phase_note(phase, self.data), left, right, y)
            self.drawing.rows.append(row)
            self.y += PHASE
        self.y += 8

    def _after_bar(self, mark: Mark, note: str, left: float, right: float, y: float) -> None:
        if not note:
            return
        width = text_width(note, 13)
        cls = "strip-2"
        if right + 8 + width <= self.width - 4:
            mark.texts.append(Text(note, right + 8, y + 4.5, cls, 13))
        elif left - 8 - width >= self.label_width:
            mark.texts.append(Text(note, left - 8, y + 4.5, cls, 13, anchor="end"))

    def _meetings(self) -> None:
        meetings = Meetings(self.data, self.scale)
        dots = meetings.dots
        height = max(MEETINGS, dots.height + 24)
        y = self.y + height / 2
        half = height / 2 - 7
        row = Row("meetings", self.y, self.y + height, self._label("Träffar", y))
        row.shapes = meetings.break_shapes(y, half, f"{self.drawing.key}-lov")
        lane = Lane(self.label_width, self.width)
        below = Lane(self.label_width, self.width)
        reach = dots.radius + 2
        for _, x, _ in dots.placed:
            lane.taken.append((x - reach, x + reach))
        marks = meetings.marks(y, half, below)
        gaps = meetings.gap_marks(y, half, lane, below)
        row.marks = [*sorted(gaps, key=lambda mark: mark.x), *marks]
        notes = []
        if not dots.placed:
            notes.append((EMPTY["meetings"], self.scale.left, self.scale.right))
        for missing in self.data.calendar_missing:
            if self.scale.shows(missing.first, missing.last):
                span = self.scale.start(missing.first), self.scale.end(missing.last)
                notes.append((missing.label, max(span[0], self.scale.left) + 8, span[1]))
        for content, left, right in notes:
            if text := meetings.note(content, y, half, lane, below, left, right):
                row.texts.append(text)
        lowest = max((t.y for t in [*row.texts, *(t for m in row.marks for t in m.texts)]), default=0)
        if lowest > y + half:
            row.bottom = lowest + 8
        self.drawing.rows.append(row)
        self.y = row.bottom

    def _events(self, name: str, label: str, spots: list) -> None:
        if not spots:
            return self._empty(name, label, EVENTS)
        placed = place(spots, self.label_width, self.width - PADDING, 14)
        lanes = max(row for _, row, _ in placed) + 1
        vague = any("strip-bracket" in s.cls for spot in spots for s in spot.draw(0).shapes)
        pitch = 28 if vague else 24
        y = self.y + EVENTS / 2
        bottom = self.y + EVENTS + (lanes - 1) * pitch + (4 if vague else 0)
        row = Row(name, self.y, bottom, self._label(label, y))
        for spot, lane, text_x in placed:
            at = y + lane * pitch
            mark = spot.draw(at)
            if text_x is not None:
                mark.texts.append(Text(spot.label, text_x, at + 5, "", 14))
            row.marks.append(mark)
        self.drawing.rows.append(row)
        self.y = bottom

    def _seminars(self) -> None:
        spots = [self.chart.seminar_spot(s, s.label) for s in self.data.seminars]
        self._events("seminars", "Seminarier", [spot for spot in spots if spot])

    def _reports(self) -> None:
        spots = [self.chart.report_spot(r, r.label) for r in self.data.reports]
        self._events("reports", "Rapporter", [spot for spot in spots if spot])

    def _units(self) -> None:
        if not self.data.units:
            return self._empty("units", "Enheter", EVENTS)
        self.y += 6
        for unit in self.data.units:
            y = self.y + UNIT / 2
            row = Row(f"unit {unit.name}", self.y, self.y + UNIT, self._label(unit.name, y))
            row.marks = self.chart.unit_marks(unit, y)
            self._unit_notes(row, unit, y)
            self.drawing.rows.append(row)
            self.y += UNIT
        self.y += 6

    def _unit_notes(self, row: Row, unit, y: float) -> None:
        """When it joined and left beside the line, the change of rektor above it."""
        if not row.marks:
            # Nothing is drawn past what is known, but when it is to join can be said.
            joined = ImpreciseDate.of(unit.joined)
            text = f"med från {words.short(joined)}" if joined.is_known else "startdatum saknas"
            row.texts.append(Text(text, self.label_width + 10, y + 4.5, "strip-note", 13))
            return
        member, *changes = row.marks
        lines = [s for s in member.shapes if s.cls.startswith("strip-unit")]
        start, end = min(s["x1"] for s in lines), max(s["x2"] for s in lines)
        above = Lane(self.label_width, self.width - 4)
        joined, left = self.chart.joined_late(unit), self.chart.left_early(unit)
        for content, outer, x, anchor in (
            (joined, start - 10 - text_width(joined, 13), start - 10, "end"),
            (left, end + 10, end + 10, "start"),
        ):
            if not content:
                continue
            width = text_width(content, 13)
            if outer >= self.label_width and outer + width <= self.width - 4:
                member.texts.append(Text(content, x, y + 4.5, "strip-2", 13, anchor=anchor))
                above.take(outer - 4, outer + width + 4)
            else:
                at = start + 4 if anchor == "end" else end - 4 - width
                if above.is_free(at, at + width):
                    above.take(at - 4, at + width + 4)
                    member.texts.append(Text(content, at, y - 7, "strip-2", 13))
        for mark in changes:
            ring = next(s for s in mark.shapes if s.cls == "strip-ring")
            content = "ny rektor"
            width = text_width(content, 13)
            for at in (ring["cx"] - 8 - width, ring["cx"] + 8):
                if above.is_free(at, at + width):
                    above.take(at - 4, at + width + 4)
                    mark.texts.append(Text(content, at, y - 7, "strip-2", 13))
                    break

    # Surfaces and lines

    def _surfaces(self) -> None:
        data, drawing = self.data, self.drawing
        behind, bands = [], []
        now = current_column(data)
        for index, column in enumerate(data.terms):
            left, right = self.scale.start(column.term.start), self.scale.end(column.term.end)
            cls = "strip-pause" if column.paused else "strip-current" if index == now else ""
            if cls:
                behind.append(rect(cls, left, 4, right, self.bottom))
                bands.append(Band("strip-on-ground" if column.paused else "strip-on-current", left, right))
        self.known_x = None
        if data.is_cut_short and data.until < self.scale.last:
            self.known_x = self.scale.end(data.until)
            behind.append(rect("strip-unknown", self.known_x, 4, self.width, self.bottom))
            bands.append(Band("strip-on-ground", self.known_x, self.width))
        lines = [self.scale.start(column.term.start) for column in data.terms]
        verticals = [line("strip-term-line", x, 16, x, self.bottom) for x in lines]
        drawing.back = [*behind, *verticals, *drawing.back]
        drawing.height = self.bottom + 6
        if self.scale.first <= data.today <= self.scale.last:
            x = self.scale.middle(data.today)
            drawing.back.append(line("strip-now", x, self.head_bottom - 4, x, self.bottom + 6))
            box, text = tag(words.today_tag(data.today), x, self.bottom + 4, 0, self.width)
            drawing.front.append(box)
            drawing.tags.append(text)
            drawing.height = self.bottom + TAG
            lines.append(x)
        drawing.soften(lines, bands, self.label_width)

    def _unknown_words(self) -> None:
        """ "inget känt" on the grey surface, in the first row that has room for it."""
        if self.known_x is None:
            return
        width = text_width("inget känt", 13)
        if self.width - self.known_x < width + 12:
            return
        for row in self.drawing.rows:
            if row.bottom - row.top > 60:
                continue
            reach = [
                *(t.right for t in row.texts),
                *(t.right for mark in row.marks for t in mark.texts),
                *(s["x"] + s["width"] for mark in row.marks for s in mark.shapes if s.tag == "rect"),
            ]
            start = max(max(reach, default=0) + 12, (self.known_x + self.width - width) / 2)
            if start + width <= self.width - 6:
                y = (row.top + row.bottom) / 2 + 4.5
                row.texts.append(replace(Text("inget känt", start, y, "strip-note strip-unknown-text", 13)))
                return
