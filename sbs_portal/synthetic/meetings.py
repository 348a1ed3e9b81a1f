"""Meetings every third school week: held, cancelled and ahead, with who came and what came of them."""

import random
from datetime import date, time, timedelta
from functools import lru_cache

from sbs_portal.db.fields import columns
from sbs_portal.synthetic import words
from sbs_portal.synthetic.plan import TERMS, Body, Country, Taking, breaks_between, sport_week
from sbs_portal.synthetic.taking_part import staff_of
from sbs_portal.time import ImpreciseDate, Term
from schools.calendar import cadence

INTERVAL = 3
# A series of one unit; what the sums of the country count with.
MEETINGS_IN_FULL = 37


def length(country: Country, taking_start: Term) -> int:
    """About how many meetings a series has, from its start to the end of the term after this."""
    last = min(taking_start + (TERMS - 1), Term.of(country.day) + 1)
    return max(1, round(MEETINGS_IN_FULL * (last - taking_start + 1) / TERMS))


def series_of(country: Country, body: Body, taking: Taking, rng: random.Random) -> None:
    """One series for all units together and some for the units one by one."""
    leader = country.leaders[taking.wave.leader % len(country.leaders)]
    contact, editor = taking.contact
    units = taking.unit_ids
    staff = {}
    for number in range(taking.wave.series):
        index = number % (len(units) + 1)
        if index == 0:
            here = units
            people = [(contact, "developer"), *((head, "rektor") for head in taking.heads)]
            for unit in units[: max(1, 8 - len(people) + 1)]:
                staff.setdefault(unit, staff_of(country, taking.huvudman_id, unit, rng))
                people.append(staff[unit][0])
            people += staff[units[0]][1 : 10 - len(people)]
        else:
            here = [units[index - 1]]
            staff.setdefault(here[0], staff_of(country, taking.huvudman_id, here[0], rng))
            people = [(taking.heads[index - 1], "rektor"), *staff[here[0]]]
        title = "Träff med processledaren" if index == 0 else "Träff på enheten"
        if number > len(units):
            title = f"Fördjupning {number - len(units)}"
        _series(country, body, taking, title, here, people, leader, editor, rng, number)


def _series(country, body, taking, title, units, people, leader, editor, rng, number) -> None:
    rows, start = country.rows, taking.wave.start
    weekday = (taking.id + number) % 5
    first = start.start + timedelta(days=50 if start.half == "HT" else 18)
    first += timedelta(days=(weekday - first.weekday()) % 7)
    begins, ends = time(13 + number % 3, 0), time(14 + number % 3, 30)
    at = rows.moment(first - timedelta(days=25), rng)
    common = {
        "start_time": begins,
        "end_time": ends,
        "place": f"Sal {rng.choice(words.SCHOOL_BEGINS)}",
        "mode": ("on_site", "remote", "mixed")[number % 3],
    }
    series = rows.add(
        "seminars.MeetingSeries",
        rng,
        at=at,
        by=leader[1],
        participation_id=taking.id,
        title=title,
        interval_weeks=INTERVAL,
        **columns("starts", ImpreciseDate.day(first)),
        **common,
    )
    attendees = [*people, (leader[0], "process_leader")]
    for person, role in attendees:
        rows.add(
            "seminars.SeriesAttendee",
            rng,
            at=at,
            by=leader[1],
            series_id=series,
            person_id=person,
            role=role,
            is_required=role in ("rektor", "process_leader"),
        )
    last = min((start + (TERMS - 1)).end, (Term.of(country.day) + 1).end)
    if taking.wave.status == "discontinued":
        last = min(last, start.start + timedelta(days=500))
    dead = _dead_spring(start, rng)
    days = _days(first, last, sport_week(body.place))
    days = [each for each in days if not (dead and dead[0] < each < dead[1] and each < country.day)]
    for ordinal, each in enumerate(days, start=1):
        held = _meeting(country, taking, series, ordinal, each, units, attendees, leader, editor, common, rng)
        if held:
            _outcomes(country, taking, held, each, days, ordinal, leader, editor, rng)


@lru_cache(maxsize=4096)
def _days(first: date, last: date, week: int) -> list[date]:
    return cadence(first, INTERVAL, last, breaks_between(first.year - 1, last.year, week))


def _dead_spring(start: Term, rng: random.Random) -> tuple[date, date] | None:
    """In one series of ten nobody met for most of a spring."""
    if rng.random() > 0.1:
        return None
    spring = start + rng.randrange(1, 4)
    spring = spring if spring.half == "VT" else spring + 1
    return spring.start + timedelta(days=35), spring.start + timedelta(days=110)


def _meeting(
    country, taking, series, ordinal, day, units, attendees, leader, editor, common, rng
) -> int | None:
    """A meeting with its links and lines. Returns its id where it was held."""
    rows, ahead = country.rows, day >= country.day
    planned = rows.moment(min(day, taking.wave.start.start) - timedelta(days=20), rng)
    chance = rng.random()
    forgotten = not ahead and (country.day - day).days < 60 and chance > 0.9
    cancelled = chance < 0.04
    status = "cancelled" if cancelled else "planned" if ahead or forgotten else "held"
    lines = []
    if status == "held":
        lines = [_came(rng) for _ in attendees]
    noted = rows.moment(day, rng)
    changed = {}
    if status != "planned":
        changed = {
            "changed": noted,
            "before": {"status": "planned", "cancelled_reason": "", "total_on_site": None, "version": 1},
            "version": 2,
        }
    meeting = rows.add(
        "seminars.Meeting",
        rng,
        at=planned,
        by=leader[1],
        series_id=series,
        number=ordinal,
        when_date=day,
        when_precision="day",
        status=status,
        cancelled_reason="Krockar med en studiedag." if cancelled else "",
        agenda=words.sentence(rng) if ordinal % 2 else "",
        total_on_site=sum(status in ("present", "substitute") for status in lines) + ordinal % 4
        if lines
        else None,
        huvudman_ids=[taking.huvudman_id],
        **common,
        **changed,
    )
    rows.add(
        "seminars.MeetingParticipation",
        rng,
        at=planned,
        by=leader[1],
        meeting_id=meeting,
        participation_id=taking.id,
    )
    for unit in units:
        rows.add("seminars.MeetingUnit", rng, at=planned, by=leader[1], meeting_id=meeting, unit_id=unit)
    for number, (person, role) in enumerate(attendees):
        came = lines[number] if lines else None
        noted_as = (
            {"changed": noted, "before": {"status": None, "substitute_name": "", "version": 1}, "version": 2}
            if came
            else {}
        )
        rows.add(
            "seminars.Attendance",
            rng,
            at=planned,
            by=editor if came else leader[1],
            meeting_id=meeting,
            huvudman_id=None if role == "process_leader" else taking.huvudman_id,
            person_id=person,
            role=role,
            status=came,
            is_required=role in ("rektor", "process_leader"),
            substitute_name="En kollega" if came == "substitute" else "",
            **noted_as,
        )
    return meeting if status == "held" else None


def _came(rng: random.Random) -> str:
    chance = rng.random()
    return (
        "present"
        if chance < 0.85
        else "excused"
        if chance < 0.93
        else "absent"
        if chance < 0.98
        else "substitute"
    )


def _outcomes(country, taking, meeting, day, days, ordinal, leader, editor, rng) -> None:
    """Information, a decision, and at two meetings of three an action; the latest are open, some of them late."""
    rows = country.rows
    at = rows.moment(day, rng)
    common = {"at": at, "by": leader[1], "meeting_id": meeting}
    rows.add("seminars.Outcome", rng, **common, kind="information", text=words.sentence(rng))
    rows.add("seminars.Outcome", rng, **common, kind="decision", text=words.sentence(rng))
    if ordinal % 3 == 0:
        return
    following = next((each for each in days if each > day), None)
    age = (country.day - day).days
    done = day + timedelta(days=rng.randint(3, 40)) if age > 120 or rng.random() < 0.5 else None
    finished = {}
    if done and done < country.day:
        finished = {
            "done_on": done,
            "done_by_id": editor,
            "changed": rows.moment(done, rng),
            "before": {"done_on": None, "done_by_id": None, "version": 1},
            "version": 2,
        }
    rows.add(
        "seminars.Outcome",
        rng,
        **common,
        kind="action",
        text=words.task(rng),
        owner_id=taking.contact[0] if ordinal % 3 == 1 else taking.heads[0],
        due_on=following or day + timedelta(days=21),
        due_next_meeting=following is not None,
        **finished,
    )


def dialogues(country: Country, takings: list[Taking]) -> None:
    """Now and then those of a round meet three and three, one meeting of several huvudmän."""
    rows = country.rows
    for number in range(0, len(takings) - 2, 3):
        three = takings[number : number + 3]
        if len({taking.huvudman_id for taking in three}) < 3:
            continue
        rng = country.rng("dialogue", three[0].id)
        for each in range(4):
            day = three[0].wave.start.start + timedelta(days=90 + 180 * each)
            if day > country.day + timedelta(days=200):
                break
            _dialogue(country, three, day, rng, rows)


def _dialogue(country, three, day, rng, rows) -> None:
    leader = country.leaders[three[0].wave.leader % len(country.leaders)]
    at, held = rows.moment(day - timedelta(days=60), rng), day < country.day
    noted = {"changed": rows.moment(day, rng), "before": {"status": "planned", "version": 1}, "version": 2}
    meeting = rows.add(
        "seminars.Meeting",
        rng,
        at=at,
        by=leader[1],
        kind="dialogue",
        title="Dialogmöte",
        when_date=day,
        when_precision="day",
        mode="remote",
        status="held" if held else "planned",
        huvudman_ids=sorted(taking.huvudman_id for taking in three),
        **(noted if held else {}),
    )
    for taking in three:
        link = {"at": at, "by": leader[1], "meeting_id": meeting}
        rows.add("seminars.MeetingParticipation", rng, **link, participation_id=taking.id)
        for person, role in ((taking.contact[0], "developer"), (taking.heads[0], "rektor")):
            rows.add(
                "seminars.Attendance",
                rng,
                **link,
                huvudman_id=taking.huvudman_id,
                person_id=person,
                role=role,
                status="present" if held else None,
            )
