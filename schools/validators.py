"""Validators of the register's own numbers."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from stdnum.exceptions import ValidationError as NumberError
from stdnum.se import orgnr

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
