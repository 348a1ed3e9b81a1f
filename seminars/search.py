"""How meetings, what came of them, and seminars are found."""

from django.db.models import F

from sbs_portal.scope import Scope
from sbs_portal.search.kinds import Hit, Kind, register_kind
from sbs_portal.search.text import LOOKED_AT, WORDS, Asked, found_by, given, holding
from seminars.models import Meeting, Outcome, Seminar, meeting, seminar
from seminars.overview import links_of, when_words

NEWEST_FIRST = F("when_date").desc(nulls_last=True)


def _whose(meeting: Meeting) -> str:
    return ", ".join(
        dict.fromkeys(str(link.participation.huvudman) for link in meeting.participation_links.all())
    )


def find_meetings(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By words of the title, the place and the agenda."""
    rows = Meeting.objects.visible_to(scope)
    found = found_by(
        rows.filter(given(uuid=asked.id)).values("pk"),
        holding(rows, asked, *meeting.SEARCHED, read_as=WORDS).values("pk"),
        most=LOOKED_AT,
    )
    rows = rows.in_use().filter(pk__in=found).prefetch_related(links_of(scope)).order_by(NEWEST_FIRST, "-pk")
    return [
        Hit(
            id=str(row.uuid),
            title=f"{row.shown_title}, {when_words(row)}",
            note=", ".join(filter(None, (_whose(row), row.place))),
            url=row.get_absolute_url(),
        )
        for row in rows[:limit]
    ]


def find_outcomes(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By words of the line. It stands on its meeting's page."""
    rows = Outcome.objects.visible_to(scope)
    found = found_by(
        rows.filter(given(uuid=asked.id)).values("pk"),
        holding(rows, asked, "text", read_as=WORDS).values("pk"),
        most=LOOKED_AT,
    )
    rows = rows.in_use().filter(pk__in=found).order_by(F("meeting__when_date").desc(nulls_last=True), "-pk")
    lines = list(rows[:limit])
    meetings = Meeting.objects.visible_to(scope).prefetch_related(links_of(scope))
    meetings = meetings.in_bulk({line.meeting_id for line in lines})
    return [
        Hit(
            id=str(line.uuid),
            title=line.text if len(line.text) <= 160 else f"{line.text[:159]}…",
            note=f"{line.get_kind_display().capitalize()} {when_words(held)}, {_whose(held)}",
            url=f"{held.get_absolute_url()}#rad-{line.uuid}",
        )
        for line in lines
        if (held := meetings.get(line.meeting_id))
    ]


def find_seminars(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By words of the title, the place, the topic and who arranges it."""
    rows = Seminar.objects.visible_to(scope)
    found = found_by(
        rows.filter(given(uuid=asked.id)).values("pk"),
        holding(rows, asked, *seminar.SEARCHED, read_as=WORDS).values("pk"),
        most=LOOKED_AT,
    )
    rows = rows.in_use().filter(pk__in=found).order_by(F("starts_date").desc(nulls_last=True), "-pk")
    return [
        Hit(
            id=str(row.uuid),
            title=row.shown_title,
            note=", ".join(filter(None, (str(row.starts), row.place))),
            url=row.get_absolute_url(),
        )
        for row in rows[:limit]
    ]


def register() -> None:
    register_kind(Kind("meeting", "Träffar", 50, find_meetings))
    register_kind(Kind("outcome", "Beslut, åtgärder och info", 60, find_outcomes))
    register_kind(Kind("seminar", "Seminarier", 70, find_seminars, "seminar_list"))
