"""The parts of a seminar: its programme and presentations, and the words and lessons of it afterwards."""

from django.core.exceptions import ValidationError
from django.db import transaction

from sbs_portal.scope import settle
from schools.models import Huvudman
from seminars.models import (
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    Session,
)
from seminars.services.invitation import add_part, link_of, require_all, set_facts


@transaction.atomic
def add_session(*, seminar: Seminar, kind: str, title: str, by, **facts) -> Session:
    """A part of the programme: ``time_words``, ``room``, ``description``, ``leaders``, ``listeners_stated``,
    ``position`` (last unless said)."""
    facts.setdefault("position", seminar.sessions.count() + 1)
    return add_part(Session(seminar=seminar, kind=kind, title=title.strip(), **facts), by)


@transaction.atomic
def add_presentation(
    *,
    seminar: Seminar,
    title: str,
    by,
    huvudman: Huvudman | None = None,
    presented_by: str = "",
    session: Session | None = None,
    **facts,
) -> Presentation:
    """What a huvudman (or someone named in ``presented_by``) presents: ``description``, ``group_words``,
    ``listeners_stated``."""
    if huvudman is not None:
        presented_by = presented_by or link_of(seminar, huvudman.pk).name
    if session is not None and session.seminar_id != seminar.pk:
        raise ValidationError({"session": "Programpunkten hör till ett annat seminarium."})
    return add_part(
        Presentation(
            seminar=seminar,
            title=title.strip(),
            huvudman=huvudman,
            presented_by=presented_by.strip(),
            session=session,
            **facts,
        ),
        by,
    )


@transaction.atomic
def add_word(*, seminar: Seminar, word: str, by, count: int | None = None) -> ReflectionWord:
    """A word the participants summed up with; no ``count`` where nobody has said how many gave it."""
    return add_part(ReflectionWord(seminar=seminar, word=word.strip(), count=count), by)


@transaction.atomic
def add_lesson(*, seminar: Seminar, text: str, by, from_whom: str = "") -> Lesson:
    """What the seminar taught, as someone put it."""
    return add_part(Lesson(seminar=seminar, text=text.strip(), from_whom=from_whom.strip()), by)


# What can be changed of each part.
PART_FIELDS = {
    Session: (
        "kind",
        "title",
        "time_words",
        "room",
        "description",
        "leaders",
        "listeners_stated",
        "position",
    ),
    Presentation: (
        "session",
        "huvudman",
        "presented_by",
        "title",
        "description",
        "group_words",
        "listeners_stated",
    ),
    ReflectionWord: ("word", "count"),
    Lesson: ("text", "from_whom"),
}
PROGRAMME_PARTS = (Session, Presentation, ReflectionWord, Lesson)


@transaction.atomic
def change_part(*, part, by, **changes):
    """Change the PART_FIELDS of a session, presentation, word or lesson; what is not named stays."""
    set_facts(part, changes, PART_FIELDS[type(part)])
    return save_part(part=part, by=by)


@transaction.atomic
def save_part(*, part, by):
    """Save a changed session, presentation, word or lesson."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    if isinstance(part, Presentation):
        if part.session is not None and part.session.seminar_id != part.seminar_id:
            raise ValidationError({"session": "Programpunkten hör till ett annat seminarium."})
        if part.huvudman_id:
            part.presented_by = part.presented_by or link_of(part.seminar, part.huvudman_id).name
    return add_part(part, by)


@transaction.atomic
def remove_part(*, part, by) -> None:
    """Take a session, presentation, word or lesson away; its history remains."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    require_all(part.seminar, by)
    part.delete()
    part.seminar.touch()
    settle()
