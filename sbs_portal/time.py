"""Values of the domain's calendar: today, terms, school years and dates with a precision.

Plain values without Django, so that rules about time can be read and tested on their own. Everything
that can be written by a person has a ``parse`` that raises ``ValueError`` with a sentence in Swedish
meant to be shown as it is.
"""

import calendar
import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Literal, overload
from zoneinfo import ZoneInfo

# Under another name too, since ImpreciseDate has an attribute called date.
Day = date

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST_YEAR, LAST_YEAR = 1900, 2199
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

_frozen: ContextVar[date | None] = ContextVar("frozen_today", default=None)


def today() -> date:
    """The day it is in Sweden, or the day set by ``frozen``."""
    return _frozen.get() or datetime.now(STOCKHOLM).date()


@contextmanager
def frozen(day: date) -> Iterator[date]:
    """Let ``today()`` be ``day`` inside the block: for tests and for pages asked about another day."""
    token = _frozen.set(day)
    try:
        yield day
    finally:
        _frozen.reset(token)


def _checked_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"Året {year} går inte att använda. Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}."
        )
    return year


_TERM = re.compile(
    r"(?:(?P<half>vt|ht|vårterminen|höstterminen|vårtermin|hösttermin)\s*(?P<year>\d{4}|\d{2})"
    r"|(?P<year_first>\d{4})\s*(?P<half_last>vt|ht))",
    re.IGNORECASE,
)


@total_ordering
@dataclass(frozen=True)
class Term:
    """A school term. VT is January to June, HT is July to December; VT2018 comes before HT2018.

    Adding a whole number gives a later term; the difference of two terms is a whole number.
    """

    half: Literal["VT", "HT"]
    year: int

    def __post_init__(self) -> None:
        if self.half not in ("VT", "HT"):
            raise ValueError(f"”{self.half}” är ingen termin. Skriv VT eller HT.")
        _checked_year(self.year)

    @classmethod
    def of(cls, day: date) -> "Term":
        """The term the day falls in."""
        return cls("VT" if day.month <= 6 else "HT", day.year)

    @classmethod
    def from_index(cls, index: int) -> "Term":
        """The term with this ``index``."""
        year, autumn = divmod(index, 2)
        return cls("HT" if autumn else "VT", year)

    @classmethod
    def parse(cls, text: str) -> "Term":
        """Read "HT2018", "ht 2018", "ht18", "2018HT" or "höstterminen 2018"."""
        match = _TERM.fullmatch(" ".join(text.split()))
        if match is None:
            raise ValueError(f"”{text.strip()}” går inte att läsa som en termin. Skriv till exempel ht 2018.")
        half = (match["half"] or match["half_last"]).lower()
        year = match["year"] or match["year_first"]
        return cls("VT" if half.startswith("v") else "HT", int(year) + (2000 if len(year) == 2 else 0))

    @property
    def index(self) -> int:
        """A number that grows by one for each term; how a term is stored."""
        return 2 * self.year + (self.half == "HT")

    @property
    def code(self) -> str:
        """ "HT2018": in addresses, filters and the API."""
        return f"{self.half}{self.year}"

    @property
    def short(self) -> str:
        """ "ht 2018": in tables."""
        return f"{self.half.lower()} {self.year}"

    @property
    def long(self) -> str:
        """ "höstterminen 2018": in sentences."""
        return f"{'vårterminen' if self.half == 'VT' else 'höstterminen'} {self.year}"

    @property
    def start(self) -> date:
        return date(self.year, 1 if self.half == "VT" else 7, 1)

    @property
    def end(self) -> date:
        return date(self.year, 6, 30) if self.half == "VT" else date(self.year, 12, 31)

    @property
    def school_year(self) -> "SchoolYear":
        return SchoolYear(self.year if self.half == "HT" else self.year - 1)

    def through(self, last: "Term") -> list["Term"]:
        """The terms from this one to ``last``, both included; empty when ``last`` is earlier."""
        return [Term.from_index(index) for index in range(self.index, last.index + 1)]

    def deconstruct(self) -> tuple[str, tuple, dict]:
        """How a migration writes the value down."""
        return "sbs_portal.time.Term", (self.half, self.year), {}

    def __str__(self) -> str:
        return self.code

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Term):
            return NotImplemented
        return self.index < other.index

    def __add__(self, terms: int) -> "Term":
        if not isinstance(terms, int):
            return NotImplemented
        return Term.from_index(self.index + terms)

    @overload
    def __sub__(self, other: "Term") -> int: ...
    @overload
    def __sub__(self, other: int) -> "Term": ...
    def __sub__(self, other):
        if isinstance(other, Term):
            return self.index - other.index
        if not isinstance(other, int):
            return NotImplemented
        return Term.from_index(self.index - other)


_SCHOOL_YEAR = re.compile(r"(?:läsåret\s*)?(\d{4})\s*/\s*(\d{4}|\d{2})", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class SchoolYear:
    """A school year by the calendar year it starts in: ``SchoolYear(2018)`` is 2018/19, HT2018 and VT2019."""

    first_year: int

    def __post_init__(self) -> None:
        # Both its terms must be usable too.
        _checked_year(self.first_year)
        _checked_year(self.first_year + 1)

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """The school year the day falls in."""
        return Term.of(day).school_year

    @classmethod
    def parse(cls, text: str) -> "SchoolYear":
        """Read "2018/19" or "2018/2019"."""
        match = _SCHOOL_YEAR.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"”{text.strip()}” går inte att läsa som ett läsår. Skriv till exempel 2018/19.")
        parsed = cls(int(match[1]))
        if int(match[2]) not in (parsed.first_year + 1, (parsed.first_year + 1) % 100):
            raise ValueError(f"Ett läsår är två år i följd. Menade du {parsed.code}?")
        return parsed

    @property
    def code(self) -> str:
        return f"{self.first_year}/{(self.first_year + 1) % 100:02}"

    @property
    def terms(self) -> tuple[Term, Term]:
        return Term("HT", self.first_year), Term("VT", self.first_year + 1)

    @property
    def start(self) -> date:
        return date(self.first_year, 7, 1)

    @property
    def end(self) -> date:
        return date(self.first_year + 1, 6, 30)

    def deconstruct(self) -> tuple[str, tuple, dict]:
        """How a migration writes the value down."""
        return "sbs_portal.time.SchoolYear", (self.first_year,), {}

    def __str__(self) -> str:
        return self.code

    def __add__(self, years: int) -> "SchoolYear":
        return SchoolYear(self.first_year + years)

    @overload
    def __sub__(self, other: "SchoolYear") -> int: ...
    @overload
    def __sub__(self, other: int) -> "SchoolYear": ...
    def __sub__(self, other):
        if isinstance(other, SchoolYear):
            return self.first_year - other.first_year
        return SchoolYear(self.first_year - other)


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    TERM = "term"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {"day": "dag", "month": "månad", "term": "termin", "year": "år", "unknown": "okänt"}[
            self.value
        ]


_DATE_EXAMPLES = "Skriv till exempel 23 april 2018, maj 2018, vt 2018 eller 2018."
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_SLASHED_DAY = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})[\s/-]\s*(\d{4})")
_DAY_IN_WORDS = re.compile(r"(?:den\s+)?(\d{1,2})(?::?e)?\s+([^\W\d]+)\.?\s+(\d{4})", re.IGNORECASE)
_MONTH_IN_WORDS = re.compile(r"([^\W\d]+)\.?\s+(\d{4})", re.IGNORECASE)
_DAY_WITHOUT_YEAR = re.compile(
    r"(?:den\s+)?(\d{1,2})(?:\s*/\s*\d{1,2}|(?::?e)?\s+([^\W\d]+)\.?)", re.IGNORECASE
)
_YEAR = re.compile(r"(?:år\s+)?(\d{4})", re.IGNORECASE)
_UNKNOWN = ("", "okänt", "okänt datum")


def _month_number(word: str) -> int:
    word = word.lower()
    for number, name in enumerate(MONTHS, start=1):
        if word in (name, name[:3]) or (word == "sept" and name == "september"):
            return number
    close = difflib.get_close_matches(word, MONTHS, n=1)
    hint = f"Menade du {close[0]}?" if close else _DATE_EXAMPLES
    raise ValueError(f"Månaden ”{word}” går inte att läsa. {hint}")


def _day(year: int, month: int, day: int) -> date:
    _month(year, month)
    days = calendar.monthrange(year, month)[1]
    if 1 <= day <= days:
        return date(year, month, day)
    name = MONTHS[month - 1]
    if day == days + 1 and (month, day) == (2, 29):
        raise ValueError(f"Den 29 februari finns inte {year}. Menade du 28 februari?")
    if days < day <= 31:
        raise ValueError(f"Den {day} {name} finns inte. Menade du {days} {name}?")
    raise ValueError(f"Den {day} {name} finns inte. Skriv en dag mellan 1 och {days}.")


def _month(year: int, month: int) -> date:
    _checked_year(year)
    if not 1 <= month <= 12:
        raise ValueError(f"Månad {month} finns inte. Skriv en månad mellan 1 och 12.")
    return date(year, month, 1)


@dataclass(frozen=True)
class ImpreciseDate:
    """A date as exactly as it is known, with the source's own words beside it.

    ``date`` is the first day of the day, month, term or year, and None when the date is unknown.
    A date that is not the first day of its period, or is missing where there is a precision, is a
    ``ValueError``.
    """

    date: Day | None = None
    precision: Precision = Precision.UNKNOWN
    text: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "precision", Precision(self.precision))
        object.__setattr__(self, "text", self.text or "")
        if (self.date is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.")
        if self.date is not None:
            _checked_year(self.date.year)
            if self.date != self._first_of(self.date, self.precision):
                raise ValueError(
                    f"{self.date.isoformat()} är inte första dagen. Noggrannheten är {self.precision.label}."
                )

    @staticmethod
    def _first_of(day: Day, precision: Precision) -> Day:
        match precision:
            case Precision.MONTH:
                return day.replace(day=1)
            case Precision.TERM:
                return Term.of(day).start
            case Precision.YEAR:
                return day.replace(month=1, day=1)
        return day

    @classmethod
    def day(cls, day: Day, text: str = "") -> "ImpreciseDate":
        return cls(day, Precision.DAY, text)

    @classmethod
    def month(cls, year: int, month: int, text: str = "") -> "ImpreciseDate":
        return cls(_month(year, month), Precision.MONTH, text)

    @classmethod
    def term(cls, term: Term, text: str = "") -> "ImpreciseDate":
        return cls(term.start, Precision.TERM, text)

    @classmethod
    def year(cls, year: int, text: str = "") -> "ImpreciseDate":
        return cls(_month(year, 1), Precision.YEAR, text)

    @classmethod
    def unknown(cls, text: str = "") -> "ImpreciseDate":
        return cls(None, Precision.UNKNOWN, text)

    @classmethod
    def of(cls, value: "ImpreciseDate | Term | Day | str | None") -> "ImpreciseDate":
        """Any value that says when, as an imprecise date: a day, a term, words, or None for unknown."""
        if isinstance(value, ImpreciseDate):
            return value
        if value is None:
            return cls.unknown()
        if isinstance(value, Term):
            return cls.term(value)
        if isinstance(value, datetime):
            return cls.day(value.astimezone(STOCKHOLM).date() if value.tzinfo else value.date())
        if isinstance(value, Day):
            return cls.day(value)
        return cls.parse(value)

    @classmethod
    def parse(cls, words: str, text: str = "") -> "ImpreciseDate":
        """Read a day, month, term or year in ISO or Swedish form; nothing, or "okänt", is unknown.

        ``text`` is kept as the source's own words.
        """
        words = " ".join(words.split())
        if words.lower() in _UNKNOWN:
            return cls.unknown(text)
        if match := _ISO_DAY.fullmatch(words):
            return cls.day(_day(int(match[1]), int(match[2]), int(match[3])), text)
        if match := _ISO_MONTH.fullmatch(words):
            return cls.month(int(match[1]), int(match[2]), text)
        if match := _SLASHED_DAY.fullmatch(words):
            return cls.day(_day(int(match[3]), int(match[2]), int(match[1])), text)
        if match := _DAY_IN_WORDS.fullmatch(words):
            return cls.day(_day(int(match[3]), _month_number(match[2]), int(match[1])), text)
        if _TERM.fullmatch(words):
            return cls.term(Term.parse(words), text)
        if match := _YEAR.fullmatch(words):
            return cls.year(int(match[1]), text)
        if match := _MONTH_IN_WORDS.fullmatch(words):
            if match[1].lower() in ("våren", "hösten"):
                raise ValueError(
                    f"”{words}” kan betyda flera saker. Menade du {match[1][0].lower()}t {match[2]}?"
                )
            return cls.month(int(match[2]), _month_number(match[1]), text)
        if _DAY_WITHOUT_YEAR.fullmatch(words):
            raise ValueError(f"Året saknas. Menade du {words} {today().year}?")
        raise ValueError(f"”{words}” går inte att läsa som ett datum. {_DATE_EXAMPLES}")

    @property
    def is_known(self) -> bool:
        return self.date is not None

    @property
    def first(self) -> Day | None:
        """The earliest day it can have been; None when unknown."""
        return self.date

    @property
    def last(self) -> Day | None:
        """The latest day it can have been; None when unknown."""
        if self.date is None:
            return None
        match self.precision:
            case Precision.MONTH:
                return self.date.replace(day=calendar.monthrange(self.date.year, self.date.month)[1])
            case Precision.TERM:
                return Term.of(self.date).end
            case Precision.YEAR:
                return self.date.replace(month=12, day=31)
        return self.date

    @property
    def terms(self) -> tuple[Term, Term] | None:
        """The first and last term it can lie in (often the same); None when unknown."""
        return (Term.of(self.first), Term.of(self.last)) if self.is_known else None

    @property
    def code(self) -> str:
        """ "2018-04-23", "2018-05", "HT2018", "2018" or nothing: ``parse(code)`` gives the date back."""
        match self.precision:
            case Precision.DAY:
                return self.date.isoformat()
            case Precision.MONTH:
                return f"{self.date:%Y-%m}"
            case Precision.TERM:
                return Term.of(self.date).code
            case Precision.YEAR:
                return str(self.date.year)
        return ""

    @property
    def sort_key(self) -> tuple:
        """For ``sorted``: by first day, the more exact before the less, the unknown last."""
        if self.date is None:
            return (1, Day.max, Day.max, self.text)
        return (0, self.first, self.last, self.text)

    def with_text(self, text: str) -> "ImpreciseDate":
        """The same date with other words of the source."""
        return ImpreciseDate(self.date, self.precision, text)

    def contains(self, day: Day) -> bool:
        """Whether it can have been this day; an unknown date contains no day."""
        return self.is_known and self.first <= day <= self.last

    def could_be_before(self, day: Day) -> bool:
        """Whether it can have been before ``day``; an unknown date can."""
        return not self.is_known or self.first < day

    def is_before(self, day: Day) -> bool:
        """Whether it must have been before ``day``; of an unknown date nothing is sure."""
        return self.is_known and self.last < day

    def overlaps(self, first: Day | None, last: Day | None) -> bool:
        """Whether it can have been in the period; None is an open end, an unknown date is in no period."""
        return (
            self.is_known and (last is None or self.first <= last) and (first is None or first <= self.last)
        )

    def deconstruct(self) -> tuple[str, tuple, dict]:
        """How a migration writes the value down."""
        return "sbs_portal.time.ImpreciseDate", (self.date, str(self.precision), self.text), {}

    def __str__(self) -> str:
        match self.precision:
            case Precision.DAY:
                return f"{self.date.day} {MONTHS[self.date.month - 1]} {self.date.year}"
            case Precision.MONTH:
                return f"{MONTHS[self.date.month - 1]} {self.date.year}"
            case Precision.TERM:
                return Term.of(self.date).long
            case Precision.YEAR:
                return str(self.date.year)
        return f"okänt datum ({self.text})" if self.text else "okänt datum"


def days_between(first: Day, last: Day) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
