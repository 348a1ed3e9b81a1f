"""How lines of the journal are found."""

from collections import defaultdict
from functools import lru_cache

from django.apps import apps
from django.db.models import Q, QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from sbs_portal.audit.journal import notes_of
from sbs_portal.audit.models import JournalEntry
from sbs_portal.audit.pages import history_page
from sbs_portal.db.questions import Given
from sbs_portal.db.statements import Together
from sbs_portal.scope import Scope
from sbs_portal.search.kinds import Found, Hit, Kind, register_kind
from sbs_portal.search.text import LOOKED_AT, WORDS, Seeking, given, holding
from sbs_portal.time import today
from sbs_portal.web.words import as_day, short_day

LONGEST = 160


def _lines(seeking: Seeking) -> QuerySet:
    """By words of the line, of those that are told to the reader: what is withdrawn or hidden is not found."""
    rows = JournalEntry.objects.visible_to(seeking.scope).filter(withdrawn_at=None)
    found = holding(rows, seeking, "text", read_as=WORDS).order_by().values("pk")[:LOOKED_AT]
    return rows.filter(Q(pk__in=found) | given(uuid=seeking.id)).newest_first()[: 2 * seeking.limit]


def _tell(lines: list[JournalEntry], found: Found) -> list[Hit]:
    notes = [note for note in notes_of(lines, found.scope) if note.text][: found.limit]
    names = _names(notes, found.scope)
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
        wanted[note.root_model].add(str(note.root_uuid))
    return {
        row.uuid: str(row)
        for label, uuids in wanted.items()
        for row in _objects(scope, label).read(uuids=list(uuids))["rows"]
    }


@lru_cache(maxsize=64)
def _objects(scope: Scope, label: str) -> Together:
    """Objects of one kind by their ids, those of the scope."""
    uuids = RawSQL("SELECT unnest(%s::uuid[])", [Given("uuids", UUIDField())])
    rows = apps.get_model(label).objects.visible_to(scope).filter(uuid__in=uuids)
    return Together({"rows": rows.select_related()})


def register() -> None:
    register_kind(Kind("journal-entry", "Journal", 80, _lines, _tell))
