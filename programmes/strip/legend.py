"""The explanation under a drawing: only the kinds of marks that are in it."""

from programmes.strip.drawing import Drawing, Legend
from programmes.strip.meetings import dot
from programmes.strip.shapes import Shape, rect

# Each in a box of 26 by 16.
_SAMPLES = (
    ("planned", "Planerat", lambda: [rect("strip-plan", 0.75, 2.75, 25.25, 13.25, 3)]),
    ("actual", "Genomfört", lambda: [rect("strip-done", 0, 2, 26, 14, 2)]),
    ("stated", "Enligt källan, ej bekräftat", lambda: [rect("strip-stated", 0.75, 2.75, 25.25, 13.25, 3)]),
    ("vague", "Dagen är inte säker", lambda: [rect("strip-plan strip-dashed", 0.75, 2.75, 25.25, 13.25, 3)]),
    ("meeting-held", "Hållen", lambda: dot("held", 7, 8, 6)),
    ("meeting-planned", "Planerad", lambda: dot("planned", 7, 8, 6)),
    ("meeting-cancelled", "Inställd", lambda: dot("cancelled", 7, 8, 6)),
    ("gap", "Längre uppehåll än avtalat", lambda: [rect("strip-gap", 0.5, 1.5, 25.5, 14.5, 2)]),
    ("possible", "Möjligt, räknat", lambda: [rect("strip-possible", 0.75, 2.25, 25.25, 13.75, 3)]),
    ("chosen", "Terminen när det hände", lambda: [rect("strip-chosen", 1, 2, 25, 14, 3)]),
    ("unknown", "Inget känt", lambda: [rect("strip-unknown", 0, 1, 26, 15), rect("strip-unknown-edge", 0, 1, 1.5, 15)]),
)  # fmt: skip


def lov_sample(pattern: str) -> list[Shape]:
    return [
        Shape("rect", "strip-lov", {"x": 0, "y": 1, "width": 26, "height": 14, "fill": f"url(#{pattern})"})
    ]


def legend(drawing: Drawing) -> list[Legend]:
    kinds = drawing.kinds()
    classes = [s.cls for m in drawing.marks for s in m.shapes]
    decoration = [s.cls for row in drawing.rows for s in row.shapes] + [s.cls for s in drawing.back]
    kinds |= {
        f"meeting-{cls.removeprefix('strip-dots strip-dots-')}" for cls in classes if "strip-dots" in cls
    }
    if any("strip-plan" in cls.split() and "strip-dashed" not in cls for cls in classes):
        kinds.add("planned")
    if "strip-done" in classes:
        kinds.add("actual")
    if "strip-stated" in classes:
        kinds.add("stated")
    if any("strip-dashed" in cls for cls in classes):
        kinds.add("vague")
    if "strip-unknown" in decoration:
        kinds.add("unknown")
    items = [
        Legend(kind, label, sample(), 15 if kind.startswith("meeting") else 26)
        for kind, label, sample in _SAMPLES
        if kind in kinds
    ]
    if any("strip-vague" in cls.split() for cls in classes):
        box = [rect("strip-vague strip-dashed", 0.75, 2.75, 25.25, 13.25, 3)]
        items = [Legend(i.kind, i.label, box) if i.kind == "vague" else i for i in items]
    if "strip-lov" in decoration:
        items.append(Legend("lov", "Lov", lov_sample(f"{drawing.key}-lov")))
    return items
