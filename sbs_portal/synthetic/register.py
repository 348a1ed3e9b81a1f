"""Catalogues, accounts, huvudmän, their units over time and those who lead them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sbs_portal.synthetic import words
from sbs_portal.synthetic.plan import FIRST_TERM, TERMS, Body, Country, Place, breaks_of_year, sport_week
from sbs_portal.synthetic.rows import Row
from sbs_portal.time import SchoolYear, Term

DOMAIN = "skala.example"
# Whom to log in as, by what stands before the @: the demo's cast, in the country. The last one cannot.
CAST = ("samordnare", "processledare", "forvaltning", "rektor", "namnd", "frammande", "integration")
ENTERED = date(2015, 3, 2)
COORDINATORS = 12
# Kind of unit → share, what it is called, forms, first and last grade.
KINDS = (
    (0.42, "förskola", ["FS"], None, None),
    (0.24, "{}skolan F–6", ["FKLASS", "FTH", "GR"], 0, 6),
    (0.12, "{}skolan F–9", ["FKLASS", "FTH", "GR"], 0, 9),
    (0.10, "{}skolan 7–9", ["GR"], 7, 9),
    (0.06, "{}gymnasiet", ["GY"], 1, 3),
    (0.03, "{}skolan anpassad", ["GRAN"], 1, 9),
    (0.03, "{} komvux", ["VUX"], None, None),
)


@dataclass
class Unit:
    """A unit as made, with the person who leads it."""

    id: int
    name: str
    is_open: bool
    head: Row


def catalogues(country: Country, places: Sequence[Place]) -> None:
    """Programme, rounds, providers, focus areas and the kommuner's school calendars."""
    rows, rng = country.rows, country.rng("catalogues")
    at = rows.moment(ENTERED, rng)
    country.programme = rows.add(
        "programmes.Programme",
        rng,
        at=at,
        code="sbs-pahittat",
        name="Samverkan för bästa skola (påhittat)",
        terms=TERMS,
        description="Samma program, i ett påhittat land.",
    )
    for term in FIRST_TERM.through(Term.of(country.day) + 1):
        country.cohorts[term] = rows.add(
            "programmes.Cohort", rng, at=at, programme_id=country.programme, start_term=term.index
        )
    names = words.Unique()
    for number in range(24):
        kind, what = ("university", "högskola") if number % 4 else ("company", "lärande")
        name = f"{names.of(f'{words.place(rng)} {what}')} (påhittad)"
        country.providers.append(
            rows.add("schools.Provider", rng, at=at, name=name, kind=kind, is_fictional=True)
        )
    country.employer = rows.add(
        "schools.Provider",
        rng,
        at=at,
        name="Skolstödsmyndigheten (påhittad)",
        kind="authority",
        is_fictional=True,
    )
    for number, name in enumerate(words.FOCUS):
        country.focus.append(
            rows.add("programmes.FocusArea", rng, at=at, code=f"pahittat-{number}", name=f"{name} (påhittat)")
        )
    country.source = rows.add(
        "audit.Source", rng, at=at, title="Påhittade lov i ett påhittat land", kind="document"
    )
    last = SchoolYear.of(country.day) + 1
    for place in places:
        if not place.is_free:
            continue
        for year in range(FIRST_TERM.school_year.first_year, last.first_year + 1):
            calendar = rows.add(
                "schools.SchoolCalendar",
                rng,
                at=at,
                municipality_id=place.id,
                school_year=year,
                source_id=country.source,
            )
            for lov in breaks_of_year(year, sport_week(place)):
                rows.add(
                    "schools.SchoolBreak",
                    rng,
                    at=at,
                    calendar_id=calendar,
                    name=lov.name,
                    starts_on=lov.first,
                    ends_on=lov.last,
                )


def account(country: Country, rng: random.Random, name: str, shown: str, **values) -> int:
    at = country.rows.moment(ENTERED, rng)
    return country.rows.add(
        "accounts.User",
        rng,
        at=at,
        email=f"{name}@{DOMAIN}",
        name=shown,
        password="!",
        date_joined=at,
        **values,
    )


def staff(country: Country, leaders: Sequence[list[int]], coordinators: Sequence[list[int]]) -> None:
    """Coordinators, the integration and the process leaders, each with the huvudmän they will be assigned to."""
    rng = country.rng("staff")
    for number, huvudman_ids in enumerate(coordinators):
        name = words.person(rng)
        user = account(country, rng, f"samordnare{number or ''}", name, is_staff=True)
        give(country, rng, user, "coordinator", None)
        person = person_at(
            country,
            rng,
            name,
            "coordinator",
            user=user,
            provider=country.employer,
            huvudman_ids=huvudman_ids,
        )
        country.coordinators.append(user)
        country.coordinator_people.append(person)
    integration = account(country, rng, "integration", "Integration")
    give(country, rng, integration, "integration", None)
    for number, huvudman_ids in enumerate(leaders):
        name = words.person(rng)
        user = account(country, rng, f"processledare{number or ''}", name)
        employer = country.employer if number % 3 else country.providers[number % len(country.providers)]
        person = person_at(
            country,
            rng,
            name,
            "process_leader",
            user=user,
            provider=employer,
            huvudman_ids=huvudman_ids,
        )
        country.leaders.append((person, user))


def give(
    country: Country,
    rng: random.Random,
    user: int,
    role: str,
    huvudman: int | None,
    *,
    first: date = ENTERED,
    last: date | None = None,
    unit: int | None = None,
    reason: str = "Påhittat land",
) -> int:
    return country.rows.add(
        "schools.Access",
        rng,
        at=country.rows.moment(first, rng),
        by=country.coordinators[0] if country.coordinators else None,
        user_id=user,
        role=role,
        huvudman_id=huvudman,
        unit_id=unit,
        valid_from=first,
        valid_to=last,
        reason=reason,
    )


def person_at(
    country: Country,
    rng: random.Random,
    name: str,
    role: str,
    *,
    user: int | None = None,
    huvudman: int | None = None,
    huvudman_ids: Sequence[int] = (),
    unit: int | None = None,
    administration: int | None = None,
    provider: int | None = None,
    first: date | None = None,
    last: date | None = None,
    at: datetime | None = None,
    by: int | None = None,
) -> int:
    """A person with one role. One in two hundred has protected identity, and then no account."""
    at = at or country.rows.moment(first or ENTERED, rng)
    country.people += 1
    protected = user is None and country.people % 200 == 150
    local = name.lower().translate(str.maketrans("åäö ", "aao."))
    person = country.rows.add(
        "schools.Person",
        rng,
        at=at,
        by=by,
        name=name,
        email=f"{country.emails.of(local).replace(' ', '')}@{DOMAIN}",
        security_marking="confidential" if protected else "none",
        user_id=user,
        huvudman_ids=list(huvudman_ids) or ([huvudman] if huvudman else []),
    )
    country.rows.add(
        "schools.RoleAssignment",
        rng,
        at=at,
        by=by,
        person_id=person,
        role=role,
        huvudman_id=huvudman,
        unit_id=unit,
        administration_id=administration,
        provider_id=provider,
        valid_from=first,
        valid_to=last,
    )
    return person


def huvudman(country: Country, body: Body, rng: random.Random) -> tuple[int, list[int]]:
    """The huvudman and its förvaltningar."""
    rows = country.rows
    by = country.coordinators[body.number % len(country.coordinators)]
    at = rows.moment(ENTERED + timedelta(days=body.number % 90), rng)
    pk = rows.add(
        "schools.Huvudman",
        rng,
        at=at,
        by=by,
        name=body.name,
        kind=body.kind,
        municipality_id=body.place.id,
        is_fictional=True,
    )
    parts = ("Barn- och utbildningsförvaltningen", "Gymnasieförvaltningen") if body.is_kommun else ()
    number = 2 if body.units > 40 else 1
    return pk, [
        rows.add(
            "schools.Administration",
            rng,
            at=at,
            by=by,
            huvudman_id=pk,
            name=name,
            committee_name=name.replace("förvaltningen", "nämnden"),
            address=f"Påhittade gatan {rng.randrange(1, 90)}",
        )
        for name in parts[:number]
    ]


def units(country: Country, body: Body, pk: int, rng: random.Random, former: int | None) -> list[Unit]:
    """The huvudman's units, with what has happened to them, and their rektorer.

    ``former`` is another huvudman, that one unit in a hundred came from.
    """
    made: list[Unit] = []
    for _ in range(body.units):
        made.append(_unit(country, body, pk, rng, former, made))
    return made


def _unit(
    country: Country, body: Body, pk: int, rng: random.Random, former: int | None, earlier: list[Unit]
) -> Unit:
    rows, entered = country.rows, country.rows.moment(ENTERED + timedelta(days=body.number % 90), rng)
    kind, begins = _kind(body, rng), rng.choice(words.SCHOOL_BEGINS)
    _, pattern, forms, low, high = kind
    name = country.unit_names.of(f"{begins} {pattern}" if pattern == "förskola" else pattern.format(begins))
    if forms != ["FS"]:
        country.codes += 1
    fate, day = rng.random(), _day(country, rng)
    moved = former is not None and fate > 0.99
    closed, renamed, regraded = fate < 0.05, 0.05 <= fate < 0.11, 0.11 <= fate < 0.14 and high == 6
    later = rows.moment(day, rng)
    changed = closed or renamed or regraded or moved
    owners = sorted({pk, former}) if moved else [pk]
    first_name = (
        name if not renamed else name.replace(begins, rng.choice(words.SCHOOL_BEGINS)) + " (tidigare)"
    )
    common = {
        "school_forms": forms,
        "grade_from": low,
        "grade_to": high,
        "municipality_id": body.place.id,
        "street_address": f"Påhittade vägen {rng.randrange(1, 200)}",
    }
    unit = rows.add(
        "schools.SchoolUnit",
        rng,
        at=entered,
        unit_code=None if forms == ["FS"] else f"99{country.codes:06}",
        name=name,
        school_name=f"{begins}skolan" if low is not None and fate > 0.6 else "",
        huvudman_ids=owners,
        version=2 if changed else 1,
        before={"name": first_name, "huvudman_ids": [former if moved else pk], "version": 1}
        if changed
        else None,
        changed=later,
    )

    def version(**values) -> None:
        rows.add(
            "schools.SchoolUnitVersion",
            rng,
            unit_id=unit,
            **(common | {"huvudman_id": pk, "name": name} | values),
        )

    if not changed:
        version(at=entered)
    else:
        ended = {
            "at": entered,
            "changed": later,
            "before": {"valid_to": None},
            "valid_to": day - timedelta(days=1),
        }
        version(**ended, name=first_name, huvudman_id=former if moved else pk)
        new = {"at": later, "valid_from": day}
        if closed:
            version(**new, status="closed", change_note="Enheten upphör")
        elif renamed:
            version(**new, change_note="Nytt namn")
        elif regraded:
            version(**new, grade_to=5, change_note="Årskurs 6 flyttar")
        else:
            version(**new, change_note="Ny huvudman")
    if closed and earlier and earlier[-1].is_open:
        rows.add(
            "schools.UnitSuccession",
            rng,
            at=later,
            huvudman_id=pk,
            predecessor_id=unit,
            successor_id=earlier[-1].id,
            kind="merge",
            day=day,
            note=f"Går upp i {earlier[-1].name}",
        )
    if fate > 0.55 and fate < 0.6:
        rows.add("schools.UnitAlias", rng, at=entered, unit_id=unit, name=f"{begins}backen")
    return Unit(unit, name, not closed, _rektor(country, pk, unit, rng, until=day if closed else None))


def _rektor(country: Country, pk: int, unit: int, rng: random.Random, until: date | None) -> Row:
    """Who leads the unit now; in one unit of three somebody else did before."""
    change = _day(country, rng) if until is None and rng.random() < 0.33 else None
    if change:
        person_at(
            country,
            rng,
            words.person(rng),
            "rektor",
            huvudman=pk,
            unit=unit,
            last=change - timedelta(days=1),
        )
    person_at(country, rng, words.person(rng), "rektor", huvudman=pk, unit=unit, first=change, last=until)
    return country.rows.latest("schools.Person")


def _kind(body: Body, rng: random.Random) -> tuple:
    chance = rng.random()
    for kind in KINDS:
        chance -= kind[0]
        if chance < 0:
            return kind
    return KINDS[0]


def _day(country: Country, rng: random.Random) -> date:
    """A first of July or January between the country's beginning and today."""
    first = Term("HT", 2016)
    last = Term.of(country.day)
    return Term.from_index(rng.randint(first.index, last.index)).start
