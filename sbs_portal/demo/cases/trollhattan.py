"""Trollhättan: four schools and a development day in August 2017."""

from datetime import date

from programmes.services.participation import register_participation
from programmes.services.parts import add_unit
from sbs_portal.audit.models import SourceKind, Trust, What
from sbs_portal.audit.services import record_source, record_statement
from sbs_portal.demo import catalogue
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate
from schools.models import Huvudman, StaffRole
from schools.services.huvudman import add_administration, register_huvudman
from schools.services.person import register_person
from schools.services.unit import register_unit
from seminars.services.seminar import (
    add_lesson,
    add_session,
    mark_unit,
    plan_seminar,
    register_delegation,
)

NAME = "Trollhättans Stad"
REVIEWED = date(2017, 8, 22)
UNITS = ("Frälsegårdsskolan", "Kronan", "Lextorpskolan", "Sylteskolan")
AUGUST = ImpreciseDate.month(2017, 8, "dagen anges inte; filmen från dagen är märkt augusti 2017")


def load() -> Huvudman:
    by = NATIONAL
    huvudman = register_huvudman(
        name=NAME, kind="municipality", municipality=catalogue.municipality("1488"), by=by
    )
    administration = add_administration(
        huvudman=huvudman,
        name="Utbildningsförvaltningen",
        address="Gärdhemsvägen 9, 461 84 Trollhättan",
        phone="0520-49 50 00",
        by=by,
    )
    units = {name: register_unit(huvudman=huvudman, name=name, by=by) for name in UNITS}
    participation = register_participation(
        huvudman=huvudman,
        programme=catalogue.programme(),
        status="active",
        reason="Uppgift från före portalen: arbetet pågår enligt kommunen.",
        effective=ImpreciseDate.unknown(),
        administration=administration,
        known_through=REVIEWED,
        aims="Högre kunskapsresultat. Fler elever som fullföljer sina studier. Större likvärdighet.",
        by=by,
    )
    for unit in units.values():
        add_unit(participation=participation, unit=unit, by=by)
    _people(huvudman, administration, units)
    seminar = _development_day(huvudman, participation, units["Sylteskolan"])
    _statements(huvudman, participation, seminar)
    return huvudman


def _people(huvudman, administration, units) -> None:
    register_person(
        name="Göran Kvist",
        role=StaffRole.HEAD_OF_OPERATIONS,
        title="verksamhetschef för grundskola, förskoleklass och grundsärskola",
        huvudman=huvudman,
        administration=administration,
        by=NATIONAL,
    )
    register_person(
        name="Saga Lindmark",
        role=StaffRole.TEACHER,
        huvudman=huvudman,
        unit=units["Sylteskolan"],
        by=NATIONAL,
    )
    for name in ("Eva Forsberg Lund", "Miriam Bergh"):
        register_person(
            name=name,
            role=StaffRole.EDUCATION_LEADER,
            title="utbildningsledare på rektorsutbildningen",
            provider=catalogue.provider("Karlstads universitet"),
            by=NATIONAL,
        )


def _development_day(huvudman, participation, unit_on_site):
    by = NATIONAL
    seminar = plan_seminar(
        programme=catalogue.programme(),
        kind="development_day",
        starts=AUGUST,
        place="Folkets Hus",
        organiser="Utbildningsförvaltningen",
        topic="Systematiskt kvalitetsarbete",
        purpose="Förskolechefer, rektorer och lärare arbetar tillsammans med kvalitetsarbetet under en heldag.",
        status="held",
        huvudman_list=[huvudman],
        participations=[participation],
        by=by,
    )
    register_delegation(
        seminar=seminar,
        huvudman=huvudman,
        participation=participation,
        roles=[StaffRole.PRESCHOOL_HEAD, StaffRole.REKTOR, StaffRole.TEACHER],
        trust=Trust.STATED,
        note="Antalet deltagare anges inte.",
        by=by,
    )
    mark_unit(
        seminar=seminar,
        unit=unit_on_site,
        huvudman=huvudman,
        is_represented=True,
        trust=Trust.STATED,
        by=by,
    )
    add_session(
        seminar=seminar,
        kind="workshop",
        title="Tekniker för lärande samtal",
        time_words="förmiddag",
        leaders="Två utbildningsledare på rektorsutbildningen, Karlstads universitet",
        description="Hur erfarenheter från klassrummet delas och bearbetas tillsammans med kollegor.",
        by=by,
    )
    add_lesson(
        seminar=seminar,
        text="Det är en vinst att personal och chefer får utbildningsdagar tillsammans, och satsningen väntas göra skillnad för eleverna.",
        from_whom="lärare på Sylteskolan",
        by=by,
    )
    add_lesson(
        seminar=seminar,
        text="Förhoppningen är att bli tryggare som lärare och att utvecklas som ledare i klassrummet.",
        from_whom="lärare på Sylteskolan",
        by=by,
    )
    return seminar


def _statements(huvudman, participation, seminar) -> None:
    source = record_source(
        publisher=NAME,
        title="Lärare, förskolechefer och rektorer samverkar för bästa skolan",
        kind=SourceKind.NEWS,
        updated=ImpreciseDate.day(REVIEWED, "senast granskad"),
        note="En kort film från dagen finns på förvaltningens kanal: ”Kur augusti 2017”. Vem som granskat sidan anges på den.",
        huvudman_ids=[huvudman.pk],
        by=NATIONAL,
    )
    for subject, what, text, value in (
        (participation, What.DURATION, "Samarbetet mellan staden och Skolverket är treårigt.", {"years": 3}),
        (participation, What.PURPOSE, "Kunskapsresultaten ska höjas.", {}),
        (participation, What.PURPOSE, "En större andel elever ska fullfölja sina studier.", {}),
        (participation, What.PURPOSE, "Likvärdigheten ska öka.", {}),
        (
            participation,
            What.ASSESSMENT,
            "Betygen i årskurs 9 har stigit under senare år. Nu behöver de yngre åldrarna komma med.",
            {},
        ),
        (
            seminar,
            What.PARTICIPANTS,
            "Förskolechefer, rektorer och lärare deltog. Antalet anges inte.",
            {"roles": ["preschool_head", "rektor", "teacher"]},
        ),
    ):
        record_statement(
            source=source,
            subject=subject,
            what=what,
            text=text,
            value=value,
            as_of=ImpreciseDate.day(REVIEWED),
            trust=Trust.STATED,
            by=NATIONAL,
        )
