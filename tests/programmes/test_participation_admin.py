"""A coordinator registers and moves participations in the admin, through the services."""

import pytest
from django.urls import reverse

from programmes.models import Participation, StatusChange, Support
from programmes.services.parts import propose_support
from sbs_portal.scope import NATIONAL, bound
from tests.factories import make_huvudman, make_programme, make_provider, make_unit

pytestmark = pytest.mark.django_db

ADD = "/admin/programmes/participation/add/"
INLINES = (
    "units",
    "phases",
    "focus",
    "supports",
    "agreements",
    "assignments",
    "term_pauses",
    "term_extensions",
)


def page_of(participation) -> str:
    return reverse("admin:programmes_participation_change", args=[participation.pk])


def form(participation, **fields) -> dict:
    """What the change page sends: the facts as they are, no new parts, and ``fields``."""
    data = {
        "total_terms": participation.total_terms,
        "start_term": participation.start_term.code,
        "selection_basis": participation.selection_basis,
        "aims": participation.aims,
    }
    for prefix in (*INLINES, "status_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | fields


def new_part(prefix: str, **fields) -> dict:
    return {f"{prefix}-TOTAL_FORMS": 1} | {f"{prefix}-0-{name}": value for name, value in fields.items()}


def test_a_coordinator_registers_a_participation_that_is_under_way(cast, client_for):
    huvudman, programme = make_huvudman("Ny kommun"), make_programme()
    response = client_for(cast.coordinator).post(
        ADD,
        {
            "huvudman": huvudman.pk,
            "programme": programme.pk,
            "total_terms": 6,
            "start_term": "HT2018",
            "new_status": "active",
            "effective": "augusti 2018",
            "reason": "Inlagt i efterhand",
        },
    )
    assert response.status_code == 302, response.context["errors"]
    with bound(NATIONAL):
        made = Participation.objects.get(huvudman=huvudman)
        step = StatusChange.objects.get(participation=made)
        assert (made.status, str(step.effective), step.by) == ("active", "augusti 2018", cast.coordinator)


def test_a_second_open_participation_is_refused_in_the_form(cast, client_for):
    response = client_for(cast.coordinator).post(
        ADD, {"huvudman": cast.huvudman.pk, "programme": make_programme().pk, "total_terms": 6}
    )
    assert response.status_code == 200
    assert "redan ett pågående deltagande" in response.content.decode()


def test_the_status_is_moved_with_a_reason(cast, client_for):
    data = form(cast.participation, new_status="paused", reason="Ny ledning")
    assert client_for(cast.coordinator).post(page_of(cast.participation), data).status_code == 302
    with bound(NATIONAL):
        cast.participation.refresh_from_db()
        assert cast.participation.status == "paused"
        assert StatusChange.objects.filter(
            participation=cast.participation, reason="Ny ledning", by=cast.coordinator
        ).exists()


def test_the_status_is_not_moved_without_a_reason(cast, client_for):
    response = client_for(cast.coordinator).post(
        page_of(cast.participation), form(cast.participation, new_status="paused")
    )
    assert response.status_code == 200
    assert "Skriv varför statusen ändras." in response.content.decode()
    with bound(NATIONAL):
        cast.participation.refresh_from_db()
        assert cast.participation.status == "active"


def test_only_steps_that_may_follow_are_offered(cast, client_for):
    response = client_for(cast.coordinator).get(page_of(cast.participation))
    offered = [value for value, _ in response.context["adminform"].form.fields["new_status"].choices]
    assert offered == ["", "paused", "completed", "discontinued"]


def test_support_is_added_by_its_service(cast, client_for):
    provider = make_provider("Norra högskolan")
    data = form(cast.participation) | new_part(
        "supports", provider=provider.pk, status="proposed", levels=["unit"], starts="vt 2019"
    )
    assert client_for(cast.coordinator).post(page_of(cast.participation), data).status_code == 302
    with bound(NATIONAL):
        support = Support.objects.get(participation=cast.participation)
        assert (support.provider, support.levels, str(support.starts)) == (
            provider,
            ["unit"],
            "vårterminen 2019",
        )


def test_a_part_entered_by_mistake_is_taken_away_and_what_is_more_than_that_is_not(cast, client_for):
    client, page = client_for(cast.coordinator), page_of(cast.participation)
    with bound(NATIONAL):
        part, kept = cast.participation.units.order_by("pk")
        support = propose_support(
            participation=cast.participation, provider=make_provider("Norra"), status="active", by=NATIONAL
        )
    rows = {"units-TOTAL_FORMS": 1, "units-INITIAL_FORMS": 1, "units-0-id": part.pk, "units-0-DELETE": "on"}
    rows |= {"units-0-unit": part.unit_id, "units-0-participation": cast.participation.pk}
    assert client.post(page, form(cast.participation) | rows).status_code == 302
    with bound(NATIONAL):
        assert list(cast.participation.units.all()) == [kept]
    rows = {"supports-TOTAL_FORMS": 1, "supports-INITIAL_FORMS": 1, "supports-0-id": support.pk}
    rows |= {"supports-0-provider": support.provider_id, "supports-0-status": "active"}
    rows |= {"supports-0-DELETE": "on", "supports-0-participation": cast.participation.pk}
    refused = client.post(page, form(cast.participation) | rows)
    assert (refused.status_code, "mer än föreslaget" in refused.content.decode()) == (200, True)


def test_another_huvudmans_unit_is_refused_and_nothing_is_saved(cast, client_for):
    foreign = make_unit(cast.other_huvudman)
    data = form(cast.participation, aims="Nytt syfte") | new_part("units", unit=foreign.pk)
    response = client_for(cast.coordinator).post(page_of(cast.participation), data)
    assert response.status_code == 200
    assert "Enheten drivs inte av huvudmannen." in response.content.decode()
    with bound(NATIONAL):
        cast.participation.refresh_from_db()
        assert cast.participation.aims == ""


def test_an_editor_has_no_way_in(cast, client_for):
    assert client_for(cast.editor).get(page_of(cast.participation)).status_code in (302, 403)
