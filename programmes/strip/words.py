"""The Swedish sentences of the strip: dates, names of marks and states."""

from collections.abc import Mapping
from datetime import date

from programmes.strip.data import Gap, Meeting, Phase, RektorChange, Report, Seminar, StripData, Unit, When
from sbs_portal.time import MONTHS, ImpreciseDate, Precision, Term

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
COUNTS = ("Noll", "En", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")
MEETING_STATE = {"held": "hållen", "planned": "planerad", "cancelled": "inställd"}
MEETING_COUNTS = {
    "held": ("hållen", "hållna"),
    "planned": ("planerad", "planerade"),
    "cancelled": ("inställd", "inställda"),
}
SEMINAR_STATE = {"held": "hållet", "planned": "planerat", "cancelled": "inställt"}


def day_month(day: date) -> str:
    """ "8 okt"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def short(when: When) -> str:
    """ "8 okt 2026", "okt 2026", "ht 2026" or "2026"."""
    when = ImpreciseDate.of(when)
    match when.precision:
        case Precision.DAY:
            return f"{day_month(when.date)} {when.date.year}"
        case Precision.MONTH:
            return f"{MONTHS[when.date.month - 1][:3]} {when.date.year}"
        case Precision.TERM:
            return Term.of(when.date).short
    return str(when)


def shorter(when: When) -> str:
    """As ``short``, without the year where the term above says it: "8 okt", "oktober", "ht 2026"."""
    when = ImpreciseDate.of(when)
    match when.precision:
        case Precision.DAY:
            return day_month(when.date)
        case Precision.MONTH:
            return MONTHS[when.date.month - 1]
    return short(when)


def long(when: When) -> str:
    """ "torsdag 8 oktober 2026", "oktober 2026", "höstterminen 2026", "någon gång 2020"."""
    when = ImpreciseDate.of(when)
    if when.precision is Precision.DAY:
        return f"{WEEKDAYS[when.date.weekday()]} {when}"
    if when.precision is Precision.YEAR:
        return f"någon gång {when}"
    return str(when)


def span(first: date, last: date) -> str:
    """ "5 feb till 23 apr 2026"; the year of the first day too when it is another."""
    start = day_month(first) if first.year == last.year else short(first)
    return f"{start} till {short(last)}"


def count(number: int) -> str:
    """The number as a word that can begin a sentence, in digits above twelve."""
    return COUNTS[number] if number < len(COUNTS) else str(number)


def today_tag(day: date, *, week: bool = True) -> str:
    """ "I dag, tis 3 nov, v 45"."""
    tag = f"I dag, {WEEKDAYS[day.weekday()][:3]} {day_month(day)}"
    return f"{tag}, v {day.isocalendar().week}" if week else tag


def delay(phase: Phase, data: StripData) -> str:
    """How much later than planned a phase is, "3 v efter plan", or nothing.

    A phase that is not over is late from the day it should have been over; after the day through which
    the participation is known nothing is late.
    """
    planned, actual = ImpreciseDate.of(phase.planned_last), ImpreciseDate.of(phase.actual_last)
    if not planned.is_known or not phase.confirmed:
        return ""
    end = actual.first if actual.is_known else data.until
    days = (end - planned.last).days
    if days <= 0:
        return ""
    if days < 7:
        return "1 dag efter plan" if days == 1 else f"{days} dagar efter plan"
    return f"{round(days / 7)} v efter plan"


def phase_note(phase: Phase, data: StripData) -> str:
    """What stands after the bar of a phase that ran past its plan."""
    late = delay(phase, data)
    if not late:
        return ""
    if ImpreciseDate.of(phase.actual_last).is_known:
        return f"klar {shorter(phase.actual_last)}, {late}"
    if ImpreciseDate.of(phase.actual_first).is_known:
        return f"pågår, {late}"
    return f"inte klar, {late}"


def planned(phase: Phase) -> str:
    first, last = ImpreciseDate.of(phase.planned_first), ImpreciseDate.of(phase.planned_last)
    if first.is_known and last.is_known:
        return f"{short(first)} till {short(last)}"
    if first.is_known:
        return f"från {short(first)}"
    return f"till {short(last)}" if last.is_known else ""


def actual(phase: Phase, data: StripData) -> str:
    first, last = ImpreciseDate.of(phase.actual_first), ImpreciseDate.of(phase.actual_last)
    started = f"påbörjad {short(first)}" if first.is_known else ""
    if last.is_known:
        return f"{started}, klar {short(last)}".lstrip(", ")
    if started:
        return started + (f", känd till {short(data.until)}" if data.is_cut_short else ", pågår")
    return "uppgift saknas" if data.is_cut_short else "inte påbörjad"


def phase_name(phase: Phase, data: StripData) -> str:
    sentences = [phase.name]
    if planned(phase):
        sentences.append(f"Planerad {planned(phase)}")
    happened = actual(phase, data)
    sentences.append(happened[0].upper() + happened[1:])
    late = delay(phase, data)
    if late:
        sentences.append(late[0].upper() + late[1:])
    if not phase.confirmed:
        sentences.append("Inte bekräftad")
    return ". ".join(sentences) + "."


def meeting_state(meeting: Meeting) -> str:
    state = MEETING_STATE[meeting.status]
    vague = ImpreciseDate.of(meeting.when).precision is not Precision.DAY
    return f"{state}, dagen är inte bestämd" if vague and meeting.status == "planned" else state


def meeting_name(meeting: Meeting) -> str:
    return f"{meeting.label} {long(meeting.when)}, {meeting_state(meeting)}"


def meeting_counts(by_status: Mapping[str, int]) -> str:
    """ "27 hållna, 2 inställda"."""
    said = []
    for status, (one, several) in MEETING_COUNTS.items():
        if number := by_status.get(status, 0):
            said.append(f"{number} {one if number == 1 else several}")
    return ", ".join(said)


def gap_name(gap: Gap) -> str:
    weeks = "1 skolvecka" if gap.school_weeks == 1 else f"{gap.school_weeks} skolveckor"
    return f"Uppehåll {span(gap.first, gap.last)}, {weeks}, avtalat {gap.agreed}"


def seminar_name(seminar: Seminar) -> str:
    return f"{seminar.name or seminar.label} {long(seminar.when)}, {SEMINAR_STATE[seminar.status]}"


def report_state(report: Report) -> str:
    if report.approved:
        return f"godkänd {ImpreciseDate.of(report.when)}"
    return f"ska lämnas in senast {ImpreciseDate.of(report.when)}"


def report_name(report: Report) -> str:
    return f"{report.name or report.label}, {report_state(report)}"


def unit_period(unit: Unit) -> str:
    period = f"med från {long(unit.joined)}"
    return f"{period} till {long(unit.left)}" if unit.left else period


def unit_name(unit: Unit) -> str:
    return f"{unit.name}, {unit_period(unit)}"


def rektor_name(unit: Unit, change: RektorChange) -> str:
    return f"{change.label[0].upper()}{change.label[1:]} på {unit.name} från {long(change.when)}"
