"""The same participation, entered in each of the three faces.

Each takes what there is beforehand (the huvudman, its units and people, a programme and a provider) and nothing
that another face has made.
"""

import re
from datetime import date

from django.urls import reverse

from programmes.models import Participation
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import Term
from seminars.models import Meeting, MeetingSeries, Seminar
from tests.faces.pages import fill_in, page_of

# A Thursday with school.
DAY = date(2026, 4, 23)
FACTS = {
    "status": "active",
    "start_term": "HT2025",
    "decided": "maj 2025",
    "aims": "Alla elever når målen i läsning.\nSkillnaderna mellan skolorna minskar.",
    "selection_basis": "Skolinspektionens underlag",
}
EFFECTIVE = "augusti 2025"
SUPPORT = {
    "status": "agreed",
    "description": "Handledning i lässtrategier",
    "levels": ["administration", "unit"],
    "starts": "ht 2025",
    "ends": "vt 2027",
    "process_leader_count": 2,
}
SERIES = {
    "title": "Träff med processledaren",
    "interval_weeks": 3,
    "mode": "on_site",
    "place": "Rådhuset, sal Asken",
    "start_time": "13:00",
    "end_time": "15:30",
}
DECISION = "Skolorna läser samma bok i augusti."
ACTION = "Rita bokar biblioteket."
DUE = "2026-05-04"
SEMINAR = {
    "kind": "closing",
    "title": "Det vi tar med oss",
    "starts": "14 juni 2028",
    "place": "Folkets Hus",
    "purpose": "Dela det som höll.",
}
DELEGATION = {"head_count": 6, "roles": ["rektor", "teacher"]}
# How a person writes it.
WRITTEN = {"starts": "23 april 2026"}


class Given:
    """What there is before anyone enters anything."""

    def __init__(self, cast, programme, provider):
        self.cast, self.programme, self.provider = cast, programme, provider
        self.units = (cast.unit, cast.second_unit)
        self.rektor = cast.rektor_person

    def made(self, model):
        """The one row of the model that has been made in the programme."""
        paths = {
            Participation: "programme",
            MeetingSeries: "participation__programme",
            Seminar: "programme",
        }
        with bound(NATIONAL):
            return model.objects.get(**{paths[model]: self.programme})

    def first_meeting(self) -> Meeting:
        with bound(NATIONAL):
            return Meeting.objects.get(series__participation__programme=self.programme, number=1)


def _done(response, *, status: int = 200):
    """The answer, which is no refused form."""
    assert response.status_code == status, (response.status_code, wrong_on(response))
    assert not wrong_on(response), wrong_on(response)
    return response


def wrong_on(response) -> dict:
    """Field → messages of the forms of a page or an admin page."""
    context = response.context or {}
    found = {}
    if "form" in context and getattr(context["form"], "errors", None):
        found |= {name: list(said) for name, said in context["form"].errors.items()}
    if "adminform" in context:
        found |= {name: list(said) for name, said in context["adminform"].form.errors.items()}
        for formset in context["inline_admin_formsets"]:
            for errors in formset.formset.errors:
                found |= {name: list(said) for name, said in errors.items()}
            if formset.formset.non_form_errors():
                found["__all__"] = list(formset.formset.non_form_errors())
    return found


# In the browser: the förvaltning's editor, with a coordinator where the programme is Skolverket's


def in_the_browser(given: Given, client_for, api_for) -> None:
    editor, coordinator = client_for(given.cast.editor), client_for(given.cast.coordinator)
    register(given, editor)
    participation = given.made(Participation)
    _done(propose_support(given, editor, participation))
    _done(editor_series(given, editor, participation))
    write_minutes(given, editor)
    # The coordinator approves the entry, and invites to the seminar that is Skolverket's.
    page = coordinator.get(participation.get_absolute_url())
    approve = reverse("participation_approve", args=[participation.uuid])
    form = next(one for one in page_of(page).forms if one.action == approve)
    _done(coordinator.post(form.action, form.data, follow=True))
    typed = {**SEMINAR, "programme": given.programme.uuid, "participations": [participation.uuid]}
    _done(fill_in(coordinator, reverse("seminar_new"), typed, having="kind"))
    # The huvudman registers who comes.
    address = reverse("delegation_new", args=[given.made(Seminar).uuid])
    typed = {**DELEGATION, "huvudman": given.cast.huvudman.uuid}
    _done(fill_in(editor, address, typed, having="head_count"))


def register(given: Given, editor, **typed):
    """The editor's page for a new participation, as it is reached from the list."""
    start = editor.get(reverse("participation_new"))
    address = start.headers["Location"]
    facts = {**FACTS, "effective": EFFECTIVE, "programme": given.programme.uuid}
    units = {"units": [unit.uuid for unit in given.units]}
    return fill_in(editor, address, {**facts, **units, **typed}, having="programme")


def propose_support(given: Given, client, participation, **typed):
    address = reverse("support_add", args=[participation.uuid])
    assert address in client.get(participation.get_absolute_url()).content.decode()
    typed = {**SUPPORT, "provider": given.provider.uuid, **typed}
    return fill_in(client, address, typed, having="provider")


def editor_series(given: Given, editor, participation, **typed):
    facts = {"starts": DAY.isoformat(), "plan_through": (Term.of(DAY) + 1).end.isoformat()}
    address = f"{reverse('series_new')}?deltagande={participation.uuid}"
    return fill_in(editor, address, {**SERIES, **facts, "roles": ["rektor"], **typed}, having="starts")


def write_minutes(given: Given, client) -> None:
    """The first meeting: who was there, a decision and an action, and that it is done."""
    address = reverse("meeting_write", args=[given.first_meeting().uuid])
    present = re.search(r"narvaro-[0-9a-f-]{36}-status", client.get(address).content.decode())[0]
    typed = {present: "present", "ny-kind": "decision", "ny-text": DECISION, "gor": "lagg-till:ny"}
    _done(fill_in(client, address, typed, having=present))
    action = {"ny-kind": "action", "ny-text": ACTION, "ny-owner": given.rektor.uuid}
    typed = {**action, "ny-due": "day", "ny-due_on": DUE, "gor": "klar"}
    _done(fill_in(client, address, typed, having="ny-text"))


# In the admin: a coordinator


def in_the_admin(given: Given, client_for, api_for) -> None:
    client = client_for(given.cast.coordinator)
    facts = {name: value for name, value in FACTS.items() if name != "status"}
    whose = {"huvudman": given.cast.huvudman.pk, "programme": given.programme.pk}
    status = {"new_status": FACTS["status"], "effective": EFFECTIVE}
    address = reverse("admin:programmes_participation_add")
    _done(admin_form(client, address, {**whose, **facts, **status}, having="programme"))
    participation = given.made(Participation)
    parts = {
        **lines("units", [{"unit": unit.pk} for unit in given.units]),
        **lines("supports", [{**SUPPORT, "provider": given.provider.pk}]),
    }
    address = reverse("admin:programmes_participation_change", args=[participation.pk])
    _done(admin_form(client, address, parts, having="aims"))
    facts = {**SERIES, **WRITTEN, "participation": participation.pk}
    people = lines("attendees", [{"role": "rektor", "is_required": "on"}])
    address = reverse("admin:seminars_meetingseries_add")
    _done(admin_form(client, address, {**facts, **people}, having="interval_weeks"))
    # Minutes are written on the meeting's own page, which the admin links to.
    meeting = given.first_meeting()
    shown = client.get(reverse("admin:seminars_meeting_change", args=[meeting.pk])).content.decode()
    assert meeting.get_absolute_url() in shown
    write_minutes(given, client)
    facts = {**SEMINAR, "programme": given.programme.pk}
    _done(admin_form(client, reverse("admin:seminars_seminar_add"), facts, having="kind"))
    seminar = given.made(Seminar)
    link = {"huvudman": given.cast.huvudman.pk, "participation": participation.pk}
    address = reverse("admin:seminars_seminar_change", args=[seminar.pk])
    _done(admin_form(client, address, lines("huvudman_links", [link]), having="kind"))
    facts = {**DELEGATION, "seminar": seminar.pk, "huvudman": given.cast.huvudman.pk}
    _done(admin_form(client, reverse("admin:seminars_delegation_add"), facts, having="head_count"))


def lines(prefix: str, rows: list[dict], *, after: int = 0) -> dict:
    """New lines of an inline, after those there are."""
    sent = {f"{prefix}-TOTAL_FORMS": after + len(rows)}
    for number, row in enumerate(rows, start=after):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def admin_form(client, address: str, typed: dict, *, having: str):
    """As ``fill_in``, in the admin: new lines are made from the empty one its script copies."""
    opened = client.get(address)
    assert opened.status_code == 200, (address, opened.status_code)
    form = next(one for one in page_of(opened).forms if having in one.names)
    known = {re.sub(r"-(\d+|__prefix__)-", "-N-", name) for name in form.names}
    assert {re.sub(r"-\d+-", "-N-", name) for name in typed} <= known, sorted(known)
    sent = {name: values for name, values in form.data.items() if "__prefix__" not in name}
    sent |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return client.post(form.action, sent, follow=True)


# Through the API: an integration


def through_the_api(given: Given, client_for, api_for) -> None:
    call = Api(api_for(given.cast.integration, write=True))
    huvudman, units = str(given.cast.huvudman.uuid), [str(unit.uuid) for unit in given.units]
    participation = call.post(
        "participations",
        {**FACTS, "huvudman": huvudman, "programme": str(given.programme.uuid), "units": units}
        | {"effective": {"date": "2025-08", "precision": "month"}}
        | {"decided": {"date": "2025-05", "precision": "month"}},
    )["id"]
    call.post("supports", api_support(given, participation))
    series = call.post(
        "meeting-series", {**SERIES, "starts": DAY.isoformat(), "participation": participation}
    )
    call.post("meeting-series-attendees", {"series": series["id"], "role": "rektor", "is_required": True})
    meeting = next(one for one in call.get(f"meetings?series={series['id']}&limit=200") if one["number"] == 1)
    (line,) = call.get(f"attendances?meeting={meeting['id']}")
    call.patch(f"attendances/{line['id']}", {"status": "present"})
    call.post("outcomes", {"meeting": meeting["id"], "kind": "decision", "text": DECISION})
    call.post(
        "outcomes",
        {"meeting": meeting["id"], "kind": "action", "text": ACTION}
        | {"owner": str(given.rektor.uuid), "due_on": DUE},
    )
    call.post(f"meetings/{meeting['id']}/finish", {}, status=200)
    facts = {**SEMINAR, "starts": "2028-06-14", "programme": str(given.programme.uuid)}
    seminar = call.post("seminars", {**facts, "participations": [participation]})
    call.post("delegations", {**DELEGATION, "seminar": seminar["id"], "huvudman": huvudman})


def api_support(given: Given, participation: str, **sent) -> dict:
    provider = {"participation": participation, "provider": str(given.provider.uuid)}
    return {**SUPPORT, "starts": "HT2025", "ends": "VT2027", **provider, **sent}


class Api:
    """Calls that must succeed."""

    def __init__(self, client):
        self.client = client

    def get(self, path: str) -> list[dict]:
        return self.client.get(f"/api/v1/{path}").json()["data"]

    def post(self, path: str, body: dict, *, status: int = 201) -> dict:
        answer = self.client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def patch(self, path: str, body: dict) -> dict:
        answer = self.client.patch(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


FACES = {"browser": in_the_browser, "admin": in_the_admin, "api": through_the_api}
