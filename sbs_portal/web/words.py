"""Dates and numbers in the words the pages use. Plain functions; the template tags call them."""

from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WEEKDAYS_SHORT = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
MONTHS_SHORT = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
NEAR = 14
PASSWORD_HINT = "Minst 10 tecken. Gärna flera ord efter varandra."


def as_day(value) -> date | None:
    """The Swedish calendar day of a date or a moment; None for anything else."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value if isinstance(value, date) else None


def short_day(day: date, today: date) -> str:
    """ "tis 24 apr" within two weeks of today, "24 apr" otherwise, with the year when it is another."""
    text = f"{day.day} {MONTHS_SHORT[day.month - 1]}"
    if abs((day - today).days) <= NEAR:
        return f"{WEEKDAYS_SHORT[day.weekday()]} {text}"
    return text if day.year == today.year else f"{text} {day.year}"


def long_date(day: date) -> str:
    """ "23 april 2018"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_day(day: date) -> str:
    """ "måndag 23 april 2018"."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def distance(day: date, today: date) -> str:
    """ "i dag", "i morgon", "om 3 dagar", "för 4 dagar sedan"; "" further away than two weeks."""
    days = (day - today).days
    if days == 0:
        return "i dag"
    if days == 1:
        return "i morgon"
    if days == -1:
        return "i går"
    if 0 < days <= NEAR:
        return f"om {days} dagar"
    return f"för {-days} dagar sedan" if -NEAR <= days < 0 else ""


def when(day: date, today: date) -> str:
    """ "tis 24 apr, om 3 dagar"; the day alone when it is more than two weeks away."""
    return ", ".join(filter(None, (short_day(day, today), distance(day, today))))


def thousands(number) -> str:
    """ "12 345" with a hard space."""
    return f"{number:,}".replace(",", "\xa0").replace(".", ",")


def clock(moment) -> str:
    """ "13.42" in Sweden."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{moment:%H.%M}"
