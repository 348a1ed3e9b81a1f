"""Where a participation stands, in two to four sentences made from the data."""

from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from programmes import words
from programmes.models import ParticipationStatus, Phase
from programmes.overview import Overview, is_uncertain, overview_of
from programmes.terms import PositionKind, in_words
from sbs_portal.web.words import long_date

_S = ParticipationStatus


def in_short(request, participation):
    overview = overview_of(request, participation)
    return {
        "sentences": summary(overview),
        "facts": [
            (label, value)
            for label, value in (
                ("Syfte", participation.aims),
                ("Urvalsgrund", participation.selection_basis),
                ("Beslut om att delta", str(participation.decided) if participation.decided.is_known else ""),
            )
            if value
        ],
    }


def summary(overview: Overview) -> list[str]:
    """Where it stands, in two to four sentences made from the data; numbers lead to their rows."""
    return [
        sentence
        for sentence in (
            _term_sentence(overview),
            _units_sentence(overview),
            _rektor_sentence(overview),
            _support_sentence(overview),
        )
        if sentence
    ]


def _term_sentence(overview: Overview) -> str:
    position, name = overview.position, overview.participation.huvudman.name
    match overview.status:
        case _S.SELECTED:
            return f"{name} är utvald och har inte fått något erbjudande än."
        case _S.OFFERED:
            return f"{name} är erbjuden att delta och har inte svarat än."
        case _S.DECLINED:
            return f"{name} har tackat nej till att delta."
        case _S.COMPLETED | _S.DISCONTINUED:
            over = "avslutat" if overview.status == _S.COMPLETED else "avbrutet"
            ended = position.phrase.removeprefix("avslutad") if position.kind is PositionKind.ENDED else ""
            return f"Deltagandet är {over}{ended}."
    if overview.is_cut_short:
        until = long_date(overview.known_day)
        where = (
            f"{name} var i {position.phrase}"
            if position.numbers and not is_uncertain(position)
            else f"{name} deltog"
        )
        total = f" av {position.total}" if position.kind is PositionKind.TERM else ""
        return f"{where}{total} den {until}. Vad som har hänt sedan dess är inte känt."
    match position.kind:
        case PositionKind.TERM:
            return f"{name} är i {position.phrase} av {position.total}, {position.on.long}."
        case PositionKind.NOT_STARTED:
            return f"{name} börjar {position.start.long}."
        case PositionKind.PAUSED:
            return f"{name} har paus {position.on.long}."
        case PositionKind.ENDED:
            return f"{name} har gått alla {position.total} terminer. Deltagandet är inte avslutat än."
    return f"{name} deltar. Starttermin saknas, så det går inte att säga säkert vilken termin det är."


def _units_sentence(overview: Overview) -> str:
    rows = overview.units_here
    if not rows:
        return ""
    counted = f"{in_words(len(rows))} {'enhet' if len(rows) == 1 else 'enheter'}"
    link = format_html('<a href="#enheter">{}</a>', capfirst(counted))
    named = [row for row in rows if row.phase is not None]
    verb = "var" if overview.is_cut_short or overview.status.is_over else "är"
    if not named:
        return format_html("{} {} med.", link, verb)
    by_phase: dict[str, int] = {}
    for row in sorted(named, key=lambda row: Phase.values.index(row.phase.phase), reverse=True):
        phase = row.phase.get_phase_display().lower()
        by_phase[phase] = by_phase.get(phase, 0) + 1
    if len(by_phase) == 1 and len(named) == len(rows):
        whole = "alla i " if len(rows) > 1 else "i "
        return format_html("{} {} med, {}{}.", link, verb, whole, next(iter(by_phase)))
    parts = [f"{in_words(number)} i {phase}" for phase, number in by_phase.items()]
    return format_html("{} {} med: {}.", link, verb, words.listed(parts))


def _rektor_sentence(overview: Overview) -> str:
    """Rektorer who came in the last year: what a new reader needs to know first."""
    found = [
        f"{row.name} har ny rektor sedan {long_date(change.valid_from)}"
        for row in overview.units_here
        for change in overview.rektor_changes(row.part)[-1:]
        if (overview.known_day - change.valid_from).days <= 365
    ]
    return f"{words.listed(found)}." if found else ""


def _support_sentence(overview: Overview) -> str:
    def named(status: str) -> str:
        return words.listed([str(row.provider) for row in overview.supports if row.status == status])

    giving, proposed = named("active"), named("proposed")
    verb = "gav" if overview.is_cut_short or overview.status.is_over else "ger"
    parts = []
    if giving:
        parts.append(format_html('<a href="#stod">{}</a> {} stöd.', giving, verb))
    if proposed:
        parts.append(format_html('<a href="#stod">{}</a> kan komma att ge stöd.', proposed))
    return format_html_join(" ", "{}", ((part,) for part in parts)) if parts else ""
