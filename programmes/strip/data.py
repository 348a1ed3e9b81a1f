"""What the term strip is drawn from: plain values, filled in by whoever knows the database.

Wherever a field is a ``When`` it takes a day or an ``ImpreciseDate``; an unknown date is not drawn but
stands in the table. An empty ``url`` gives a mark with a name and no link.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sbs_portal.time import ImpreciseDate, Term

When = date | ImpreciseDate
Status = Literal["held", "planned", "cancelled"]


@dataclass(frozen=True)
class StripTerm:
    """One column. A paused term has no number; an extension carries its decision in words."""

    term: Term
    number: int | None
    paused: bool = False
    extension: bool = False
    decision: str = ""
    url: str = ""


@dataclass(frozen=True)
class Phase:
    name: str
    planned_first: When | None = None
    planned_last: When | None = None
    actual_first: When | None = None
    actual_last: When | None = None
    url: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Meeting:
    when: When
    status: Status
    url: str = ""
    label: str = "Träff"


@dataclass(frozen=True)
class Gap:
    """A longer pause between meetings than was agreed; first and last are the days on either side."""

    first: date
    last: date
    school_weeks: int
    agreed: int
    url: str = ""


@dataclass(frozen=True)
class Break:
    """A school holiday, both days included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class CalendarMissing:
    """A period whose school calendar nobody has entered, in a sentence that says so."""

    label: str
    first: date
    last: date


@dataclass(frozen=True)
class Seminar:
    """``label`` is short, for the drawing; ``name`` is the whole name, for everything else."""

    when: When
    status: Status
    label: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Report:
    """``when`` is the day it was approved, or the day it is due."""

    when: When
    approved: bool
    label: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class RektorChange:
    when: When
    url: str = ""
    label: str = "ny rektor"


@dataclass(frozen=True)
class Unit:
    name: str
    joined: When
    left: When | None = None
    url: str = ""
    rektor_changes: tuple[RektorChange, ...] = ()


@dataclass(frozen=True)
class Claim:
    """What a source says happened, drawn when the start term is unknown.

    A period without ``last`` runs as far as anything is known. ``marked`` is the text of the one line
    that crosses the readings below ("Seminariet, okt 2022").
    """

    label: str
    kind: Literal["period", "event", "publication"]
    first: When
    last: When | None = None
    words: str = ""
    source: str = ""
    url: str = ""
    marked: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to understand the claims: the term that would be the first, and how many there are."""

    label: str
    start: Term
    length: int = 6


@dataclass(frozen=True)
class StripData:
    """Everything one strip shows. Without ``terms`` the start term is unknown and claims are drawn.

    ``meetings_url`` is the list of all the meetings, ending in a query that more can be added to.
    """

    today: date
    terms: tuple[StripTerm, ...] = ()
    known_through: date | None = None
    subtitle: str = ""
    meetings_url: str = ""
    phases: tuple[Phase, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    gaps: tuple[Gap, ...] = ()
    breaks: tuple[Break, ...] = ()
    calendar_missing: tuple[CalendarMissing, ...] = ()
    seminars: tuple[Seminar, ...] = ()
    reports: tuple[Report, ...] = ()
    units: tuple[Unit, ...] = ()
    claims: tuple[Claim, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def until(self) -> date:
        """The last day something can have happened on as far as the portal knows."""
        return min(self.today, self.known_through or self.today)

    @property
    def is_cut_short(self) -> bool:
        """Whether knowledge ends before today."""
        return self.until < self.today

    @property
    def numbered(self) -> int:
        """How many terms the programme has; a paused one is not counted."""
        return sum(1 for column in self.terms if column.number is not None)
