"""Exempelby (invented): a participation in its third term on the day it is loaded.

Everything here is made up and dated from ``today``: a next meeting, actions that are late, a unit that joined
late, a rektor who changed, and a spring when the meetings stopped.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

from programmes.models import Participation
from programmes.services.assignments import assign_person
from programmes.services.participation import register_participation
from programmes.services.parts import (
    add_focus,
    add_unit,
    propose_support,
    record_agreement,
    set_phase,
)
from sbs_portal.audit.models import SourceKind
from sbs_portal.audit.services import record_source
from sbs_portal.demo import accounts, catalogue
from sbs_portal.demo.cases.uddevalla import process_leader
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate, SchoolYear, Term, today
from schools.calendar import Break, cadence
from schools.models import Huvudman, Person, SchoolUnit, SecurityMarking, StaffRole
from schools.services.calendar import breaks_for, enter_calendar
from schools.services.huvudman import add_administration, register_huvudman
from schools.services.person import register_person
from schools.services.unit import register_unit
from seminars.services.meeting import (
    cancel_meeting,
    finish_meeting,
    mark_all_present,
    plan_meeting,
    record_attendance,
    set_total_on_site,
    start_series,
)
from seminars.services.outcome import add_outcome, complete_action
from seminars.services.seminar import (
    add_session,
    add_word,
    mark_unit,
    plan_seminar,
    register_delegation,
)

NAME = "Exempelby kommun (påhittad)"
FOCUS = ("Läsning i alla ämnen", "Kollegialt lärande", "Elevhälsans samverkan")

INFORMATION = (
    "Läsinventeringen är klar i alla klasser.",
    "Elevhälsan har fått två nya tjänster från terminsstarten.",
    "Schemat för gemensam planering är utskickat.",
    "Elevintervjuerna är gjorda, 24 elever.",
)
DECISIONS = (
    "Ämneslagen får två timmar gemensam planering var fjärde vecka.",
    "Elevhälsan är med på varannan träff.",
    "Strandskolan intervjuar tio elever i varje årskurs före jul. Frågorna är desamma som på Björkskolan.",
    "Lässtunden ligger på samma tid alla dagar.",
    "Sambedömningen börjar i svenska och matematik.",
    "Förskolan använder samma observationsschema som förskoleklassen.",
)
ACTIONS = (
    "Boka gemensam planeringstid för ämneslagen",
    "Skicka tider för elevintervjuer",
    "Ta fram frågor till elevintervjuerna",
    "Fråga elevhälsan om tider i december",
    "Sammanställa lässtundens första månad",
    "Presentera planen för arbetslaget",
)


@dataclass
class World:
    """What the parts of the case share."""

    day: date
    start: Term
    huvudman: Huvudman
    participation: Participation
    units: dict[str, SchoolUnit]
    people: dict[str, Person]


def load() -> Huvudman:
    day = today()
    start = Term.of(day) - 2
    _calendars(start)
    world = _participation(day, start)
    _phases(world)
    _support(world)
    _meetings(world)
    _seminars(world)
    accounts.give("exempelby", Role.EDITOR, huvudman=world.huvudman)
    accounts.give("bjorkskolan", Role.REKTOR, huvudman=world.huvudman, unit=world.units["bjork"])
    return world.huvudman


def _monday(year: int, week: int) -> date:
    return date.fromisocalendar(year, week, 1)


def _calendars(start: Term) -> None:
    """A national default for the years around today: an invented pattern, marked as such."""
    source = record_source(
        title="Påhittad schablon för lov i övningsmiljön", kind=SourceKind.DOCUMENT, by=NATIONAL
    )
    first = start.school_year
    for offset in range(4):
        year = first + offset
        autumn, spring = year.terms
        weeks = (
            ("Höstlov", _monday(autumn.year, 44), 5),
            ("Sportlov", _monday(spring.year, 9), 5),
            ("Påsklov", _monday(spring.year, 15), 5),
        )
        breaks = [Break(autumn.start, date(autumn.year, 8, 17), "Sommarlov")]
        breaks += [Break(monday, monday + timedelta(days=days - 1), name) for name, monday, days in weeks]
        breaks += [
            Break(date(autumn.year, 12, 21), date(spring.year, 1, 8), "Jullov"),
            Break(date(spring.year, 6, 12), spring.end, "Sommarlov"),
        ]
        enter_calendar(
            municipality=None,
            school_year=SchoolYear(year.first_year),
            breaks=breaks,
            source=source,
            by=NATIONAL,
        )


def _participation(day: date, start: Term) -> World:
    by = NATIONAL
    decided = _weekday(start.start - timedelta(days=42))
    signed = _weekday((start + 1).end - timedelta(days=18))
    huvudman = register_huvudman(name=NAME, kind="municipality", is_fictional=True, by=by)
    administration = add_administration(
        huvudman=huvudman,
        name="Barn- och utbildningsförvaltningen",
        committee_name="Barn- och utbildningsnämnden",
        by=by,
    )
    units = {
        "bjork": register_unit(
            huvudman=huvudman,
            name="Björkskolan F–6",
            school_forms=["FKLASS", "FTH", "GR"],
            grade_from=0,
            grade_to=6,
            by=by,
        ),
        "strand": register_unit(
            huvudman=huvudman, name="Strandskolan 7–9", school_forms=["GR"], grade_from=7, grade_to=9, by=by
        ),
        "lill": register_unit(huvudman=huvudman, name="Lillåns förskola", school_forms=["FS"], by=by),
    }
    participation = register_participation(
        huvudman=huvudman,
        programme=catalogue.programme(),
        status="active",
        reason="Påhittat deltagande för övning.",
        effective=ImpreciseDate.day(start.start),
        administration=administration,
        cohort=catalogue.cohort(start),
        start_term=start,
        started=ImpreciseDate.term(start),
        decided=ImpreciseDate.day(decided),
        selection_basis="Skolinspektionens underlag och huvudmannens egen begäran.",
        aims="Alla elever läser med flyt i årskurs 3. Undervisningen är likvärdig mellan ämnena.",
        by=by,
    )
    for key in ("bjork", "strand"):
        add_unit(participation=participation, unit=units[key], joined=ImpreciseDate.term(start), by=by)
    add_unit(participation=participation, unit=units["lill"], joined=ImpreciseDate.term(start + 2), by=by)
    for name in FOCUS:
        add_focus(participation=participation, focus_area=catalogue.focus_area(name), by=by)
    record_agreement(
        participation=participation,
        kind="decision",
        title="Beslut om att delta",
        signed=ImpreciseDate.day(decided),
        decided_by="Barn- och utbildningsnämnden",
        record_number=f"EX-{decided.year}-388",
        by=by,
    )
    record_agreement(
        participation=participation,
        kind="agreement",
        title="Överenskommelse om insatser",
        signed=ImpreciseDate.day(signed),
        record_number=f"EX-{signed.year}-417",
        amount=1_450_000,
        target_count=62,
        target_group="lärare och förskollärare",
        by=by,
    )
    return World(day, start, huvudman, participation, units, _people(huvudman, participation, units, start))


def _people(huvudman, participation, units, start: Term) -> dict[str, Person]:
    by = NATIONAL
    handover = min((start + 2).start + timedelta(days=31), today())

    def person(name, role, unit=None, **fields):
        return register_person(
            name=name, role=role, huvudman=huvudman, unit=units[unit] if unit else None, by=by, **fields
        )

    people = {
        "maja": person("Maja Ekdal", StaffRole.DEVELOPER),
        "jonas": person("Jonas Habte", StaffRole.REKTOR, "bjork"),
        "former": person("Sven-Erik Rask", StaffRole.REKTOR, "strand", valid_to=handover - timedelta(days=1)),
        "lena": person("Lena Sundvall", StaffRole.REKTOR, "strand", valid_from=handover),
        "protected": person(
            "Mirjam Öst", StaffRole.REKTOR, "lill", security_marking=SecurityMarking.CONFIDENTIAL
        ),
        "peter": person("Peter Alm", StaffRole.DEPUTY_REKTOR, "strand"),
        "oskar": person("Oskar Wiklund", StaffRole.SPECIAL_EDUCATOR, "bjork"),
    }
    accounts.is_person("exempelby", people["maja"])
    accounts.is_person("bjorkskolan", people["jonas"])
    leader = process_leader()
    coordinator = register_person(
        name="Karin Almlöv", role=StaffRole.COORDINATOR, provider=catalogue.skolverket(), by=by
    )
    accounts.is_person("samordnare", coordinator)
    employer = catalogue.skolverket()
    for who, role, at in (
        (leader, "process_leader", employer),
        (coordinator, "coordinator", employer),
        (people["maja"], "contact", None),
    ):
        assign_person(
            participation=participation, person=who, role=role, employer=at, valid_from=start.start, by=by
        )
    return people | {"leader": leader, "coordinator": coordinator}


def _phases(world: World) -> None:
    start, day = world.start, world.day

    def at(term: int, days: int) -> ImpreciseDate:
        return ImpreciseDate.day((start + term).start + timedelta(days=days))

    known = {"participation": world.participation, "by": NATIONAL}
    set_phase(
        phase="analysis",
        planned_start=at(0, 48),
        planned_end=at(1, 20),
        actual_start=at(0, 55),
        actual_end=at(1, 44),
        **known,
    )
    set_phase(
        phase="plan",
        planned_start=at(0, 130),
        planned_end=at(1, 125),
        actual_start=at(1, 10),
        actual_end=at(1, 148),
        **known,
    )
    began = min((start + 2).start + timedelta(days=50), day)
    set_phase(
        phase="implementation",
        planned_start=at(1, 60),
        planned_end=at(5, 60),
        actual_start=ImpreciseDate.day(began),
        **known,
    )
    set_phase(phase="closing", planned_start=at(5, 60), planned_end=at(5, 150), **known)


def _support(world: World) -> None:
    common = {"participation": world.participation, "by": NATIONAL}
    propose_support(
        provider=catalogue.provider("Norra högskolan (påhittad)", is_fictional=True),
        status="active",
        description="Handledning i läsutveckling",
        levels=["unit", "administration"],
        starts=ImpreciseDate.term(world.start + 1),
        ends=ImpreciseDate.term(world.start + 3),
        process_leader_count=2,
        **common,
    )
    propose_support(
        provider=catalogue.provider("Exempelinstitutet (påhittat)", "company", is_fictional=True),
        status="proposed",
        description="Tillgänglig lärmiljö i förskolan",
        levels=["unit"],
        **common,
    )


def _days(world: World) -> list[date]:
    """The agreed rhythm from the first autumn or spring until two terms ahead, less a dead spring."""
    first = _thursday(world.start.start + timedelta(days=54 if world.start.half == "HT" else 20))
    last = world.day + timedelta(days=100)
    lov = breaks_for(None, first, last)
    days = cadence(first, 3, last, lov)
    spring = next(term for term in (world.start, world.start + 1) if term.half == "VT")
    dead = (spring.start + timedelta(days=35), spring.start + timedelta(days=110))
    return [each for each in days if not (dead[0] < each < dead[1] and each < world.day)]


def _thursday(day: date) -> date:
    """The first Thursday from the day on."""
    return day + timedelta(days=(3 - day.weekday()) % 7)


def _weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _meetings(world: World) -> None:
    series = start_series(
        participation=world.participation,
        interval_weeks=3,
        starts=ImpreciseDate.term(world.start),
        start_time=time(13, 0),
        end_time=time(15, 30),
        place="Björkskolan, sal Asken",
        attendees=[
            {"person": world.people["maja"], "role": StaffRole.DEVELOPER, "is_required": True},
            {"role": StaffRole.REKTOR, "is_required": True},
            {"role": StaffRole.DEPUTY_REKTOR},
            {"role": StaffRole.SPECIAL_EDUCATOR},
        ],
        by=NATIONAL,
    )
    days = _days(world)
    # One lies today (or on Friday, at a weekend), so that there is a meeting to take notes at.
    now = _weekday(world.day)
    past = [each for each in days if each < world.day - timedelta(days=10)]
    ahead = [each for each in days if each > world.day + timedelta(days=10)]
    for number, each in enumerate([*past, now, *ahead], start=1):
        agenda = "Öppna åtgärder sedan sist\nElevintervjuerna på Strandskolan\nUtkast till delredovisning"
        meeting = plan_meeting(
            participations=[world.participation],
            series=series,
            when=each,
            agenda=agenda if each >= now else "",
            by=NATIONAL,
        )
        if each in past:
            _hold(world, meeting, number, is_latest=each == past[-1])
    if len(ahead) > 2:
        last = world.participation.meeting_links.order_by("-meeting__when_date").first().meeting
        cancel_meeting(meeting=last, reason="Krockar med kommunens utvecklingsdag.", by=NATIONAL)


def _hold(world: World, meeting, number: int, *, is_latest: bool) -> None:
    by = NATIONAL
    lines = list(meeting.attendances.order_by("pk"))
    if number % 4 == 0 and lines:
        record_attendance(attendance=lines[-1], status="excused", by=by)
    if number % 5 == 0 and len(lines) > 1:
        record_attendance(attendance=lines[-2], status="absent", by=by)
    mark_all_present(meeting=meeting, by=by)
    set_total_on_site(meeting=meeting, total=len(lines) + 3, by=by)
    finish_meeting(meeting=meeting, by=by)
    add_outcome(meeting=meeting, kind="information", text=INFORMATION[number % len(INFORMATION)], by=by)
    add_outcome(meeting=meeting, kind="decision", text=DECISIONS[number % len(DECISIONS)], by=by)
    if is_latest:
        _open_actions(world, meeting)
    else:
        action = add_outcome(
            meeting=meeting,
            kind="action",
            text=ACTIONS[number % len(ACTIONS)],
            owner=world.people["maja" if number % 2 else "jonas"],
            due_next_meeting=True,
            by=by,
        )
        held = meeting.when.date
        complete_action(outcome=action, done_on=min(held + timedelta(days=14), world.day), by=by)


def _open_actions(world: World, meeting) -> None:
    """What is open now: two late, one due today, one further ahead."""
    held = meeting.when.date
    for text, owner, due in (
        (ACTIONS[0], "maja", max(held, world.day - timedelta(days=4))),
        (ACTIONS[1], "maja", max(held, world.day - timedelta(days=1))),
        (ACTIONS[2], "lena", world.day),
        (ACTIONS[3], "maja", world.day + timedelta(days=9)),
    ):
        add_outcome(
            meeting=meeting,
            kind="action",
            text=text,
            owner=world.people[owner],
            due_on=due,
            due_next_meeting=False,
            by=NATIONAL,
        )
    add_outcome(
        meeting=meeting,
        kind="action",
        text="Skicka mallen för delredovisningen",
        owner_party="Skolverket",
        due_next_meeting=True,
        by=NATIONAL,
    )


def _seminars(world: World) -> None:
    by = NATIONAL
    shared = {
        "programme": catalogue.programme(),
        "organiser": "Skolverket",
        "huvudman_list": [world.huvudman],
        "participations": [world.participation],
        "by": by,
    }
    opening = plan_seminar(
        kind="start",
        starts=ImpreciseDate.day(_thursday(world.start.start + timedelta(days=60))),
        place="Exempelby",
        status="held",
        **shared,
    )
    register_delegation(
        seminar=opening, huvudman=world.huvudman, participation=world.participation, head_count=12, by=by
    )
    for key in ("bjork", "strand"):
        mark_unit(seminar=opening, unit=world.units[key], huvudman=world.huvudman, is_represented=True, by=by)
    for word, count in (("nyfikenhet", 5), ("tid", 4), ("oro", 2), ("gemenskap", 1)):
        add_word(seminar=opening, word=word, count=count, by=by)
    begins = _thursday(world.day + timedelta(days=14))
    follow_up = plan_seminar(
        kind="follow_up",
        starts=ImpreciseDate.day(begins),
        ends=ImpreciseDate.day(begins + timedelta(days=1)),
        place="Stockholm",
        purpose="Dela exempel och visa vad som varit svårt.",
        **shared,
    )
    register_delegation(
        seminar=follow_up, huvudman=world.huvudman, participation=world.participation, head_count=9, by=by
    )
    for key in ("bjork", "strand"):
        mark_unit(
            seminar=follow_up, unit=world.units[key], huvudman=world.huvudman, is_represented=True, by=by
        )
    add_session(
        seminar=follow_up, kind="lecture", title="Att leda förändring", time_words="dag 1, förmiddag", by=by
    )
    add_session(
        seminar=follow_up, kind="dialogue", title="Dialogseminarier", time_words="dag 1, eftermiddag", by=by
    )
