"""The head of a participation's page: its facts, the line under the name, and what can be done."""

from django.urls import reverse

from programmes import claims, words
from programmes.models import AssignmentRole
from programmes.overview import Overview, is_uncertain, overview_of
from programmes.terms import PositionKind
from sbs_portal.rights import Action
from sbs_portal.web.words import long_date


def people_fact(role: str):
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


def term_fact(request, participation):
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


def known_fact(request, participation):
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


def _may_change(request, participation) -> bool:
    return request.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)


def _change_address(request, participation) -> str:
    """Where its facts are changed, "" for who may not; an entry that waits has its own section."""
    if not participation.is_approved or not _may_change(request, participation):
        return ""
    return reverse("participation_change", args=[participation.uuid])


def enter_start(request, participation):
    url = _change_address(request, participation)
    return {"url": url, "label": "Ange starttermin"} if url and participation.start_term is None else None


def change(request, participation):
    url = _change_address(request, participation)
    return {"url": url, "label": "Ändra deltagandet"} if url and participation.start_term else None


def change_status(request, participation):
    over = participation.is_over or not participation.is_approved
    if over or not _may_change(request, participation):
        return None
    return {"url": reverse("participation_status", args=[participation.uuid]), "label": "Ändra status"}
