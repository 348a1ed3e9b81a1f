"""Data by state: ``make_participation(status="active", units=2)``. Everything is invented."""

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

from programmes.models import (
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    Programme,
    StatusChange,
)
from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, Term
from schools.models import (
    Access,
    County,
    Huvudman,
    Municipality,
    Person,
    Provider,
    RoleAssignment,
    SchoolUnit,
    SchoolUnitVersion,
    StaffRole,
)
from seminars.models import (
    Attendance,
    Meeting,
    MeetingParticipation,
    MeetingUnit,
    Outcome,
    Seminar,
    SeminarHuvudman,
)

PASSWORD = "vinterljus-2018"
_serial = itertools.count(1)


def national(make):
    """Rows are made as no one in particular, with the whole country in reach."""

    def made(*args, **kwargs):
        with bound(NATIONAL):
            return make(*args, **kwargs)

    made.__doc__ = make.__doc__
    return made


@national
def make_municipality(code="1485", name="Uddevalla") -> Municipality:
    """The real kommun is there from the reference data where that is loaded."""
    county, _ = County.objects.get_or_create(code=code[:2], defaults={"name": f"Län {code[:2]}"})
    return Municipality.objects.get_or_create(code=code, defaults={"name": name, "county": county})[0]


@national
def make_huvudman(name=None, kind="independent", **fields) -> Huvudman:
    huvudman = Huvudman(name=name or f"Huvudman {next(_serial)}", kind=kind, **fields)
    huvudman.full_clean()
    huvudman.save()
    return huvudman


@national
def make_unit(huvudman, name=None, **version) -> SchoolUnit:
    name = name or f"Skola {next(_serial)}"
    unit = SchoolUnit.objects.create(
        name=name, unit_code=version.pop("unit_code", None), huvudman_ids=[huvudman.pk]
    )
    version.setdefault("school_forms", ["GR"])
    SchoolUnitVersion.objects.create(unit=unit, huvudman=huvudman, name=name, **version)
    unit.refresh_from_db()
    return unit


@national
def make_person(
    huvudman=None, name=None, role=StaffRole.TEACHER, unit=None, provider=None, **fields
) -> Person:
    """A person with one role: at the huvudman (and unit), or at a provider."""
    period = {key: fields.pop(key) for key in ("valid_from", "valid_to") if key in fields}
    person = Person.objects.create(
        name=name or f"Person {next(_serial)}", huvudman_ids=[huvudman.pk] if huvudman else [], **fields
    )
    if huvudman or provider:
        RoleAssignment.objects.create(
            person=person, huvudman=huvudman, unit=unit, provider=provider, role=role, **period
        )
    person.refresh_from_db()
    return person


def make_user(email=None, *, role=None, huvudman=None, unit=None, person=None, **fields) -> User:
    """A user with one access row (none where no role is given), linked to a person where one is given."""
    email = email or f"anvandare{next(_serial)}@example.se"
    user = User.objects.create_user(
        email, PASSWORD, name=fields.pop("name", email.partition("@")[0]), **fields
    )
    with bound(NATIONAL):
        if role:
            Access.objects.create(
                user=user, role=role, huvudman=huvudman, unit=unit, valid_from=date(2015, 1, 1)
            )
        if person:
            person.user = user
            person.save()
    return user


@national
def make_provider(name=None, kind="university") -> Provider:
    return Provider.objects.get_or_create(name=name or f"Högskola {next(_serial)}", defaults={"kind": kind})[
        0
    ]


@national
def make_programme(code="sbs", name="Samverkan för bästa skola") -> Programme:
    return Programme.objects.get_or_create(code=code, defaults={"name": name})[0]


@national
def make_participation(
    huvudman=None, *, status="active", start_term="VT2018", units=0, programme=None, **fields
) -> Participation:
    """A participation in a status, with its status history and units that joined at the start."""
    huvudman = huvudman or make_huvudman()
    start = Term.parse(start_term) if isinstance(start_term, str) else start_term
    participation = Participation.objects.create(
        huvudman=huvudman, programme=programme or make_programme(), status=status, start_term=start, **fields
    )
    StatusChange.objects.create(
        participation=participation, to_status=status, effective=ImpreciseDate.unknown()
    )
    for _ in range(units):
        unit = make_unit(huvudman)
        ParticipatingUnit.objects.create(
            participation=participation,
            unit=unit,
            joined=ImpreciseDate.day(start.start) if start else ImpreciseDate.unknown(),
        )
    return participation


@national
def make_assignment(participation, person, role="process_leader", **fields) -> ParticipationAssignment:
    return ParticipationAssignment.objects.create(
        participation=participation, person=person, role=role, **fields
    )


@national
def make_meeting(*participations, when=None, status="planned", units=(), attendees=(), **fields) -> Meeting:
    """A meeting of the participations, with the units and with attendance lines for the people."""
    huvudman_ids = sorted({participation.huvudman_id for participation in participations})
    meeting = Meeting.objects.create(
        when=ImpreciseDate.day(when) if isinstance(when, date) else when or ImpreciseDate.unknown(),
        status=status,
        huvudman_ids=huvudman_ids,
        **fields,
    )
    for participation in participations:
        MeetingParticipation.objects.create(meeting=meeting, participation=participation)
    for unit in units:
        MeetingUnit.objects.create(meeting=meeting, unit=unit)
    for person in attendees:
        Attendance.objects.create(
            meeting=meeting, person=person, huvudman_id=huvudman_ids[0] if huvudman_ids else None
        )
    meeting.refresh_from_db()
    return meeting


@national
def make_outcome(meeting, kind="decision", text=None, **fields) -> Outcome:
    return Outcome.objects.create(meeting=meeting, kind=kind, text=text or f"Rad {next(_serial)}", **fields)


@national
def make_seminar(*participations, kind="follow_up", status="planned", starts=None, **fields) -> Seminar:
    """A seminar of the participations' huvudmän."""
    seminar = Seminar.objects.create(
        programme=fields.pop("programme", None) or make_programme(),
        kind=kind,
        status=status,
        starts=ImpreciseDate.day(starts) if isinstance(starts, date) else starts or ImpreciseDate.unknown(),
        huvudman_ids=[participation.huvudman_id for participation in participations],
        **fields,
    )
    for participation in participations:
        SeminarHuvudman.objects.create(
            seminar=seminar,
            huvudman=participation.huvudman,
            participation=participation,
            name=participation.huvudman.name,
        )
    seminar.refresh_from_db()
    return seminar


class Cast:
    """The standing cast: one of each role, a huvudman with a participation, and a stranger's of the same."""

    def __init__(self):
        self.huvudman = make_huvudman("Björkby kommun")
        self.other_huvudman = make_huvudman("Granby kommun")
        self.unit = make_unit(self.huvudman, "Björkskolan")
        self.second_unit = make_unit(self.huvudman, "Almskolan")
        self.other_unit = make_unit(self.other_huvudman, "Granskolan")
        self.rektor_person = make_person(self.huvudman, "Rita Rektor", StaffRole.REKTOR, unit=self.unit)
        self.editor_person = make_person(self.huvudman, "Edit Redigerare", StaffRole.DEVELOPER)
        self.protected_person = make_person(
            self.huvudman,
            "Hemlig Namnsdotter",
            StaffRole.TEACHER,
            unit=self.unit,
            security_marking="protected",
        )
        self.other_person = make_person(
            self.other_huvudman, "Främling Gransson", StaffRole.REKTOR, unit=self.other_unit
        )
        self.leader_person = make_person(
            name="Pia Processledare",
            role=StaffRole.PROCESS_LEADER,
            provider=make_provider("Skolverket", "authority"),
        )
        self.participation = make_participation(self.huvudman)
        self.other_participation = make_participation(self.other_huvudman)
        for participation, units in (
            (self.participation, (self.unit, self.second_unit)),
            (self.other_participation, (self.other_unit,)),
        ):
            with bound(NATIONAL):
                for unit in units:
                    ParticipatingUnit.objects.create(
                        participation=participation, unit=unit, joined=ImpreciseDate.day(date(2018, 1, 8))
                    )
        make_assignment(self.participation, self.leader_person)
        self.coordinator = make_user("samordnare@example.se", role=Role.COORDINATOR, is_staff=True)
        self.process_leader = make_user(
            "processledare@example.se",
            role=Role.PROCESS_LEADER,
            huvudman=self.huvudman,
            person=self.leader_person,
        )
        self.editor = make_user(
            "forvaltning@example.se", role=Role.EDITOR, huvudman=self.huvudman, person=self.editor_person
        )
        self.rektor = make_user(
            "rektor@example.se",
            role=Role.REKTOR,
            huvudman=self.huvudman,
            unit=self.unit,
            person=self.rektor_person,
        )
        self.reader = make_user("namnd@example.se", role=Role.READER, huvudman=self.huvudman)
        self.stranger = make_user("frammande@example.se", role=Role.EDITOR, huvudman=self.other_huvudman)
        self.integration = make_user("integration@example.se", role=Role.INTEGRATION)

    @property
    def everyone(self) -> dict[str, User]:
        """Name → user, all of them."""
        names = ("coordinator", "process_leader", "editor", "rektor", "reader", "stranger", "integration")
        return {name: getattr(self, name) for name in names}


# What builds the world of a fixture's name, once on a worker (tests.worlds). A test that asks for several is in the
# last: it holds the others.
WORLDS: dict[str, Callable[[], Any]] = {"cast": Cast}
