"""The figures as a table and as a picture: bars of text for the terminal, the same as SVG."""

from html import escape

from bench.figures import Spread, short

BAR = 40
GLYPHS = {"floor": "░", "plain": "▒", "portal": "█"}
NAMES = {"floor": "floor", "plain": "plain DRF", "portal": "portal"}
COLOURS = {"floor": "#9aa5a8", "plain": "#c98a2b", "portal": "#0f5b63"}
MARKS = {True: "yes", False: "NO", None: "not measured"}


def table(head: list[str], lines: list[list[str]]) -> str:
    """Columns as wide as their widest word; the first to the left, the others to the right."""
    widths = [max(len(line[number]) for line in [head, *lines]) for number in range(len(head))]

    def drawn(line: list[str]) -> str:
        cells = [
            word.ljust(width) if number == 0 else word.rjust(width)
            for number, (word, width) in enumerate(zip(line, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([drawn(head), "  ".join("─" * width for width in widths), *map(drawn, lines)])


def cell(value: Spread | float | int | None) -> str:
    """A figure for the table: with its spread where there is one."""
    if isinstance(value, Spread):
        return str(value)
    return str(value) if isinstance(value, int) else short(value)


Bars = list[tuple[str, dict[str, float]]]


def bars(found: Bars, unit: str) -> str:
    """Each row's servers below each other, the longest bar the fastest of the row."""
    wide = max((len(NAMES[by]) for _, of in found for by in of), default=0)
    lines = []
    for label, of in found:
        top = max(of.values(), default=0) or 1
        lines.append(label)
        for by, value in of.items():
            bar = GLYPHS[by] * max(1, round(BAR * value / top))
            lines.append(f"  {NAMES[by].ljust(wide)} {bar} {short(value)} {unit}")
    return "\n".join(lines)


def svg(found: Bars, unit: str, title: str) -> str:
    """The same picture, as a file that needs nothing beside it."""
    step, gap, left, width, right = 18, 26, 110, 520, 110
    y, parts = 48, [f'<text x="0" y="20" font-size="16" font-weight="600">{escape(title)}</text>']
    for label, of in found:
        parts.append(f'<text x="0" y="{y}" font-weight="600">{escape(label)}</text>')
        top = max(of.values(), default=0) or 1
        for by, value in of.items():
            y += step
            long = max(1.0, width * value / top)
            parts.append(f'<text x="0" y="{y}">{escape(NAMES[by])}</text>')
            parts.append(
                f'<rect x="{left}" y="{y - 11}" width="{long:.1f}" height="13" rx="2" fill="{COLOURS[by]}"/>'
            )
            parts.append(f'<text x="{left + long + 6:.1f}" y="{y}">{escape(f"{short(value)} {unit}")}</text>')
        y += gap
    whole, high = left + width + right, y
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {high}" width="{whole}" height="{high}"'
        f' font-family="Source Sans 3, sans-serif" font-size="13" fill="#1d2426" role="img"'
        f' aria-label="{escape(title)}">\n<rect width="{whole}" height="{high}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
