"""Participations on the pages of the register: of a huvudman, and of a unit."""

from django.utils.text import capfirst

from programmes import strip_sources, words
from programmes.models import ParticipatingUnit, Participation
from sbs_portal.time import today


def participation_rows(participations, day) -> list[dict]:
    """Participations as items of a list: what they are, where they stand, the small strip."""
    return [
        {
            "participation": participation,
            "badge": words.status_badge(participation, day),
            "term": capfirst(words.term_sentence(words.position_on(participation, day)))
            if participation.start_term
            else capfirst(words.term_words(participation, day)),
            "small": strip_sources.small_strip(participation, day),
        }
        for participation in participations
    ]


def of_huvudman(request, huvudman):
    found = Participation.objects.visible_to(request.scope).in_use().filter(huvudman=huvudman).with_head()
    rows = participation_rows(found, today())
    return {"rows": rows, "index_count": len(rows) or None, "nothing": "Huvudmannen har inga deltaganden."}


def of_unit(request, unit):
    mine = ParticipatingUnit.objects.visible_to(request.scope).filter(unit=unit)
    found = (
        Participation.objects.visible_to(request.scope)
        .in_use()
        .filter(pk__in=mine.values("participation_id"))
        .with_head()
    )
    rows = participation_rows(found, today())
    return {
        "rows": rows,
        "index_count": len(rows) or None,
        "nothing": "Enheten är inte med i något deltagande.",
    }
