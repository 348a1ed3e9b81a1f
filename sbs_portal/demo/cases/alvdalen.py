"""Älvdalen: with since 2020, in term three in October 2022. Both stand; neither is corrected."""

from datetime import date

from programmes.services.participation import register_participation
from programmes.services.parts import add_unit
from sbs_portal.audit.models import SourceKind, Trust, What
from sbs_portal.audit.services import record_source, record_statement
from sbs_portal.demo import accounts, catalogue
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate
from schools.models import Huvudman, StaffRole
from schools.services.huvudman import register_huvudman
from schools.services.person import register_person
from schools.services.unit import register_unit
from seminars.services.seminar import (
    add_delegate,
    add_presentation,
    add_session,
    mark_unit,
    plan_seminar,
    register_delegation,
)

NAME = "Älvdalens kommun"
PUBLISHED = date(2022, 11, 15)
OCTOBER = ImpreciseDate.month(2022, 10, "i mitten av oktober, ett par dagar")
DELEGATES = (
    "Birgitta Ekvall",
    "Tora Sandelin",
    "Petra Vikström",
    "Solveig Hamrén",
    "Camilla Rydh",
    "Ylva Östling",
)


def load() -> Huvudman:
    by = NATIONAL
    huvudman = register_huvudman(
        name=NAME, kind="municipality", municipality=catalogue.municipality("2039"), by=by
    )
    unit = register_unit(
        huvudman=huvudman,
        name="Älvdalsskolan",
        school_forms=["FKLASS", "GR"],
        grade_from=0,
        grade_to=9,
        by=by,
    )
    participation = register_participation(
        huvudman=huvudman,
        programme=catalogue.programme(),
        status="active",
        reason="Uppgift från före portalen: kommunen ingår i satsningen.",
        effective=ImpreciseDate.year(2020, "sedan 2020"),
        started=ImpreciseDate.year(2020, "sedan 2020"),
        known_through=PUBLISHED,
        by=by,
    )
    add_unit(participation=participation, unit=unit, by=by)
    register_person(name="Gunnel Tegelin", role=StaffRole.HEAD_OF_SCHOOLS, huvudman=huvudman, by=by)
    seminar = _follow_up(huvudman, participation, unit)
    _statements(huvudman, participation, seminar)
    accounts.give("frammande", Role.EDITOR, huvudman=huvudman)
    return huvudman


def _follow_up(huvudman, participation, unit):
    by = NATIONAL
    seminar = plan_seminar(
        programme=catalogue.programme(),
        kind="follow_up",
        starts=OCTOBER,
        place="Stockholm",
        organiser="Skolverket",
        purpose=(
            "Dela lärande exempel, visa framgångsfaktorer och svårigheter och hur de hanterats. Deltagarna ska få"
            " nya insikter och se sin egen process."
        ),
        status="held",
        huvudman_list=[huvudman],
        participations=[participation],
        by=by,
    )
    delegation = register_delegation(
        seminar=seminar,
        huvudman=huvudman,
        participation=participation,
        head_count=10,
        roles=[
            StaffRole.TEACHER,
            StaffRole.REKTOR,
            StaffRole.HEALTH_LEAD,
            StaffRole.HEAD_OF_ADMINISTRATION,
            StaffRole.POLITICIAN,
        ],
        trust=Trust.STATED,
        note="Sex av de tio tackas vid namn; vilka roller de har anges inte.",
        by=by,
    )
    for name in DELEGATES:
        person = register_person(name=name, role=StaffRole.NOT_STATED, huvudman=huvudman, by=by)
        add_delegate(delegation=delegation, person=person, role=StaffRole.NOT_STATED, by=by)
    mark_unit(seminar=seminar, unit=unit, huvudman=huvudman, is_represented=True, trust=Trust.STATED, by=by)
    add_session(seminar=seminar, kind="lecture", title="Gemensamma föreläsningar", by=by)
    dialogue = add_session(
        seminar=seminar,
        kind="dialogue",
        title="Dialogseminarier",
        description="Varje huvudman höll två presentationer för två olika grupper.",
        listeners_stated=20,
        by=by,
    )
    for group in ("första gruppen", "andra gruppen"):
        add_presentation(
            seminar=seminar,
            session=dialogue,
            huvudman=huvudman,
            presented_by="Älvdalsskolan, Älvdalens kommun",
            title="Delaktighet i kvalitets- och utvecklingsarbetet",
            description="Hela kollegiet från förskoleklass till årskurs 9: analys, kollegialt lärande, möjligheter och svårigheter.",
            group_words=group,
            listeners_stated=20,
            by=by,
        )
    return seminar


def _statements(huvudman, participation, seminar) -> None:
    source = record_source(
        publisher=NAME,
        title="Samverkan för bästa skola (uppföljningsseminarium)",
        kind=SourceKind.NEWS,
        published=ImpreciseDate.day(PUBLISHED),
        updated=ImpreciseDate.day(PUBLISHED),
        note="Bildtexten kallar dagarna Skolverksdagarna.",
        huvudman_ids=[huvudman.pk],
        by=NATIONAL,
    )
    published = ImpreciseDate.day(PUBLISHED)
    for subject, what, text, value, as_of in (
        (
            participation,
            What.SINCE,
            "Kommunen ingår i satsningen sedan 2020.",
            {"date": {"date": "2020", "precision": "year", "text": "sedan 2020"}},
            published,
        ),
        (
            participation,
            What.TERM_NUMBER,
            "Uppföljningsseminariet hölls under termin tre.",
            {"number": 3},
            OCTOBER,
        ),
        (participation, What.DURATION, "Stödet ges i tre år.", {"years": 3}, published),
        (
            participation,
            What.ASSESSMENT,
            "Arbetet är på god väg, men mycket återstår.",
            {},
            published,
        ),
        (seminar, What.HEAD_COUNT, "Tio personer, eller ett tiotal, från Älvdalen.", {"count": 10}, OCTOBER),
        (
            seminar,
            What.PARTICIPANTS,
            "Fjorton andra kommuner och enskilda huvudmän deltog: femton huvudmän i allt.",
            {"huvudman_count": 15},
            OCTOBER,
        ),
        (
            seminar,
            What.HEAD_COUNT,
            "20 deltagare vid varje tillfälle. Älvdalens seminarier var de mest besökta.",
            {"count": 20, "per": "session"},
            OCTOBER,
        ),
    ):
        record_statement(
            source=source,
            subject=subject,
            what=what,
            text=text,
            value=value,
            as_of=as_of,
            trust=Trust.STATED,
            by=NATIONAL,
        )
