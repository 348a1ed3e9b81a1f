"""Whether what was acknowledged is there, once and whole: ``python -m bench.verify`` reads the book of writes.

Prints what does not hold, as JSON; nothing where all is well.
"""

import json
import sys
from collections import Counter, defaultdict

import django


def main() -> None:
    django.setup()
    from sbs_portal.scope import NATIONAL, bound

    writes = json.load(sys.stdin)
    of_kind = defaultdict(list)
    for entry in writes:
        of_kind[entry["kind"]].append(entry)
    with bound(NATIONAL):
        wrong = [
            *meetings(of_kind["meeting"]),
            *outcomes(of_kind["outcome"]),
            *focus_areas(of_kind["focus"]),
            *attendances(of_kind["attendance"]),
        ]
    print(json.dumps(wrong))


def counted(entries: list[dict], found: Counter, noun: str) -> list[str]:
    """Acknowledged: there once. Not answered: there once or not at all."""
    lost = sum(entry["acknowledged"] and not found[entry["mark"]] for entry in entries)
    doubled = sum(found[entry["mark"]] > 1 for entry in entries)
    return [
        f"{number} {noun} {what}"
        for number, what in ((lost, "were lost"), (doubled, "are doubled"))
        if number
    ]


def meetings(entries: list[dict]) -> list[str]:
    from django.db.models import Count

    from sbs_portal.db.security import event_models
    from seminars.models import Attendance, Meeting

    marks = [entry["mark"] for entry in entries]
    rows = Meeting.objects.filter(title__in=marks).annotate(
        links=Count("participation_links", distinct=True),
        units=Count("unit_links", distinct=True),
        lines=Count("attendances", distinct=True),
    )
    shapes = Counter((row.links, row.units, row.lines) for row in rows)
    out = counted(entries, Counter(row.title for row in rows), "meetings")
    if len(shapes) > 1 or any(0 in shape for shape in shapes):
        out.append(f"meetings are half written: (participations, units, lines) {dict(shapes)}")
    ids = [row.pk for row in rows]
    told = event_models()[Meeting].objects.filter(pgh_obj_id__in=ids, pgh_label="insert").count()
    lines = Attendance.objects.filter(meeting__in=ids)
    of_lines = event_models()[Attendance].objects.filter(
        pgh_obj_id__in=lines.values("pk"), pgh_label="insert"
    )
    if told != len(ids) or of_lines.count() != lines.count():
        out.append(
            f"history has {told} of {len(ids)} meetings and {of_lines.count()} of {lines.count()} lines"
        )
    return out


def outcomes(entries: list[dict]) -> list[str]:
    from sbs_portal.db.security import event_models
    from seminars.models import Outcome

    rows = Outcome.objects.filter(text__in=[entry["mark"] for entry in entries])
    out = counted(entries, Counter(rows.values_list("text", flat=True)), "lines of meetings")
    told = (
        event_models()[Outcome].objects.filter(pgh_obj_id__in=rows.values("pk"), pgh_label="insert").count()
    )
    return [*out, *([f"history has {told} of {rows.count()} lines"] if told != rows.count() else [])]


def focus_areas(entries: list[dict]) -> list[str]:
    from programmes.models import FocusArea

    rows = FocusArea.objects.filter(code__in=[entry["mark"] for entry in entries])
    return counted(entries, Counter(rows.values_list("code", flat=True)), "focus areas of the admin")


def attendances(entries: list[dict]) -> list[str]:
    """Each line says what was last acknowledged of it, or something sent after that."""
    from seminars.models import Attendance

    may_be: dict[str, set[str]] = {}
    for entry in entries:
        if entry["acknowledged"]:
            may_be[entry["mark"]] = {entry["status"]}
        else:
            may_be.setdefault(entry["mark"], set()).add(entry["status"])
    known = {entry["mark"] for entry in entries if entry["acknowledged"]}
    rows = Attendance.objects.filter(uuid__in=known).values_list("uuid", "status")
    wrong = sum(status not in may_be[str(pk)] for pk, status in rows)
    return [f"{wrong} lines of attendance do not say what was last acknowledged"] if wrong else []


if __name__ == "__main__":
    main()
