"""What seminars add to other pages, to the term strip and to the review of statements."""

from datetime import date

import pytest
from django.test import RequestFactory

from programmes.overview import Overview
from sbs_portal.audit.subjects import subject_kind
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate, frozen
from seminars import seminar_sections as sections
from seminars.models import Delegation, Meeting, Seminar
from tests.factories import make_meeting, make_participation, make_seminar
from tests.seminars.seminar_data import DAY, shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]


def request_of(user):
    request = RequestFactory().get("/")
    request.user, request.scope = user, Scope.of(user)
    return request


def loaded(loader, user, obj):
    with bound(Scope.of(user)):
        return loader(request_of(user), obj)


def test_a_participation_shows_its_seminars_with_the_own_delegation(cast, shared):
    (row,) = loaded(sections.of_participation, cast.editor, cast.participation)["rows"]
    assert row["seminar"] == shared.seminar
    assert row["people"] == "10 personer, 2 namngivna"


def test_a_reader_sees_the_seminar_and_not_how_many_came(cast, shared):
    (row,) = loaded(sections.of_participation, cast.reader, cast.participation)["rows"]
    assert row["people"] == ""


def test_a_participation_without_seminars_says_so(cast):
    found = loaded(sections.of_participation, cast.editor, cast.participation)
    assert found["rows"] == []
    assert found["empty"]


def test_a_huvudman_shows_its_seminars(cast, shared):
    make_seminar(cast.other_participation)
    rows = loaded(sections.of_huvudman, cast.coordinator, cast.huvudman)["rows"]
    assert [row["seminar"] for row in rows] == [shared.seminar]


def test_a_huvudman_without_seminars_has_no_section(cast):
    assert loaded(sections.of_huvudman, cast.editor, cast.huvudman) is None


def test_a_unit_shows_where_it_had_someone(cast, shared):
    (row,) = loaded(sections.of_unit, cast.rektor, cast.unit)["rows"]
    assert row["people"] == "Enheten hade någon på plats"


def test_a_unit_nobody_has_said_anything_of_has_no_section(cast, shared):
    assert loaded(sections.of_unit, cast.rektor, cast.second_unit) is None


@pytest.mark.parametrize("rows", [1, 30])
def test_the_section_takes_as_many_queries_for_one_as_for_thirty(cast, django_assert_num_queries, rows):
    for _ in range(rows):
        make_seminar(cast.participation)
    request = request_of(cast.editor)
    with bound(request.scope), django_assert_num_queries(1):
        sections.of_participation(request, cast.participation)


@pytest.mark.parametrize(("day", "status"), [(date(2026, 11, 2), "planned"), (DAY, "held")])
def test_the_strip_marks_a_seminar_as_it_stood_on_the_day(cast, shared, day, status):
    with bound(NATIONAL), frozen(day):
        (mark,) = sections.strip_fields(Overview(cast.participation, NATIONAL, day))["seminars"]
    assert (mark.when, mark.status, mark.label) == (ImpreciseDate.day(DAY), status, "Avslutning")


def test_the_strip_leaves_out_a_seminar_without_a_date(cast):
    make_seminar(cast.participation, status="held")
    with bound(NATIONAL):
        assert sections.strip_fields(Overview(cast.participation, NATIONAL, DAY)) == {"seminars": ()}


def test_the_latest_held_seminar_crosses_the_readings_of_an_unknown_start():
    participation = make_participation(start_term=None)
    make_seminar(participation, status="held", starts=ImpreciseDate.year(2021))
    make_seminar(participation, status="held", starts=ImpreciseDate.month(2022, 10, "i mitten av oktober"))
    make_seminar(participation, status="planned", starts=ImpreciseDate.year(2023))
    with bound(NATIONAL):
        claims = sections.strip_fields(Overview(participation, NATIONAL, DAY))["claims"]
    assert [claim.marked for claim in claims] == ["", "Seminariet, okt 2022"]
    assert claims[1].words == "”i mitten av oktober”"


@pytest.mark.parametrize("asked", ["Björkby", "avslutning", "Folkets"])
def test_a_coordinator_finds_a_seminar_to_tie_a_statement_to(cast, shared, asked):
    with bound(NATIONAL):
        assert shared.seminar in subject_kind("seminar").search(Seminar.objects.all(), asked)


def test_a_coordinator_finds_a_meeting_by_its_huvudman(cast):
    meeting = make_meeting(cast.participation)
    make_meeting(cast.other_participation)
    with bound(NATIONAL):
        assert list(subject_kind("meeting").search(Meeting.objects.all(), "björkby")) == [meeting]


def test_a_coordinator_finds_a_delegation_by_its_huvudman(cast, shared):
    with bound(NATIONAL):
        found = list(subject_kind("delegation").search(Delegation.objects.all(), "Granby"))
    assert found == [shared.other_delegation]
