"""A page collected from the web, without sender: true fragments among spam.

It is one source. Each fragment is an unverified statement on the review list, attached to nothing; what is
not about the programme is rejected with the reason. No participation and no unit comes from it.
"""

from sbs_portal.audit.models import SourceKind, Trust, What
from sbs_portal.audit.services import record_source, record_statement, reject_statement
from sbs_portal.demo import catalogue
from sbs_portal.scope import NATIONAL
from sbs_portal.time import ImpreciseDate
from schools.models import Huvudman
from schools.services.huvudman import register_huvudman

NAME = "Vallentuna kommun"

FRAGMENTS = (
    (
        What.OTHER,
        "Uppdraget gavs den 4 juni 2015 (U2015/03357/S) och fick ett tillägg den 21 januari 2017 (U2017/00301/S). Ett nytt uppdrag ersätter båda.",
        "okänd",
    ),
    (
        What.PARTICIPANTS,
        "Tre skolor, två förskolor och barn- och ungdomsförvaltningen i Vallentuna anges delta: Karbyskolan, Bällstabergsskolan, Vallentuna gymnasium, Sjöhästens förskola och Ormsta förskola.",
        "okänd",
    ),
    (
        What.EVENT,
        "Ett projekt började vårterminen 2019 med en nulägesanalys på varje skola. Kommunen anges inte.",
        "vt 2019",
    ),
    (
        What.EVENT,
        "Barn- och utbildningschef, grundskolans rektorer och utskottets vice ordförande var på Skolverkets uppföljningskonferens. Kommunen anges inte.",
        "2017-09-15",
    ),
    (
        What.OTHER,
        "Uppföljningen pågår löpande under de tre åren, hos Skolverket och hos varje huvudman. Den bygger på intervjuer, enkäter och statistik.",
        "okänd",
    ),
    (What.OTHER, "En avslutande rapport från utvärderingen skulle komma 2021.", "2021"),
    (What.OTHER, "Resultaten i skolor som deltagit har följts upp för andra året i rad.", "okänd"),
    (
        What.EXPECTATION,
        "En forskare vid IFAU menar att en reform inte bör införas brett innan man vet att den fungerar.",
        "okänd",
    ),
    (
        What.OTHER,
        "En tjänst som samordnare för programmet på Erikslundskolan under Grundskoleförvaltningen. Kommunen anges inte.",
        "okänd",
    ),
    (What.OTHER, "Det finns en ansvarig för ett nationellt FoU-center för programmet.", "okänd"),
    (What.OTHER, "En verksamhetsplan 2020/2021 för Nyhemsskolan F–6. Kommunen anges inte.", "okänd"),
    (What.SUPPORT, "Plug Innan har kombinerats med stöd i programmet. Kommunen anges inte.", "okänd"),
    (
        What.SELECTION,
        "Skolverket och Skolinspektionen har tillsammans utsett ett antal huvudmän.",
        "2016-08-19",
    ),
    (
        What.OTHER,
        "En text utgår från Skolverkets satsning och beskriver hur huvudmän och skolor analyserar resultaten.",
        "2017-05-16",
    ),
    (What.OTHER, "En text nämner skolor med störst behov inom ramen för programmet.", "2018-04-11"),
    (What.OTHER, "En skola som inte namnges ingår i projektet.", "2018-10-09"),
)
NOISE = (
    (
        "Göteborgsregionens pris för samverkan mellan skola och arbetsliv.",
        "Gäller ett pris, inte programmet.",
    ),
    ("Ett lokalt projekt mellan socialtjänst och skola i Tierp.", "Gäller ett annat projekt."),
    ("Former för samverkan mellan skola och hem.", "Gäller skolans samverkan med hemmen, inte programmet."),
    ("Ett partis kunskapskontrakt.", "Gäller ett politiskt förslag, inte programmet."),
    ("Ett utdrag daterat 1 augusti 2013.", "Äldre än programmet, som började 2015."),
    ("Rubrikraderna ”Program 2021” och ”1851 Boklut 2018”.", "Skräptext från insamlingen."),
    (
        "Länkar om aktier, huvudstäder, dagstidningar och kurser.",
        "Reklam och skräplänkar. Orter i dem är inga deltagare.",
    ),
)


def load() -> Huvudman:
    huvudman = register_huvudman(
        name=NAME, kind="municipality", municipality=catalogue.municipality("0115"), by=NATIONAL
    )
    source = record_source(
        title="Insamlad sida utan känd avsändare om Samverkan för bästa skola",
        kind=SourceKind.SCRAPED,
        note="Hopklippta utdrag från flera avsändare mellan reklamlänkar. Låg tilltro: ingenting härifrån blir en uppgift utan granskning.",
        by=NATIONAL,
    )
    for what, text, as_of in FRAGMENTS:
        record_statement(
            source=source,
            what=what,
            text=text,
            as_of=ImpreciseDate.unknown() if as_of == "okänd" else ImpreciseDate.parse(as_of),
            trust=Trust.UNVERIFIED,
            by=NATIONAL,
        )
    for text, reason in NOISE:
        statement = record_statement(
            source=source, what=What.OTHER, text=text, trust=Trust.UNVERIFIED, by=NATIONAL
        )
        reject_statement(statement=statement, reason=reason, by=NATIONAL)
    return huvudman
