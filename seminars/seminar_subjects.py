"""What statements can be about in this app, and how a coordinator finds it by words."""

from django.db.models import Q

from sbs_portal.audit.subjects import register_subject
from seminars.filters.seminar import matching
from seminars.models import Delegation, Meeting, MeetingParticipation, Seminar


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(Meeting, name="meeting", search=meetings_matching)
    register_subject(Seminar, name="seminar", search=matching)
    register_subject(Delegation, name="delegation", search=delegations_matching)


def meetings_matching(meetings, text: str):
    """Meetings whose title, place or huvudman's name holds the text."""
    links = MeetingParticipation.objects.filter(participation__huvudman__name__icontains=text)
    return meetings.filter(
        Q(title__icontains=text) | Q(place__icontains=text) | Q(pk__in=links.values("meeting_id"))
    )


def delegations_matching(delegations, text: str):
    """Delegations of a huvudman whose name holds the text."""
    return delegations.filter(huvudman__name__icontains=text).select_related("huvudman")
