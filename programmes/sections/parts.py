"""The parts of a participation: units, focus areas, support, phases, people and agreements."""

from django.urls import reverse
from django.utils.text import capfirst

from programmes import words
from programmes.models import (
    Agreement,
    ParticipatingUnit,
    ParticipationFocus,
    ParticipationPhase,
    Phase,
    Support,
)
from programmes.overview import Overview, overview_of
from programmes.part_sections import writable_assignments, writing
from programmes.services.assignments import SET_BY_COORDINATORS
from programmes.terms import in_words

MISSING = "uppgift saknas"


def units(request, participation):
    overview = overview_of(request, participation)
    here = overview.units_here
    late = [row for row in here if _joined_late(row, participation)]
    count = None
    if here:
        count = str(len(here))
        if late:
            count += f", {in_words(len(late))} sedan {words.since_words(late[-1].part.joined)}"
    return {
        "rows": here,
        "others": [row for row in overview.units if not row.is_here],
        "sees_people": overview.sees_people,
        "empty_text": _units_empty(overview),
        "count": count,
        "index_count": len(here) or None,
        **writing(request, participation, "participating_unit", "Lägg till enhet", ParticipatingUnit),
        "joined_url": reverse("participation_joined", args=[participation.uuid]) if len(here) > 1 else "",
    }


def _joined_late(row, participation) -> bool:
    start = participation.start_term
    return bool(start and row.part.joined.is_known and row.part.joined.first > start.end)


def _units_empty(overview: Overview) -> str:
    if overview.is_cut_short or overview.status.is_over:
        return "Uppgift saknas (före portalen). Här visas de enheter som var med, när de är inlagda."
    return "Här visas de skolor och förskolor som är med, när huvudmannen och Skolverket har valt dem."


def focus(request, participation):
    focus = overview_of(request, participation).focus
    return {
        "rows": focus,
        "index_count": len(focus) or None,
        **writing(request, participation, "focus", "Lägg till fokusområde", ParticipationFocus),
    }


def supports(request, participation):
    rows = overview_of(request, participation).supports
    by_status: dict[str, int] = {}
    for row in rows:
        by_status[row.get_status_display()] = by_status.get(row.get_status_display(), 0) + 1
    return {
        "rows": [(row, row.period_words or words.period_words(row.starts, row.ends)) for row in rows],
        "count": ", ".join(f"{number} {status}" for status, number in by_status.items()) or None,
        "index_count": len(rows) or None,
        **writing(request, participation, "support", "Lägg till stöd", Support),
    }


def phase_section(phase: Phase):
    def load(request, participation):
        overview = overview_of(request, participation)
        found = [row for row in overview.phases if row.phase == phase]
        whose = {row.part.pk: row.name for row in overview.units}
        rows = [
            (whose.get(row.participating_unit_id, "Hela deltagandet"), *phase_state(row, overview))
            for row in sorted(found, key=lambda row: (row.participating_unit_id is not None, row.pk))
            if row.participating_unit_id is None or row.participating_unit_id in whose
        ]
        return {
            "rows": rows,
            "phase": phase.label,
            "is_past": overview.is_cut_short or overview.status.is_over,
        }

    return load


def phase_state(row: ParticipationPhase, overview: Overview) -> tuple[str, str, str]:
    """Where a phase stands on the last known day: the badge's kind and word, and since when."""
    day = overview.known_day
    if words.happened_by(row.actual_end, day):
        return "done", "Klar", str(row.actual_end)
    if words.happened_by(row.actual_start, day):
        if overview.is_cut_short:
            return "neutral", "Påbörjad", str(row.actual_start)
        return "active", "Pågår", f"sedan {row.actual_start}"
    if row.planned_start.is_known:
        return "new", "Planerad", words.period_words(row.planned_start, row.planned_end)
    return "neutral", capfirst(MISSING), ""


def people(request, participation):
    overview = overview_of(request, participation)
    if not overview.sees_people:
        return None
    rows = overview.assignments
    people = len({row.person_id for row in rows})
    return {
        "rows": rows,
        "count": f"{people} {'person' if people == 1 else 'personer'}" if rows else None,
        "index_count": people or None,
        "set_by_coordinators": SET_BY_COORDINATORS,
        **writable_assignments(request, participation),
    }


def agreements(request, participation):
    rows = overview_of(request, participation).agreements
    return {
        "rows": rows,
        "index_count": len(rows) or None,
        **writing(request, participation, "agreement", "Lägg till", Agreement),
    }
