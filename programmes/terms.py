"""Which term of the programme it is: reckoned from a start, never taken from what somebody stated.

The answer is a value, an interval or unknown with its reason, and says so in a sentence. What a source
states stands beside it: ``compare`` tells whether the two agree and corrects neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sbs_portal.time import ImpreciseDate, Term

USUAL_TERMS = 6
_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def in_words(number: int) -> str:
    """A number as it stands in a sentence: in letters up to twelve ("en termin", "två terminer")."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def _terms_ago(*numbers: int) -> str:
    noun = "termin" if numbers[-1] == 1 else "terminer"
    # Letters and digits are not mixed in one sentence.
    written = in_words if numbers[-1] < len(_WORDS) else str
    return f"för {' eller '.join(written(number) for number in numbers)} {noun} sedan"


@dataclass(frozen=True)
class Pause:
    """A pause from ``first`` through ``last`` (None: until further notice).

    ``counts`` says whether the clock runs on: then the terms are counted although nothing is done.
    A ``last`` before ``first`` is a ``ValueError``.
    """

    first: Term
    last: Term | None
    counts: bool

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("Pausens sista termin ligger före den första.")

    def __contains__(self, term: Term) -> bool:
        return self.first <= term and (self.last is None or term <= self.last)


@dataclass(frozen=True)
class Extension:
    """Terms added beyond the programme's own, by a decision; at least one, else ``ValueError``."""

    terms: int
    decided_on: date | ImpreciseDate | None = None

    def __post_init__(self) -> None:
        if self.terms < 1:
            raise ValueError("En förlängning är på minst en termin.")


@dataclass(frozen=True)
class ProgrammeTerm:
    """One term of a participation; ``number`` is None where a pause stops the clock."""

    number: int | None
    term: Term
    paused: bool
    extension: bool


class PositionKind(StrEnum):
    """What can be said of where in the programme a day lies."""

    NOT_STARTED = "not_started"
    TERM = "term"
    PAUSED = "paused"
    INTERVAL = "interval"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TermPosition:
    """Where in the programme a term lies.

    ``number`` is set when it is one number: in a term, or in a pause through which the clock runs.
    ``total`` includes extensions. ``possibilities`` are the positions an interval may be, the lowest
    first; ``terms_since_end`` is at least 1 when ended.
    """

    kind: PositionKind
    on: Term
    total: int
    number: int | None = None
    start: Term | None = None
    since: ImpreciseDate | None = None
    terms_since_end: int | None = None
    in_extension: bool = False
    possibilities: tuple["TermPosition", ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The term numbers it can be, ascending; none before, after, unknown or with the clock stopped."""
        if self.kind is PositionKind.INTERVAL:
            return tuple(sorted({n for position in self.possibilities for n in position.numbers}))
        return () if self.number is None else (self.number,)

    @property
    def is_paused(self) -> bool:
        return self.kind is PositionKind.PAUSED

    @property
    def is_certain(self) -> bool:
        """Whether it is reckoned from a known start term."""
        return self.start is not None

    @property
    def reason(self) -> str:
        """Why there is no single number reckoned from a start term; empty when there is no need of one."""
        return "" if self.is_certain else "Starttermin saknas."

    @property
    def phrase(self) -> str:
        """The position without total, as part of a sentence: "termin 5 eller 6"."""
        match self.kind:
            case PositionKind.TERM:
                return f"termin {self.number}"
            case PositionKind.PAUSED:
                return "pausad" if self.number is None else f"termin {self.number}, pausad"
            case PositionKind.NOT_STARTED:
                return "inte börjat"
            case PositionKind.ENDED:
                return f"avslutad {_terms_ago(self.terms_since_end)}"
            case PositionKind.INTERVAL:
                return self._phrase_of_possibilities()
        return "okänd termin"

    def _phrase_of_possibilities(self) -> str:
        kinds = {position.kind for position in self.possibilities}
        if kinds == {PositionKind.TERM}:
            return f"termin {' eller '.join(str(number) for number in self.numbers)}"
        if kinds == {PositionKind.ENDED}:
            return f"avslutad {_terms_ago(*sorted({p.terms_since_end for p in self.possibilities}))}"
        return " eller ".join(dict.fromkeys(position.phrase for position in self.possibilities))

    @property
    def short(self) -> str:
        """For a narrow place: "2 av 6", "5 eller 6 av 6", or the phrase."""
        if self.numbers and not self.is_paused and all(p.numbers for p in self.possibilities):
            return f"{' eller '.join(str(number) for number in self.numbers)} av {self.total}"
        return self.phrase

    @property
    def reckoning(self) -> str:
        """What the number was counted from and what came out, as a sentence; empty when unknown."""
        if self.kind is PositionKind.UNKNOWN:
            return ""
        origin = self.start.long if self.start else str(self.since)
        return f"Räknat från {origin}: {self.phrase}."

    @property
    def sentence(self) -> str:
        """The position in one or two Swedish sentences."""
        match self.kind:
            case PositionKind.TERM:
                return (
                    f"Termin {self.number} av {self.total}{', i förlängningen' if self.in_extension else ''}."
                )
            case PositionKind.PAUSED if self.number is None:
                return f"Pausad {self.on.long}. Terminen räknas inte."
            case PositionKind.PAUSED:
                return (
                    f"Pausad {self.on.long}. Terminen räknas ändå, som termin {self.number} av {self.total}."
                )
            case PositionKind.NOT_STARTED:
                return f"Börjar {self.start.long}."
            case PositionKind.ENDED:
                return f"Avslutad {_terms_ago(self.terms_since_end)}."
            case PositionKind.INTERVAL:
                return f"{self.reason} {self.reckoning}"
        return "Starttermin saknas. Det går inte att räkna ut vilken termin det är."

    def __str__(self) -> str:
        return self.sentence


def _walk(
    start: Term, total: int, pauses: Sequence[Pause], extensions: Sequence[Extension]
) -> Iterator[ProgrammeTerm]:
    """The programme's terms in order; without end when a pause without end stops the clock."""
    if total < 1:
        raise ValueError("Ett program har minst en termin.")
    whole = total + sum(extension.terms for extension in extensions)
    counted, term = 0, start
    while counted < whole:
        met = [pause for pause in pauses if term in pause]
        stopped = any(not pause.counts for pause in met)
        counted += not stopped
        number = None if stopped else counted
        yield ProgrammeTerm(number, term, bool(met), counted > total or (stopped and counted == total))
        term += 1


def terms_of(
    start: Term,
    total: int = USUAL_TERMS,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    *,
    through: Term | None = None,
) -> list[ProgrammeTerm]:
    """Every term from the start to the last, paused ones included.

    A pause until further notice that stops the clock leaves no last term: the list then ends with
    ``through``, and at the earliest with the pause's first term.
    """
    endless = [pause.first for pause in pauses if pause.last is None and not pause.counts]
    stop = max([min(endless), start, *([through] if through else [])]) if endless else None
    terms: list[ProgrammeTerm] = []
    for entry in _walk(start, total, pauses, extensions):
        if stop is not None and entry.term > stop:
            break
        terms.append(entry)
    return terms


def last_term(
    start: Term,
    total: int = USUAL_TERMS,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Term | None:
    """The programme's last term; None while a pause without end stops the clock."""
    last = terms_of(start, total, pauses, extensions)[-1]
    whole = total + sum(extension.terms for extension in extensions)
    return last.term if last.number == whole else None


def term_number(
    on: date | Term,
    *,
    start: Term | None,
    total: int = USUAL_TERMS,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    since: ImpreciseDate | None = None,
) -> TermPosition:
    """Where in the programme a day (or term) lies, counted from the start term.

    Without a start term it is counted from ``since``, what is known of when it began: the answer is then
    an interval of what each possible start would give. With neither it is unknown.
    """
    on = on if isinstance(on, Term) else Term.of(on)
    if start is not None:
        return _from_start(on, start, total, pauses, extensions)
    whole = total + sum(extension.terms for extension in extensions)
    if since is None or not since.is_known:
        return TermPosition(PositionKind.UNKNOWN, on, whole, since=since)
    first, last = since.terms
    # The latest possible start gives the lowest number.
    possible = tuple(_from_start(on, term, total, pauses, extensions) for term in first.through(last)[::-1])
    return TermPosition(PositionKind.INTERVAL, on, whole, since=since, possibilities=possible)


def _from_start(
    on: Term, start: Term, total: int, pauses: Sequence[Pause], extensions: Sequence[Extension]
) -> TermPosition:
    whole = total + sum(extension.terms for extension in extensions)
    if on < start:
        return TermPosition(PositionKind.NOT_STARTED, on, whole, start=start)
    last = start
    for entry in _walk(start, total, pauses, extensions):
        if entry.term == on:
            return TermPosition(
                PositionKind.PAUSED if entry.paused else PositionKind.TERM,
                on,
                whole,
                number=entry.number,
                start=start,
                in_extension=entry.extension,
            )
        last = entry.term
    return TermPosition(PositionKind.ENDED, on, whole, start=start, terms_since_end=on - last)


class Verdict(StrEnum):
    """How a stated term number stands to the arithmetic."""

    AGREES = "agrees"
    POSSIBLE = "possible"
    CONFLICTS = "conflicts"
    UNKNOWN = "unknown"


_VERDICTS = {
    Verdict.AGREES: "Uppgifterna stämmer med varandra.",
    Verdict.POSSIBLE: "Uppgifterna kan stämma med varandra.",
    Verdict.CONFLICTS: "Uppgifterna går inte ihop.",
    Verdict.UNKNOWN: "Starttermin saknas, så det går inte att räkna efter.",
}


@dataclass(frozen=True)
class Agreement:
    """A stated term number beside the arithmetic: the verdict, and both in a sentence."""

    stated: int
    position: TermPosition
    verdict: Verdict
    sentence: str

    @property
    def is_conflict(self) -> bool:
        return self.verdict is Verdict.CONFLICTS

    def __str__(self) -> str:
        return self.sentence


def compare(
    stated: int, position: TermPosition, *, by: str = "källan", as_of: ImpreciseDate | None = None
) -> Agreement:
    """Whether the term number stated ``by`` a source (as in "enligt kommunen") agrees with the position.

    ``position`` is to be reckoned for when the statement was made, which ``as_of`` puts in the sentence.
    """
    when = f" ({as_of})" if as_of is not None and as_of.is_known else ""
    said = f"Termin {stated} enligt {by}{when}."
    if position.kind is PositionKind.UNKNOWN:
        verdict = Verdict.UNKNOWN
    elif stated not in position.numbers:
        verdict = Verdict.CONFLICTS
    elif len(position.possibilities) > 1:
        verdict = Verdict.POSSIBLE
    else:
        verdict = Verdict.AGREES
    parts = (said, position.reckoning, _VERDICTS[verdict])
    return Agreement(stated, position, verdict, " ".join(part for part in parts if part))
