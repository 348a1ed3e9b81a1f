"""The admin's frame: arranged by the work, with ways to the portal and the whole history of each object."""

import pytest
from django.contrib import admin
from django.urls import reverse

from sbs_portal.admin_site import GROUPS
from sbs_portal.rights import Role
from sbs_portal.web.models import AccessibilityReport
from schools.services.huvudman import change_huvudman
from tests import factories
from tests.audit.test_history import as_user

pytestmark = pytest.mark.django_db


def page(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_model_stands_in_one_group():
    grouped = [label for labels in GROUPS.values() for label in labels]
    assert sorted(grouped) == sorted(model._meta.label for model in admin.site._registry)


def test_the_first_page_is_arranged_by_the_work(cast, client_for):
    response = client_for(cast.coordinator).get(reverse("admin:index"))
    shown = {
        group["name"]: [entry["name"] for entry in group["models"]] for group in response.context["app_list"]
    }
    assert list(shown) == [
        "Deltaganden",
        "Register",
        "Träffar och seminarier",
        "Kataloger",
        "Behörighet",
        "Loggar",
        "System",
    ]
    assert [str(name).lower() for name in shown["Träffar och seminarier"]] == [
        "träffar",
        "träffserier",
        "seminarier",
        "delegationer",
    ]


def test_what_one_may_not_see_is_in_no_group(client_for, cast):
    editor = factories.make_user(role=Role.EDITOR, huvudman=cast.huvudman, is_staff=True)
    groups = client_for(editor).get(reverse("admin:index")).context["app_list"]
    assert "Behörighet" not in [group["name"] for group in groups]


def test_an_apps_own_page_leads_to_the_first_page(cast, client_for):
    response = client_for(cast.coordinator).get(reverse("admin:app_list", args=["schools"]))
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_an_object_leads_to_its_group_and_its_page_in_the_portal(cast, client_for):
    shown = (
        client_for(cast.coordinator)
        .get(page(type(cast.huvudman), "change", cast.huvudman.pk))
        .content.decode()
    )
    assert '<a href="/admin/#register">Register</a>' in shown
    assert f'<a href="{cast.huvudman.get_absolute_url()}" class="viewsitelink">Visa i portalen</a>' in shown
    assert '<a href="/">Till portalen</a>' in shown


def test_history_is_the_whole_history(cast, client_for):
    """Also what was changed by another face, field by field."""
    as_user(
        cast.coordinator,
        lambda: change_huvudman(huvudman=cast.huvudman, name="Björkby stad", by=cast.coordinator),
        face="api",
    )
    response = client_for(cast.coordinator).get(page(type(cast.huvudman), "history", cast.huvudman.pk))
    latest = response.context["entries"][0]
    assert (latest.face, [(line.old, line.new) for line in latest.parts[0].lines]) == (
        "API",
        [("Björkby kommun", "Björkby stad")],
    )
    assert "<ins>Björkby stad</ins>" in response.content.decode()


def test_every_objects_history_opens(cast, client_for):
    client = client_for(cast.coordinator)
    for row in (cast.participation, cast.unit, cast.protected_person, factories.make_provider()):
        response = client.get(page(type(row), "history", row.pk))
        assert (response.status_code, len(response.context["entries"]) > 0) == (200, True)
        assert "Namnsdotter" not in response.content.decode()


def test_an_accessibility_report_is_answered_by_coordinators(cast, client_for):
    report = AccessibilityReport.objects.create(description="Det går inte att läsa tabellen.")
    address = page(AccessibilityReport, "change", report.pk)
    assert client_for(cast.coordinator).post(address, {"answer": "Rättat."}).status_code == 302
    report.refresh_from_db()
    assert (report.answer, report.handled_by) == ("Rättat.", cast.coordinator)
    cast.editor.is_staff = True
    cast.editor.save()
    assert client_for(cast.editor).get(address).status_code == 403
