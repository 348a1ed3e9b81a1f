"""Lov as people write them, and back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from sbs_portal.time import SchoolYear
from schools.calendar import Break
from schools.lov_text import read_lov, write_lov

YEAR = SchoolYear(2026)


def lov(name, first, last):
    return Break(date(*first), date(*last), name)


AUTUMN = lov("Höstlov", (2026, 10, 26), (2026, 10, 30))
CHRISTMAS = lov("Jullov", (2026, 12, 21), (2027, 1, 8))
EASTER = lov("Påsklov", (2027, 3, 29), (2027, 4, 2))


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Höstlov 26–30 oktober", AUTUMN),
        ("Höstlov: måndag 26 okt - fredag 30 okt 2026", AUTUMN),
        ("Höstlov 26/10–30/10", AUTUMN),
        ("Höstlov v. 44", AUTUMN),
        ("Höstlov: Vecka 44 (26–30 oktober)", AUTUMN),
        ("Höstlov (v. 44) 26-30 oktober", AUTUMN),
        ("Jullov: 21 december 2026 – 8 januari 2027 (v. 52–1)", CHRISTMAS),
        ("Jullov 21 december–8 januari", CHRISTMAS),
        ("Jullov v 52–1", CHRISTMAS),
        ("Påsklov 2027-03-29 - 2027-04-02", EASTER),
        ("Påsklov från och med 29 mars till och med 2 april", EASTER),
        ("Sommarlov 11 juni–16 augusti", lov("Sommarlov", (2027, 6, 11), (2027, 8, 16))),
        ("Studiedag den 2 november", lov("Studiedag", (2026, 11, 2), (2026, 11, 2))),
    ],
)
def test_a_line_is_read(line, read):
    assert read_lov(line, YEAR) == [read]


def test_what_is_written_is_read_as_the_same():
    rows = [AUTUMN, CHRISTMAS, lov("Studiedag", (2027, 1, 11), (2027, 1, 11)), EASTER]
    assert read_lov(write_lov(rows), YEAR) == rows


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Höstlov", "skriv vilka dagar"),
        ("26–30 oktober", "vad lovet heter"),
        ("Höstlov 26–30", "vilken månad"),
        ("Höstlov 26–30 oktobr", "ingen månad"),
        ("Höstlov 30–32 oktober", "den dagen finns inte"),
        ("Höstlov 30–26 oktober", "slutar före"),
        ("Höstlov v. 60", "den veckan finns inte"),
        ("Höstlov 26 oktober och 30 oktober", "går inte att läsa"),
        ("Höstterminen 17 augusti – 18 december", "är raden en termin"),
    ],
)
def test_a_line_that_is_no_lov_is_told_with_its_number(line, why):
    with pytest.raises(ValidationError) as refused:
        read_lov(f"Sportlov v. 8\n\n{line}", YEAR)
    (message,) = refused.value.messages
    assert message.startswith(f"Rad 3, ”{line}”: ")
    assert why.lower() in message.lower()
