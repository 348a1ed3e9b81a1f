"""Invented names and sentences. None is meant to be anybody's or any place's."""

import random


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Adina Albin Alva Amira Anja Arvid Asta Axel Bashir Beata Birk Bodil Dag Dalia Disa Ebbe Edit Eira Elof Elvira Embla"
    " Ester Fanny Farid Folke Freja Frida Gunvor Göte Hedda Hedvig Helga Hilding Idun Inez Ingvar Ivar Jasmin Jonna Juni"
    " Kajsa Karim Kerstin Klas Leila Lisen Liv Lova Love Ludde Maj Malin Malte Melker Mina Moa Nadja Nils Noor Ola Olga"
    " Omar Oskar Pernilla Petra Ragna Rakel Runa Rut Saga Samir Selma Signe Sixten Siv Sonja Stig Svea Tage Tilde Tora"
    " Torun Tove Truls Tuva Ulla Uno Vega Vera Viggo Vilda Viola Ylva Yusuf Åke Åsa Ängla Örjan"
)
LAST = [
    first + second
    for first in _words(
        "Alm Ask Berg Björk Blom Dal Ek Fjäll Fors Gran Grön Hag Hed Häll Hög Kvarn Lind Ljung Lund Löv Nord Rönn Sand"
        " Sjö Sol Sten Strand Sund Säv Tall Vik Vinter Väst Åker Ås Älv Ängs Öst"
    )
    for second in _words("bo dotter fjord glans haga kulla lycka mark näs rud skär stig torp vide våg å")
]
PLACE_BEGINS = _words(
    "Alm Arn Bjäll Blå Brand Bäck Dim Dov Eld Flät Frost Gim Glim Gran Grå Gäll Harp Himle Hjort Horn Hugg Järp"
    " Kall Klock Knut Korp Kvick Lav Ljus Lom Lång Mark Mjöl Mo Mån Näck Odde Orr Regn Ripa Ros Sköld Skym Slät Snö"
    " Spång Stav Storm Svart Syd Säl Tind Tjär Tran Tun Ugg Vand Varg Vind Vrå Åsk Älge Önne"
)
PLACE_ENDS = _words(
    "arp berga boda by dala foss hult hyttan inge kulla lösa mora näs rum sele sta torp unda vattna ås"
)
SCHOOL_BEGINS = _words(
    "Almlunds Askdungens Backsippans Berguvens Björkhags Blåklints Brunns Dungens Ekbackens Furu Granliden Gullvivans"
    " Hasselbackens Humlans Kastanjens Klöver Kullens Kvarnbäckens Linnés Ljungby Lärk Midgårds Mosippans Norrängs"
    " Oxelhags Parkbackens Prästkragens Rosenlunds Rönnens Sandåkers Sjöhags Skogsstigens Solrosens Stenhälls Strandängs"
    " Svalans Talldungens Trädgårds Tussilagons Utsiktens Viljans Vitsippans Åkerbärs Ängslyckans Örtagårds"
)
BODIES = (
    "friskola AB",
    "skolstiftelse",
    "ekonomisk förening",
    "föräldrakooperativ",
    "lärande AB",
    "utbildning AB",
)
FOCUS = (
    "Läsning i alla ämnen",
    "Matematik i tidiga år",
    "Elevhälsans samverkan",
    "Kollegialt lärande",
    "Betyg och bedömning",
    "Ledning och stimulans",
    "Närvaro",
    "Studiero",
    "Språkutveckling i förskolan",
    "Övergångar mellan stadier",
    "Rektors pedagogiska ledarskap",
    "Systematiskt kvalitetsarbete",
    "Extra anpassningar",
    "Fritidshemmets uppdrag",
    "Flerspråkighet",
    "Barns delaktighet",
    "Digitala lärverktyg",
    "Jämställdhet",
    "Gymnasiets genomströmning",
    "Lärmiljöer",
)
_WHO = (
    "Arbetslaget",
    "Elevhälsan",
    "Rektor",
    "Ämneslaget i svenska",
    "Ämneslaget i matematik",
    "Förstelärarna",
    "Fritidshemmet",
    "Förskolans avdelningar",
    "Ledningsgruppen",
    "Specialpedagogen",
)
_DOES = (
    "går igenom",
    "prövar",
    "följer upp",
    "sammanställer",
    "planerar",
    "observerar",
    "utvärderar",
    "delar med sig av",
    "tar fram en mall för",
    "för samtal om",
)
_WHAT = (
    "läsinventeringen",
    "elevintervjuerna",
    "lektionsbesöken",
    "sambedömningen",
    "frånvarorutinen",
    "kartläggningen i årskurs 1",
    "övergångarna till årskurs 7",
    "det kollegiala lärandet",
    "planeringstiden",
    "stödinsatserna",
    "nulägesanalysen",
    "delredovisningen",
    "språkutvecklingen i alla ämnen",
    "studiehandledningen",
    "lärmiljön i korridorerna",
    "det systematiska kvalitetsarbetet",
)
_WHEN = (
    "före jul",
    "till nästa träff",
    "varannan vecka",
    "under våren",
    "i årskurs 4 till 6",
    "med vårdnadshavarna",
    "tillsammans med processledaren",
    "enligt planen",
)


def person(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST).capitalize()}"


def place(rng: random.Random) -> str:
    return rng.choice(PLACE_BEGINS) + rng.choice(PLACE_ENDS)


def sentence(rng: random.Random) -> str:
    return f"{rng.choice(_WHO)} {rng.choice(_DOES)} {rng.choice(_WHAT)} {rng.choice(_WHEN)}."


def task(rng: random.Random) -> str:
    verb = rng.choice(
        ("Boka tid för", "Skicka underlag om", "Sammanställ", "Bjud in till samtal om", "Följ upp")
    )
    return f"{verb} {rng.choice(_WHAT)} {rng.choice(_WHEN)}"


class Unique:
    """Names that come once each: a number is put to one that has come before."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def of(self, name: str) -> str:
        times = self._times[name] = self._times.get(name, 0) + 1
        return name if times == 1 else f"{name} {times}"
