"""The one function that makes the country."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sbs_portal.synthetic import meetings, plan, register, seminars, taking_part
from sbs_portal.synthetic.rows import Batch, Rows

# Rows collected before they are handed over: what it takes of memory does not follow the factor.
BATCH = 40_000
# How many participations a process leader has.
LED = 8


def country(
    *,
    factor: float,
    day: date,
    places: Sequence[plan.Place],
    seed: int = 1,
    first_ids: Mapping[str, int] = {},
    subject_types: Mapping[str, int] = {},
) -> Iterator[Batch]:
    """The country's rows, in batches whose foreign keys point at the same or an earlier batch.

    factor: 1 is Sweden. day: what is past and what is ahead is told from it. places: the kommuner, by their
    ids. first_ids: the first free id of each table. subject_types: content types by label. Nothing else is read:
    no database, no clock.
    """
    rows = Rows(first_ids, day)
    here = plan.Country(rows=rows, seed=seed, day=day, subject_types=subject_types)
    bodies = plan.bodies(factor=factor, rng=here.rng("bodies"), places=places, day=day)
    first = first_ids.get("schools.Huvudman", 1)
    waves = [(body, wave) for body in bodies for wave in body.waves]
    _plan_meetings(here, waves, factor)
    number = max(2, len(waves) // LED)
    register.catalogues(here, list({body.place.id: body.place for body in bodies}.values()))
    register.staff(
        here,
        leaders=[
            _reach(bodies, first, lambda wave, one=one: wave.leader % number == one) for one in range(number)
        ],
        coordinators=[
            _reach(bodies, first, lambda wave, one=one: wave.leader % register.COORDINATORS == one)
            for one in range(register.COORDINATORS)
        ],
    )
    yield rows.taken()
    for body in bodies:
        yield from _body(here, body, first)
    rounds = defaultdict(list)
    for taking in here.takings:
        if taking.wave.status in ("active", "paused", "completed"):
            rounds[taking.wave.start].append(taking)
    for start in sorted(rounds):
        meetings.dialogues(here, rounds[start])
        seminars.of_round(here, rounds[start])
    yield rows.taken()


def _plan_meetings(here: plan.Country, waves: list[tuple[plan.Body, plan.Wave]], factor: float) -> None:
    """How many series each participation has, so that the meetings come to about as many as are wanted."""
    going = [wave for _, wave in waves if "active" in taking_part.STEPS[wave.status]]
    lengths = [meetings.length(here, wave.start) for wave in going]
    each = plan.MEETING_COUNT * factor / max(1, sum(lengths))
    owed = 0.0
    for wave in going:
        owed += each
        wave.series = max(1, round(owed))
        owed -= wave.series


def _reach(bodies: list[plan.Body], first: int, takes) -> list[int]:
    """The huvudmän somebody meets, by which participations they take."""
    return [first + body.number for body in bodies if any(takes(wave) for wave in body.waves)]


def _body(here: plan.Country, body: plan.Body, first: int) -> Iterator[Batch]:
    """A huvudman with all that is its own."""
    rng = here.rng("body", body.number)
    huvudman, administrations = register.huvudman(here, body, rng)
    units = register.units(here, body, huvudman, rng, former=first + body.number - 1 if body.number else None)
    for wave in sorted(body.waves, key=lambda wave: wave.start):
        taking = taking_part.participation(here, body, wave, huvudman, administrations, units, rng)
        meetings.series_of(here, body, taking, rng)
        here.takings.append(taking)
        if here.rows.count > BATCH:
            yield here.rows.taken()
    if here.rows.count > BATCH:
        yield here.rows.taken()
