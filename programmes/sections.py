"""The sections of a participation's page, and the places it fills on the pages of huvudmän and units.

Each loader returns what its template shows. ``count`` stands beside the title, ``index_count`` in the side
index. Apps above register sections of their own on the same page ("participation"), facts of the page's head
("participation_head": ``value``, ``meta``, ``url``) and its primary button ("participation_action").
"""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from programmes import claims, strip_sources, words
from programmes.models import (
    Agreement,
    AssignmentRole,
    ParticipatingUnit,
    Participation,
    ParticipationFocus,
    ParticipationPhase,
    ParticipationStatus,
    Phase,
    Registration,
    RegistrationStep,
    Support,
)
from programmes.overview import Overview, is_uncertain, overview_of
from programmes.part_sections import writable_assignments, writing
from programmes.services.assignments import SET_BY_COORDINATORS
from programmes.terms import PositionKind, in_words
from sbs_portal.rights import Action
from sbs_portal.scope import Scope
from sbs_portal.time import today
from sbs_portal.web.sections import register_section
from sbs_portal.web.words import long_date

PAGE, HEAD, ACTION = "participation", "participation_head", "participation_action"
_S = ParticipationStatus
MISSING = "uppgift saknas"


# The head


def _people_fact(role: str):
    def load(request, participation):
        overview = overview_of(request, participation)
        if not overview.sees_people:
            return None
        found = overview.assigned(role)
        if not found and role == AssignmentRole.CONTACT:
            return None
        employers = list(dict.fromkeys(str(row.shown_employer) for row in found))
        before = participation.known_through or overview.status.is_over
        missing = "före portalen" if before else "ingen är angiven"
        return {"people": [row.person for row in found], "meta": ", ".join(employers) if found else missing}

    return load


def _term_fact(request, participation):
    """The numbers a term can have, where the start term is unknown: "3, 5 eller 6"."""
    overview = overview_of(request, participation)
    stated = claims.stated_terms(overview)
    if overview.has_start or not stated:
        return None
    numbers = sorted({stated[0].number, *overview.position_on(stated[0].on).numbers})
    written = [str(number) for number in numbers]
    value = " eller ".join(filter(None, [", ".join(written[:-1]), written[-1]]))
    when = stated[0].as_of
    return {"value": value, "meta": f"i {when}" if when.is_known else "", "url": "#motsagelser"}


def _known_fact(request, participation):
    overview = overview_of(request, participation)
    if not overview.is_cut_short:
        return None
    return {
        "value": long_date(participation.known_through),
        "meta": "inget därefter räknas som sent",
    }


def lede(overview: Overview) -> str:
    """The line under the huvudman's name: the programme and the term."""
    participation, position = overview.participation, overview.position
    parts = [f"{participation.programme}."]
    if position.kind is PositionKind.TERM or (overview.has_start and not overview.status.is_over):
        parts.append(words.term_sentence(position))
    elif is_uncertain(position) and overview.status in words.BEFORE_START:
        parts.append("Starttermin är inte bestämd.")
    elif is_uncertain(position):
        if overview.since.is_known or overview.since.text:
            since = f"”{overview.since.text}”" if overview.since.text else f"sedan {overview.since}"
            parts.append(f"Deltar {since}.")
        parts.append("Starttermin okänd.")
    return " ".join(parts)


# Sections


def _summary(request, participation):
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


def _contradictions(request, participation):
    overview = overview_of(request, participation)
    conflicts = [stated for stated in claims.stated_terms(overview) if stated.agreement.is_conflict]
    if not conflicts:
        return None
    first = conflicts[0]
    return {
        "conflicts": [
            (stated, claims.source_words(stated.statement.source, overview)) for stated in conflicts
        ],
        "no_start": "" if overview.has_start else claims.NO_START,
        "untouched": claims.UNTOUCHED,
        "when": str(first.as_of) if first.as_of.is_known else "då",
        "rows": claims.reading_rows(overview, first.on),
    }


def _statements(request, participation):
    overview = overview_of(request, participation)
    rows = [(statement, claims.source_words(statement.source, overview)) for statement in overview.statements]
    if not rows:
        return None
    confirmed = sum(1 for statement, _ in rows if statement.trust == "confirmed")
    agreeing = [
        stated.agreement for stated in claims.stated_terms(overview) if not stated.agreement.is_conflict
    ]
    return {
        "rows": rows,
        "agreeing": agreeing,
        "count": f"{len(rows)}, {in_words(confirmed) if confirmed else 'ingen'} bekräftad{'e' if confirmed > 1 else ''}",
        "index_count": len(rows),
    }


def _units(request, participation):
    overview = overview_of(request, participation)
    here = overview.units_here
    late = [row for row in here if _joined_late(row, participation)]
    count = None
    if here:
        count = str(len(here))
        if late:
            count += f", {in_words(len(late))} sedan {words.since_words(late[-1].part.joined)}"
    return {
        "rows": here,
        "others": [row for row in overview.units if not row.is_here],
        "sees_people": overview.sees_people,
        "empty_text": _units_empty(overview),
        "count": count,
        "index_count": len(here) or None,
        **writing(request, participation, "participating_unit", "Lägg till enhet", ParticipatingUnit),
    }


def _joined_late(row, participation) -> bool:
    start = participation.start_term
    return bool(start and row.part.joined.is_known and row.part.joined.first > start.end)


def _units_empty(overview: Overview) -> str:
    if overview.is_cut_short or overview.status.is_over:
        return "Uppgift saknas (före portalen). Här visas de enheter som var med, när de är inlagda."
    return "Här visas de skolor och förskolor som är med, när huvudmannen och Skolverket har valt dem."


def _focus(request, participation):
    focus = overview_of(request, participation).focus
    return {
        "rows": focus,
        "index_count": len(focus) or None,
        **writing(request, participation, "focus", "Lägg till fokusområde", ParticipationFocus),
    }


def _supports(request, participation):
    rows = overview_of(request, participation).supports
    by_status: dict[str, int] = {}
    for row in rows:
        by_status[row.get_status_display()] = by_status.get(row.get_status_display(), 0) + 1
    return {
        "rows": [(row, row.period_words or words.period_words(row.starts, row.ends)) for row in rows],
        "count": ", ".join(f"{number} {status}" for status, number in by_status.items()) or None,
        "index_count": len(rows) or None,
        **writing(request, participation, "support", "Lägg till stöd", Support),
    }


def _phase_section(phase: Phase):
    def load(request, participation):
        overview = overview_of(request, participation)
        found = [row for row in overview.phases if row.phase == phase]
        whose = {row.part.pk: row.name for row in overview.units}
        rows = [
            (whose.get(row.participating_unit_id, "Hela deltagandet"), *phase_state(row, overview))
            for row in sorted(found, key=lambda row: (row.participating_unit_id is not None, row.pk))
            if row.participating_unit_id is None or row.participating_unit_id in whose
        ]
        return {
            "rows": rows,
            "phase": phase.label,
            "is_past": overview.is_cut_short or overview.status.is_over,
        }

    return load


def phase_state(row: ParticipationPhase, overview: Overview) -> tuple[str, str, str]:
    """Where a phase stands on the last known day: the badge's kind and word, and since when."""
    day = overview.known_day
    if words.happened_by(row.actual_end, day):
        return "done", "Klar", str(row.actual_end)
    if words.happened_by(row.actual_start, day):
        if overview.is_cut_short:
            return "neutral", "Påbörjad", str(row.actual_start)
        return "active", "Pågår", f"sedan {row.actual_start}"
    if row.planned_start.is_known:
        return "new", "Planerad", words.period_words(row.planned_start, row.planned_end)
    return "neutral", capfirst(MISSING), ""


def _people(request, participation):
    overview = overview_of(request, participation)
    if not overview.sees_people:
        return None
    rows = overview.assignments
    people = len({row.person_id for row in rows})
    return {
        "rows": rows,
        "count": f"{people} {'person' if people == 1 else 'personer'}" if rows else None,
        "index_count": people or None,
        "set_by_coordinators": SET_BY_COORDINATORS,
        **writable_assignments(request, participation),
    }


def _agreements(request, participation):
    rows = overview_of(request, participation).agreements
    return {
        "rows": rows,
        "index_count": len(rows) or None,
        **writing(request, participation, "agreement", "Lägg till", Agreement),
    }


def _status_changes(request, participation):
    overview = overview_of(request, participation)
    steps = [
        (step, who_changed(step.by, request.scope, participation.huvudman_id))
        for step in reversed(overview.status_changes)
    ]
    return {
        "rows": steps,
        "entry": _entry_steps(request, participation) if participation.is_approved else [],
        "count": f"{len(steps)} {'ändring' if len(steps) == 1 else 'ändringar'} av status",
    }


def _entry_steps(request, participation) -> list[tuple[RegistrationStep, str]]:
    return [
        (step, who_changed(step.by, request.scope, participation.huvudman_id))
        for step in reversed(overview_of(request, participation).registration_steps)
    ]


def _registration(request, participation):
    """What waits for whom, while a coordinator has not approved a huvudman's own entry."""
    if participation.is_approved:
        return None
    scope, huvudman_id = request.scope, participation.huvudman_id
    waits = participation.registration == Registration.WAITING
    may_decide = waits and scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=huvudman_id)
    return {
        "waits": waits,
        "stated": ParticipationStatus(participation.status).label,
        "entry": _entry_steps(request, participation),
        "may_decide": may_decide,
        "may_change": scope.may(Action.PARTICIPATION_REGISTER, huvudman_id=huvudman_id),
    }


def who_changed(user, scope: Scope, huvudman_id: int) -> str:
    """Who took a step, as far as the reader may know; a protected person is masked.

    The person behind a user is only known inside the reader's scope. Outside it nobody is named, since it
    cannot be told here whether the name is protected.
    """
    if user is None or not scope.may(Action.PEOPLE_READ, huvudman_id=huvudman_id):
        return ""
    person = getattr(user, "person", None)
    if person is not None:
        return person.shown_name
    return user.name if scope.national else ""


# On the pages of the register


def participation_rows(participations, day) -> list[dict]:
    """Participations as items of a list: what they are, where they stand, the small strip."""
    return [
        {
            "participation": participation,
            "badge": words.status_badge(participation, day),
            "term": capfirst(words.term_sentence(words.position_on(participation, day)))
            if participation.start_term
            else capfirst(words.term_words(participation, day)),
            "small": strip_sources.small_strip(participation, day),
        }
        for participation in participations
    ]


def _of_huvudman(request, huvudman):
    found = Participation.objects.visible_to(request.scope).in_use().filter(huvudman=huvudman).with_head()
    rows = participation_rows(found, today())
    return {"rows": rows, "index_count": len(rows) or None, "nothing": "Huvudmannen har inga deltaganden."}


def _of_unit(request, unit):
    mine = ParticipatingUnit.objects.visible_to(request.scope).filter(unit=unit)
    found = (
        Participation.objects.visible_to(request.scope)
        .in_use()
        .filter(pk__in=mine.values("participation_id"))
        .with_head()
    )
    rows = participation_rows(found, today())
    return {
        "rows": rows,
        "index_count": len(rows) or None,
        "nothing": "Enheten är inte med i något deltagande.",
    }


def _may_change(request, participation) -> bool:
    return request.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)


def _change_address(request, participation) -> str:
    """Where its facts are changed, "" for who may not; an entry that waits has its own section."""
    if not participation.is_approved or not _may_change(request, participation):
        return ""
    return reverse("participation_change", args=[participation.uuid])


def _enter_start(request, participation):
    url = _change_address(request, participation)
    return {"url": url, "label": "Ange starttermin"} if url and participation.start_term is None else None


def _change(request, participation):
    url = _change_address(request, participation)
    return {"url": url, "label": "Ändra deltagandet"} if url and participation.start_term else None


def _change_status(request, participation):
    over = participation.is_over or not participation.is_approved
    if over or not _may_change(request, participation):
        return None
    return {"url": reverse("participation_status", args=[participation.uuid]), "label": "Ändra status"}


def register() -> None:
    """Called once, when the apps are ready."""
    for name, title, order, loader in (
        ("termin", "Termin", 20, _term_fact),
        ("processledare", "Processledare", 30, _people_fact(AssignmentRole.PROCESS_LEADER)),
        ("samordnare", "Samordnare", 40, _people_fact(AssignmentRole.COORDINATOR)),
        ("kontaktperson", "Kontaktperson", 50, _people_fact(AssignmentRole.CONTACT)),
        ("kant", "Känt till och med", 60, _known_fact),
    ):
        register_section(
            page=HEAD,
            name=name,
            title=title,
            order=order,
            loader=loader,
            template="programmes/_head_fact.html",
        )
    for name, order, loader in (
        ("starttermin", 1, _enter_start),
        ("status", 80, _change_status),
        ("andra", 90, _change),
    ):
        register_section(
            page=ACTION, name=name, title="", order=order, loader=loader, template="programmes/_action.html"
        )
    for name, title, order, loader in (
        ("granskning", "Granskning", 1, _registration),
        ("motsagelser", "Uppgifterna går inte ihop", 5, _contradictions),
        ("laget", "Läget i korthet", 10, _summary),
        ("enheter", "Enheter", 20, _units),
        ("fokus", "Fokusområden", 25, _focus),
        ("stod", "Stöd från lärosäten", 60, _supports),
        ("nulagesanalys", "Nulägesanalys", 70, _phase_section(Phase.ANALYSIS)),
        ("atgardsplan", "Åtgärdsplan", 80, _phase_section(Phase.PLAN)),
        ("personer", "Personer och roller", 110, _people),
        ("overenskommelser", "Överenskommelser och dokument", 120, _agreements),
        ("uppgifter", "Uppgifter från källor", 130, _statements),
        ("statusandringar", "Statusändringar", 145, _status_changes),
    ):
        template = name if name not in ("nulagesanalys", "atgardsplan") else "fas"
        register_section(
            page=PAGE,
            name=name,
            title=title,
            order=order,
            loader=loader,
            template=f"programmes/sections/{template}.html",
        )
    for page, loader in (("huvudman", _of_huvudman), ("unit", _of_unit)):
        register_section(
            page=page,
            name="deltaganden",
            title="Deltaganden",
            order=20,
            loader=loader,
            template="programmes/sections/deltaganden.html",
        )
