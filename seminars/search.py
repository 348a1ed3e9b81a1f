"""How meetings, what came of them, and seminars are found."""

from django.db.models import F, QuerySet

from sbs_portal.db.statements import hang
from sbs_portal.search.kinds import Found, Hit, Kind, register_kind
from sbs_portal.search.text import LOOKED_AT, WORDS, Seeking, found_by, given, holding
from seminars.models import Meeting, MeetingParticipation, Outcome, Seminar, meeting, seminar
from seminars.overview import when_words

NEWEST_FIRST = F("when_date").desc(nulls_last=True)


def _whose(meeting: Meeting) -> str:
    return ", ".join(
        dict.fromkeys(str(link.participation.huvudman) for link in meeting.participation_links.all())
    )


def _holding_words(seeking: Seeking, model, *fields: str) -> QuerySet:
    rows = model.objects.visible_to(seeking.scope)
    found = found_by(
        rows.filter(given(uuid=seeking.id)).values("pk"),
        holding(rows, seeking, *fields, read_as=WORDS).values("pk"),
        most=LOOKED_AT,
    )
    return rows.in_use().filter(pk__in=found)


def _meetings(seeking: Seeking) -> QuerySet:
    """By words of the title, the place and the agenda."""
    rows = _holding_words(seeking, Meeting, *meeting.SEARCHED)
    return rows.order_by(NEWEST_FIRST, "-pk")[: seeking.limit]


def _links(seeking: Seeking, ids) -> QuerySet:
    links = MeetingParticipation.objects.visible_to(seeking.scope).filter(meeting__in=ids)
    return links.select_related("participation__huvudman")


def _tell_meetings(rows: list[Meeting], found: Found) -> list[Hit]:
    hang(rows, "participation_links", found.rows["links"], by="meeting_id")
    return [
        Hit(
            id=str(row.uuid),
            title=f"{row.shown_title}, {when_words(row)}",
            note=", ".join(filter(None, (_whose(row), row.place))),
            url=row.get_absolute_url(),
        )
        for row in rows
    ]


def _outcomes(seeking: Seeking) -> QuerySet:
    """By words of the line. It stands on its meeting's page."""
    rows = _holding_words(seeking, Outcome, "text")
    return rows.order_by(F("meeting__when_date").desc(nulls_last=True), "-pk")[: seeking.limit]


def _held(seeking: Seeking, ids) -> QuerySet:
    meetings = Outcome.objects.filter(pk__in=ids).order_by().values("meeting")
    return Meeting.objects.visible_to(seeking.scope).filter(pk__in=meetings).order_by()


def _held_links(seeking: Seeking, ids) -> QuerySet:
    return _links(seeking, Outcome.objects.filter(pk__in=ids).order_by().values("meeting"))


def _tell_outcomes(rows: list[Outcome], found: Found) -> list[Hit]:
    hang(found.rows["held"], "participation_links", found.rows["held_links"], by="meeting_id")
    meetings = {held.pk: held for held in found.rows["held"]}
    return [
        Hit(
            id=str(line.uuid),
            title=line.text if len(line.text) <= 160 else f"{line.text[:159]}…",
            note=f"{line.get_kind_display().capitalize()} {when_words(held)}, {_whose(held)}",
            url=f"{held.get_absolute_url()}#rad-{line.uuid}",
        )
        for line in rows
        if (held := meetings.get(line.meeting_id))
    ]


def _seminars(seeking: Seeking) -> QuerySet:
    """By words of the title, the place, the topic and who arranges it."""
    rows = _holding_words(seeking, Seminar, *seminar.SEARCHED)
    return rows.order_by(F("starts_date").desc(nulls_last=True), "-pk")[: seeking.limit]


def _tell_seminars(rows: list[Seminar], found: Found) -> list[Hit]:
    return [
        Hit(
            id=str(row.uuid),
            title=row.shown_title,
            note=", ".join(filter(None, (str(row.starts), row.place))),
            url=row.get_absolute_url(),
        )
        for row in rows
    ]


def register() -> None:
    beside = {"held": _held, "held_links": _held_links}
    register_kind(Kind("meeting", "Träffar", 50, _meetings, _tell_meetings, {"links": _links}))
    register_kind(Kind("outcome", "Beslut, åtgärder och info", 60, _outcomes, _tell_outcomes, beside))
    register_kind(Kind("seminar", "Seminarier", 70, _seminars, _tell_seminars, list_url_name="seminar_list"))
