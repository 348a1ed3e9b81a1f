"""A day in spring 2018, and a participation that meets every third week."""

from datetime import date, time

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import frozen
from schools.models import Person
from seminars.models import Attendance
from seminars.services import meeting as services
from tests import factories

DAY = date(2018, 4, 23)


@pytest.fixture
def day():
    """Monday 23 April 2018."""
    with frozen(DAY):
        yield DAY


class Spring:
    """A series from Thursday 8 March: the first meeting held, the next 29 March, then 19 April, 10 May, 31 May."""

    def __init__(self):
        cast = self.cast = factories.Cast()
        with bound(NATIONAL):
            # The process leader is one of the huvudman's through the assignment.
            Person.objects.filter(pk=cast.leader_person.pk).update(huvudman_ids=[cast.huvudman.pk])
            self.series = services.start_series(
                participation=cast.participation,
                starts=date(2018, 3, 8),
                plan_through=date(2018, 6, 1),
                start_time=time(13),
                end_time=time(15, 30),
                place="Björkskolan, sal Asken",
                attendees=[
                    {"role": "rektor", "person": cast.rektor_person, "unit": cast.unit},
                    {"role": "developer", "person": cast.editor_person, "is_required": True},
                    {"role": "teacher", "person": cast.protected_person, "unit": cast.unit},
                    {"role": "process_leader", "person": cast.leader_person},
                ],
                by=NATIONAL,
            )
            self.meetings = list(self.series.meetings.order_by("when_date"))
            self.first, self.second, self.third, self.fourth = self.meetings[:4]
            self.action = services.add_outcome(
                meeting=self.first,
                kind="action",
                text="Boka planeringstid",
                owner=cast.rektor_person,
                by=NATIONAL,
            )
            self.decision = services.add_outcome(
                meeting=self.first, kind="decision", text="Strandskolan intervjuar elever.", by=NATIONAL
            )
            self.information = services.add_outcome(
                meeting=self.first, kind="information", text="Rita Rektor är ledig i maj.", by=NATIONAL
            )
            services.finish_meeting(meeting=self.first, by=NATIONAL)
            for meeting in self.meetings:
                meeting.refresh_from_db()
            self.action.refresh_from_db()

    def line(self, meeting, person) -> Attendance:
        with bound(NATIONAL):
            return Attendance.objects.select_related("meeting", "unit", "huvudman", "person").get(
                meeting=meeting, person=person
            )


def _spring() -> Spring:
    with frozen(DAY):
        return Spring()


factories.WORLDS["spring"] = _spring


@pytest.fixture
def spring(day, world_of_test) -> Spring:
    return world_of_test


@pytest.fixture
def as_():
    """as_(user): the block runs bound to the user's scope."""
    from sbs_portal.scope import Scope

    return lambda user: bound(Scope.of(user))
