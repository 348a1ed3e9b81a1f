"""What is archived is out of lists, counts, the strip, the calendar and the search; its own page says so."""

from datetime import date

import pytest
from django.urls import reverse

from programmes.models import Participation
from programmes.overview import Overview
from sbs_portal import removal
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.search.kinds import find
from sbs_portal.search.text import Asked
from seminars.models import Meeting, Outcome
from seminars.sections import strip_meetings
from seminars.seminar_sections import strip_fields
from seminars.views.calendar import meetings_of, seminars_of
from seminars.work import work_of
from tests import factories

pytestmark = pytest.mark.django_db


def archive(row):
    with bound(NATIONAL):
        removal.archive(row=row, by=NATIONAL)


def told(user, participation) -> dict[str, list]:
    """What the faces say of the participation's meetings and seminars."""
    with bound(Scope.of(user)) as scope:
        work, overview = work_of(scope, {}), Overview(participation, scope, date(2018, 4, 23))
        return {
            "visits": [visit.meeting.pk for visit in work.visits],
            "late": [text for card in work.cards for text, _ in card.reasons],
            "to do": [line.text for line in work.own_actions],
            "calendar": [row.pk for row in (*meetings_of(scope), *seminars_of(scope))],
            "strip": [
                *strip_meetings(overview).get("meetings", ()),
                *strip_fields(overview).get("seminars", ()),
            ],
            "search": [
                hit.title
                for text in ("björkskolan", "planeringstid", "uppföljning")
                for group in find(scope, Asked.of(text), limit=10)
                if group.kind.name in ("meeting", "outcome", "seminar")
                for hit in group.hits
            ],
        }


def test_an_archived_meeting_and_seminar_are_in_nothing_of_every_day(spring, cast):
    seminar = factories.make_seminar(cast.participation, starts=date(2018, 6, 1))
    before = told(cast.rektor, cast.participation)
    assert all(before.values())
    for row in (*spring.meetings, seminar):
        archive(row)
    assert not any(told(cast.rektor, cast.participation).values())
    with bound(NATIONAL):
        assert Meeting.objects.of(cast.participation).count() == len(spring.meetings)
        assert not Outcome.objects.in_use().exists()


def test_an_archived_participation_is_off_the_start_page_and_out_of_choices(cast, day, client_for):
    client = client_for(cast.coordinator)
    plan = reverse("meeting_plan")
    assert str(cast.participation.uuid) in client.get(plan).content.decode()
    archive(cast.participation)
    assert str(cast.participation.uuid) not in client.get(plan).content.decode()
    with bound(Scope.of(cast.coordinator)) as scope:
        assert cast.participation.pk not in work_of(scope, {}).participations
        assert Participation.objects.visible_to(scope).filter(pk=cast.participation.pk).exists()


def test_the_page_of_what_is_archived_says_so_and_takes_it_back(cast, day, client_for):
    meeting = factories.make_meeting(cast.participation, when=date(2018, 5, 3))
    seminar = factories.make_seminar(cast.participation, starts=date(2018, 6, 1))
    client = client_for(cast.coordinator)
    for row, name in ((meeting, "meeting"), (seminar, "seminar"), (cast.participation, "participation")):
        archive(row)
        restore = reverse(f"{name}_restore", args=[row.uuid])
        page = client.get(row.get_absolute_url()).content.decode()
        assert "Syns inte i listor och val" in page
        assert f'action="{restore}"' in page
        client.post(restore)
        assert "Syns inte i listor och val" not in client.get(row.get_absolute_url()).content.decode()
