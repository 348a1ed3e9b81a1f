"""The check of many rows says what Django's of one says, and holds the rows against each other."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from programmes.models import Cohort, ParticipationAssignment, ParticipationPhase, Programme
from sbs_portal.accounts.models import User
from sbs_portal.db.checking import check_all
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import Term
from schools.models import Huvudman, Invitation, RoleAssignment, SchoolUnit, SchoolUnitVersion
from seminars.models import Attendance, Meeting, Outcome
from tests import factories

pytestmark = pytest.mark.django_db


TAKEN = "Det finns redan en huvudman med det namnet."


@pytest.fixture
def national(cast):
    with bound(NATIONAL):
        yield cast


def said(error: ValidationError | None) -> dict:
    return {} if error is None else {field: sorted(reasons) for field, reasons in error.message_dict.items()}


def said_by_django(row) -> dict:
    try:
        row.full_clean()
    except ValidationError as error:
        return said(error)
    return {}


def rows_of(cast) -> list:
    """One row right and the others wrong, each in a way of its own."""
    meeting = factories.make_meeting(cast.participation, attendees=[cast.rektor_person])
    line = Attendance.objects.get()
    line.status, line.substitute_name = "absent", "Vikarien"
    there = SchoolUnit.objects.get(pk=cast.unit.pk)
    there.unit_code = "12"
    return [
        Attendance(meeting=meeting, person=cast.editor_person),
        Attendance(meeting=meeting, person=cast.rektor_person),
        Attendance(meeting=meeting, person_id=10**9, role="okänd", status="okänd"),
        Attendance(),
        line,
        Outcome(meeting=meeting, kind="decision", text="Beslut", owner=cast.editor_person),
        Outcome(meeting=meeting, kind="okänt", text=""),
        Meeting(total_on_site=6000, status="cancelled", start_time="13:00", end_time="12:00"),
        Huvudman(name=cast.huvudman.name, kind="independent"),
        Huvudman(name="Ny", kind="municipality", organisation_number="1"),
        Huvudman(name="", kind="okänd"),
        there,
        SchoolUnitVersion(
            unit=cast.unit, huvudman=cast.huvudman, name="x", grade_from=9, grade_to=14, school_forms=["GR"]
        ),
        SchoolUnitVersion(
            unit=cast.unit,
            huvudman=cast.huvudman,
            name="x",
            valid_from=date(2020, 1, 1),
            valid_to=date(2019, 1, 1),
        ),
        RoleAssignment(person=cast.editor_person, role="developer"),
        Programme(code="sbs", name="Nytt", terms=0),
        Cohort(programme=cast.participation.programme, start_term=None),
        ParticipationPhase(participation=cast.participation, phase="analysis", planned_start="2018"),
        ParticipationAssignment(
            participation=cast.participation, person=cast.leader_person, role="process_leader"
        ),
        ParticipationAssignment(
            participation=cast.participation, person=cast.leader_person, role="coordinator"
        ),
        Invitation(
            email="Ny@example.se", role="reader", huvudman=cast.huvudman, digest="x", expires_at=now()
        ),
        Invitation(
            email="ny@example.se", role="reader", huvudman=cast.huvudman, digest="x", expires_at=now()
        ),
        User(email="", name="Utan adress", password="x"),
    ]


def test_a_row_is_told_what_django_tells(national):
    for row in rows_of(national):
        expected = said_by_django(row)
        if TAKEN in expected.get("__all__", ()):
            # Of one field, and told there.
            expected = {"name": expected.pop("__all__"), **expected}
        [found] = check_all([row])
        assert said(found) == expected, row


def test_rows_are_held_against_each_other(national):
    meeting = factories.make_meeting(national.participation)
    people = [national.editor_person, national.rektor_person, national.editor_person]
    lines = [Attendance(meeting=meeting, person=person) for person in people]
    assert [said(error) for error in check_all(lines)] == [
        {},
        {},
        {"__all__": ["Personen finns redan på träffen."]},
    ]
    phases = [ParticipationPhase(participation=national.participation, phase="analysis") for _ in range(2)]
    assert [bool(error) for error in check_all(phases, told_at={"phase_unique": "phase"})] == [False, True]
    unit = SchoolUnit.objects.create(name="Ny", huvudman_ids=[national.huvudman.pk])
    periods = [
        SchoolUnitVersion(unit=unit, huvudman=national.huvudman, name="Ny", valid_from=first, valid_to=last)
        for first, last in (
            (None, date(2018, 6, 30)),
            (date(2018, 7, 1), None),
            (date(2018, 6, 30), date(2018, 6, 30)),
        )
    ]
    assert [list(said(error)) for error in check_all(periods)] == [[], [], ["valid_from"]]


def test_rows_that_change_places_are_right(national):
    cohorts = [
        Cohort.objects.create(programme=national.participation.programme, start_term=Term.parse(code))
        for code in ("VT2018", "HT2018")
    ]
    cohorts[0].start_term, cohorts[1].start_term = cohorts[1].start_term, cohorts[0].start_term
    assert check_all(cohorts) == [None, None]
    cohorts[1].start_term = cohorts[0].start_term
    assert [bool(error) for error in check_all(cohorts)] == [False, True]


def test_a_thousand_rows_ask_as_often_as_one(national):
    meeting = factories.make_meeting(national.participation)
    counts = []
    for number in (1, 1000):
        lines = [
            Attendance(meeting=meeting, person=national.editor_person, unit=national.unit)
            for _ in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            check_all(lines)
        counts.append(len(queries))
    # meetings, people, units; who is there already
    assert counts == [4, 4]
