"""What meetings fill on the pages below them: participation, huvudman, unit, person; and the term strip.

Of a past day (``?datum=``) what came later is left out: a meeting held since then still lay ahead.
"""

from django.db.models import Q, QuerySet
from django.urls import reverse

from programmes import strip
from programmes.models import Participation
from programmes.overview import Asking, Overview, overview_of, register_reading
from programmes.sections import ACTION, HEAD, PAGE
from programmes.strip_sources import register_strip_source
from sbs_portal.addressing import address_of
from sbs_portal.db.fields import imprecise
from sbs_portal.db.statements import hang
from sbs_portal.rights import Action
from sbs_portal.time import today
from sbs_portal.web.sections import register_section
from sbs_portal.web.words import when as day_words
from seminars.items import meeting_item
from seminars.models import Meeting, MeetingParticipation, MeetingSeries, MeetingStatus, MeetingUnit, Outcome
from seminars.overview import place_words, when_words, with_head
from seminars.services import cadence

SHOWN = 5


# A page has hundreds of meetings and shows ten: of the rest it needs the day and what became of it.
MET = (
    "id",
    "uuid",
    "when_date",
    "when_precision",
    "when_text",
    "status",
    "title",
    "start_time",
    "end_time",
    "mode",
    "place",
)


class Met:
    """A meeting as the strip and the counts need it."""

    __slots__ = ("pk", "status", "title", "uuid", "values", "when")

    def __init__(self, values: tuple):
        self.values = values
        self.pk, self.uuid, day, precision, text, self.status, self.title, *_ = values
        self.when = imprecise(day, precision, text)

    def get_absolute_url(self) -> str:
        return address_of("meeting_detail", self.uuid)

    @property
    def row(self) -> Meeting:
        """The meeting itself, as far as it has been read."""
        read = dict(zip(MET, self.values, strict=True))
        fields = [field.attname for field in Meeting._meta.concrete_fields if field.attname in read]
        return Meeting.from_db("default", fields, [read[name] for name in fields])


def meetings_of(request, participation: Participation) -> list[Met]:
    """The participation's meetings that the reader sees, earliest first."""
    return _meetings(overview_of(request, participation))


def _meetings(overview: Overview) -> list[Met]:
    return overview.told("meetings", _by_day)


def _by_day(rows: list[tuple]) -> list[Met]:
    return sorted(map(Met, rows), key=lambda meeting: (meeting.when.sort_key, meeting.pk))


def _series(overview: Overview) -> MeetingSeries | None:
    """The latest agreement on how often to meet."""
    return next(iter(overview.rows("series")), None)


def _meeting_rows(asking: Asking) -> QuerySet:
    rows = Meeting.objects.visible_to(asking.scope).in_use().of(asking.participation)
    return rows.order_by().values_list(*MET)


def _late_link_rows(asking: Asking) -> QuerySet:
    """With whom those meetings are that should have been held: how far each is known says whether notes are missing."""
    late = Meeting.objects.of(asking.participation).filter(status="planned", when_date__lt=asking.day)
    links = MeetingParticipation.objects.visible_to(asking.scope).filter(meeting__in=late.values("pk"))
    return links.select_related("participation")


def _series_rows(asking: Asking) -> QuerySet:
    return MeetingSeries.objects.filter(participation=asking.participation).order_by("-pk")[:1]


def _decision_rows(asking: Asking) -> QuerySet:
    rows = Outcome.objects.visible_to(asking.scope).in_use().decisions().of(asking.participation)
    rows = rows.filter(
        Q(meeting__when_date__lte=asking.day) | Q(meeting__when_date=None), meeting__status="held"
    )
    return rows.select_related("meeting").order_by("-meeting__when_date", "pk")[: SHOWN + 1]


def _action_rows(asking: Asking) -> QuerySet:
    """Actions that were open on the day; a reader has none."""
    if not asking.may(Action.ATTENDANCE_READ):
        return Outcome.objects.none()
    rows = Outcome.objects.visible_to(asking.scope).in_use().of(asking.participation).filter(kind="action")
    rows = rows.filter(Q(done_on=None) | Q(done_on__gt=asking.day))
    rows = rows.filter(Q(meeting__when_date__lte=asking.day) | Q(meeting__when_date=None))
    return rows.select_related("owner", "meeting")


def _of_actions(model, *joined: str):
    """Parts of the meetings that the actions are from."""

    def rows(asking: Asking) -> QuerySet:
        meetings = _action_rows(asking).order_by().values("meeting")
        return model.objects.filter(meeting__in=meetings).select_related(*joined)

    return rows


def _actions_read(overview: Overview) -> list[Outcome]:
    found = overview.rows("actions")
    meetings = [line.meeting for line in found]
    hang(meetings, "unit_links", overview.rows("action_units"), by="meeting_id")
    hang(meetings, "participation_links", overview.rows("action_links"), by="meeting_id")
    return found


def is_held(meeting: Met, day) -> bool:
    """Held, and not after the day asked about."""
    first = meeting.when.first
    return meeting.status == MeetingStatus.HELD and (first is None or first <= day)


def is_ahead(meeting: Met, day) -> bool:
    """On the day it lay ahead, or may have, and was not cancelled."""
    return meeting.status != MeetingStatus.CANCELLED and lies_ahead(meeting, day)


def lies_ahead(meeting: Met, day) -> bool:
    """On the day its own day lay ahead, or may have; cancelled or not."""
    last = meeting.when.last
    return (last is None or last >= day) and not is_held(meeting, day)


def next_meeting(meetings: list[Met], day) -> Met | None:
    """The nearest ahead; one without a date comes after those with."""
    return next((meeting for meeting in meetings if is_ahead(meeting, day)), None)


# The participation's page


def _next_fact(request, participation):
    met = next_meeting(meetings_of(request, participation), today())
    if met is None:
        return {"value": "ingen planerad"}
    meeting = met.row
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
    found = _actions_read(overview_of(request, participation))
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
    overview = overview_of(request, participation)
    shown = {met.pk: met.row for met in (*ahead[:SHOWN], *been[:SHOWN])}
    hang(shown.values(), "participation_links", overview.rows("late_links"), by="meeting_id")
    series = _series(overview)
    context = {
        "ahead": [meeting_item(shown[met.pk]) for met in ahead[:SHOWN]],
        "been": [meeting_item(shown[met.pk]) for met in been[:SHOWN]],
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
    return {"rows": [meeting_item(meeting) for meeting in found]}


def _of_person(request, person):
    rows = Outcome.objects.visible_to(request.scope).in_use().open_actions().filter(owner=person)
    actions = sorted(rows.with_action(), key=lambda line: (line.due_on is None, line.due_on, line.pk))
    meetings = Meeting.objects.visible_to(request.scope).in_use().filter(attendances__person=person)
    found = list(with_head(meetings, request.scope).nearest_first()[:SHOWN])
    if not actions and not found:
        return None
    return {
        "actions": [(line, may_tick(request.scope, line)) for line in actions],
        "rows": [meeting_item(meeting) for meeting in found],
        "back": request.get_full_path(),
    }


# The strip


def strip_meetings(overview: Overview) -> dict:
    """Dots for the meetings, and boxes where they lie further apart than agreed."""
    participation, day = overview.participation, overview.day
    found, series = _meetings(overview), _series(overview)
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
    register_reading("meetings", _meeting_rows)
    register_reading("late_links", _late_link_rows)
    register_reading("series", _series_rows)
    register_reading("decisions", _decision_rows)
    register_reading("actions", _action_rows, key=lambda line: (line.due_on is None, line.due_on, line.pk))
    register_reading("action_units", _of_actions(MeetingUnit))
    register_reading("action_links", _of_actions(MeetingParticipation, "participation"))
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
