"""What sources say of a participation, beside the arithmetic: compared, drawn and told, never corrected."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from programmes.overview import Overview, stated_date
from programmes.strip import Claim, Reading
from programmes.strip.words import short
from programmes.terms import Agreement, compare, last_term
from sbs_portal.audit.models import Source, SourceKind, Statement, What
from sbs_portal.time import ImpreciseDate, Term

SECTION = "#uppgifter"
PUBLISHED = {SourceKind.NEWS: "Nyhet publicerad", SourceKind.WEB_PAGE: "Sida publicerad"}
NO_START = "Ingen källa säger när terminerna började räknas."
UNTOUCHED = "Portalen ändrar ingen av uppgifterna."


@dataclass(frozen=True)
class StatedTerm:
    """A stated term number: when it was said of, and how it stands to the arithmetic."""

    statement: Statement
    number: int
    on: date
    agreement: Agreement

    @property
    def as_of(self) -> ImpreciseDate:
        return self.statement.as_of


@dataclass(frozen=True)
class ReadingRow:
    """One way to understand what is said, as a line of a table."""

    label: str
    start: Term
    number: int
    last: Term | None


def who_says(source: Source, overview: Overview) -> str:
    """The source in a sentence: "kommunen" where it is the huvudman itself, else its publisher."""
    huvudman = overview.participation.huvudman
    if source.publisher == huvudman.name:
        return "kommunen" if huvudman.kind == "municipality" else "huvudmannen"
    return source.publisher or "källan"


def source_words(source: Source, overview: Overview) -> str:
    """The source in a mark of provenance: "kommunens nyhet 23 apr 2018", else "Utgivaren, nyhet 23 apr 2018"."""
    kind = source.get_kind_display()
    published = source.published
    when = f" {short(published)}" if published.is_known else ""
    own = source.publisher == overview.participation.huvudman.name
    if own:
        return f"{who_says(source, overview)}s {kind}{when}"
    return f"{source.publisher}, {kind}{when}" if source.publisher else f"{kind}{when}: {source.title}"


def stated_terms(overview: Overview) -> list[StatedTerm]:
    """Every stated term number with its verdict, reckoned for when it was said of."""
    found = []
    for statement in overview.statements:
        number = statement.value.get("number") if statement.what == What.TERM_NUMBER else None
        if not isinstance(number, int):
            continue
        published = statement.source.published
        on = statement.as_of.first or published.first or overview.known_day
        verdict = compare(
            number,
            overview.position_on(on),
            by=who_says(statement.source, overview),
            as_of=statement.as_of if statement.as_of.is_known else published,
        )
        found.append(StatedTerm(statement, number, on, verdict))
    return found


def possible_starts(overview: Overview) -> list[Term]:
    """The terms it can have begun in by what is known of its beginning; none where nothing is."""
    if overview.has_start:
        return [overview.participation.start_term]
    first_and_last = overview.since.terms
    return first_and_last[0].through(first_and_last[1]) if first_and_last else []


def readings(overview: Overview) -> list[Reading]:
    """Each way to count: from every possible start, and back from every stated number."""
    total = overview.participation.total_terms
    found = [Reading(f"Om starten var {term.short}", term, total) for term in possible_starts(overview)]
    for stated in stated_terms(overview):
        when = str(stated.as_of) if stated.as_of.is_known else "källans dag"
        start = Term.of(stated.on) - (stated.number - 1)
        found.append(Reading(f"Om {when} var termin {stated.number}", start, total))
    return found


def reading_rows(overview: Overview, on: date) -> list[ReadingRow]:
    """The readings as a table, in the sources' words: the start, the term on the day, the last term."""
    clock = {key: value for key, value in overview.participation.clock().items() if key != "start"}
    said = overview.since.text or f"sedan {overview.since}"
    found = [
        (f"Starttermin {term.short}" if overview.has_start else f"”{capfirst(said)}”, {term.long}", term)
        for term in possible_starts(overview)
    ]
    for stated in stated_terms(overview):
        when = f" i {stated.as_of}" if stated.as_of.is_known else ""
        found.append((f"”Termin {stated.number}”{when}", Term.of(stated.on) - (stated.number - 1)))
    return [
        ReadingRow(
            label=label,
            start=start,
            number=Term.of(on) - start + 1,
            last=last_term(start, **clock),
        )
        for label, start in found
    ]


def claims(overview: Overview) -> tuple[Claim, ...]:
    """What is drawn when the start term is unknown: the beginning, what happened, when it was published."""
    found = []
    since = overview.since
    if since.is_known:
        found.append(
            Claim(
                "Deltar i programmet",
                "period",
                since,
                words=_free_words(since),
                url=SECTION,
                source=_said(overview),
            )
        )
    for statement in overview.statements:
        claim = _event(statement, overview)
        if claim is not None:
            found.append(claim)
    sources = {statement.source_id: statement.source for statement in overview.statements}
    for source in sources.values():
        if source.published.is_known:
            label = PUBLISHED.get(source.kind, "Källa publicerad")
            found.append(Claim(label, "publication", source.published, url=SECTION))
    return tuple(found)


def _free_words(when: ImpreciseDate) -> str:
    return f"”{when.text}”" if when.text else ""


def _said(overview: Overview) -> str:
    """Who says when it began, "" where it is the participation's own fact."""
    for statement in overview.statements:
        if statement.what == What.SINCE:
            return who_says(statement.source, overview)
    return ""


def _event(statement: Statement, overview: Overview) -> Claim | None:
    when = statement.as_of
    if statement.what == What.EVENT:
        when = stated_date(statement) if "date" in statement.value else when
        label, marked = statement.text, ""
    elif statement.what == What.TERM_NUMBER and isinstance(statement.value.get("number"), int):
        label, marked = f"Termin {statement.value['number']} enligt källan", f"Källans termin, {when}"
    else:
        return None
    if not when.is_known:
        return None
    said = who_says(statement.source, overview)
    return Claim(label, "event", when, words=when.text, source=said, url=SECTION, marked=marked)
