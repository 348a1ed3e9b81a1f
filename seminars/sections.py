"""What meetings fill on the pages below them: participation, huvudman, unit, person; and the term strip.

Of a past day (``?datum=``) what came later is left out: a meeting held since then still lay ahead.
"""

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from programmes import strip
from programmes.models import Participation
from programmes.overview import Overview, overview_of, register_reading
from programmes.sections import ACTION, HEAD, PAGE
from programmes.strip_sources import register_strip_source
from sbs_portal.rights import Action
from sbs_portal.time import today
from sbs_portal.web.sections import register_section
from sbs_portal.web.words import when as day_words
from seminars.models import Meeting, MeetingSeries, MeetingStatus, Outcome
from seminars.overview import head_of, heading, place_words, when_words, with_head
from seminars.services import cadence

SHOWN = 5


def meetings_of(request, participation: Participation) -> list[Meeting]:
    """The participation's meetings that the reader sees, earliest first; without with whom."""
    return overview_of(request, participation).rows("meetings")


def _series(overview: Overview) -> MeetingSeries | None:
    """The latest agreement on how often to meet."""
    return next(iter(overview.rows("series")), None)


def _meeting_rows(overview: Overview) -> QuerySet:
    return Meeting.objects.visible_to(overview.scope).in_use().of(overview.participation)


def _series_rows(overview: Overview) -> QuerySet:
    return MeetingSeries.objects.filter(participation=overview.participation).order_by("-pk")[:1]


def _decision_rows(overview: Overview) -> QuerySet:
    rows = Outcome.objects.visible_to(overview.scope).in_use().decisions().of(overview.participation)
    rows = rows.filter(
        Q(meeting__when_date__lte=overview.day) | Q(meeting__when_date=None), meeting__status="held"
    )
    return rows.select_related("meeting").order_by("-meeting__when_date", "pk")[: SHOWN + 1]


def _action_rows(overview: Overview) -> QuerySet:
    """Actions that were open on the day; a reader has none."""
    if not overview.scope.may(Action.ATTENDANCE_READ, huvudman_id=overview.participation.huvudman_id):
        return Outcome.objects.none()
    rows = (
        Outcome.objects.visible_to(overview.scope).in_use().of(overview.participation).filter(kind="action")
    )
    rows = rows.filter(Q(done_on=None) | Q(done_on__gt=overview.day))
    return rows.filter(Q(meeting__when_date__lte=overview.day) | Q(meeting__when_date=None)).with_action()


def is_held(meeting: Meeting, day) -> bool:
    """Held, and not after the day asked about."""
    first = meeting.when.first
    return meeting.status == MeetingStatus.HELD and (first is None or first <= day)


def is_ahead(meeting: Meeting, day) -> bool:
    """On the day it lay ahead, or may have, and was not cancelled."""
    return meeting.status != MeetingStatus.CANCELLED and lies_ahead(meeting, day)


def lies_ahead(meeting: Meeting, day) -> bool:
    """On the day its own day lay ahead, or may have; cancelled or not."""
    last = meeting.when.last
    return (last is None or last >= day) and not is_held(meeting, day)


def next_meeting(meetings: list[Meeting], day) -> Meeting | None:
    """The nearest ahead; one without a date comes after those with."""
    return next((meeting for meeting in meetings if is_ahead(meeting, day)), None)


# The participation's page


def _next_fact(request, participation):
    meeting = next_meeting(meetings_of(request, participation), today())
    if meeting is None:
        return {"value": "ingen planerad"}
    precise = meeting.when.precision == "day"
    value = day_words(meeting.when.date, today()) if precise else when_words(meeting)
    return {"value": value, "meta": place_words(meeting), "url": meeting.get_absolute_url()}


def _write_action(request, participation):
    if (
        not request.scope.may(Action.MEETING_RECORD, huvudman_id=participation.huvudman_id)
        or participation.is_over
    ):
        return None
    if getattr(request, "is_asked_about_another_day", False):
        return None
    writable = Meeting.objects.editable_by(request.scope, Action.MEETING_RECORD).in_use().of(participation)
    may_plan = request.scope.may(Action.MEETING_CHANGE, huvudman_id=participation.huvudman_id)
    if may_plan and not meetings_of(request, participation):
        new = f"{reverse('series_new')}?deltagande={participation.uuid}"
        return {"url": new, "label": "Lägg upp en träffserie"}
    if not may_plan and not writable.exists():
        return None
    url = f"{reverse('meeting_write_now')}?deltagande={participation.uuid}"
    return {"url": url, "label": "Anteckna från träff"}


def _decisions(request, participation):
    shown = overview_of(request, participation).rows("decisions")
    return {
        "rows": [(line, when_words(line.meeting)) for line in shown[:SHOWN]],
        "more": len(shown) > SHOWN,
        "list_url": f"{reverse('meeting_list')}?state=held&participation={participation.uuid}",
        "index_count": len(shown[:SHOWN]) or None,
    }


def _actions(request, participation):
    if not request.scope.may(Action.ATTENDANCE_READ, huvudman_id=participation.huvudman_id):
        return None
    found = overview_of(request, participation).rows("actions")
    late = sum(line.is_late for line in found)
    listed = reverse("action_list")
    return {
        "action": {"url": f"{listed}?participation={participation.uuid}", "label": "Alla åtgärder"},
        "rows": [(line, may_tick(request.scope, line)) for line in found],
        "count": f"{len(found)}, {late} {'sen' if late == 1 else 'sena'}" if late else (len(found) or None),
        "index_count": len(found) or None,
        "back": request.get_full_path(),
    }


def may_tick(scope, action: Outcome) -> bool:
    """Whether the reader may say that an action is done: their own, or one of a meeting they may write on."""
    if scope.read_only:
        return False
    if action.owner and scope.user and action.owner.user_id == scope.user.pk:
        return True
    units = {link.unit_id for link in action.meeting.unit_links.all()}
    owners = [action.huvudman_id] if action.huvudman_id else action.meeting.huvudman_ids
    return any(scope.may(Action.MEETING_RECORD, huvudman_id=owner, unit_ids=units) for owner in owners)


def _meetings_section(request, participation):
    day = today()
    found = meetings_of(request, participation)
    may_plan = request.scope.may(Action.MEETING_CHANGE, huvudman_id=participation.huvudman_id)
    ahead = [meeting for meeting in found if lies_ahead(meeting, day)]
    been = [meeting for meeting in reversed(found) if not lies_ahead(meeting, day)]
    prefetch_related_objects([*ahead[:SHOWN], *been[:SHOWN]], *head_of(request.scope))
    series = _series(overview_of(request, participation))
    context = {
        "ahead": [(meeting, _row_words(meeting)) for meeting in ahead[:SHOWN]],
        "been": [(meeting, _row_words(meeting)) for meeting in been[:SHOWN]],
        "series": series,
        "count": len([meeting for meeting in found if is_held(meeting, day)]) or None,
        "index_count": len(found) or None,
        "list_url": f"{reverse('meeting_list')}?participation={participation.uuid}" if found else "",
    }
    if may_plan and not participation.is_over:
        url = f"{reverse('meeting_plan')}?deltagande={participation.uuid}"
        context["action"] = {"url": url, "label": "Planera en träff"}
        context["new_series_url"] = f"{reverse('series_new')}?deltagande={participation.uuid}"
    return context


def _row_words(meeting: Meeting) -> dict:
    return {"when": when_words(meeting), "place": place_words(meeting), "heading": heading(meeting)}


# Other pages


def _of_huvudman(request, huvudman):
    rows = Meeting.objects.visible_to(request.scope).filter(huvudman_ids__contains=[huvudman.pk])
    return _short_list(rows, request.scope)


def _of_unit(request, unit):
    rows = Meeting.objects.visible_to(request.scope).filter(unit_links__unit=unit)
    return _short_list(rows, request.scope)


def _short_list(rows, scope):
    found = list(with_head(rows.in_use(), scope).nearest_first()[: 2 * SHOWN])
    if not found:
        return None
    return {"rows": [(meeting, _row_words(meeting)) for meeting in found]}


def _of_person(request, person):
    rows = Outcome.objects.visible_to(request.scope).in_use().open_actions().filter(owner=person)
    actions = sorted(rows.with_action(), key=lambda line: (line.due_on is None, line.due_on, line.pk))
    meetings = Meeting.objects.visible_to(request.scope).in_use().filter(attendances__person=person)
    found = list(with_head(meetings, request.scope).nearest_first()[:SHOWN])
    if not actions and not found:
        return None
    return {
        "actions": [(line, may_tick(request.scope, line)) for line in actions],
        "rows": [(meeting, _row_words(meeting)) for meeting in found],
        "back": request.get_full_path(),
    }


# The strip


def strip_meetings(overview: Overview) -> dict:
    """Dots for the meetings, and boxes where they lie further apart than agreed."""
    participation, day = overview.participation, overview.day
    found, series = overview.rows("meetings"), _series(overview)
    marks = []
    for meeting in found:
        if not meeting.when.is_known:
            continue
        status = meeting.status
        if status == MeetingStatus.HELD and not is_held(meeting, day):
            status = MeetingStatus.PLANNED
        marks.append(
            strip.Meeting(meeting.when, status, meeting.get_absolute_url(), meeting.title or "Träff")
        )
    held = [meeting for meeting in found if is_held(meeting, day)]
    gaps = cadence.gaps_of(participation, held, day, series=series, calendars=overview.calendars)
    address = f"{reverse('meeting_list')}?participation={participation.uuid}"
    added = {
        "meetings": tuple(marks),
        "meetings_url": address,
        "gaps": tuple(strip.Gap(gap.first, gap.last, gap.school_weeks, gap.agreed, address) for gap in gaps),
    }
    if series is not None:
        added["subtitle"] = f"Träff {series.cadence_words}"
    return added


def register() -> None:
    """Called once, when the apps are ready."""
    register_strip_source(strip_meetings)
    register_reading("meetings", _meeting_rows, key=lambda meeting: (meeting.when.sort_key, meeting.pk))
    register_reading("series", _series_rows)
    register_reading("decisions", _decision_rows)
    register_reading("actions", _action_rows, key=lambda line: (line.due_on is None, line.due_on, line.pk))
    for page, name, title, order, loader, template in (
        (HEAD, "nasta-traff", "Nästa träff", 10, _next_fact, "programmes/_head_fact.html"),
        (ACTION, "anteckna", "Anteckna från träff", 5, _write_action, "programmes/_action.html"),
        (PAGE, "beslut", "Senaste beslut", 40, _decisions, "seminars/sections/decisions.html"),
        (PAGE, "atgarder", "Öppna åtgärder", 50, _actions, "seminars/sections/actions.html"),
        (PAGE, "traffar", "Träffar", 55, _meetings_section, "seminars/sections/meetings.html"),
        ("huvudman", "traffar", "Träffar", 40, _of_huvudman, "seminars/sections/short.html"),
        ("unit", "traffar", "Träffar", 40, _of_unit, "seminars/sections/short.html"),
        ("person", "traffar", "Åtgärder och träffar", 40, _of_person, "seminars/sections/person.html"),
    ):
        register_section(page=page, name=name, title=title, order=order, loader=loader, template=template)
