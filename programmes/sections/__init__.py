"""The sections of a participation's page, and the places it fills on the pages of huvudmän and units.

Each loader returns what its template shows. ``count`` stands beside the title, ``index_count`` in the side
index. Apps above register sections of their own on the same page ("participation"), facts of the page's head
("participation_head": ``value``, ``meta``, ``url``) and its primary button ("participation_action").
"""

from programmes.models import AssignmentRole, Phase
from programmes.sections import head, parts, register_pages, sources, steps, summary
from sbs_portal.web.sections import register_section

PAGE, HEAD, ACTION = "participation", "participation_head", "participation_action"


def register() -> None:
    """Called once, when the apps are ready."""
    for name, title, order, loader in (
        ("termin", "Termin", 20, head.term_fact),
        ("processledare", "Processledare", 30, head.people_fact(AssignmentRole.PROCESS_LEADER)),
        ("samordnare", "Samordnare", 40, head.people_fact(AssignmentRole.COORDINATOR)),
        ("kontaktperson", "Kontaktperson", 50, head.people_fact(AssignmentRole.CONTACT)),
        ("kant", "Känt till och med", 60, head.known_fact),
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
        ("starttermin", 1, head.enter_start),
        ("status", 80, head.change_status),
        ("andra", 90, head.change),
    ):
        register_section(
            page=ACTION, name=name, title="", order=order, loader=loader, template="programmes/_action.html"
        )
    for name, title, order, loader in (
        ("granskning", "Granskning", 1, steps.registration),
        ("motsagelser", "Uppgifterna går inte ihop", 5, sources.contradictions),
        ("laget", "Läget i korthet", 10, summary.in_short),
        ("enheter", "Enheter", 20, parts.units),
        ("fokus", "Fokusområden", 25, parts.focus),
        ("stod", "Stöd från lärosäten", 60, parts.supports),
        ("nulagesanalys", "Nulägesanalys", 70, parts.phase_section(Phase.ANALYSIS)),
        ("atgardsplan", "Åtgärdsplan", 80, parts.phase_section(Phase.PLAN)),
        ("personer", "Personer och roller", 110, parts.people),
        ("overenskommelser", "Överenskommelser och dokument", 120, parts.agreements),
        ("uppgifter", "Uppgifter från källor", 130, sources.statements),
        ("statusandringar", "Statusändringar", 145, steps.status_changes),
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
    for page, loader in (("huvudman", register_pages.of_huvudman), ("unit", register_pages.of_unit)):
        register_section(
            page=page,
            name="deltaganden",
            title="Deltaganden",
            order=20,
            loader=loader,
            template="programmes/sections/deltaganden.html",
        )
