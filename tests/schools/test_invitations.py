"""Invitations: who invites whom to what, and what a link gives to whom."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import today
from schools.models import Access, Invitation, Person
from schools.services.access import end_access
from schools.services.invitation import invite, resend, revoke
from tests.factories import PASSWORD, make_assignment, make_person, make_user

pytestmark = pytest.mark.django_db
NEW = "ny@example.se"
STRONG = "snöfall-över-ån-47"


@pytest.fixture
def invited(cast, as_user):
    """invited(**changes) → the key of an invitation the editor sent."""

    def make(**changes):
        fields = {"email": NEW, "role": Role.READER, "huvudman": cast.huvudman, "by": cast.editor} | changes
        with as_user(fields["by"]):
            return invite(**fields)

    return make


def address(key: str) -> str:
    return reverse("invitation", args=[key])


def accept(client, key, **fields):
    return client.post(address(key), {"name": "Nils Nyman", "password": STRONG} | fields)


def only() -> Invitation:
    return Invitation.objects.get()


# Who may invite whom


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROCESS_LEADER, Role.INTEGRATION])
def test_an_editor_invites_to_no_role_above_their_own(cast, invited, role):
    with pytest.raises(PermissionDenied):
        invited(role=role, huvudman=None if role == Role.COORDINATOR else cast.huvudman)


def test_an_editor_invites_to_no_other_huvudman(cast, invited):
    with pytest.raises(PermissionDenied):
        invited(huvudman=cast.other_huvudman)


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader", "integration"])
def test_others_invite_nobody(cast, invited, who):
    with pytest.raises(PermissionDenied):
        invited(by=getattr(cast, who))


def test_a_key_for_one_huvudman_makes_no_coordinator(cast):
    narrowed = Scope.of(cast.coordinator).narrowed([cast.huvudman.pk], read_only=False)
    with bound(narrowed), pytest.raises(PermissionDenied):
        invite(email=NEW, role=Role.COORDINATOR, by=narrowed)


def test_a_foreign_unit_and_person_are_refused(cast, invited):
    for field, value in (("units", [cast.other_unit]), ("person", cast.other_person)):
        with pytest.raises(ValidationError) as refused:
            invited(role=Role.REKTOR if field == "units" else Role.READER, **{field: value})
        assert set(refused.value.message_dict) == {field}


def test_an_editor_links_nobody_who_reaches_more(cast, invited):
    """An account of the editor's own choosing would open what the process leader is set to do."""
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.leader_person.pk).update(user=None)
    with pytest.raises(ValidationError) as refused:
        invited(person=cast.leader_person)
    assert set(refused.value.message_dict) == {"person"}


def test_nobody_invites_themselves(cast, invited):
    with pytest.raises(ValidationError) as refused:
        invited(email=cast.editor.email, role=Role.EDITOR)
    assert set(refused.value.message_dict) == {"email"}


def test_an_address_is_invited_once(invited):
    invited()
    with pytest.raises(ValidationError, match="redan inbjuden"):
        invited(email="NY@example.se")


def test_a_strangers_account_is_invited_like_one_that_is_not_there(cast, invited):
    invited(email=cast.stranger.email)
    invited()
    assert Invitation.objects.count() == 2


def test_the_key_is_nowhere_in_the_database(invited):
    _, key = invited()
    assert only().digest == Invitation.digest_of(key)
    assert key not in str(Invitation.objects.values().get())


# What the link gives


def test_a_new_account_gets_what_the_invitation_says(cast, client, invited):
    _, key = invited(role=Role.REKTOR, units=[cast.unit, cast.second_unit], valid_to=today() + timedelta(9))
    page = client.get(address(key)).content.decode()
    for words in ("Rektor", "Björkby kommun", "Björkskolan", "Almskolan", NEW, cast.editor.name):
        assert words in page
    response = accept(client, key)
    assert response.headers["Location"] == reverse("start")
    user = User.objects.get(email=NEW)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.is_staff) == ("Nils Nyman", False)
    rows = Access.objects.filter(user=user)
    assert {(row.role, row.unit_id, row.granted_by, row.valid_to) for row in rows} == {
        (Role.REKTOR, unit.pk, cast.editor, today() + timedelta(9)) for unit in (cast.unit, cast.second_unit)
    }
    assert (only().accepted_by, only().state) == (user, "accepted")


def test_a_link_works_once(client, invited):
    _, key = invited()
    accept(client, key)
    again = Client()
    for response in (again.get(address(key)), accept(again, key)):
        assert (response.status_code, "redan använd" in response.content.decode()) == (410, True)
    assert User.objects.filter(email=NEW).count() == 1


def test_an_expired_link_gives_nothing(client, invited):
    _, key = invited()
    Invitation.objects.update(expires_at=timezone.now())
    for response in (client.get(address(key)), accept(client, key)):
        assert (response.status_code, "har gått ut" in response.content.decode()) == (410, True)
    assert not User.objects.filter(email=NEW).exists()


def test_a_revoked_link_gives_nothing(cast, client, as_user, invited):
    invitation, key = invited()
    with as_user(cast.editor):
        revoke(invitation=invitation, by=cast.editor)
    assert accept(client, key).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


def test_sent_again_only_the_new_link_works(cast, client, as_user, invited):
    invitation, former = invited()
    with as_user(cast.editor):
        _, key = resend(invitation=invitation, by=cast.editor)
    assert accept(client, former).status_code == 404
    assert accept(client, key).status_code == 302


def test_a_guessed_link_says_nothing_of_anybody(client, invited):
    _, key = invited()
    response = client.get(address(f"{key[:-1]}!"))
    assert response.status_code == 404
    assert not re.search(f"{NEW}|Björkby|Läsare", response.content.decode())


def test_a_link_dies_with_its_senders_right(cast, client, as_user, invited):
    _, key = invited()
    with as_user(cast.coordinator):
        end_access(access=cast.editor.access_rows.get(), by=cast.coordinator)
    assert accept(client, key).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("who", ["stranger", "coordinator", "editor"])
def test_forwarded_to_another_account_it_gives_that_account_nothing(cast, client_for, invited, who):
    _, key = invited(role=Role.EDITOR)
    other = client_for(getattr(cast, who))
    before = Access.objects.count()
    for response in (other.get(address(key)), other.post(address(key))):
        body = response.content.decode()
        assert (response.status_code, "till en annan adress" in body, NEW in body) == (403, True, False)
    assert (Access.objects.count(), only().state) == (before, "waiting")


def test_who_has_an_account_accepts_logged_in_as_it(cast, client, client_for, invited):
    _, key = invited(email=cast.stranger.email)
    page = client.get(address(key)).content.decode()
    assert f"{reverse('account_login')}?next={address(key)}" in page
    assert accept(client, key).status_code == 409
    assert cast.stranger.check_password(PASSWORD)
    assert client_for(cast.stranger).post(address(key)).headers["Location"] == reverse("start")
    assert Scope.of(cast.stranger).huvudman_ids == {cast.huvudman.pk, cast.other_huvudman.pk}


def test_a_closed_account_is_not_opened_by_an_invitation(cast, client, invited):
    _, key = invited(email=cast.stranger.email)
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    accept(client, key)
    assert Access.objects.filter(user=cast.stranger).count() == 1


def test_a_weak_password_keeps_the_name_and_the_invitation(client, invited):
    _, key = invited()
    response = accept(client, key, password="12345678")
    assert response.status_code == 422
    assert "Nils Nyman" in response.content.decode()
    assert only().state == "waiting"


def test_an_address_to_go_on_to_is_not_taken_from_the_link(client, invited):
    _, key = invited()
    response = client.post(
        f"{address(key)}?next=https://evil.example/",
        {"name": "N", "password": STRONG, "next": "//evil.example"},
    )
    assert response.headers["Location"] == reverse("start")


def test_the_account_is_the_persons(cast, client, invited):
    person = make_person(cast.huvudman, "Nora Ny")
    _, key = invited(person=person)
    accept(client, key)
    with bound(NATIONAL):
        person.refresh_from_db()
    assert person.user.email == NEW


def test_a_person_who_reaches_more_by_then_is_not_linked(cast, client, invited):
    with bound(NATIONAL):
        person = make_person(cast.huvudman, "Moa Berg")
    _, key = invited(person=person)
    with bound(NATIONAL):
        make_assignment(cast.other_participation, person)
    accept(client, key)
    with bound(NATIONAL):
        person.refresh_from_db()
    assert User.objects.get(email=NEW).access_rows.get().huvudman_id == cast.huvudman.pk
    assert person.user is None


def test_a_coordinator_is_let_into_the_admin(cast, client, invited):
    _, key = invited(role=Role.COORDINATOR, huvudman=None, by=cast.coordinator)
    accept(client, key)
    assert User.objects.get(email=NEW).is_staff


# The pages


def invite_on_page(client, cast, **fields):
    data = {"email": NEW, "role": Role.READER, "huvudman": str(cast.huvudman.uuid)} | fields
    return client.post(reverse("access_invite"), data)


def test_the_link_is_mailed(cast, client_for, client):
    sender = client_for(cast.editor)
    response = invite_on_page(sender, cast)
    assert "Inbjudan är mejlad" in sender.get(response.headers["Location"]).content.decode()
    (letter,) = mail.outbox
    assert letter.to == [NEW]
    assert accept(client, re.search(r"/inbjudan/([^/]+)/", letter.body)[1]).status_code == 302


def test_without_mail_the_link_is_shown_once(cast, client_for, settings):
    settings.SENDS_MAIL = False
    client = client_for(cast.editor)
    body = invite_on_page(client, cast).content.decode()
    link = re.search(r'value="(http://testserver/inbjudan/[^"]+)"', body)[1]
    assert "skickar ingen e-post" in body
    assert Client().get(link).status_code == 200
    listed = client.get(reverse("access_invitations")).content.decode()
    assert NEW in listed
    assert link not in listed


def test_mail_that_fails_is_told_and_the_link_shown(cast, client_for, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    body = invite_on_page(client_for(cast.editor), cast).content.decode()
    assert "Mejlet gick inte att skicka" in body
    assert "/inbjudan/" in body


@pytest.mark.parametrize("field", ["huvudman", "units", "person"])
def test_a_strangers_row_is_no_choice_and_what_was_typed_stays(cast, client_for, field):
    foreign = {"huvudman": cast.other_huvudman, "units": cast.other_unit, "person": cast.other_person}[field]
    response = invite_on_page(client_for(cast.editor), cast, role=Role.REKTOR, **{field: str(foreign.uuid)})
    assert response.status_code == 422
    assert set(response.context["form"].errors) >= {field}
    assert NEW in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_role_above_ones_own_is_no_choice(cast, client_for):
    for role in (Role.COORDINATOR, Role.PROCESS_LEADER, Role.INTEGRATION):
        assert invite_on_page(client_for(cast.editor), cast, role=role).status_code == 422


def test_the_whole_country_is_said_and_never_what_nothing_chosen_gives(cast, client_for):
    client = client_for(cast.coordinator)
    form = client.get(reverse("access_invite")).context["form"]
    assert not any(form[name].value() for name in ("role", "huvudman", "whole_country"))
    refused = {
        "role": {"role": ""},
        "huvudman": {"role": Role.COORDINATOR, "huvudman": ""},
        "whole_country": {"role": Role.COORDINATOR, "whole_country": "on"},
    }
    for field, data in refused.items():
        response = invite_on_page(client, cast, **data)
        assert (response.status_code, set(response.context["form"].errors)) == (422, {field})
    said = {"role": Role.COORDINATOR, "huvudman": "", "whole_country": "on"}
    assert invite_on_page(client, cast, **said).status_code == 302
    assert (only().role, only().huvudman) == (Role.COORDINATOR, None)


def test_who_has_one_huvudman_chooses_among_its_units_at_once(cast, client_for):
    page = client_for(cast.editor).get(reverse("access_invite")).content.decode()
    assert ("Björkskolan" in page, "Granskolan" in page) == (True, False)


def test_a_coordinator_is_asked_for_the_units_once_the_huvudman_is_known(cast, client_for):
    client = client_for(cast.coordinator)
    assert "units" not in client.get(reverse("access_invite")).context["form"].fields
    response = invite_on_page(client, cast, role=Role.REKTOR)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"units"})
    assert "Björkskolan" in response.content.decode()
    assert "Granskolan" not in response.content.decode()


@pytest.mark.parametrize("name", ["access_resend", "access_revoke", "access_invitation"])
def test_an_invitation_is_out_of_reach_of_others(cast, client_for, invited, name):
    invitation, key = invited()
    where = reverse(name, args=[invitation.uuid])
    for who, status in (("stranger", 404), ("reader", 403), ("rektor", 403)):
        client = client_for(getattr(cast, who))
        assert (client.get if name == "access_invitation" else client.post)(where).status_code == status
    assert only().digest == Invitation.digest_of(key)


def test_an_editor_sees_and_does_not_touch_what_only_coordinators_give(cast, client_for, invited):
    invitation, _ = invited(role=Role.PROCESS_LEADER, by=cast.coordinator)
    client = client_for(cast.editor)
    assert client.get(reverse("access_invitation", args=[invitation.uuid])).status_code == 200
    assert client.post(reverse("access_revoke", args=[invitation.uuid])).status_code == 403
    assert only().state == "waiting"


def test_the_list_of_invitations_takes_the_same_queries_for_many(
    cast, client_for, invited, django_assert_num_queries
):
    client = client_for(cast.editor)
    for serial in range(3):
        invited(email=f"ny{serial}@example.se")
    client.get(reverse("access_invitations"))
    with django_assert_num_queries(11):
        client.get(reverse("access_invitations"))
    make_user()
    for serial in range(12):
        invited(email=f"nyare{serial}@example.se")
    with django_assert_num_queries(11):
        client.get(reverse("access_invitations"))


def test_the_first_coordinator_is_invited_from_the_command_line(client, capsys):
    call_command("invite_coordinator", "Forsta@example.se", "--site", "http://testserver/")
    link = capsys.readouterr().out.strip()
    assert client.post(link, {"name": "Frida Först", "password": STRONG}).status_code == 302
    assert Scope.of(User.objects.get(email="forsta@example.se")).is_coordinator
