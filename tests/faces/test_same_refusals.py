"""What is wrong is refused in the same words at the same field, in the browser, the admin and the API."""

import pytest
from django.urls import reverse

from programmes.models import ParticipatingUnit, Support
from programmes.services.participation import register_participation
from programmes.services.registration import approve_registration
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import frozen
from seminars.models import MeetingSeries
from tests.faces import entering
from tests.faces.entering import admin_form, lines, wrong_on
from tests.faces.pages import fill_in
from tests.factories import make_programme, make_provider

pytestmark = pytest.mark.django_db

STRANGERS = "Enheten drivs inte av huvudmannen."
OVERLAPPING = "Enheten är redan med under den tiden."


@pytest.fixture
def given(cast):
    with frozen(entering.DAY):
        programme = make_programme("nyanlanda", "Riktade insatser för nyanlända")
        yield entering.Given(cast, programme, make_provider("Norra högskolan"))


@pytest.fixture
def entry(given):
    """The editor's entry, which waits: what the huvudman states is the editor's to write still."""
    with bound(Scope.of(given.cast.editor)):
        return register_participation(
            huvudman=given.cast.huvudman, programme=given.programme, units=given.units, by=given.cast.editor
        )


@pytest.fixture
def callers(given, client_for, api_for):
    own = [given.cast.huvudman.pk]
    return {
        "browser": client_for(given.cast.editor),
        "admin": client_for(given.cast.coordinator),
        "api": api_for(given.cast.integration, write=True, huvudman_ids=own),
        "api of all": api_for(given.cast.integration, write=True),
    }


def refused(response) -> dict:
    """Field → messages, of an answer in any face."""
    if response["Content-Type"] == "application/problem+json":
        assert response.status_code == 400, response.content.decode()
        return {one["property"]: [one["reason"]] for one in response.json()["invalid_parameters"]}
    return wrong_on(response)


def in_every_face(
    callers, *, page, having, admin_page, admin_having, resource, rows, prefix="", after=0
) -> dict:
    """What each face says of the same bad input; ``rows`` are it as the face writes it."""
    admin_rows = lines(prefix, [rows["admin"]], after=after) if prefix else rows["admin"]
    answers = {
        "browser": fill_in(callers["browser"], page, rows["browser"], having=having),
        "admin": admin_form(callers["admin"], admin_page, admin_rows, having=admin_having),
    }
    for key in ("api", "api of all"):
        answers[key] = callers[key].post(f"/api/v1/{resource}", rows["api"], content_type="application/json")
    return {face: refused(answer) for face, answer in answers.items()}


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ("stranger", {"unit": [STRANGERS]}),
        ("overlapping", {"joined": [OVERLAPPING]}),
        ("reversed", {"left": ["Enheten kan inte lämna innan den kom med."]}),
    ],
)
def test_a_unit(given, entry, callers, bad, expected):
    unit = given.cast.other_unit if bad == "stranger" else given.cast.unit
    days = {"overlapping": ("2025", "2026"), "reversed": ("2026", "2025")}.get(bad, ("2025", ""))
    typed = {"joined": f"mars {days[0]}", "left": days[1] and f"mars {days[1]}"}
    sent = {"joined": f"{days[0]}-03"} | ({"left": f"{days[1]}-03"} if days[1] else {})
    said = in_every_face(
        callers,
        page=reverse("participating_unit_add", args=[entry.uuid]),
        having="unit",
        admin_page=reverse("admin:programmes_participation_change", args=[entry.pk]),
        admin_having="aims",
        prefix="units",
        after=2,
        resource="participating-units",
        rows={
            "browser": {**typed, "unit": unit.uuid},
            "admin": {**typed, "unit": unit.pk},
            "api": {**sent, "unit": str(unit.uuid), "participation": str(entry.uuid)},
        },
    )
    if bad == "stranger":
        # A key that does not reach the unit is told so, as of one that does not exist.
        assert said.pop("api") == {"unit": [f"Finns inte, eller så saknar du behörighet: {unit.uuid}."]}
    assert said == dict.fromkeys(said, expected)
    with bound(NATIONAL):
        assert ParticipatingUnit.objects.filter(participation=entry).count() == 2


def test_support_that_ends_before_it_starts(given, entry, callers):
    typed = {"starts": "ht 2026", "ends": "vt 2026", "status": "agreed"}
    said = in_every_face(
        callers,
        page=reverse("support_add", args=[entry.uuid]),
        having="provider",
        admin_page=reverse("admin:programmes_participation_change", args=[entry.pk]),
        admin_having="aims",
        prefix="supports",
        resource="supports",
        rows={
            "browser": {**typed, "provider": given.provider.uuid},
            "admin": {**typed, "provider": given.provider.pk},
            "api": entering.api_support(given, str(entry.uuid), starts="HT2026", ends="VT2026"),
        },
    )
    assert said == {face: {"ends": ["Stödet slutar före det börjar."]} for face in said}
    with bound(NATIONAL):
        assert not Support.objects.filter(participation=entry).exists()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"end_time": "12:00"}, {"end_time": ["Träffen kan inte sluta före den börjar."]}),
        ({"ends": "mars 2026"}, {"ends": ["Serien slutar före den börjar."]}),
    ],
)
def test_a_series_that_ends_before_it_starts(given, entry, callers, typed, expected):
    facts = {**entering.SERIES, **typed}
    day = entering.DAY.isoformat()
    sent = {**facts, "starts": day} | ({"ends": "2026-03"} if "ends" in typed else {})
    said = in_every_face(
        callers,
        page=f"{reverse('series_new')}?deltagande={entry.uuid}",
        having="starts",
        admin_page=reverse("admin:seminars_meetingseries_add"),
        admin_having="interval_weeks",
        resource="meeting-series",
        rows={
            "browser": {**facts, "starts": day, "plan_through": "2026-12-31"},
            "admin": {**facts, **entering.WRITTEN, "participation": entry.pk},
            "api": {**sent, "participation": str(entry.uuid)},
        },
    )
    assert said == dict.fromkeys(said, expected)
    with bound(NATIONAL):
        assert not MeetingSeries.objects.filter(participation=entry).exists()


def test_the_huvudman_writes_what_it_states_until_it_is_approved(given, entry, client_for, api_for):
    editor, key = client_for(given.cast.editor), api_for(given.cast.editor, write=True)
    address = reverse("support_add", args=[entry.uuid])
    entering.propose_support(given, editor, entry)
    with bound(NATIONAL):
        support = Support.objects.get(participation=entry)
    changed = fill_in(
        editor, reverse("support_change", args=[support.uuid]), {"description": "Läsning"}, having="provider"
    )
    assert changed.status_code == 200
    row = f"/api/v1/supports/{support.uuid}"
    body = {"description": "Läsning i alla ämnen"}
    assert key.patch(row, body, content_type="application/json").status_code == 200
    assert editor.get(reverse("pause_add", args=[entry.uuid])).status_code == 403
    with bound(Scope.of(given.cast.coordinator)):
        approve_registration(participation=entry, by=given.cast.coordinator)
    assert address not in editor.get(entry.get_absolute_url()).content.decode()
    assert editor.get(address).status_code == 403
    assert editor.post(reverse("support_change", args=[support.uuid]), {}).status_code == 403
    assert key.patch(row, body, content_type="application/json").status_code == 403
    with bound(NATIONAL):
        support.refresh_from_db()
    assert support.description == "Läsning i alla ämnen"
