"""How a participation is told in words and badges: one place, for list, page, sections and API.

Where nothing is known after a certain day, what is said is what was true then, and it says so: a
participation nobody has written of since 2018 is not "pågår" today.
"""

from datetime import date

from django.utils.text import capfirst

from programmes.models import Participation, ParticipationPhase, ParticipationStatus, Phase, Registration
from programmes.terms import PositionKind, TermPosition
from sbs_portal.time import MONTHS, ImpreciseDate, Precision, Term

_S = ParticipationStatus
BEFORE_START = (_S.SELECTED, _S.OFFERED, _S.ACCEPTED)
UNDER_WAY = (_S.ACTIVE, _S.PAUSED)
BADGE_KINDS = {_S.DISCONTINUED: "no"}
REGISTRATION_BADGES = {
    Registration.WAITING: ("submitted", "Väntar på samordnare"),
    Registration.RETURNED: ("returned", "Tillbaka till förvaltningen"),
    Registration.WITHDRAWN: ("cancelled", "Tillbakadraget"),
}
PHASES = {phase: number for number, phase in enumerate(Phase.values)}
PAST = {_S.ACTIVE: "Pågick", _S.PAUSED: "Var pausat"}


def known_day(participation: Participation, day: date, status: str | None = None) -> date:
    """The last day, not after ``day``, of which anything is known: what is completed stays so to this day."""
    if (status or participation.status) == _S.COMPLETED:
        return day
    return min(day, participation.known_through or day)


def is_cut_short(participation: Participation, day: date, status: str | None = None) -> bool:
    """Whether it was under way when the portal last knew, and nothing is known of the time since."""
    return (status or participation.status) in UNDER_WAY and known_day(participation, day, status) < day


def month_year(day: date) -> str:
    """ "april 2018"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def status_badge(participation: Participation, day: date, status: str | None = None) -> tuple[str, str]:
    """The badge's kind and its words: ("active", "Pågår"), or ("neutral", "Pågick i april 2018").

    What a coordinator has not approved says so instead: its status is what the huvudman states.
    """
    if participation.registration in REGISTRATION_BADGES:
        return REGISTRATION_BADGES[participation.registration]
    status = ParticipationStatus(status or participation.status)
    if is_cut_short(participation, day, status):
        return "neutral", f"{PAST[status]} i {month_year(participation.known_through)}"
    return BADGE_KINDS.get(status, status.value), capfirst(status.label)


def position_on(participation: Participation, day: date) -> TermPosition:
    """The term on the last known day: what a list, a page and the API say."""
    return participation.term_number(known_day(participation, day))


def term_words(participation: Participation, day: date) -> str:
    """The term in a cell: "2 av 6", "5 eller 6 av 6", "börjar ht 2027", "starttermin okänd"."""
    position = position_on(participation, day)
    match position.kind:
        case PositionKind.UNKNOWN:
            return "ej bestämd" if participation.status in BEFORE_START else "starttermin okänd"
        case PositionKind.NOT_STARTED:
            return f"börjar {position.start.short}"
    return position.short


def term_sentence(position: TermPosition) -> str:
    """ "Termin 2 av 6, höstterminen 2018.", or the position's own sentence."""
    if position.kind is PositionKind.TERM:
        return f"{position.sentence.rstrip('.')}, {position.on.long}."
    return position.sentence


def happened_by(when: ImpreciseDate, day: date) -> bool:
    """Whether it had happened, or begun to be possible, by the day."""
    return when.is_known and when.first <= day


def current_phase(phases, day: date) -> ParticipationPhase | None:
    """The phase under way on the day; the last of them in the programme's order where there are several."""
    under_way = [row for row in phases if row.is_under_way(day)]
    return max(under_way, key=lambda row: PHASES[row.phase], default=None)


def since_words(when: ImpreciseDate, *, unknown: str = "uppgift saknas") -> str:
    """From when, in a cell: the term ("ht 2018"), or the year where no more is known."""
    if not when.is_known:
        return f"”{when.text}”" if when.text else unknown
    if when.precision is Precision.YEAR:
        return str(when)
    return Term.of(when.first).short


def period_words(first: ImpreciseDate, last: ImpreciseDate, *, unknown: str = "inte bestämt") -> str:
    """ "vt 2026–vt 2027", "från ht 2018", "till vt 2020", or ``unknown``."""
    start, end = (since_words(when) if when.is_known else "" for when in (first, last))
    if start and end:
        return start if start == end else f"{start}–{end}"
    if start:
        return f"från {start}"
    return f"till {end}" if end else unknown


def dates_words(first: ImpreciseDate, last: ImpreciseDate) -> str:
    """ "15 januari 2018 till maj 2018", "från vt 2018", "till 2019", or "" where nothing is known."""
    start, end = (str(when) if when.is_known else "" for when in (first, last))
    if start and end:
        return f"{start} till {end}"
    if start:
        return f"från {start}"
    return f"till {end}" if end else ""


def listed(words: list[str]) -> str:
    """ "a", "a och b", "a, b och c"."""
    return " och ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
