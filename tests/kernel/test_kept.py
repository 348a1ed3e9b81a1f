"""Columns that repeat what a row's parent says: right after everything that can be done to either."""

from datetime import date, time

import pytest
from django.db import connection

from sbs_portal import removal
from sbs_portal.audit.models import Change
from sbs_portal.db.kept import keeping
from sbs_portal.db.security import domain_models, event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate, frozen
from seminars.models import Meeting, MeetingParticipation
from seminars.services import meeting as services
from tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2018, 4, 23)


def out_of_line() -> int:
    """How many rows do not say what their parents do, by a comparison of its own."""
    return sum(
        getattr(link, own) != getattr(link.meeting, its)
        for link in MeetingParticipation.objects.select_related("meeting")
        for own, its in MeetingParticipation.kept.pairs.items()
    )


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_they_are_right_after_every_service_and_raw_sql(cast):
    mine, other = cast.participation, cast.other_participation
    with frozen(DAY), bound(NATIONAL):
        services.start_series(
            participation=mine, starts=date(2018, 3, 8), plan_through=date(2018, 6, 1), by=NATIONAL
        )
        meetings = list(Meeting.objects.order_by("when_date"))
        first, second, third, fourth, *_ = meetings
        shared = factories.make_meeting(mine, other, when=ImpreciseDate.month(2018, 5))
        link = MeetingParticipation.objects.get(meeting=shared, participation=other)
        steps = [
            lambda: services.finish_meeting(meeting=first, by=NATIONAL),
            lambda: services.reopen_meeting(meeting=first, by=NATIONAL),
            lambda: services.set_total_on_site(meeting=first, total=7, by=NATIONAL),
            lambda: services.cancel_meeting(meeting=second, reason="Snö", by=NATIONAL),
            lambda: services.move_meeting(meeting=third, to=date(2018, 4, 26), reason="Lov", by=NATIONAL),
            lambda: services.change_meeting(meeting=fourth, when=ImpreciseDate.month(2018, 7), by=NATIONAL),
            lambda: services.change_meeting(meeting=fourth, start_time=time(9), by=NATIONAL),
            lambda: services.cancel_meetings(meetings=[third, fourth], reason="Sjukdom", by=NATIONAL),
            lambda: removal.archive(row=first, by=NATIONAL),
            lambda: removal.restore(row=first, by=NATIONAL),
            lambda: removal.delete_if_unused(row=second, by=NATIONAL),
            lambda: Meeting.objects.filter(pk=shared.pk).update(total_on_site=12, status="held"),
            lambda: Meeting.objects.all().update(when_text="i källan"),
            lambda: sql("UPDATE seminars_meeting SET archived_at = now() WHERE id % 2 = 0"),
            lambda: MeetingParticipation.objects.filter(pk=link.pk).update(meeting=third),
            lambda: MeetingParticipation.objects.bulk_create(
                [MeetingParticipation(meeting=shared, participation=other)]
            ),
            lambda: sql("DELETE FROM seminars_meetingparticipation WHERE id % 2 = 1"),
        ]
        for number, step in enumerate(steps):
            step()
            assert (number, out_of_line()) == (number, 0)
        assert MeetingParticipation.objects.filter(when_text="i källan").exists()


def test_nobody_writes_them_and_history_does_not_tell_of_them(cast):
    assert keeping(domain_models()) == [MeetingParticipation]
    event = event_models()[MeetingParticipation]
    assert not {field.name for field in event._meta.fields} & MeetingParticipation.kept.pairs.keys()
    meeting = factories.make_meeting(cast.participation, when=DAY)
    with bound(Scope.of(cast.editor)):
        link = MeetingParticipation.objects.get(meeting=meeting)
        link.status, link.total_on_site = "held", 4
        link.save()
        sql("UPDATE seminars_meetingparticipation SET when_date = '2020-01-01', archived_at = now()")
        assert out_of_line() == 0
    with bound(NATIONAL):
        Meeting.objects.filter(pk=meeting.pk).update(status="held")
        assert out_of_line() == 0
        assert [one.pgh_label for one in event.objects.filter(pgh_obj_id=link.pk)] == ["insert"]
        told = Change.objects.filter(model=MeetingParticipation._meta.label, object_id=link.pk)
        assert [one.kind for one in told] == ["insert"]
