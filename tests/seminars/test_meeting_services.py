"""The services of meetings: planning by cadence, attendance, outcomes, and two writers at once."""

import uuid
from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, SchoolYear, Term, frozen
from schools.calendar import Break
from schools.services.calendar import Calendars, enter_calendar
from seminars.models import Attendance, Meeting, Outcome
from seminars.services import cadence
from seminars.services import meeting as services
from tests import factories

pytestmark = pytest.mark.django_db


def fresh(row):
    with bound(NATIONAL):
        return type(row).objects.get(pk=row.pk)


# Series


def test_series_with_a_start_day_plans_meetings_every_third_school_week(spring):
    assert [str(meeting.when) for meeting in spring.meetings] == [
        "8 mars 2018",
        "29 mars 2018",
        "19 april 2018",
        "9 maj 2018",
        "31 maj 2018",
    ]


def test_meetings_of_a_series_are_numbered_and_take_its_time_and_place(spring):
    meeting = spring.meetings[2]
    assert (meeting.number, meeting.start_time, meeting.place) == (3, time(13), "Björkskolan, sal Asken")


def test_series_without_a_start_day_plans_nothing(cast, day):
    with bound(NATIONAL):
        series = services.start_series(
            participation=cast.participation, starts=ImpreciseDate.term(Term.parse("VT2018")), by=NATIONAL
        )
        assert series.meetings.count() == 0


def test_series_skips_the_weeks_of_lov(cast, day):
    with bound(NATIONAL):
        enter_calendar(
            municipality=None,
            school_year=SchoolYear.parse("2017/18"),
            breaks=[Break(date(2018, 4, 3), date(2018, 4, 6), "Påsklov")],
            by=NATIONAL,
        )
        series = services.start_series(
            participation=cast.participation,
            starts=date(2018, 3, 15),
            plan_through=date(2018, 4, 30),
            by=NATIONAL,
        )
        days = list(series.meetings.order_by("when_date").values_list("when_date", flat=True))
    assert days == [date(2018, 3, 15), date(2018, 4, 12)]


def test_series_never_plans_past_its_end(cast, day):
    with bound(NATIONAL):
        series = services.start_series(
            participation=cast.participation, starts=date(2018, 3, 8), ends=date(2018, 3, 29), by=NATIONAL
        )
        assert series.meetings.count() == 2


def test_meeting_of_a_series_expects_its_people_with_their_units(spring, cast):
    line = spring.line(spring.third, cast.rektor_person)
    assert (line.role, line.unit, line.huvudman, line.status) == ("rektor", cast.unit, cast.huvudman, None)


def test_a_role_in_the_series_expects_whoever_has_it_that_day(cast, day):
    with bound(NATIONAL):
        later = factories.make_person(cast.huvudman, role="rektor", unit=cast.second_unit)
        series = services.start_series(
            participation=cast.participation,
            starts=date(2018, 5, 3),
            ends=date(2018, 5, 4),
            attendees=[{"role": "rektor", "unit": cast.second_unit}],
            by=NATIONAL,
        )
        people = [line.person for line in series.meetings.get().attendances.all()]
    assert people == [later]


def test_the_process_leaders_line_belongs_to_no_huvudman(spring, cast):
    assert spring.line(spring.third, cast.leader_person).huvudman is None


def test_meeting_is_with_every_unit_of_the_participation_unless_others_are_named(spring, cast):
    with bound(NATIONAL):
        assert {link.unit for link in spring.third.unit_links.all()} == {cast.unit, cast.second_unit}


def test_series_attendee_of_another_huvudman_is_refused(spring, cast):
    with bound(NATIONAL), pytest.raises(ValidationError) as caught:
        services.add_series_attendee(
            series=spring.series, role="rektor", person=cast.other_person, by=cast.coordinator
        )
    assert list(caught.value.message_dict) == ["person"]


# Planning


def test_meeting_can_be_planned_for_a_month(cast, day, as_):
    with as_(cast.process_leader):
        meeting = services.plan_meeting(
            participations=[cast.participation], when=ImpreciseDate.month(2018, 5), by=cast.process_leader
        )
    assert str(meeting.when) == "maj 2018"


def test_meeting_with_two_participations_is_seen_by_both_huvudman(cast, day, as_):
    with bound(NATIONAL):
        meeting = services.plan_meeting(
            participations=[cast.participation, cast.other_participation], when=date(2018, 5, 3), by=NATIONAL
        )
    for user in (cast.editor, cast.stranger):
        with as_(user) as scope:
            assert Meeting.objects.visible_to(scope).get() == meeting


def test_rektor_and_reader_may_not_plan(cast, day, as_):
    for user in (cast.rektor, cast.reader):
        with as_(user), pytest.raises(PermissionDenied):
            services.plan_meeting(participations=[cast.participation], when=date(2018, 5, 3), by=user)
    with bound(NATIONAL):
        assert Meeting.objects.count() == 0


def test_meeting_that_ends_before_it_begins_is_refused(cast, day):
    with bound(NATIONAL), pytest.raises(ValidationError, match="sluta före"):
        services.plan_meeting(
            participations=[cast.participation],
            when=date(2018, 5, 3),
            start_time=time(15),
            end_time=time(13),
            by=NATIONAL,
        )


def test_unit_of_another_huvudman_is_refused(cast, day):
    with bound(NATIONAL), pytest.raises(ValidationError) as caught:
        services.plan_meeting(
            participations=[cast.participation], when=date(2018, 5, 3), units=[cast.other_unit], by=NATIONAL
        )
    assert list(caught.value.message_dict) == ["units"]


def test_cancelling_needs_a_reason_and_moves_what_was_due_there(spring, cast, as_):
    with as_(cast.process_leader):
        with pytest.raises(ValidationError) as caught:
            services.cancel_meeting(meeting=spring.second, reason=" ", by=cast.process_leader)
        assert list(caught.value.message_dict) == ["cancelled_reason"]
        services.cancel_meeting(meeting=spring.second, reason="Sjukdom", by=cast.process_leader)
    assert fresh(spring.action).due_on == date(2018, 4, 19)


def test_cancelled_meeting_takes_no_notes(spring, cast):
    with bound(NATIONAL):
        services.cancel_meeting(meeting=spring.third, reason="Sjukdom", by=NATIONAL)
        with pytest.raises(ValidationError, match="inställd"):
            services.add_outcome(meeting=fresh(spring.third), kind="decision", text="Nej", by=NATIONAL)
        assert spring.third.outcomes.count() == 0


def test_meeting_in_the_future_cannot_be_finished(spring, cast, as_):
    with as_(cast.process_leader), pytest.raises(ValidationError) as caught:
        services.finish_meeting(meeting=spring.fourth, by=cast.process_leader)
    assert list(caught.value.message_dict) == ["when"]
    assert fresh(spring.fourth).status == "planned"


def test_meeting_of_a_month_that_has_begun_can_be_finished(cast, day):
    meeting = factories.make_meeting(cast.participation, when=ImpreciseDate.month(2018, 4))
    with bound(NATIONAL):
        assert services.finish_meeting(meeting=meeting, by=NATIONAL).status == "held"


# The next meeting


def test_proposal_is_the_agreed_interval_after_the_meeting(spring):
    with bound(NATIONAL):
        found = services.propose_next(meeting=spring.meetings[-1])
    assert (found.day, found.school_weeks, found.start_time) == (date(2018, 6, 21), 3, time(13))


def test_proposal_is_never_in_the_past(spring):
    with bound(NATIONAL), frozen(date(2018, 9, 3)):
        assert services.propose_next(meeting=spring.meetings[-1]).day == date(2018, 9, 13)


def test_proposal_counts_the_lov_out_and_names_them(spring):
    with bound(NATIONAL):
        enter_calendar(
            municipality=None,
            school_year=SchoolYear.parse("2017/18"),
            breaks=[Break(date(2018, 6, 11), date(2018, 6, 15), "Studielov")],
            by=NATIONAL,
        )
        found = services.propose_next(meeting=spring.meetings[-1])
    assert (found.day, found.school_weeks, found.breaks) == (date(2018, 6, 28), 3, ("Studielov",))


def test_meeting_without_a_day_or_agreement_gives_no_proposal(cast, day):
    month = factories.make_meeting(cast.participation, when=ImpreciseDate.month(2018, 4))
    dated = factories.make_meeting(cast.participation, when=date(2018, 4, 12))
    with bound(NATIONAL):
        assert services.propose_next(meeting=month) is None
        assert services.propose_next(meeting=dated) is None


def test_gaps_are_counted_in_school_weeks():
    days = [date(2018, 2, 1), date(2018, 3, 1), date(2018, 4, 26)]
    lov = [Break(date(2018, 2, 12), date(2018, 2, 16), "Sportlov")]
    gaps = cadence.long_gaps(days, 3, lov, until=date(2018, 5, 10))
    assert [(gap.first, gap.last, gap.school_weeks, gap.is_open) for gap in gaps] == [
        (date(2018, 3, 1), date(2018, 4, 26), 8, False)
    ]


def test_nothing_after_the_last_known_day_is_a_gap(spring, cast):
    with bound(NATIONAL):
        cast.participation.known_through = date(2018, 3, 20)
        held = [fresh(spring.first)]
        told = {"series": cadence.series_of(cast.participation), "calendars": Calendars(None)}
        assert cadence.gaps_of(cast.participation, held, date(2018, 4, 23), **told) == []
        cast.participation.known_through = None
        assert len(cadence.gaps_of(cast.participation, held, date(2018, 4, 23), **told)) == 1


# Attendance


def test_everyone_here_fills_only_the_lines_nobody_has_noted(spring, cast, as_):
    line = spring.line(spring.third, cast.editor_person)
    with as_(cast.process_leader):
        services.record_attendance(attendance=line, status="excused", by=cast.process_leader)
        assert services.mark_all_present(meeting=spring.third, by=cast.process_leader) == 3
    assert fresh(line).status == "excused"


def test_rektor_notes_attendance_of_the_own_unit_only(spring, cast, as_):
    own, foreign = (
        spring.line(spring.third, cast.rektor_person),
        spring.line(spring.third, cast.editor_person),
    )
    with as_(cast.rektor):
        services.record_attendance(attendance=own, status="present", by=cast.rektor)
        with pytest.raises(PermissionDenied):
            services.record_attendance(attendance=foreign, status="present", by=cast.rektor)
        assert services.mark_all_present(meeting=spring.third, by=cast.rektor) == 1
    assert (fresh(own).status, fresh(foreign).status) == ("present", None)


def test_rektor_writes_nothing_at_a_meeting_of_other_units(cast, day, as_):
    meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 12), units=[cast.second_unit])
    with as_(cast.rektor), pytest.raises(PermissionDenied):
        services.add_outcome(meeting=meeting, kind="decision", text="Nej", by=cast.rektor)
    with bound(NATIONAL):
        assert Outcome.objects.count() == 0


def test_a_substitutes_name_stands_only_beside_substitute(spring, cast, as_):
    line = spring.line(spring.third, cast.rektor_person)
    with as_(cast.process_leader):
        services.record_attendance(
            attendance=line, status="substitute", substitute_name="Mona Rask", by=cast.process_leader
        )
        with pytest.raises(ValidationError):
            services.record_attendance(
                attendance=fresh(line), status="present", substitute_name="Mona Rask", by=cast.process_leader
            )
    assert (fresh(line).status, fresh(line).substitute_name) == ("substitute", "Mona Rask")


def test_person_who_came_is_added_with_role_and_unit_from_the_register(spring, cast, as_):
    person = factories.make_person(cast.huvudman, role="special_educator", unit=cast.second_unit)
    with as_(cast.process_leader):
        line = services.add_attendee(
            meeting=spring.third, person=person, status="present", by=cast.process_leader
        )
    assert (line.role, line.unit, line.huvudman) == ("special_educator", cast.second_unit, cast.huvudman)


def test_person_of_another_huvudman_is_not_added(spring, cast):
    with bound(NATIONAL), pytest.raises(ValidationError) as caught:
        services.add_attendee(meeting=spring.third, person=cast.other_person, by=cast.coordinator)
    assert list(caught.value.message_dict) == ["person"]


def test_total_is_never_lower_than_those_who_are_named(spring, cast, as_):
    with as_(cast.process_leader):
        services.mark_all_present(meeting=spring.third, by=cast.process_leader)
        with pytest.raises(ValidationError) as caught:
            services.set_total_on_site(meeting=spring.third, total=3, by=cast.process_leader)
        services.set_total_on_site(meeting=spring.third, total=10, by=cast.process_leader)
    assert list(caught.value.message_dict) == ["total_on_site"]
    assert fresh(spring.third).total_on_site == 10


# Outcomes


def test_action_is_due_at_the_next_meeting_by_default(spring):
    assert (spring.action.due_next_meeting, spring.action.due_on) == (True, date(2018, 3, 29))


def test_action_till_the_next_meeting_gets_its_day_when_one_is_planned(cast, day):
    meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 12))
    with bound(NATIONAL):
        action = services.add_outcome(meeting=meeting, kind="action", text="Ring", by=NATIONAL)
        assert action.due_on is None
        services.plan_meeting(participations=[cast.participation], when=date(2018, 5, 3), by=NATIONAL)
    assert fresh(action).due_on == date(2018, 5, 3)


def test_moving_the_next_meeting_moves_what_is_due_there(spring, cast, as_):
    with as_(cast.process_leader):
        services.change_meeting(
            meeting=spring.second, when=ImpreciseDate.day(date(2018, 4, 5)), by=cast.process_leader
        )
    assert fresh(spring.action).due_on == date(2018, 4, 5)


def test_the_same_client_key_makes_one_line(spring, cast, as_):
    key = uuid.uuid4()
    with as_(cast.process_leader):
        first, again = (
            services.add_outcome(
                meeting=spring.third, kind="decision", text="En gång", client_key=key, by=cast.process_leader
            )
            for _ in range(2)
        )
    assert first == again
    with bound(NATIONAL):
        assert spring.third.outcomes.count() == 1


def test_only_an_action_has_an_owner(spring, cast):
    with bound(NATIONAL), pytest.raises(ValidationError, match="Bara en åtgärd"):
        services.add_outcome(
            meeting=spring.third, kind="decision", text="Ja", owner=cast.rektor_person, by=NATIONAL
        )


def test_owner_of_another_huvudman_is_refused(spring, cast):
    with bound(NATIONAL), pytest.raises(ValidationError) as caught:
        services.add_outcome(
            meeting=spring.third, kind="action", text="Ja", owner=cast.other_person, by=NATIONAL
        )
    assert list(caught.value.message_dict) == ["owner"]


def test_at_a_meeting_of_several_an_action_belongs_to_its_owners_huvudman(cast, day, as_):
    meeting = factories.make_meeting(cast.participation, cast.other_participation, when=date(2018, 4, 12))
    with bound(NATIONAL):
        services.add_outcome(
            meeting=meeting, kind="action", text="Ring Rita", owner=cast.rektor_person, by=NATIONAL
        )
        services.add_outcome(meeting=meeting, kind="decision", text="För alla", by=NATIONAL)
    with as_(cast.stranger) as scope:
        assert [line.text for line in Outcome.objects.visible_to(scope)] == ["För alla"]


def test_line_that_becomes_information_loses_owner_and_day(spring, cast):
    with bound(NATIONAL):
        line = services.change_outcome(outcome=spring.action, kind="information", by=NATIONAL)
    assert (line.owner, line.due_on, line.due_next_meeting) == (None, None, False)


def test_ten_thousand_characters_are_refused_with_the_limit(spring):
    with bound(NATIONAL), pytest.raises(ValidationError) as caught:
        services.add_outcome(meeting=spring.third, kind="decision", text="x" * 10_000, by=NATIONAL)
    assert caught.value.message_dict == {"text": ["Skriv högst 4\xa0000 tecken. Nu är det 10\xa0000."]}


def test_null_bytes_are_refused(spring):
    with bound(NATIONAL), pytest.raises(ValidationError, match="tecken som inte går"):
        services.add_outcome(meeting=spring.third, kind="decision", text="a\x00b", by=NATIONAL)


def test_emoji_are_kept(spring):
    with bound(NATIONAL):
        line = services.add_outcome(meeting=spring.third, kind="decision", text="Bra 👩🏽‍🏫", by=NATIONAL)
    assert fresh(line).text == "Bra 👩🏽‍🏫"


def test_owner_of_an_action_may_tick_it_off_without_the_right_to_the_meeting(cast, day, as_):
    meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 12), units=[cast.second_unit])
    own = factories.make_outcome(meeting, "action", owner=cast.rektor_person)
    others = factories.make_outcome(meeting, "action", owner=cast.editor_person)
    with as_(cast.rektor):
        services.complete_action(outcome=own, by=cast.rektor)
        with pytest.raises(PermissionDenied):
            services.complete_action(outcome=others, by=cast.rektor)
    assert (fresh(own).done_on, fresh(own).done_by, fresh(others).done_on) == (day, cast.rektor, None)


def test_done_action_can_be_taken_back(spring, cast, as_):
    with as_(cast.rektor):
        services.complete_action(outcome=spring.action, by=cast.rektor)
        services.reopen_action(outcome=spring.action, by=cast.rektor)
    assert (fresh(spring.action).done_on, fresh(spring.action).done_by) == (None, None)


def test_why_an_action_is_not_done_must_be_said_in_words(spring, cast, as_):
    with as_(cast.rektor):
        with pytest.raises(ValidationError) as caught:
            services.explain_action(outcome=spring.action, reason="  ", by=cast.rektor)
        services.explain_action(outcome=spring.action, reason="Salen var upptagen", by=cast.rektor)
    assert list(caught.value.message_dict) == ["not_done_reason"]
    assert fresh(spring.action).not_done_reason == "Salen var upptagen"


def test_reader_and_stranger_may_tick_nothing_off(spring, cast, as_):
    for user in (cast.reader, cast.stranger):
        with as_(user), pytest.raises(PermissionDenied):
            services.complete_action(outcome=spring.action, by=user)
    assert fresh(spring.action).done_on is None


# Two writers


def test_a_line_someone_else_has_changed_is_not_overwritten(spring, cast, as_):
    version = spring.decision.version
    with as_(cast.editor):
        services.change_outcome(outcome=spring.decision, text="Redaktörens", version=version, by=cast.editor)
    with as_(cast.process_leader), pytest.raises(services.LineChanged) as caught:
        services.change_outcome(
            outcome=spring.decision, text="Processledarens", version=version, by=cast.process_leader
        )
    assert caught.value.line.text == "Redaktörens"
    assert fresh(spring.decision).text == "Redaktörens"


def test_two_writers_who_write_the_same_do_not_disagree(spring, cast, as_):
    line = spring.line(spring.third, cast.rektor_person)
    for user in (cast.editor, cast.process_leader):
        with as_(user):
            services.record_attendance(attendance=line, status="present", version=line.version, by=user)
    assert fresh(line).status == "present"


def test_two_writers_on_different_lines_are_both_kept(spring, cast, as_):
    one, other = (spring.line(spring.third, person) for person in (cast.rektor_person, cast.editor_person))
    with as_(cast.editor):
        services.record_attendance(attendance=one, status="present", version=one.version, by=cast.editor)
    with as_(cast.process_leader):
        services.record_attendance(
            attendance=other, status="absent", version=other.version, by=cast.process_leader
        )
    assert (fresh(one).status, fresh(other).status) == ("present", "absent")


def test_a_total_someone_else_has_changed_is_not_overwritten(spring, cast, as_):
    with as_(cast.editor):
        services.set_total_on_site(meeting=spring.third, total=12, seen=None, by=cast.editor)
    with as_(cast.process_leader), pytest.raises(services.LineChanged):
        services.set_total_on_site(meeting=spring.third, total=10, seen=None, by=cast.process_leader)
    assert fresh(spring.third).total_on_site == 12


def test_every_change_of_a_part_raises_the_meetings_version(spring, cast, as_):
    before = spring.third.version
    line = spring.line(spring.third, cast.rektor_person)
    with as_(cast.process_leader):
        services.record_attendance(attendance=line, status="present", by=cast.process_leader)
        services.add_outcome(meeting=spring.third, kind="decision", text="Ja", by=cast.process_leader)
    with bound(NATIONAL):
        assert Meeting.objects.get(pk=spring.third.pk).version == before + 2
        assert Attendance.objects.get(pk=line.pk).version == line.version + 1
