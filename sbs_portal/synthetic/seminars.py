"""Seminars of each round: opening, follow-up and closing, with delegations, programme and what was said after."""

import random
from datetime import date, timedelta

from sbs_portal.db.fields import columns
from sbs_portal.synthetic import words
from sbs_portal.synthetic.plan import Country, Taking
from sbs_portal.time import ImpreciseDate

# How many huvudmän meet at one seminar.
TOGETHER = 15
KINDS = (("start", 0, "Uppstart"), ("follow_up", 2, "Uppföljning"), ("closing", 5, "Avslutning"))
REFLECTIONS = ("stolthet", "nyfikenhet", "kraft", "tid", "oro", "gemenskap", "framtidstro", "riktning")


def of_round(country: Country, takings: list[Taking]) -> None:
    """The seminars of those who began the same term, fifteen huvudmän at a time."""
    rng = country.rng("seminars", takings[0].id)
    # A huvudman with two participations in a round would come twice.
    takings = list({taking.huvudman_id: taking for taking in takings}.values())
    for first in range(0, len(takings), TOGETHER):
        together = takings[first : first + TOGETHER]
        for kind, after, title in KINDS:
            day = (takings[0].wave.start + after).start + timedelta(days=70 + rng.randrange(40))
            if day < country.day + timedelta(days=180):
                _seminar(country, together, kind, f"{title} {first // TOGETHER + 1}", day, rng)


def _seminar(country: Country, together, kind: str, title: str, day: date, rng: random.Random) -> None:
    rows, held = country.rows, day < country.day
    by = country.coordinators[0]
    at = rows.moment(day - timedelta(days=120), rng)
    noted = {"changed": rows.moment(day, rng), "before": {"status": "planned", "version": 1}, "version": 2}
    seminar = rows.add(
        "seminars.Seminar",
        rng,
        at=at,
        by=by,
        programme_id=country.programme,
        kind=kind,
        title=f"{title} {day.year}",
        mode="on_site",
        place="Konferenshuset (påhittat)",
        organiser="Skolstödsmyndigheten (påhittad)",
        topic=words.sentence(rng)[:300],
        status="held" if held else "planned",
        huvudman_ids=sorted(taking.huvudman_id for taking in together),
        **columns("starts", ImpreciseDate.day(day)),
        **columns("ends", ImpreciseDate.day(day + timedelta(days=1))),
        **(noted if held else {}),
    )
    part = {"at": at, "by": by, "seminar_id": seminar}
    sessions = [
        rows.add(
            "seminars.Session", rng, **part, kind=what, title=heading, time_words=when, position=position
        )
        for position, (what, heading, when) in enumerate(
            (
                ("lecture", "Att leda förändring", "dag 1, förmiddag"),
                ("dialogue", "Dialogseminarier", "dag 1, eftermiddag"),
                ("workshop", "Arbete i egna grupper", "dag 2"),
            )
        )
    ]
    for taking in together:
        rows.add(
            "seminars.SeminarHuvudman",
            rng,
            **part,
            huvudman_id=taking.huvudman_id,
            participation_id=taking.id,
            name=taking.huvudman_name,
        )
        rows.add(
            "seminars.Presentation",
            rng,
            **part,
            session_id=sessions[1],
            huvudman_id=taking.huvudman_id,
            presented_by=taking.huvudman_name,
            title=words.sentence(rng),
        )
        _delegation(country, taking, part, day, held, rng)
    if held:
        for word in rng.sample(REFLECTIONS, 4):
            rows.add("seminars.ReflectionWord", rng, **part, word=word, count=rng.randint(1, 20))
        rows.add("seminars.Lesson", rng, **part, text=words.sentence(rng), from_whom="en deltagare")


def _delegation(
    country: Country, taking: Taking, part: dict, day: date, held: bool, rng: random.Random
) -> None:
    rows, editor = country.rows, taking.contact[1]
    people = [(taking.contact[0], "developer", None)]
    people += [(head, "rektor", unit) for head, unit in zip(taking.heads, taking.unit_ids, strict=True)]
    entered = {"at": part["at"], "by": editor}
    came = [rng.random() < 0.9 for _ in people]
    delegation = rows.add(
        "seminars.Delegation",
        rng,
        **entered,
        seminar_id=part["seminar_id"],
        huvudman_id=taking.huvudman_id,
        participation_id=taking.id,
        head_count=len(people) + 3,
        came_count=sum(came) + 2 if held else None,
        roles=["developer", "rektor"],
    )
    for (person, role, unit), here in zip(people, came, strict=True):
        rows.add(
            "seminars.Delegate",
            rng,
            **entered,
            delegation_id=delegation,
            person_id=person,
            role=role,
            unit_id=unit,
            status=("present" if here else "excused") if held else None,
        )
    for unit, here in zip(taking.unit_ids, came[1:], strict=True):
        rows.add(
            "seminars.SeminarUnit",
            rng,
            **entered,
            seminar_id=part["seminar_id"],
            huvudman_id=taking.huvudman_id,
            unit_id=unit,
            is_represented=here,
        )
