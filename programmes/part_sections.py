"""What one may write on a participation's page: the sections' actions, and sections of phases and pauses."""

from django.db.models import Model
from django.urls import reverse

from programmes import words
from programmes.models import Agreement, ParticipationPhase, Phase, TermPause
from programmes.overview import overview_of
from programmes.services import entries
from sbs_portal.rights import Action
from sbs_portal.web.sections import register_section

PAGE = "participation"


def may_write(request, participation, model: type[Model] = ParticipationPhase) -> bool:
    return entries.may_write(request.scope, participation, model)


def writing(request, participation, name: str, label: str, model: type[Model]) -> dict:
    """What a section adds to what it shows: its action where the reader may write, and whether rows are links."""
    if not may_write(request, participation, model):
        return {"writable": False}
    url = reverse(f"{name}_add", args=[participation.uuid])
    return {"writable": True, "action": {"url": url, "label": label}}


def writable_assignments(request, participation) -> dict:
    """As ``writing``; process leaders and coordinators are set by coordinators only."""
    found = writing(request, participation, "assignment", "Lägg till person", Agreement)
    return found | {
        "writes_all": request.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    }


def _phases(request, participation):
    """Every phase with its dates, for those who keep them."""
    if not may_write(request, participation):
        return None
    overview = overview_of(request, participation)
    whose = {row.part.pk: row.name for row in overview.units}
    order = {phase: number for number, phase in enumerate(Phase.values)}
    rows = sorted(
        overview.phases, key=lambda row: (order[row.phase], row.participating_unit_id is not None, row.pk)
    )
    return {
        "rows": [
            (
                row,
                whose.get(row.participating_unit_id, "Hela deltagandet"),
                words.dates_words(row.planned_start, row.planned_end),
                words.dates_words(row.actual_start, row.actual_end),
            )
            for row in rows
        ],
        "index_count": len(rows) or None,
        **writing(request, participation, "phase", "Lägg till fas", ParticipationPhase),
    }


def _pauses(request, participation):
    """Pauses and extensions; not shown where there are none and none can be added."""
    pauses, extensions = participation.term_pauses.all(), participation.term_extensions.all()
    writable = may_write(request, participation, TermPause)
    if not (writable or pauses or extensions):
        return None
    return {
        "pauses": pauses,
        "extensions": extensions,
        "index_count": len(pauses) + len(extensions) or None,
        **writing(request, participation, "pause", "Lägg till paus", TermPause),
    }


def register() -> None:
    """Called once, when the apps are ready."""
    for name, title, order, loader in (
        ("pauser", "Pauser och förlängningar", 28, _pauses),
        ("faser", "Faser", 65, _phases),
    ):
        register_section(
            page=PAGE,
            name=name,
            title=title,
            order=order,
            loader=loader,
            template=f"programmes/sections/{name}.html",
        )
