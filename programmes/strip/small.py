"""The terms as bars, filled as far as time has come: an overview on lists and phones."""

from programmes.strip.data import StripData
from programmes.strip.drawing import Drawing
from programmes.strip.measure import text_width
from programmes.strip.shapes import Text, line, rect
from programmes.strip.wide import current_column

WIDTH, BAR_TOP, BAR_BOTTOM, GAP = 316, 4, 14, 4


def progress(data: StripData) -> str:
    """ "Termin 3 av 6", "Paus", or where in time the terms lie when none of them is going on."""
    place = current_column(data)
    if place is not None:
        column = data.terms[place]
        return "Paus, terminen räknas inte" if column.paused else f"Termin {column.number} av {data.numbered}"
    if not data.terms:
        return "Starttermin okänd"
    if data.is_cut_short:
        last = [c for c in data.terms if c.term.start <= data.until and c.number is not None]
        return f"Känt till och med termin {last[-1].number} av {data.numbered}" if last else "Inget känt"
    if data.today < data.terms[0].term.start:
        return f"Börjar {data.terms[0].term.long}"
    return f"Alla {data.numbered} terminer har gått"


def small(data: StripData, *, width: float = WIDTH, chosen: int | None = None) -> Drawing | None:
    """The bars, or None without a start term; ``chosen`` is the column whose label is bold."""
    if not data.terms:
        return None
    drawing = Drawing(progress(data), "", width, 36)
    step = (width + GAP) / len(data.terms)
    chosen = current_column(data) if chosen is None else chosen
    for index, column in enumerate(data.terms):
        left = index * step
        right = left + step - GAP
        days = (column.term.end - column.term.start).days + 1
        gone = min(max((data.until - column.term.start).days + 0.5, 0) / days, 1)
        cls = "strip-bar strip-dashed" if column.paused else "strip-bar"
        drawing.back.append(rect(cls, left + 0.75, BAR_TOP + 0.75, right - 0.75, BAR_BOTTOM - 0.75, 2))
        if gone and not column.paused:
            drawing.back.append(
                rect("strip-done", left, BAR_TOP, left + gone * (right - left), BAR_BOTTOM, 2)
            )
        if column.term.start <= data.today <= column.term.end:
            x = left + min(max((data.today - column.term.start).days + 0.5, 0) / days, 1) * (right - left)
            drawing.front.append(line("strip-tick", x, 0, x, 18))
        weight = 600 if index == chosen else 400
        short = column.term.short
        for content in (short, f"{short[:2]} {short[-2:]}", f"T{column.number}" if column.number else ""):
            if content and text_width(content, 13, weight) <= right - left - 1:
                cls = "" if index == chosen else "strip-2"
                drawing.tags.append(Text(content, left, 31, cls, 13, weight))
                break
    return drawing
