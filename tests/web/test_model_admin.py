"""The admin's base: the log-in there is one of, what a list may be asked, whose row may be changed."""

import re

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Access, Huvudman

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/schools/person/"


def test_the_admin_has_no_log_in_of_its_own(client):
    response = client.post("/admin/login/", {"username": "a@example.se", "password": "fel"})
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("asked", ["name__startswith=H", "email__icontains=a", "user__email=a", "sort_key=h"])
def test_a_list_is_asked_only_what_it_offers(cast, client_for, asked):
    """A protected name could else be spelled out a letter at a time."""
    response = client_for(cast.coordinator).get(f"{PEOPLE}?{asked}")
    assert response.status_code == 400


def test_a_list_is_asked_what_it_offers(cast, client_for):
    response = client_for(cast.coordinator).get(f"{PEOPLE}?security_marking__exact=protected")
    assert [str(person) for person in response.context["cl"].result_list] == ["Skyddad person"]


@pytest.mark.parametrize("asked", ["security_marking__exact=%00", "q=%00"])
def test_a_null_byte_is_a_bad_request(cast, client_for, asked):
    assert client_for(cast.coordinator).get(f"{PEOPLE}?{asked}").status_code == 400


def test_a_null_byte_in_a_cookie_is_no_session(client):
    response = client.get("/kakor/", headers={"Cookie": 'sbs_session="abc\\000defghijkl"'})
    assert response.status_code == 200


def test_a_row_within_reach_is_not_a_row_to_change(cast):
    """An editor of one huvudman who reads another changes the one."""
    with bound(NATIONAL):
        Access.objects.create(user=cast.editor, role=Role.READER, huvudman=cast.other_huvudman)
    request = RequestFactory().get("/admin/")
    with bound(Scope.of(cast.editor)) as request.scope:
        may = {
            huvudman: admin.site.get_model_admin(Huvudman).has_change_permission(request, huvudman)
            for huvudman in Huvudman.objects.visible_to(request.scope)
        }
    assert may == {cast.huvudman: True, cast.other_huvudman: False}


def test_accounts_are_offered_to_coordinators_only(cast, client_for):
    cast.editor.is_staff = True
    cast.editor.save()
    page = reverse("admin:schools_person_change", args=[cast.rektor_person.pk])
    fields = [
        list(client_for(user).get(page).context["adminform"].form.fields)
        for user in (cast.coordinator, cast.editor)
    ]
    assert ["user" in names for names in fields] == [True, False]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_no_day(cast, client_for, day):
    response = client_for(cast.editor).get(cast.participation.get_absolute_url(), {"datum": day})
    assert (response.status_code, response.context["unread_date"]) == (200, day)


ENGLISH = re.compile(
    r"\b(this|field|required|enter|select|valid|choice|please|must|cannot|already|with)\b", re.I
)


@pytest.mark.parametrize("typed", ["", "§"])
def test_every_form_says_in_swedish_at_the_field_what_is_wrong(cast, client_for, typed):
    """Sent empty, and with a sign in every field that nothing is called, dated or numbered by."""
    client, told = client_for(cast.coordinator), 0
    for model in admin.site._registry:
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        form = client.get(page)
        if form.status_code == 403:
            continue
        names = form.context["adminform"].form.fields
        inlines = [one.formset.prefix for one in form.context["inline_admin_formsets"]]
        counts = {f"{prefix}-{name}_FORMS": "0" for prefix in inlines for name in ("TOTAL", "INITIAL")}
        answer = client.post(page, dict.fromkeys(names, typed) | counts)
        if answer.status_code == 302:
            # Nothing in it has to be right: a name may be a single sign.
            continue
        errors = answer.context["adminform"].form.errors
        assert errors, page
        for name, reasons in errors.items():
            assert [reason for reason in reasons if ENGLISH.search(reason)] == [], (page, name)
        told += 1
    assert told > 15
