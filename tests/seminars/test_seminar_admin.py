"""Seminars in the admin: the coordinator plans and fills them through the services."""

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from seminars.models import Delegation, Seminar
from tests.factories import make_programme, make_seminar
from tests.seminars.seminar_data import shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]

PREFIXES = ("huvudman_links", "sessions", "presentations", "unit_presences", "words", "lessons")
EMPTY = {
    f"{prefix}-{name}": value
    for prefix in PREFIXES
    for name, value in (
        ("TOTAL_FORMS", 0),
        ("INITIAL_FORMS", 0),
        ("MIN_NUM_FORMS", 0),
        ("MAX_NUM_FORMS", 1000),
    )
}
FACTS = {"kind": "follow_up", "status": "planned", "starts": "november 2026", "ends": "", "title": ""}


def facts(**changed) -> dict:
    return {**FACTS, **changed}


def test_a_coordinator_plans_a_seminar(cast, client_for):
    data = facts(programme=make_programme().pk, place="Stockholm")
    client_for(cast.coordinator).post(reverse("admin:seminars_seminar_add"), data)
    with bound(NATIONAL):
        made = Seminar.objects.get(place="Stockholm")
    assert str(made.starts) == "november 2026"


def test_what_the_service_refuses_stands_on_the_form(cast, client_for):
    data = facts(programme=make_programme().pk, starts="3 november 2026", ends="2 november 2026")
    answer = client_for(cast.coordinator).post(reverse("admin:seminars_seminar_add"), data)
    assert "Seminariet slutar före det börjar." in answer.content.decode()


def test_a_huvudman_added_as_a_line_takes_part(cast, client_for):
    seminar = make_seminar(cast.participation)
    data = {
        **EMPTY,
        **facts(),
        "huvudman_links-TOTAL_FORMS": 1,
        "huvudman_links-0-seminar": seminar.pk,
        "huvudman_links-0-huvudman": cast.other_huvudman.pk,
        "huvudman_links-0-participation": cast.other_participation.pk,
    }
    answer = client_for(cast.coordinator).post(
        reverse("admin:seminars_seminar_change", args=[seminar.pk]), data
    )
    assert answer.status_code == 302
    with bound(NATIONAL):
        seminar.refresh_from_db()
    assert cast.other_huvudman.pk in seminar.huvudman_ids


def test_a_word_added_as_a_line_is_kept(cast, client_for):
    seminar = make_seminar(cast.participation)
    data = {
        **EMPTY,
        **facts(),
        "words-TOTAL_FORMS": 1,
        "words-0-seminar": seminar.pk,
        "words-0-word": "kraft",
        "words-0-count": "7",
    }
    client_for(cast.coordinator).post(reverse("admin:seminars_seminar_change", args=[seminar.pk]), data)
    with bound(NATIONAL):
        assert seminar.words.get().count == 7


def test_a_total_below_the_named_is_refused_on_the_form(cast, client_for, shared):
    data = {
        "head_count": 1,
        "trust": "confirmed",
        "note": "",
        "delegates-TOTAL_FORMS": 0,
        "delegates-INITIAL_FORMS": 0,
    }
    address = reverse("admin:seminars_delegation_change", args=[shared.delegation.pk])
    answer = client_for(cast.coordinator).post(address, data)
    assert "2 är namngivna, så delegationen kan inte vara 1." in answer.content.decode()
    with bound(NATIONAL):
        assert Delegation.objects.get(pk=shared.delegation.pk).head_count == 10


def test_the_pages_of_the_admin_open(cast, client_for, shared):
    client = client_for(cast.coordinator)
    for address in (
        reverse("admin:seminars_seminar_changelist"),
        reverse("admin:seminars_seminar_changelist") + "?q=Granby",
        reverse("admin:seminars_seminar_change", args=[shared.seminar.pk]),
        reverse("admin:seminars_delegation_changelist"),
        reverse("admin:seminars_delegation_change", args=[shared.delegation.pk]),
    ):
        assert client.get(address).status_code == 200
