"""What the country consists of, decided before any row is made: who runs how much, and who takes part when."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from sbs_portal.synthetic import words
from sbs_portal.synthetic.rows import Rows
from sbs_portal.time import Term
from schools.calendar import Break, easter_sunday

# At factor 1; the first three are met exactly, the others within a few per cent.
HUVUDMAN_COUNT, UNIT_COUNT, PARTICIPATION_COUNT = 2_800, 10_650, 400
MEETING_COUNT = 60_000
KOMMUNER = 290 / 2_800
FIRST_TERM = Term("HT", 2015)
TERMS = 6


@dataclass(frozen=True)
class Place:
    """A kommun of the reference data; whether its school calendars are ours to invent."""

    id: int
    code: str
    is_free: bool = True


@dataclass
class Wave:
    """One participation to be made."""

    start: Term
    status: str
    leader: int
    series: int = 0


@dataclass
class Body:
    """One huvudman to be made."""

    number: int
    kind: str
    name: str
    place: Place
    units: int
    waves: list[Wave] = field(default_factory=list)

    @property
    def is_kommun(self) -> bool:
        return self.kind == "municipality"


@dataclass
class Taking:
    """A participation as made, for what gathers several of them."""

    id: int
    huvudman_id: int
    huvudman_name: str
    wave: Wave
    unit_ids: list[int]
    # (person, user); the rektorer as persons.
    contact: tuple[int, int]
    heads: list[int]


@dataclass
class Country:
    """What all parts of the country share while it is made."""

    rows: Rows
    seed: int
    day: date
    subject_types: Mapping[str, int]
    cast: set[str] = field(default_factory=set)
    programme: int = 0
    cohorts: dict[Term, int] = field(default_factory=dict)
    providers: list[int] = field(default_factory=list)
    focus: list[int] = field(default_factory=list)
    employer: int = 0
    source: int = 0
    coordinators: list[int] = field(default_factory=list)
    coordinator_people: list[int] = field(default_factory=list)
    # (person, user) of each.
    leaders: list[tuple[int, int]] = field(default_factory=list)
    takings: list[Taking] = field(default_factory=list)
    unit_names: words.Unique = field(default_factory=words.Unique)
    emails: words.Unique = field(default_factory=words.Unique)
    codes: int = 0
    people: int = 0

    def rng(self, *what: object) -> random.Random:
        """Chance of its own for each thing, so that none depends on how much another one used."""
        return random.Random(":".join(str(part) for part in (self.seed, *what)))


def number_of(count: int, factor: float, *, least: int) -> int:
    return max(least, round(count * factor))


def bodies(*, factor: float, rng: random.Random, places: Sequence[Place], day: date) -> list[Body]:
    """The huvudmän, with how many units each runs and when it takes part."""
    total = number_of(HUVUDMAN_COUNT, factor, least=12)
    kommuner = max(3, round(total * KOMMUNER))
    names = words.Unique()
    made = []
    for number in range(total):
        place = places[number % len(places)]
        if number < kommuner:
            kind, name = "municipality", f"{words.place(rng)} kommun"
        else:
            kind, name = "independent", f"{words.place(rng)} {rng.choice(words.BODIES)}"
        if number >= kommuner and number % 100 == 99:
            kind, name = rng.choice((("federation", "utbildningsförbund"), ("region", "region")))
            name = f"{words.place(rng)} {name}"
        units = 0 if number < kommuner else rng.choice((1, 1, 1, 1, 1, 1, 2, 3))
        made.append(Body(number, kind, f"{names.of(name)} (påhittad)", place, units))
    _share_units(made, number_of(UNIT_COUNT, factor, least=60), kommuner)
    _take_part(made, number_of(PARTICIPATION_COUNT, factor, least=6), kommuner, rng, Term.of(day))
    return made


def _share_units(made: list[Body], total: int, kommuner: int) -> None:
    """The rest of the units to the kommuner, the first the largest; every unit is somebody's."""
    rest = max(kommuner * 3, total - sum(body.units for body in made))
    weights = [1 / (number + 4) ** 0.7 for number in range(kommuner)]
    for body, weight in zip(made[:kommuner], weights, strict=True):
        body.units = max(3, int(rest * weight / sum(weights)))
    left = total - sum(body.units for body in made)
    for number in range(abs(left)):
        made[number % kommuner].units += 1 if left > 0 else -1


def _take_part(made: list[Body], total: int, kommuner: int, rng: random.Random, now: Term) -> None:
    """Three of four are kommuner; a kommun may come again when its former time is over."""
    starts = FIRST_TERM.through(now + 1)
    for number in range(total):
        start = starts[number * (len(starts) - 1) // (total - 1)]
        while True:
            first, last = (0, kommuner) if rng.random() < 0.75 else (kommuner, len(made))
            body = made[rng.randrange(first, last)]
            if all(start - wave.start > TERMS + 2 for wave in body.waves):
                break
        body.waves.append(Wave(start, _status(start, now, number, rng), leader=number))


def _status(start: Term, now: Term, number: int, rng: random.Random) -> str:
    chance = rng.random()
    if start > now:
        return ("accepted", "offered", "selected")[number % 3]
    if now - start >= TERMS:
        return "completed" if chance < 0.88 else "discontinued" if chance < 0.94 else "declined"
    return "paused" if number % 20 == 7 else "declined" if number % 14 == 5 else "active"


@lru_cache(maxsize=256)
def breaks_of_year(first_year: int, sport_week: int) -> tuple[Break, ...]:
    """The lov of a läsår; kommuner differ in the week of their sportlov (7 to 10)."""
    week, spring = timedelta(days=4), first_year + 1
    november = date.fromisocalendar(first_year, 44, 1)
    february = date.fromisocalendar(spring, sport_week, 1)
    easter = easter_sunday(spring) - timedelta(days=6)
    return (
        Break(date(first_year, 7, 1), date(first_year, 8, 17), "Sommarlov"),
        Break(november, november + week, "Höstlov"),
        Break(date(first_year, 12, 21), date(spring, 1, 8), "Jullov"),
        Break(february, february + week, "Sportlov"),
        Break(easter, easter + week, "Påsklov"),
        Break(date(spring, 6, 13), date(spring, 6, 30), "Sommarlov"),
    )


def sport_week(place: Place) -> int:
    return 7 + place.id % 4


@lru_cache(maxsize=4096)
def breaks_between(first_year: int, last_year: int, week: int) -> tuple[Break, ...]:
    return tuple(lov for year in range(first_year, last_year + 1) for lov in breaks_of_year(year, week))
