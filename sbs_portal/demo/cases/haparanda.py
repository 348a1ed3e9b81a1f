"""Haparanda: a participation that has ended, told on a page without a date."""

from programmes.services.participation import register_participation
from programmes.services.parts import add_focus, propose_support
from sbs_portal.audit.models import SourceKind, Trust, What
from sbs_portal.audit.services import record_source, record_statement
from sbs_portal.demo import catalogue
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate
from schools.models import Huvudman
from schools.services.huvudman import add_administration, register_huvudman
from seminars.services.seminar import add_session, add_word, plan_seminar, register_delegation

NAME = "Haparanda stad"
FOCUS = (
    "Struktur och organisation",
    "Undervisningsnära utveckling",
    "Språkutvecklande arbetssätt",
    "Kollegialt lärande på flera nivåer",
    "Elevhälsoprocesser",
)
WORDS = ("stolthet", "framtidshopp", "framtidstro", "kraft", "energi", "entusiasm")
LAST_WEEK = ImpreciseDate.unknown("veckan före en odaterad sida")


def load() -> Huvudman:
    by = NATIONAL
    huvudman = register_huvudman(
        name=NAME, kind="municipality", municipality=catalogue.municipality("2583"), by=by
    )
    administration = add_administration(huvudman=huvudman, name="Barn- och ungdomsförvaltningen", by=by)
    participation = register_participation(
        huvudman=huvudman,
        programme=catalogue.programme(),
        status="completed",
        reason="Uppgift från före portalen: arbetet är avslutat enligt huvudmannen.",
        effective=LAST_WEEK,
        administration=administration,
        selection_basis=(
            "Huvudmän vars skolor har låga resultat och svårt att förbättra dem på egen hand, och förskolor med"
            " svåra förutsättningar."
        ),
        by=by,
    )
    for name in FOCUS:
        add_focus(participation=participation, focus_area=catalogue.focus_area(name), by=by)
    propose_support(
        participation=participation,
        provider=catalogue.provider("Stockholms universitet"),
        status="ended",
        description="Processledning på tre nivåer",
        levels=["political", "administration", "unit"],
        period_words="de två sista av de tre åren",
        process_leader_count=7,
        by=by,
    )
    seminar = plan_seminar(
        programme=catalogue.programme(),
        kind="closing",
        starts=LAST_WEEK,
        status="held",
        purpose="Framåtsyftande avslut: lärdomar, goda exempel, reflektioner och planer för tiden efter.",
        huvudman_list=[huvudman],
        participations=[participation],
        by=by,
    )
    register_delegation(
        seminar=seminar,
        huvudman=huvudman,
        participation=participation,
        head_count=60,
        trust=Trust.STATED,
        note="Skolverket och Stockholms universitet var också med.",
        by=by,
    )
    add_session(
        seminar=seminar,
        kind="other",
        title="Lärdomar, goda exempel, reflektioner och framtida planer",
        by=by,
    )
    for word in WORDS:
        add_word(seminar=seminar, word=word, by=by)
    source = record_source(
        publisher=NAME,
        title="Samverkan för bästa skola (avslutningsseminarium)",
        kind=SourceKind.NEWS,
        note="Sidan anger varken publiceringsdag eller ändringsdag. Programmet kallas ett koncept. Ett fotografi: Haparanda stad. Länk till Skolverkets sida. Märkt: Förskola och skola.",
        huvudman_ids=[huvudman.pk],
        by=by,
    )
    for subject, what, text, value in (
        (
            participation,
            What.DURATION,
            "Arbetet med Skolverket pågick i tre år och är avslutat.",
            {"years": 3},
        ),
        (
            participation,
            What.SUPPORT,
            "Stockholms universitet stödde arbetet de två senaste åren, med sju processledare.",
            {"process_leaders": 7, "years": 2},
        ),
        (
            seminar,
            What.HEAD_COUNT,
            "60 personer sammanlagt från skolenheterna i Haparanda.",
            {"count": 60},
        ),
        (seminar, What.COVERAGE, "Alla skolenheter var representerade.", {"units": "all"}),
        (
            seminar,
            What.PARTICIPANTS,
            "Företrädare för Skolverket och Stockholms universitet deltog.",
            {"parties": ["Skolverket", "Stockholms universitet"]},
        ),
    ):
        record_statement(
            source=source,
            subject=subject,
            what=what,
            text=text,
            value=value,
            as_of=LAST_WEEK,
            trust=Trust.STATED,
            by=by,
        )
    return huvudman
