"""Actions of the admin's lists: told before they are done, all or nothing, by the services' own rules."""

from datetime import date

import pytest
from django.urls import reverse

from programmes.models import Participation
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.web import admin_actions
from schools.models import Access, Huvudman, RoleAssignment
from seminars.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db


def choose(client, rows, action: str, **data):
    meta = type(rows[0])._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return client.post(
        address, {"action": action, "_selected_action": [row.pk for row in rows]} | data, follow=True
    )


def told(response) -> tuple[list, dict]:
    """The preview: what will be done, and what not with its reason."""
    return response.context["possible"], {one.row: one.why for one in response.context["refused"]}


def waiting(huvudman):
    return factories.make_participation(huvudman, status="selected", registration="waiting")


def registration_of(participation) -> str:
    with bound(NATIONAL):
        return Participation.objects.get(pk=participation.pk).registration


def test_what_will_happen_is_told_and_nothing_is_done(cast, client_for):
    new = waiting(factories.make_huvudman("Nyby kommun"))
    response = choose(client_for(cast.coordinator), [new, cast.participation], "approve")
    assert told(response) == ([new], {cast.participation: "Deltagandet är redan godkänt."})
    shown = response.content.decode()
    assert '<input type="hidden" name="action" value="approve">' in shown
    assert f'<input type="hidden" name="_selected_action" value="{new.pk}">' in shown
    assert 'value="Godkänn (1)"' in shown
    assert registration_of(new) == "waiting"


def test_it_is_done_when_it_is_confirmed(cast, client_for):
    new = waiting(factories.make_huvudman("Nyby kommun"))
    response = choose(client_for(cast.coordinator), [new], "approve", confirmed="1", comment="Bra.")
    assert "Godkänn valda deltaganden: 1 klart." in response.content.decode()
    with bound(NATIONAL):
        row = Participation.objects.get(pk=new.pk)
        assert (row.registration, row.registration_steps.get().comment) == ("approved", "Bra.")


def test_all_or_nothing_when_one_has_changed_meanwhile(cast, client_for):
    new = waiting(factories.make_huvudman("Nyby kommun"))
    chosen = [new, cast.participation]
    response = choose(client_for(cast.coordinator), chosen, "approve", confirmed="1", comment="")
    assert admin_actions.CHANGED_MEANWHILE in response.content.decode()
    assert registration_of(new) == "waiting"


def test_a_meeting_is_cancelled_with_a_reason_only(cast, client_for):
    client = client_for(cast.coordinator)
    planned = factories.make_meeting(cast.participation, when=date(2018, 3, 8))
    held = factories.make_meeting(cast.participation, when=date(2018, 2, 1), status="held")
    possible, refused = told(choose(client, [planned, held], "cancel"))
    assert (possible, refused) == ([planned], {held: "Träffen är redan hållen och går inte att ställa in."})
    unanswered = choose(client, [planned], "cancel", confirmed="1", reason=" ")
    assert list(unanswered.context["form"].errors) == ["reason"]
    choose(client, [planned], "cancel", confirmed="1", reason="Snöstorm")
    with bound(NATIONAL):
        row = Meeting.objects.get(pk=planned.pk)
    assert (row.status, row.cancelled_reason) == ("cancelled", "Snöstorm")


def test_the_preview_counts_what_the_chosen_do_to_each_other(cast, client_for):
    """Of two coordinators either may go, but not both."""
    second = factories.make_user(role="coordinator")
    rows = list(Access.objects.filter(role="coordinator", user__in=[cast.coordinator, second]).order_by("pk"))
    possible, refused = told(choose(client_for(cast.coordinator), rows, "end_now"))
    assert (len(possible), len(refused)) == (1, 1)


def test_roles_are_ended_on_a_day(cast, client_for):
    client = client_for(cast.coordinator)
    choose(client, [cast.rektor_person], "end_roles", confirmed="1", last_day="2026-06-30")
    with bound(NATIONAL):
        assert RoleAssignment.objects.get(person=cast.rektor_person).valid_to == date(2026, 6, 30)


def test_what_is_archived_is_told_and_can_be_restored(cast, client_for):
    client = client_for(cast.coordinator)
    choose(client, [cast.other_huvudman], "archive", confirmed="1")
    possible, refused = told(choose(client, [cast.huvudman, cast.other_huvudman], "archive"))
    assert (possible, refused) == ([cast.huvudman], {cast.other_huvudman: "Är redan i arkivet."})
    choose(client, [cast.other_huvudman], "restore", confirmed="1")
    with bound(NATIONAL):
        assert not Huvudman.objects.get(pk=cast.other_huvudman.pk).is_archived


def test_not_more_than_can_be_tried_at_once(cast, client_for, monkeypatch):
    monkeypatch.setattr(admin_actions, "MOST", 1)
    response = choose(client_for(cast.coordinator), [cast.huvudman, cast.other_huvudman], "archive")
    assert admin_actions.TOO_MANY in response.content.decode()


def test_an_editor_in_the_admin_approves_nothing(cast, client_for):
    cast.editor.is_staff = True
    cast.editor.save()
    new = waiting(factories.make_huvudman("Nyby kommun"))
    choose(client_for(cast.editor), [new], "approve", confirmed="1", comment="")
    assert registration_of(new) == "waiting"
