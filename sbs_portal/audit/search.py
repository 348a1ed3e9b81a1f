"""How lines of the journal are found."""

from collections import defaultdict

from django.apps import apps
from django.db.models import Q

from sbs_portal.audit.journal import notes_of
from sbs_portal.audit.models import JournalEntry
from sbs_portal.audit.pages import history_page
from sbs_portal.scope import Scope
from sbs_portal.search.kinds import Hit, Kind, register_kind
from sbs_portal.search.text import LOOKED_AT, WORDS, Asked, given, holding
from sbs_portal.time import today
from sbs_portal.web.words import as_day, short_day

LONGEST = 160


def find_lines(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By words of the line, of those that are told to the reader: what is withdrawn or hidden is not found."""
    rows = JournalEntry.objects.visible_to(scope).filter(withdrawn_at=None)
    found = holding(rows, asked, "text", read_as=WORDS).order_by().values("pk")[:LOOKED_AT]
    lines = rows.filter(Q(pk__in=found) | given(uuid=asked.id))
    notes = [note for note in notes_of(lines.newest_first()[: 2 * limit], scope) if note.text][:limit]
    names = _names(notes, scope)
    return [
        Hit(
            id=str(note.entry.uuid),
            title=note.text if len(note.text) <= LONGEST else f"{note.text[: LONGEST - 1]}…",
            note=", ".join(
                filter(None, (names.get(note.root_uuid), note.who, short_day(as_day(note.at), today())))
            ),
            url=history_page(note.root_model).url(note.root_uuid),
        )
        for note in notes
    ]


def _names(notes, scope: Scope) -> dict:
    """What the lines are about, by id: a question for each kind of object."""
    wanted = defaultdict(set)
    for note in notes:
        wanted[note.root_model].add(note.root_uuid)
    return {
        row.uuid: str(row)
        for label, uuids in wanted.items()
        for row in apps.get_model(label).objects.visible_to(scope).filter(uuid__in=uuids).select_related()
    }


def register() -> None:
    register_kind(Kind("journal-entry", "Journal", 80, find_lines))
