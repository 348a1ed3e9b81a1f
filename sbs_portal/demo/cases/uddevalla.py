"""Uddevalla: three schools in their first term, as a news page of 23 April 2018 tells it."""

from datetime import date

from programmes.models import Participation
from programmes.services.assignments import assign_person
from programmes.services.participation import register_participation
from programmes.services.parts import add_focus, add_unit, propose_support, set_phase
from sbs_portal.audit.models import SourceKind, Trust, What
from sbs_portal.audit.services import record_source, record_statement
from sbs_portal.demo import accounts, catalogue
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate, Term
from schools.models import Huvudman, Person, StaffRole
from schools.services.huvudman import register_huvudman
from schools.services.person import register_person
from schools.services.unit import register_unit
from seminars.services.meeting import plan_meeting, start_series

NAME = "Uddevalla kommun"
PUBLISHED = date(2018, 4, 23)
UNITS = ("Ramnerödsskolan", "Västerskolan", "Norgårdenskolan")
FOCUS = ("Ledarskapet i klassrummet", "Betyg och bedömning", "Jämställdhet och genus")
JANUARY = ImpreciseDate.month(2018, 1, "i januari")
SPRING = ImpreciseDate.term(Term("VT", 2018), "under våren")


def load() -> Huvudman:
    by = NATIONAL
    huvudman = register_huvudman(
        name=NAME, kind="municipality", municipality=catalogue.municipality("1485"), by=by
    )
    units = {name: register_unit(huvudman=huvudman, name=name, school_forms=["GR"], by=by) for name in UNITS}
    participation = register_participation(
        huvudman=huvudman,
        programme=catalogue.programme(),
        status="active",
        reason="Uppgift från före portalen: arbetet pågår enligt kommunen.",
        effective=JANUARY,
        cohort=catalogue.cohort(Term("VT", 2018)),
        start_term=Term("VT", 2018),
        started=JANUARY,
        known_through=PUBLISHED,
        selection_basis="Skolinspektionens bedömningar visade särskilt svåra förutsättningar på skolorna.",
        aims="Högre kunskapsresultat och större likvärdighet mellan kommunens skolor, med insatser som passar varje skola.",
        by=by,
    )
    for unit in units.values():
        add_unit(participation=participation, unit=unit, joined=JANUARY, by=by)
    for name in FOCUS:
        note = "Finns redan i fritidshemmens kompetensutveckling" if "genus" in name else ""
        add_focus(participation=participation, focus_area=catalogue.focus_area(name), note=note, by=by)
    set_phase(participation=participation, phase="analysis", actual_start=SPRING, by=by)
    set_phase(participation=participation, phase="plan", actual_start=SPRING, by=by)
    _support(participation)
    people = _people(huvudman, participation, units)
    _meetings(participation, people)
    _statements(huvudman, participation)
    accounts.give("forvaltning", Role.EDITOR, huvudman=huvudman)
    accounts.give("rektor", Role.REKTOR, huvudman=huvudman, unit=units["Västerskolan"])
    accounts.give("namnd", Role.READER, huvudman=huvudman)
    return huvudman


def _support(participation: Participation) -> None:
    propose_support(
        participation=participation,
        provider=catalogue.skolverket(),
        status="active",
        description="Processledare, metoder och arbetssätt efter skolornas behov",
        levels=["unit"],
        starts=JANUARY,
        by=NATIONAL,
    )
    propose_support(
        participation=participation,
        provider=catalogue.provider("Karlstads universitet"),
        status="proposed",
        description="Eventuellt stöd; dialogen börjar vid träffen i maj 2018",
        levels=["unit"],
        by=NATIONAL,
    )


def _people(huvudman: Huvudman, participation: Participation, units: dict) -> dict[str, Person]:
    by = NATIONAL
    deputy = register_person(
        name="Helena Strandmark",
        role=StaffRole.DEPUTY_HEAD_OF_DEPARTMENT,
        title="biträdande avdelningschef, grundskolan",
        huvudman=huvudman,
        by=by,
    )
    rektor = register_person(
        name="Tove Lindahl Berg", role=StaffRole.REKTOR, huvudman=huvudman, unit=units["Västerskolan"], by=by
    )
    leader = process_leader()
    accounts.is_person("forvaltning", deputy)
    accounts.is_person("rektor", rektor)
    assign_person(participation=participation, person=deputy, role="steering", by=by)
    assign_person(
        participation=participation,
        person=leader,
        role="process_leader",
        employer=catalogue.skolverket(),
        by=by,
    )
    return {"deputy": deputy, "rektor": rektor, "leader": leader}


def process_leader() -> Person:
    """The process leader of Uddevalla and Exempelby, employed by Skolverket."""
    user = accounts.user("processledare")
    found = Person.objects.filter(user=user).first()
    return found or accounts.is_person(
        "processledare",
        register_person(
            name="Amira Nordvall",
            role=StaffRole.PROCESS_LEADER,
            provider=catalogue.skolverket(),
            by=NATIONAL,
        ),
    )


def _meetings(participation: Participation, people: dict[str, Person]) -> None:
    series = start_series(
        participation=participation,
        interval_weeks=3,
        starts=JANUARY,
        attendees=[
            {
                "person": people["deputy"],
                "role": StaffRole.DEPUTY_HEAD_OF_DEPARTMENT,
                "is_required": True,
                "note": "Med vid varje träff",
            },
            {"role": StaffRole.REKTOR},
            {"role": StaffRole.DEPUTY_REKTOR},
            {"role": StaffRole.LEAD_TEACHER},
            {"role": StaffRole.SPECIAL_EDUCATOR, "note": "Vissa, och andra som rektor utser"},
        ],
        by=NATIONAL,
    )
    plan_meeting(
        participations=[participation],
        series=series,
        when=ImpreciseDate.month(2018, 5, "i maj"),
        agenda="Inleda en dialog med Karlstads universitet om eventuellt stöd.",
        by=NATIONAL,
    )


def _statements(huvudman: Huvudman, participation: Participation) -> None:
    source = record_source(
        publisher=NAME,
        title="Tre skolor får utvecklingsstöd av Skolverket",
        kind=SourceKind.NEWS,
        published=ImpreciseDate.day(PUBLISHED),
        note="Publicerad kl. 13.36. Telefon på sidan: 0522-69 60 00. Tre citat, två av dem från biträdande avdelningschefen.",
        huvudman_ids=[huvudman.pk],
        by=NATIONAL,
    )
    for what, text, value in (
        (
            What.SINCE,
            "Projektet började i januari 2018.",
            {"date": {"date": "2018-01", "precision": "month", "text": "i januari"}},
        ),
        (What.DURATION, "Projektet pågår i tre år.", {"years": 3}),
        (
            What.SELECTION,
            "Skolinspektionens bedömningar visade särskilt svåra förutsättningar på de tre skolorna.",
            {},
        ),
        (What.CADENCE, "Processledarna träffar skolorna var tredje vecka.", {"weeks": 3}),
        (
            What.PARTICIPANTS,
            "På träffarna är rektorer, biträdande rektorer, förstelärare och vissa specialpedagoger med, och andra"
            " som rektor utser. Grundskolans biträdande avdelningschef är alltid med.",
            {"required": ["deputy_head_of_department"]},
        ),
        (
            What.SUPPORT,
            "Karlstads universitet kan komma att ge stöd. Dialogen börjar vid nästa träff, i maj.",
            {"provider": "Karlstads universitet", "status": "proposed"},
        ),
        (
            What.EXPECTATION,
            "Alla nivåer har höga förväntningar, från politikerna till personalen på skolorna. Lärdomarna ska"
            " användas på fler skolor.",
            {},
        ),
        (
            What.OTHER,
            "Under våren analyserar skolorna orsakerna till problemen, och en åtgärdsplan påbörjas.",
            {},
        ),
        (
            What.OTHER,
            "Skolorna och Skolverket för en dialog om mål, resultat och förbättringsåtgärder.",
            {},
        ),
        (
            What.SUPPORT,
            "Skolverket förmedlar också insatser via lärosäten och andra aktörer.",
            {},
        ),
        (
            What.OTHER,
            "Programmet är ett regeringsuppdrag och har pågått i landet sedan 2015.",
            {},
        ),
    ):
        record_statement(
            source=source,
            subject=participation,
            what=what,
            text=text,
            value=value,
            as_of=ImpreciseDate.day(PUBLISHED),
            trust=Trust.STATED,
            by=NATIONAL,
        )
