"""The list of participations as a table; apps above add columns of their own (the last meeting, say)."""

from collections.abc import Callable
from datetime import date

from django.utils.safestring import SafeString

from programmes import words
from programmes.models import ParticipationStatus
from programmes.terms import in_words
from sbs_portal.time import today
from sbs_portal.web.badges import badge
from sbs_portal.web.drawing import escaped
from sbs_portal.web.tables import Column, Table

_added: list[tuple[Column, Callable, int]] = []


def register_list_column(column: Column, *, annotate: Callable, place: int = 4) -> None:
    """Add a column before the one at ``place``. ``annotate(queryset, day)`` gives every row what it shows,
    in the list's own query or one more; a column of the same name is replaced."""
    _added[:] = [entry for entry in _added if entry[0].name != column.name]
    _added.append((column, annotate, place))


def annotated(queryset, day: date):
    """The list's rows with what the added columns show."""
    for _, annotate, _ in _added:
        queryset = annotate(queryset, day)
    return queryset


# A cell of a fact has a word before it, which is shown where the row is a card and the column has no head.


def _cohort(participation) -> tuple[str, str]:
    term = participation.cohort.start_term if participation.cohort_id else participation.start_term
    return "Omgång", term.short if term else "okänd"


def _term(participation) -> tuple[str, str]:
    said = words.term_words(participation, today())
    return "termin" if said[0].isdigit() else "", said


def _phase(participation) -> tuple[str, str]:
    day = words.known_day(participation, today())
    row = words.current_phase(
        (row for row in participation.phases.all() if not row.participating_unit_id), day
    )
    if row:
        return "", row.get_phase_display()
    return ("", "") if ParticipationStatus(participation.status).is_over else ("fas:", "uppgift saknas")


def _status(participation) -> tuple[str, str]:
    return words.status_badge(participation, today())


def draw_fact(row, value: tuple[str, str]) -> str:
    label, said = value
    if not label:
        return said
    return SafeString(f'<span class="phone-only">{escaped(label)} </span>{escaped(said)}')


def _draw_reasons(row, reasons) -> str:
    if not reasons:
        return ""
    items = (f'<li><a href="{escaped(one.url)}">{escaped(one.text)}</a></li>' for one in reasons)
    return SafeString(f'<ul class="reasons">{"".join(items)}</ul>')


COLUMNS = (
    Column(
        "huvudman",
        "Huvudman",
        accessor="huvudman.name",
        link="get_absolute_url",
        sort=("huvudman__sort_key",),
    ),
    Column(
        "omgang",
        "Omgång",
        accessor=_cohort,
        sort="start_term",
        draw=draw_fact,
        phone="fact",
        export=lambda row: _cohort(row)[1],
    ),
    Column(
        "termin", "Termin", accessor=_term, draw=draw_fact, phone="fact", export=lambda row: _term(row)[1]
    ),
    Column("fas", "Fas", accessor=_phase, draw=draw_fact, phone="fact", export=lambda row: _phase(row)[1]),
    Column(
        "status",
        "Status",
        accessor=_status,
        draw=lambda row, value: badge(*value),
        sort="status",
        phone="line",
        export=lambda row: _status(row)[1],
    ),
    Column(
        "late",
        "Det som är sent",
        accessor=lambda row: row.late_reasons,
        draw=_draw_reasons,
        phone="line",
        export=lambda row: " ".join(reason.text for reason in row.late_reasons),
    ),
    Column(
        "programme", "Program", accessor="programme.name", sort="programme__name", phone="fact", extra=True
    ),
    Column(
        "organisation_number",
        "Organisationsnummer",
        accessor="huvudman.shown_organisation_number",
        sort="huvudman__organisation_number",
        phone="hide",
        extra=True,
    ),
)


def participation_table() -> type[Table]:
    """The table's class, with the columns that have been added by now."""
    columns = list(COLUMNS)
    for column, _, place in _added:
        columns.insert(place, column)

    class ParticipationTable(Table):
        caption = "Deltaganden"
        default_sort = "huvudman"

        @staticmethod
        def tick_name(row) -> str:
            return f"{row.huvudman}, {_cohort(row)[1]}"

    ParticipationTable.columns = tuple(columns)
    return ParticipationTable


def count_words(count: int, cohorts: int, others: int = 0) -> str:
    """ "37 deltaganden i fem omgångar."; the cohorts are not counted where there are none.

    ``others`` are entered by huvudmän themselves and not approved: "37 deltaganden. 2 är inte godkända än."
    """
    said = "1 deltagande" if count == 1 else f"{count} deltaganden"
    if cohorts and count:
        said = f"{said} i {in_words(cohorts)} {'omgång' if cohorts == 1 else 'omgångar'}"
    if not others:
        return f"{said}."
    told = f"{others} är inte {'godkänt' if others == 1 else 'godkända'} än."
    return f"{said}. {told}" if count else told
