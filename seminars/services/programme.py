"""The parts of a seminar: its programme and presentations, and the words and lessons of it afterwards."""

from collections import Counter

from django.core.exceptions import ValidationError

from sbs_portal.rows import removed, touched
from sbs_portal.together import Steps, asked, service
from schools.models import Huvudman
from seminars.models import (
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    Session,
)
from seminars.services.invitation import add_part, link_of, require_all, set_facts


@asked
def _next_position(seminars):
    """Last in a seminar's programme; those that are added together follow each other."""
    last = Counter(
        Session.objects.filter(seminar__in={one.pk for one in seminars})
        .order_by()
        .values_list("seminar_id", flat=True)
    )
    given = []
    for one in seminars:
        last[one.pk] += 1
        given.append(last[one.pk])
    return given


@service
def add_session(*, seminar: Seminar, kind: str, title: str, by, **facts) -> Steps[Session]:
    """A part of the programme: ``time_words``, ``room``, ``description``, ``leaders``, ``listeners_stated``,
    ``position`` (last unless said)."""
    if "position" not in facts:
        facts["position"] = yield _next_position(seminar)
    return (yield from add_part(Session(seminar=seminar, kind=kind, title=title.strip(), **facts), by))


@service
def add_presentation(
    *,
    seminar: Seminar,
    title: str,
    by,
    huvudman: Huvudman | None = None,
    presented_by: str = "",
    session: Session | None = None,
    **facts,
) -> Steps[Presentation]:
    """What a huvudman (or someone named in ``presented_by``) presents: ``description``, ``group_words``,
    ``listeners_stated``."""
    if huvudman is not None:
        presented_by = presented_by or (yield from link_of(seminar, huvudman.pk)).name
    if session is not None and session.seminar_id != seminar.pk:
        raise ValidationError({"session": "Programpunkten hör till ett annat seminarium."})
    presentation = Presentation(
        seminar=seminar,
        title=title.strip(),
        huvudman=huvudman,
        presented_by=presented_by.strip(),
        session=session,
        **facts,
    )
    return (yield from add_part(presentation, by))


@service
def add_word(*, seminar: Seminar, word: str, by, count: int | None = None) -> Steps[ReflectionWord]:
    """A word the participants summed up with; no ``count`` where nobody has said how many gave it."""
    return (yield from add_part(ReflectionWord(seminar=seminar, word=word.strip(), count=count), by))


@service
def add_lesson(*, seminar: Seminar, text: str, by, from_whom: str = "") -> Steps[Lesson]:
    """What the seminar taught, as someone put it."""
    lesson = Lesson(seminar=seminar, text=text.strip(), from_whom=from_whom.strip())
    return (yield from add_part(lesson, by))


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


@service
def change_part(*, part, by, **changes) -> Steps:
    """Change the PART_FIELDS of a session, presentation, word or lesson; what is not named stays."""
    set_facts(part, changes, PART_FIELDS[type(part)])
    return (yield from save_part.steps(part=part, by=by))


@service
def save_part(*, part, by) -> Steps:
    """Save a changed session, presentation, word or lesson."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    if isinstance(part, Presentation):
        if part.session is not None and part.session.seminar_id != part.seminar_id:
            raise ValidationError({"session": "Programpunkten hör till ett annat seminarium."})
        if part.huvudman_id and not part.presented_by:
            link = yield from link_of(part.seminar, part.huvudman_id)
            part.presented_by = link.name
    return (yield from add_part(part, by))


@service
def remove_part(*, part, by) -> Steps:
    """Take a session, presentation, word or lesson away; its history remains."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    require_all(part.seminar, by)
    yield removed(part)
    yield touched(part.seminar)
