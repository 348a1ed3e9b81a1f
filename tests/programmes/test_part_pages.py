"""The parts of a participation in the browser: added, changed, ended and deleted from its page."""

import pytest
from django.urls import reverse

from programmes.models import (
    Agreement,
    FocusArea,
    ParticipatingUnit,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Support,
    TermExtension,
    TermPause,
)
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import Term
from schools.models import Access
from tests.factories import make_assignment, make_provider, make_unit

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


def add(participation, name: str) -> str:
    return reverse(f"{name}_add", args=[participation.uuid])


def change(row, name: str) -> str:
    return reverse(f"{name}_change", args=[row.uuid])


def errors(response) -> dict:
    assert response.status_code == 422, response.status_code
    return response.context["form"].errors


def only(model, **lookup):
    with bound(NATIONAL):
        return model.objects.get(**lookup)


@pytest.fixture
def support(cast):
    with bound(NATIONAL):
        return Support.objects.create(
            participation=cast.participation, provider=make_provider("Norra högskolan"), status="active"
        )


@pytest.fixture
def agreement(cast):
    with bound(NATIONAL):
        return Agreement.objects.create(participation=cast.participation, kind="decision", title="Beslut")


def bodies(cast) -> dict[str, tuple[type, dict, dict]]:
    """Of each kind: its model, what is typed, and what the row then is."""
    with bound(NATIONAL):
        unit = make_unit(cast.huvudman, "Lindskolan")
        area = FocusArea.objects.create(code="lasning", name="läsning")
    provider = make_provider("Södra högskolan")
    return {
        "participating_unit": (
            ParticipatingUnit,
            {"unit": unit.uuid, "joined": "ht 2019"},
            {"unit": unit, "joined_precision": "term"},
        ),
        "phase": (
            ParticipationPhase,
            {"phase": "plan", "planned_start": "maj 2018", "planned_end": "ht 2018"},
            {"phase": "plan", "planned_end_precision": "term"},
        ),
        "focus": (ParticipationFocus, {"focus_area": area.uuid, "note": SCRIPT}, {"note": SCRIPT}),
        "support": (
            Support,
            {"provider": provider.uuid, "status": "agreed", "levels": ["unit"], "description": SCRIPT},
            {"status": "agreed", "levels": ["unit"]},
        ),
        "agreement": (
            Agreement,
            {"kind": "agreement", "title": SCRIPT, "signed": "2018-05", "amount": "1500"},
            {"title": SCRIPT, "amount": 1500},
        ),
        "assignment": (
            ParticipationAssignment,
            {"person": cast.editor_person.uuid, "role": "contact", "valid_from": "2018-01-08"},
            {"person": cast.editor_person, "role": "contact"},
        ),
        "pause": (
            TermPause,
            {"first_term": "VT2019", "last_term": "VT2019", "reason": SCRIPT},
            {"first_term": Term("VT", 2019), "reason": SCRIPT},
        ),
        "extension": (
            TermExtension,
            {"terms": 1, "decided_on": "2020-05-04", "reason": SCRIPT},
            {"terms": 1},
        ),
    }


KINDS = ("participating_unit", "phase", "focus", "support", "agreement", "assignment", "pause", "extension")


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_added_changed_and_deleted_from_the_page(cast, client_for, kind):
    model, typed, expected = bodies(cast)[kind]
    client, page = client_for(cast.coordinator), cast.participation.get_absolute_url()
    assert add(cast.participation, kind) in client.get(page).content.decode()
    before = cast.participation.version
    assert client.post(add(cast.participation, kind), typed).status_code == 302
    row = only(model, participation=cast.participation, **expected)
    shown = client.get(page).content.decode()
    assert change(row, kind) in shown
    assert SCRIPT not in shown
    form = client.get(change(row, kind))
    assert SCRIPT not in form.content.decode()
    as_it_is = {name: typed[name] for name in form.context["form"].fields if name in typed}
    assert client.post(change(row, kind), as_it_is).status_code == 302
    assert only(model, pk=row.pk, **expected).pk == row.pk
    delete = reverse(f"{kind}_delete", args=[row.uuid])
    if kind == "support":
        assert client.post(delete).status_code == 422
    else:
        assert client.post(delete).status_code == 302
    with bound(NATIONAL):
        assert model.objects.filter(pk=row.pk).exists() == (kind == "support")
        cast.participation.refresh_from_db()
    assert cast.participation.version > before


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_to_write_for_who_may_not(cast, client_for, kind):
    body = client_for(cast.reader).get(cast.participation.get_absolute_url()).content.decode()
    assert add(cast.participation, kind) not in body


@pytest.mark.parametrize(
    ("kind", "field", "foreign"),
    [("participating_unit", "unit", "other_unit"), ("assignment", "person", "other_person")],
)
def test_a_strangers_row_is_refused_at_its_field(cast, client_for, kind, field, foreign):
    typed = bodies(cast)[kind][1] | {field: getattr(cast, foreign).uuid, "leave_reason": "Min text"}
    who = cast.editor if kind == "assignment" else cast.coordinator
    response = client_for(who).post(add(cast.participation, kind), typed)
    assert list(errors(response)) == [field]
    assert getattr(cast, foreign).name not in response.content.decode()


def test_another_participations_unit_has_no_phase_here(cast, client_for):
    with bound(NATIONAL):
        foreign = cast.other_participation.units.get()
    response = client_for(cast.coordinator).post(
        add(cast.participation, "phase"), {"phase": "plan", "participating_unit": foreign.uuid}
    )
    assert list(errors(response)) == ["participating_unit"]


def test_what_overlaps_or_is_turned_about_is_told_at_its_field(cast, client_for):
    client, row = client_for(cast.coordinator), cast.participation
    again = client.post(add(row, "participating_unit"), {"unit": cast.unit.uuid, "joined": "vt 2019"})
    assert list(errors(again)) == ["joined"]
    assert "vt 2019" in again.content.decode()
    turned = client.post(
        add(row, "phase"), {"phase": "plan", "actual_start": "vt 2019", "actual_end": "vt 2018"}
    )
    assert list(errors(turned)) == ["actual_end"]
    pause = {"first_term": "VT2019", "last_term": "", "reason": "Ny skolchef"}
    client.post(add(row, "pause"), pause)
    assert list(errors(client.post(add(row, "pause"), pause | {"first_term": "HT2019"}))) == ["first_term"]
    assert list(errors(client.post(add(row, "pause"), pause | {"reason": ""}))) == ["reason"]
    leader = {"person": cast.leader_person.uuid, "role": "process_leader", "valid_from": "2019-01-01"}
    assert list(errors(client.post(add(row, "assignment"), leader))) == ["valid_from"]


def test_support_moves_only_to_what_may_follow(cast, support, client_for):
    client = client_for(cast.coordinator)
    page = client.get(change(support, "support")).content.decode()
    assert 'value="ended"' in page
    assert 'value="proposed"' not in page
    typed = {"provider": support.provider.uuid, "status": "proposed"}
    assert list(errors(client.post(change(support, "support"), typed))) == ["status"]


def test_a_unit_with_phases_of_its_own_is_not_deleted(cast, client_for):
    with bound(NATIONAL):
        unit = cast.participation.units.first()
        ParticipationPhase.objects.create(
            participation=cast.participation, participating_unit=unit, phase="plan"
        )
    client = client_for(cast.coordinator)
    refused = client.post(reverse("participating_unit_delete", args=[unit.uuid]))
    assert refused.status_code == 422
    assert "1 fas" in refused.content.decode()


def test_two_who_change_a_part_at_once_lose_nothing(cast, agreement, client_for):
    client = client_for(cast.editor)
    seen = client.get(change(agreement, "agreement")).context["form"].initial["seen"]
    with bound(NATIONAL):
        Agreement.objects.filter(pk=agreement.pk).update(title="Den andras rubrik")
    typed = {"kind": "decision", "title": "Min rubrik", "seen": seen}
    sent = client.post(change(agreement, "agreement"), typed)
    assert "Den andras rubrik" in sent.content.decode()
    assert "Min rubrik" in sent.content.decode()
    typed["seen"] = sent.context["form"]["seen"].value()
    assert client.post(change(agreement, "agreement"), typed).status_code == 302
    assert only(Agreement, pk=agreement.pk).title == "Min rubrik"


def test_an_editor_keeps_contacts_and_not_process_leaders(cast, client_for):
    contact = make_assignment(cast.participation, cast.editor_person, role="contact")
    leader = only(ParticipationAssignment, role="process_leader", participation=cast.participation)
    client = client_for(cast.editor)
    body = client.get(cast.participation.get_absolute_url()).content.decode()
    assert change(contact, "assignment") in body
    assert change(leader, "assignment") not in body
    assert client.get(change(contact, "assignment")).status_code == 200
    assert client.get(change(leader, "assignment")).status_code == 403
    assert client.post(reverse("assignment_delete", args=[leader.uuid])).status_code == 403
    assert client_for(cast.stranger).get(change(contact, "assignment")).status_code == 404
    sent = client.post(
        add(cast.participation, "assignment"), {"person": cast.editor_person.uuid, "role": "process_leader"}
    )
    assert list(errors(sent)) == ["role"]


def test_the_access_of_a_process_leader_follows_the_assignment(cast, client_for):
    client = client_for(cast.coordinator)
    typed = {"person": cast.leader_person.uuid, "role": "process_leader", "valid_from": "2019-01-01"}
    with bound(NATIONAL):
        ParticipationAssignment.objects.filter(role="process_leader").delete()
    client.post(add(cast.participation, "assignment"), typed)
    row = only(ParticipationAssignment, role="process_leader")
    client.post(change(row, "assignment"), {"valid_from": "2019-01-01", "valid_to": "2019-06-30"})
    assert str(only(Access, assignment=row).valid_to) == "2019-06-30"
    client.post(reverse("assignment_delete", args=[row.uuid]))
    with bound(NATIONAL):
        assert not Access.objects.filter(reason="Uppdrag som processledare").exists()
