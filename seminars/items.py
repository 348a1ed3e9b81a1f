"""Meetings as items of a list: pages have dozens, and a template costs more to enter than an item is to draw."""

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from sbs_portal.web.badges import badge
from sbs_portal.web.drawing import escaped
from seminars.models import Meeting
from seminars.overview import place_words, when_words


def meeting_item(meeting: Meeting) -> SafeString:
    """A meeting in a list of some: its day, title, time and place, and how it stands."""
    when, place = escaped(capfirst(when_words(meeting))), place_words(meeting)
    title = f" {escaped(meeting.title)}" if meeting.title else ""
    where = f'<p class="meta">{escaped(place)}</p>' if place else ""
    link = f'<a class="item__title" href="{meeting.get_absolute_url()}">{when}</a>'
    main = f'<div class="item__main"><p>{link}{title}</p>{where}</div>'
    return SafeString(f'<li class="item">{main}<div>{badge(*meeting.badge)}</div></li>')
