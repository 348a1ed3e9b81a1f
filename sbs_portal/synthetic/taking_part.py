"""Participations: their status with history, units, phases, agreements, support and the people in them."""

import random
from datetime import date, timedelta

from sbs_portal.synthetic import parts, words
from sbs_portal.synthetic.parts import REASON, day, term
from sbs_portal.synthetic.plan import TERMS, Body, Country, Taking, Wave
from sbs_portal.synthetic.register import Unit, account, give, person_at
from sbs_portal.time import Term

STEPS = {
    "selected": (),
    "offered": ("offered",),
    "accepted": ("offered", "accepted"),
    "declined": ("offered", "declined"),
    "active": ("offered", "accepted", "active"),
    "paused": ("offered", "accepted", "active", "paused"),
    "completed": ("offered", "accepted", "active", "completed"),
    "discontinued": ("offered", "accepted", "active", "discontinued"),
}
STAFF = (
    "deputy_rektor",
    "lead_teacher",
    "lead_teacher",
    "special_educator",
    "teacher",
    "teacher",
    "teacher",
    "teacher",
)


def participation(
    country: Country,
    body: Body,
    wave: Wave,
    huvudman: int,
    administrations: list[int],
    units: list[Unit],
    rng: random.Random,
) -> Taking:
    """A participation with its parts. Returns it with the people its meetings will need."""
    rows, today = country.rows, country.day
    by = country.coordinators[body.number % len(country.coordinators)]
    start, over = wave.start, wave.status in ("completed", "discontinued", "declined")
    there = [unit for unit in units if unit.is_open] or units
    chosen = rng.sample(there, min(len(there), rng.randint(2, 6)))
    dates = _dates(wave, today, rng)
    waiting = wave.status == "selected" and wave.leader % 2 == 1
    pk = rows.add(
        "programmes.Participation",
        rng,
        at=rows.moment(dates["selected"], rng),
        by=by,
        huvudman_id=huvudman,
        programme_id=country.programme,
        cohort_id=country.cohorts[start],
        administration_id=administrations[0] if administrations else None,
        status=wave.status,
        registration="waiting" if waiting else "approved",
        selection_basis="Skolinspektionens underlag och huvudmannens egen begäran.",
        aims=words.sentence(rng),
        start_term=start.index,
        total_terms=TERMS,
        known_through=min(today, (start + TERMS).end) if over else None,
        **day("decided", dates.get("accepted")),
        **term("started", start),
        **(
            {
                "changed": rows.moment(dates[wave.status], rng),
                "before": {"status": "selected", "version": 1, "known_through": None},
                "version": 2,
            }
            if wave.status != "selected"
            else {}
        ),
    )
    subject = rows.latest("programmes.Participation").values["uuid"]
    _status(country, pk, wave, dates, by, rng, waiting)
    _units(country, pk, chosen, start, rng)
    contact = _people(country, body, pk, wave, huvudman, administrations, chosen, rng)
    if "active" in (*STEPS[wave.status], wave.status):
        parts.phases(country, pk, start, by, rng)
        parts.agreements(country, pk, dates, by, rng)
        parts.support(country, pk, start, over, by, rng)
        parts.statements(country, pk, huvudman, body, start, by, rng)
        parts.clock(country, pk, wave, by, rng)
        parts.journal(country, subject, huvudman, start, by, rng)
    for area in rng.sample(country.focus, 3):
        rows.add(
            "programmes.ParticipationFocus",
            rng,
            at=rows.moment(dates["selected"], rng),
            by=by,
            participation_id=pk,
            focus_area_id=area,
        )
    return Taking(
        pk,
        huvudman,
        body.name,
        wave,
        [unit.id for unit in chosen],
        contact,
        [unit.head.values["id"] for unit in chosen],
    )


def _dates(wave: Wave, today: date, rng: random.Random) -> dict[str, date]:
    """The day of each status it has had, in the order of time, none ahead."""
    begins, ends = wave.start.start, (wave.start + (TERMS - 1)).end
    planned = {
        "selected": begins - timedelta(days=200 + rng.randrange(40)),
        "offered": begins - timedelta(days=150),
        "accepted": begins - timedelta(days=80),
        "declined": begins - timedelta(days=80),
        "active": begins,
        "paused": min(today, begins + timedelta(days=300)),
        "discontinued": begins + timedelta(days=500),
        "completed": ends - timedelta(days=14),
    }
    latest = today - timedelta(days=2)
    return {status: min(when, latest) for status, when in planned.items()}


def _status(country, pk, wave, dates, by, rng, waiting) -> None:
    rows, former = country.rows, ""
    for status in ("selected", *STEPS[wave.status]):
        rows.add(
            "programmes.StatusChange",
            rng,
            at=rows.moment(dates[status], rng),
            by=by,
            participation_id=pk,
            from_status=former,
            to_status=status,
            reason=REASON,
            by_id=by,
            **day("effective", dates[status]),
        )
        former = status
    if waiting:
        rows.add(
            "programmes.RegistrationStep",
            rng,
            at=rows.moment(dates["selected"], rng),
            by=by,
            participation_id=pk,
            to_state="waiting",
            by_id=by,
        )


def _units(country, pk, chosen, start: Term, rng) -> None:
    for number, unit in enumerate(chosen):
        late = number == 3 and start + 2 <= Term.of(country.day)
        joined = start + 2 if late else start
        left = (start + 4).start if number == 4 and start + 4 <= Term.of(country.day) else None
        country.rows.add(
            "programmes.ParticipatingUnit",
            rng,
            at=country.rows.moment(joined.start, rng),
            by=country.coordinators[0],
            participation_id=pk,
            unit_id=unit.id,
            leave_reason="Enheten lämnade." if left else "",
            **term("joined", joined),
            **day("left", left),
        )


def _people(country, body, pk, wave, huvudman, administrations, chosen, rng) -> tuple[int, int]:
    """Who works with it at the huvudman, with accounts; who leads it. Returns the contact and their account."""
    rows, start = country.rows, wave.start
    begins, ends = start.start, (start + TERMS).end
    over = ends < country.day
    name = words.person(rng)
    editor = account(country, rng, _named(country, wave, pk, "forvaltning", "frammande"), name)
    give(country, rng, editor, "editor", huvudman, first=begins - timedelta(days=100))
    contact = person_at(
        country,
        rng,
        name,
        "developer",
        user=editor,
        huvudman=huvudman,
        administration=administrations[0] if administrations else None,
    )
    reader = account(country, rng, _named(country, wave, pk, "namnd"), "Ledamot i nämnden")
    give(country, rng, reader, "reader", huvudman, first=begins - timedelta(days=100))
    _rektor_account(country, wave, pk, huvudman, chosen[0], begins - timedelta(days=100), rng)
    leader, leader_user = country.leaders[wave.leader % len(country.leaders)]
    at = rows.moment(begins - timedelta(days=30), rng)
    last = ends if over else None
    access = give(
        country,
        rng,
        leader_user,
        "process_leader",
        huvudman,
        first=begins,
        last=last,
        reason="Uppdrag som processledare",
    )
    coordinator = country.coordinator_people[wave.leader % len(country.coordinator_people)]
    for person, role, employer, gives in (
        (leader, "process_leader", country.employer, access),
        (coordinator, "coordinator", country.employer, None),
        (contact, "contact", None, None),
    ):
        rows.add(
            "programmes.ParticipationAssignment",
            rng,
            at=at,
            by=country.coordinators[0],
            participation_id=pk,
            person_id=person,
            role=role,
            employer_id=employer,
            valid_from=begins,
            valid_to=last,
            access_id=gives,
        )
    return contact, editor


def _named(country, wave, pk: int, *names: str) -> str:
    """What stands before the @: the cast are of the first participation that goes on, the stranger of the next."""
    if wave.status == "active":
        for name in names:
            if name not in country.cast:
                country.cast.add(name)
                return name
    return f"{names[0]}{pk}"


def _rektor_account(country, wave, pk, huvudman, unit: Unit, first: date, rng) -> None:
    """An account for the unit's rektor, linked to them unless they are protected or have one already."""
    head = unit.head.values
    hidden = head["security_marking"] != "none" or head["user_id"]
    shown = words.person(rng) if hidden else head["name"]
    user = account(country, rng, _named(country, wave, pk, "rektor"), shown)
    give(country, rng, user, "rektor", huvudman, first=first, unit=unit.id)
    if not hidden:
        head["user_id"] = user


def staff_of(country: Country, huvudman: int, unit: int, rng: random.Random) -> list[tuple[int, str]]:
    """People at a participating unit, besides its rektor: (person, role)."""
    return [
        (person_at(country, rng, words.person(rng), role, huvudman=huvudman, unit=unit), role)
        for role in STAFF
    ]
