"""What is known when the start term is not: the sources' claims, and each way to count from them.

Nothing is chosen for the reader. Claims are dashed, since nobody has confirmed them; what is only known
to a year or a month is as wide as that; one line from the dated event crosses every reading.
"""

from datetime import date

from programmes.strip import words
from programmes.strip.chart import shortened, tag
from programmes.strip.data import Claim, Reading, StripData
from programmes.strip.drawing import Band, Drawing, Row
from programmes.strip.legend import legend
from programmes.strip.measure import Scale, text_width
from programmes.strip.shapes import Mark, Text, bracket, diamond, line, rect
from programmes.strip.wide import INDENT, PADDING, TAG
from programmes.strip.wide import WIDTH as WIDE
from sbs_portal.time import ImpreciseDate, Precision, Term

PHONE, MARGIN = 390, 16
SENTENCE = "Det vi vet. Starttermin okänd."


def claim_period(claim: Claim) -> tuple[ImpreciseDate, ImpreciseDate]:
    return ImpreciseDate.of(claim.first), ImpreciseDate.of(claim.last)


def claim_days(claim: Claim) -> tuple[date, date] | None:
    """The earliest and latest day the claim can be about; None when its date is unknown."""
    first, last = claim_period(claim)
    if not first.is_known:
        return None
    return first.first, max(last.last if last.is_known else first.last, first.last)


def claim_when(claim: Claim) -> str:
    first, last = claim_period(claim)
    if last.is_known:
        return f"{words.short(first)} till {words.short(last)}"
    return words.long(first) if claim.kind != "period" else f"från {words.short(first)}"


def claim_name(claim: Claim) -> str:
    said = f"{claim.label}, {claim.words or claim_when(claim)}"
    return f"{said}. Enligt {claim.source}, ej bekräftat" if claim.source else f"{said}, ej bekräftat"


def axis(data: StripData) -> tuple[Term, Term]:
    """From the earliest term anything can be about to the term after the last that is known."""
    days = [day for claim in data.claims if (found := claim_days(claim)) for day in found]
    days.append(data.until)
    first = min([Term.of(min(days)), *(r.start for r in data.readings)])
    return first, Term.of(max(days)) + 1


def reading_terms(reading: Reading, first: Term, last: Term) -> list[tuple[int, Term]]:
    """The terms of a reading inside the axis, with their numbers."""
    terms = [(n + 1, reading.start + n) for n in range(reading.length)]
    return [(number, term) for number, term in terms if first <= term <= last]


def unknown(data: StripData, *, key: str, is_phone: bool = False) -> Drawing:
    return _Unknown(data, key, is_phone).drawing


class _Unknown:
    def __init__(self, data: StripData, key: str, is_phone: bool):
        self.data, self.is_phone = data, is_phone
        self.first, self.last = axis(data)
        self.width = PHONE if is_phone else WIDE
        self.indent = 14 if is_phone else INDENT
        self.left = self.indent if is_phone else 236
        self.scale = Scale(
            self.first.start, self.last.end, self.left, self.width - (MARGIN if is_phone else PADDING)
        )
        self.grey = self.scale.end(data.until)
        self.text_size = 13 if is_phone else 14
        self.drawing = Drawing(SENTENCE, key, self.width)
        self.marked = next((c for c in data.claims if c.marked and claim_days(c)), None)
        self._header()
        self._claims()
        if data.readings:
            self.drawing.back.append(line("strip-rule", 0, self.y, self.width, self.y))
            self._readings()
        self._surfaces()
        self.drawing.legend = legend(self.drawing)

    @property
    def marked_x(self) -> float | None:
        return self.scale.middle(*claim_days(self.marked)) if self.marked else None

    def _header(self) -> None:
        for term in self.first.through(self.last):
            left, right = self.scale.start(term.start), self.scale.end(term.end)
            middle = (left + right) / 2
            year = str(term.year)
            if not self.is_phone:
                head = [
                    (term.short, left + 14, 34, "start"),
                    (f"{term.short[:2]} {year[2:]}", left + 8, 34, "start"),
                ]
                for content, x, y, anchor in head:
                    if x + text_width(content) <= right - 2:
                        self.drawing.head.append(Text(content, x, y, "", 14, anchor=anchor))
                        break
            else:
                if text_width(year, 13) > right - left - 2:
                    year = year[2:]
                for content, y in ((term.short[:2], 16), (year, 32)):
                    self.drawing.head.append(Text(content, middle, y, "strip-2", 13, anchor="middle"))
        self.y = self.head_bottom = 40 if self.is_phone else 48
        self.drawing.back.append(line("strip-rule", 0, self.y, self.width, self.y))

    def _heading(self, content: str, at: float) -> None:
        text = Text(content, self.indent, self.y + at, "", 14, 600)
        self.drawing.rows.append(Row(f"heading {content}", self.y, self.y + at + 6, text))

    def _row(self, name: str, label: str, pitch: float) -> tuple[Row, float]:
        """A new row and the height its marks are drawn at: beside its name, or below it on a phone."""
        if self.is_phone:
            label_at, mark_at = self.y + 14, self.y + 32
            room = self.width - 2 * self.indent
        else:
            label_at, mark_at = self.y + pitch / 2 + 5, self.y + pitch / 2
            room = self.left - self.indent - 12
        cls = "strip-2" if self.is_phone else ""
        row = Row(
            name, self.y, self.y + pitch, shortened(label, self.indent, label_at, room, cls, self.text_size)
        )
        self.drawing.rows.append(row)
        self.y += pitch
        return row, mark_at

    def _claims(self) -> None:
        self._heading("Det källan säger", 28 if self.is_phone else 29)
        self.y += 36 if self.is_phone else 38
        for claim in self.data.claims:
            row, y = self._row(f"claim {claim.label}", claim.label, 54 if self.is_phone else 34)
            if claim_days(claim):
                draw = {"period": self._period, "event": self._event, "publication": self._publication}
                row.marks.append(draw[claim.kind](claim, y))
            else:
                row.texts.append(Text("datum saknas", self.left + 8, y + 4.5, "strip-note", 13))
        if not self.data.claims:
            text = Text("Inga uppgifter är inlagda än", self.left + 8, self.y + 14, "strip-note", 13)
            self.drawing.rows.append(Row("claims", self.y, self.y + 30, texts=[text]))
            self.y += 30
        self.y += 8

    def _period(self, claim: Claim, y: float) -> Mark:
        """A dashed box as wide as the start is vague, then a dashed tinted bar as far as is known."""
        first, last = claim_period(claim)
        end = min(last.last if last.is_known else self.data.until, max(self.data.until, first.last))
        mark = Mark("claim-period", claim_name(claim), claim.url)
        left, right = self.scale.start(first.first), self.scale.end(end)
        mark.shapes.append(rect("strip-hit", left, y - 12, max(right, left + 24), y + 12))
        certain = first.first
        if first.precision is not Precision.DAY:
            certain_x = self.scale.end(first.last)
            mark.shapes.append(
                rect("strip-vague strip-dashed", left + 1, y - 9.25, certain_x - 1, y + 9.25, 3)
            )
            certain = first.last
            for content in (claim.words, words.long(first), words.short(first)):
                if content and text_width(content, 13) <= certain_x - left - 16:
                    mark.texts.append(Text(content, left + 10, y + 4.5, "strip-2", 13))
                    break
        start = self.scale.end(certain) if certain != first.first else left
        if right > start + 2:
            mark.shapes.append(rect("strip-stated", start + 1, y - 9.25, right - 1, y + 9.25, 3))
        return mark

    def _event(self, claim: Claim, y: float) -> Mark:
        first, last = claim_days(claim)
        x = self.scale.middle(first, last)
        shapes = [rect("strip-hit", x - 12, y - 13, x + 12, y + 15), diamond("strip-stated", x, y, 7.5)]
        if first < last:
            left, right = self.scale.start(first), self.scale.end(last)
            left, right = min(left, x - 6), max(right, x + 6)
            shapes.append(bracket(left, right, y + 12.5))
        mark = Mark("claim-event", claim_name(claim), claim.url, shapes)
        self._beside(mark, claim.words or words.short(claim.first), x, 11, y)
        return mark

    def _publication(self, claim: Claim, y: float) -> Mark:
        x = self.scale.middle(*claim_days(claim))
        shapes = [
            rect("strip-hit", x - 12, y - 12, x + 12, y + 12),
            rect("strip-paper", x - 5, y - 7, x + 5, y + 7, 2),
        ]
        mark = Mark("claim-publication", claim_name(claim), claim.url, shapes)
        self._beside(mark, claim.words or str(ImpreciseDate.of(claim.first)), x, 7, y)
        return mark

    def _beside(self, mark: Mark, content: str, x: float, reach: float, y: float) -> None:
        """The source's words to the left of the mark, to the right when there is no room."""
        width = text_width(content)
        if x - reach - 5 - width >= self.left:
            mark.texts.append(Text(content, x - reach - 5, y + 5, "", 14, anchor="end"))
        else:
            room = self.width - 4 - (x + reach + 5)
            mark.texts.append(shortened(content, x + reach + 5, y + 5, room, "", 14))

    def _readings(self) -> None:
        one = len(self.data.readings) == 1
        heading = "Räknat från uppgiften" if one else "Räknat åt båda hållen"
        self._heading(heading, 24 if self.is_phone else 25)
        self.y += 32 if self.is_phone else 34
        for reading in self.data.readings:
            row, y = self._row(f"reading {reading.label}", reading.label, 54 if self.is_phone else 34)
            for number, term in reading_terms(reading, self.first, self.last):
                row.marks.append(self._reading_term(reading, number, term, y))
        self.y += 8

    def _reading_term(self, reading: Reading, number: int, term: Term, y: float) -> Mark:
        left, right = self.scale.start(term.start), self.scale.end(term.end)
        crossed = self.marked_x is not None and left <= self.marked_x < right
        shape = (
            rect("strip-chosen", left + 2, y - 10, right - 1, y + 10, 3)
            if crossed
            else rect("strip-possible", left + 1.75, y - 10.25, right - 0.75, y + 10.25, 3)
        )
        name = f"{reading.label}: termin {number}, {term.long}"
        text = Text(
            f"T{number}", (left + right) / 2, y + 4.5, "" if crossed else "strip-2", 13, 600 if crossed else 400, "middle"
        )  # fmt: skip
        return Mark("chosen" if crossed else "possible", name, "", [shape], [text])

    def _surfaces(self) -> None:
        drawing, bottom = self.drawing, self.y
        lines = [self.scale.start(term.start) for term in self.first.through(self.last)]
        top = 0 if self.is_phone else 4
        behind = [rect("strip-unknown", self.grey, top, self.width, bottom)]
        behind += [line("strip-term-line", x, 8 if self.is_phone else 16, x, bottom) for x in lines]
        drawing.back = [*behind, *drawing.back]
        drawing.height = bottom + 6
        room = self.width - self.grey
        width = text_width("inget känt", 13)
        first_row = next((row for row in drawing.rows if row.name.startswith("claim ")), None)
        if first_row and room > width + 12:
            y = first_row.bottom - 17 + (4.5 if not self.is_phone else 0)
            x = self.grey + room / 2
            drawing.tags.append(Text("inget känt", x, y, "strip-note", 13, anchor="middle"))
        if self.marked:
            x = self.marked_x
            drawing.back.append(line("strip-now", x, self.head_bottom, x, bottom + 6))
            box, text = tag(self.marked.marked, x, bottom + 4, 4, self.width - 4)
            drawing.front.append(box)
            drawing.tags.append(text)
            drawing.height = bottom + TAG
            lines.append(x)
        bands = [Band("strip-on-ground", self.grey, self.width)]
        drawing.soften(lines, bands, self.left if not self.is_phone else 0)
