"""Validators of the register's own numbers."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from stdnum.exceptions import ValidationError as NumberError
from stdnum.se import orgnr

from sbs_portal.time import FIRST_YEAR, LAST_YEAR

unit_code_validator = RegexValidator(r"^\d{8}$", "En skolenhetskod har åtta siffror, till exempel 12345678.")
municipality_code_validator = RegexValidator(r"^\d{4}$", "En kommunkod har fyra siffror.")


def normalise_organisation_number(value: str) -> str:
    """Ten digits without hyphen; the twelve-digit form with 16 first is accepted."""
    digits = value.replace("-", "").replace(" ", "")
    return digits[2:] if len(digits) == 12 and digits.startswith("16") else digits


def validate_organisation_number(value: str) -> None:
    """Ten digits with a right check digit, and never a personnummer.

    A check digit alone lets a personnummer through; in an organisationsnummer the third digit is 2 or more.
    The message never repeats the number: it may be someone's personnummer.
    """
    digits = normalise_organisation_number(value)
    if not digits.isdecimal() or len(digits) != 10:
        raise ValidationError(
            "Ett organisationsnummer har tio siffror, till exempel 212000-0142.", code="organisation_number"
        )
    if digits[2] < "2":
        raise ValidationError(
            "Det här ser ut som ett personnummer. Ange ett organisationsnummer, eller lämna fältet tomt.",
            code="personal_number",
        )
    try:
        orgnr.validate(digits)
    except NumberError as error:
        raise ValidationError(
            "Kontrollsiffran stämmer inte. Jämför med beslutet eller registret.", code="check_digit"
        ) from error


def usable_day(day: date, field: str = "") -> None:
    """Raise ValidationError, at ``field`` where one is named, for a day in a year that no läsår is reckoned for."""
    if not FIRST_YEAR < day.year < LAST_YEAR:
        told = f"Skriv ett år mellan {FIRST_YEAR + 1} och {LAST_YEAR - 1}."
        raise ValidationError({field: told} if field else told)
