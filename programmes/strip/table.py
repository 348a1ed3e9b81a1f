"""The same facts as the drawing, and those it has no room for, as rows of a table."""

from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString

from programmes.strip import words
from programmes.strip.data import StripData
from programmes.strip.unknown import axis, claim_when, reading_terms
from sbs_portal.time import ImpreciseDate


@dataclass(frozen=True)
class Line:
    what: str
    when: str
    state: str = ""
    url: str = ""

    @property
    def html(self) -> str:
        what = escape(self.what)
        what = f'<a href="{escape(self.url)}">{what}</a>' if self.url else what
        return (
            f'<tr><th scope="row">{what}</th><td>{escape(self.when)}</td><td>{escape(self.state)}</td></tr>'
        )


@dataclass
class Group:
    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def rows(self) -> SafeString:
        return SafeString("\n".join(line.html for line in self.lines))


def table(data: StripData) -> list[Group]:
    """Groups in the order of the drawing, each in order of time; groups without lines are left out."""
    groups = _unknown(data) if not data.terms else _known(data)
    return [group for group in groups if group.lines]


def _by_time(things):
    return sorted(things, key=lambda thing: ImpreciseDate.of(thing.when).sort_key)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _known(data: StripData) -> list[Group]:
    phases = Group("Faser")
    for phase in data.phases:
        state = words.actual(phase, data)
        late = words.delay(phase, data)
        state = ", ".join(part for part in (state, late, "" if phase.confirmed else "inte bekräftad") if part)
        when = words.planned(phase)
        phases.lines.append(
            Line(phase.name, f"planerad {when}" if when else "inte planerad", state, phase.url)
        )
    meetings = [
        Line(m.label, words.long(m.when), words.meeting_state(m), m.url) for m in _by_time(data.meetings)
    ]
    gaps = [
        Line("Uppehåll", words.span(g.first, g.last), words.gap_name(g).split(", ", 1)[1], g.url)
        for g in sorted(data.gaps, key=lambda g: g.first)
    ]
    holidays = [
        Line(b.name, words.span(b.first, b.last) if b.first < b.last else words.long(b.first))
        for b in sorted(data.breaks, key=lambda b: b.first)
    ]
    missing = [Line(_capital(m.label), words.span(m.first, m.last)) for m in data.calendar_missing]
    seminars = [
        Line(s.name or s.label, words.long(s.when), words.SEMINAR_STATE[s.status], s.url)
        for s in _by_time(data.seminars)
    ]
    reports = [
        Line(
            r.name or r.label,
            words.long(r.when),
            "godkänd" if r.approved else "ska lämnas in senast då",
            r.url,
        )
        for r in _by_time(data.reports)
    ]
    units = Group("Enheter")
    for unit in data.units:
        units.lines.append(Line(unit.name, words.unit_period(unit), "", unit.url))
        units.lines += [
            Line(f"{unit.name}: {change.label}", f"från {words.long(change.when)}", "", change.url)
            for change in _by_time(unit.rektor_changes)
        ]
    return [
        Group("Terminer", [_term_line(column, data) for column in data.terms]),
        phases,
        Group("Träffar", meetings),
        Group("Längre uppehåll än avtalat", gaps),
        Group("Lov", holidays + missing),
        Group("Seminarier", seminars),
        Group("Rapporter", reports),
        units,
    ]


def _term_line(column, data: StripData) -> Line:
    what = "Paus" if column.number is None else f"Termin {column.number}"
    states = []
    if column.paused:
        states.append("räknas inte")
    if column.extension:
        states.append(", ".join(part for part in ("förlängd", column.decision) if part))
    if column.term.start <= data.today <= column.term.end and not data.is_cut_short:
        states.append("pågår")
    if column.term.start > data.until and data.is_cut_short:
        states.append("inget känt")
    return Line(what, column.term.long, ", ".join(states), column.url)


def _unknown(data: StripData) -> list[Group]:
    claims = [
        Line(
            c.label,
            claim_when(c),
            ", ".join(part for part in (c.words, c.source, "ej bekräftat") if part),
            c.url,
        )
        for c in data.claims
    ]
    first, last = axis(data)
    readings = Group("Räknat från uppgifterna")
    for reading in data.readings:
        for number, term in reading_terms(reading, first, last):
            readings.lines.append(Line(reading.label, term.long, f"termin {number}"))
    known = Group("Känt", [Line("Känt till och med", words.long(data.until), "inget känt därefter")])
    return [Group("Det källan säger", claims), readings, known if data.is_cut_short else Group("Känt")]
