"""Meetings and seminars as iCalendar (RFC 5545): for a calendar program. Who comes is not told.

A meeting without a day stands in no calendar. A meeting keeps its UID for good and raises its SEQUENCE with
its version, so a program that has it moves it instead of adding another; a cancelled one says so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from icalendar import Calendar, Event

from sbs_portal.db.models import VersionedModel
from sbs_portal.time import Precision
from seminars.models import Meeting, MeetingStatus, Seminar, SeminarStatus

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(rows: Iterable[Meeting | Seminar], *, name: str, address) -> bytes:
    """The rows as one calendar. address(path) → the absolute address of a page.

    Meetings need their participations loaded as the reader may see them (overview.with_head).
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//SBS-portalen//SV")
    calendar.add("method", "PUBLISH")
    name = " ".join(name.split())
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for row in rows:
        make = _meeting if isinstance(row, Meeting) else _seminar
        if event := make(row):
            event.add("url", address(row.get_absolute_url()))
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _meeting(meeting: Meeting) -> Event | None:
    if meeting.when.precision is not Precision.DAY:
        return None
    event = _event(meeting, cancelled=meeting.status == MeetingStatus.CANCELLED)
    huvudman = ", ".join(
        dict.fromkeys(str(link.participation.huvudman) for link in meeting.participation_links.all())
    )
    event.add("summary", _text(" – ".join(filter(None, (meeting.shown_title, huvudman)))))
    day, start, end = meeting.when.date, meeting.start_time, meeting.end_time
    zone = timezone.get_default_timezone()
    if start:
        event.add("dtstart", datetime.combine(day, start, zone))
        if end:
            event.add("dtend", datetime.combine(day, end, zone))
    else:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    mode = meeting.get_mode_display() if meeting.mode != "on_site" else ""
    if place := ", ".join(filter(None, (meeting.place, mode))):
        event.add("location", _text(place))
    if meeting.agenda:
        event.add("description", _text(meeting.agenda))
    return event


def _seminar(seminar: Seminar) -> Event | None:
    if seminar.starts.precision is not Precision.DAY:
        return None
    event = _event(seminar, cancelled=seminar.status == SeminarStatus.CANCELLED)
    event.add("summary", _text(seminar.shown_title))
    last = seminar.ends.date if seminar.ends.precision is Precision.DAY else seminar.starts.date
    event.add("dtstart", seminar.starts.date)
    event.add("dtend", last + timedelta(days=1))
    if seminar.place:
        event.add("location", _text(seminar.place))
    if seminar.topic:
        event.add("description", _text(seminar.topic))
    return event


def _event(row: VersionedModel, *, cancelled: bool) -> Event:
    event = Event()
    # Not the host's name: the portal may move, and the event is the same.
    event.add("uid", f"{row.uuid}@sbs-portalen")
    event.add("sequence", row.version)
    event.add("dtstamp", row.updated_at)
    event.add("last-modified", row.updated_at)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _text(value: str) -> str:
    """With line feeds only: a browser sends carriage returns too, which a content line cannot hold."""
    return "\n".join(value.splitlines())
