"""What the term strip shows of a participation: this app's own, and what apps above add.

An app above registers a source in its ``AppConfig.ready()``. A source is asked with the overview, and
answers with fields of ``StripData``: tuples are added to what is there, texts replace.
"""

from collections.abc import Callable
from datetime import date, timedelta

from programmes import claims, strip
from programmes.models import Participation
from programmes.overview import Overview
from programmes.terms import terms_of
from programmes.words import happened_by
from sbs_portal.time import ImpreciseDate, SchoolYear, Term

Source = Callable[[Overview], dict]
MERGED = ("meetings", "gaps", "seminars", "reports", "claims", "readings", "calendar_missing", "breaks")

_sources: list[Source] = []


def register_strip_source(source: Source) -> None:
    """Add a source; the same one twice counts once."""
    if source not in _sources:
        _sources.append(source)


def strip_data(overview: Overview) -> strip.StripData:
    """Everything the strip of a page shows."""
    participation, day = overview.participation, overview.day
    fields = {
        "today": day,
        "known_through": participation.known_through,
        "terms": terms(participation, day),
        "phases": tuple(_phase(row, day) for row in overview.own_phases),
        "units": tuple(_unit(part, overview) for part in overview.parts),
    }
    if fields["terms"]:
        first, last = fields["terms"][0].term, fields["terms"][-1].term
        fields |= _calendar(overview, first, last)
    else:
        fields |= {"claims": claims.claims(overview), "readings": tuple(claims.readings(overview))}
    for source in _sources:
        fields = _merged(fields, source(overview))
    return strip.StripData(**fields)


def small_strip(participation: Participation, day: date) -> strip.Small:
    """The small strip of a participation: its terms and where the last known day lies; no query of its own."""
    data = strip.StripData(
        today=day, terms=terms(participation, day), known_through=participation.known_through
    )
    return strip.build_small(data)


def terms(participation: Participation, day: date) -> tuple[strip.StripTerm, ...]:
    """The programme's terms as columns; none where the start term is unknown."""
    if participation.start_term is None:
        return ()
    decisions = [
        f"beslut {ImpreciseDate.day(extension.decided_on)}"
        for extension in sorted(participation.term_extensions.all(), key=lambda row: row.decided_on)
        for _ in range(extension.terms)
    ]
    return tuple(
        strip.StripTerm(
            entry.term,
            entry.number,
            paused=entry.paused,
            extension=entry.extension,
            decision=decisions[entry.number - participation.total_terms - 1]
            if entry.extension and entry.number
            else "",
        )
        for entry in terms_of(**participation.clock(), through=Term.of(day))
    )


def _merged(fields: dict, added: dict) -> dict:
    fields = dict(fields)
    if any(claim.marked for claim in added.get("claims", ())):
        # Their event is the one that crosses the readings: the statement about it would say the same twice.
        fields["claims"] = tuple(claim for claim in fields.get("claims", ()) if not claim.marked)
    for name, value in added.items():
        fields[name] = (*fields.get(name, ()), *value) if name in MERGED else value
    if added.get("claims"):
        order = {"period": 0, "event": 1, "publication": 2}
        fields["claims"] = tuple(sorted(fields["claims"], key=lambda claim: order[claim.kind]))
    return fields


def _phase(row, day: date) -> strip.Phase:
    def by(when: ImpreciseDate) -> ImpreciseDate | None:
        return when if happened_by(when, day) else None

    return strip.Phase(
        name=row.get_phase_display(),
        planned_first=_known(row.planned_start),
        planned_last=_known(row.planned_end),
        actual_first=by(row.actual_start),
        actual_last=by(row.actual_end),
        url="#enheter",
    )


def _known(when: ImpreciseDate) -> ImpreciseDate | None:
    return when if when.is_known else None


def _unit(part, overview: Overview) -> strip.Unit:
    start = overview.participation.start_term
    joined = part.joined
    if not joined.is_known and start is not None:
        # Nobody has said that it came later, so the line begins where the participation does.
        joined = ImpreciseDate.day(start.start)
    return strip.Unit(
        name=str(part.unit),
        joined=joined,
        left=_known(part.left),
        url=part.unit.get_absolute_url(),
        rektor_changes=tuple(
            strip.RektorChange(role.valid_from, url="#enheter") for role in overview.rektor_changes(part)
        ),
    )


def _calendar(overview: Overview, first: Term, last: Term) -> dict:
    """Lov over the terms, and the läsår whose lov nobody has entered."""
    breaks = overview.calendars.breaks(first.start, last.end)
    missing = []
    year = SchoolYear.of(first.start)
    while year.start <= last.end:
        if year not in overview.calendars.entered:
            missing.append(
                strip.CalendarMissing(
                    f"läsårstiderna {year.code} är inte inlagda än",
                    max(year.start, first.start),
                    min(year.end, last.end),
                )
            )
        year += 1
    return {
        "breaks": tuple(strip.Break(lov.name, lov.first, lov.last) for lov in breaks),
        "calendar_missing": _joined(missing),
    }


def _joined(missing: list[strip.CalendarMissing]) -> tuple[strip.CalendarMissing, ...]:
    """Years in a row as one period, so that the drawing says it once."""
    out: list[strip.CalendarMissing] = []
    for one in missing:
        if out and one.first - out[-1].last == timedelta(days=1):
            out[-1] = strip.CalendarMissing("läsårstiderna är inte inlagda än", out[-1].first, one.last)
        else:
            out.append(one)
    return tuple(out)
