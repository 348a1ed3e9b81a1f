"""A coming meeting as the start page tells of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sbs_portal.time import Precision
from sbs_portal.web.words import distance
from seminars.models import Meeting, Outcome
from seminars.overview import place_words, when_words

SHOWN_VISITS = 10
# A visit within these days is told, also beside a nearer one.
SOON = timedelta(days=14)


@dataclass
class Visit:
    """A coming meeting, with what was decided last and what is still to be done."""

    meeting: Meeting
    when: str
    distance: str
    place: str
    huvudman: str
    agenda: list[str]
    decisions: list[Outcome]
    actions: list[Outcome]
    promised: list[Outcome]
    writable: bool
    leaders: list[str]
    is_repeat: bool = False

    @property
    def agenda_has_actions(self) -> str:
        """The agenda's own point about open actions, "" where there is none."""
        return next((point for point in self.agenda if point.lower().startswith("öppna åtgärder")), "")


def visit_of(meeting: Meeting, day: date, *, reader, actions: list[Outcome], **more) -> Visit:
    """The meeting as told to the reader; ``more`` is what is told as it is."""
    me = reader.pk if reader else None
    return Visit(
        meeting=meeting,
        when=when_words(meeting),
        distance=distance(meeting.when.date, day) if meeting.when.precision is Precision.DAY else "",
        place=place_words(meeting),
        huvudman=", ".join(str(link.participation.huvudman) for link in meeting.participation_links.all()),
        agenda=[line.strip() for line in meeting.agenda.splitlines() if line.strip()],
        actions=actions,
        promised=[line for line in actions if me and _is_promised(line, me, meeting)],
        **more,
    )


def _is_promised(line: Outcome, user_id: int, meeting: Meeting) -> bool:
    """The user's own, due by the meeting and not late already: what they bring to it."""
    mine = line.owner is not None and line.owner.user_id == user_id
    by_then = line.due_on is None or meeting.when.last is None or line.due_on <= meeting.when.last
    return mine and by_then and not line.is_late
