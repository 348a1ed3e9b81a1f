"""What someone has written is text, wherever it comes out: pages, the admin, files, the API and calendars."""

import csv
import io
import json
import zipfile

import pytest
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from tests.matrix.ways import addresses
from tests.matrix.world import SCOPED

SCRIPT = "<script>alert(1)</script>"
NASTY = (SCRIPT, '"><img src=x onerror=alert(2)>', "=cmd()", "{{911*911}}")
TEXT = "".join(NASTY[:2]) + NASTY[3]
LISTS = ("huvudman_list", "unit_list", "participation_list", "meeting_list", "seminar_list")


def texts(model) -> list[str]:
    """Columns of the model that hold what someone wrote, and nothing chosen or computed."""
    return [
        column.name
        for column in model._meta.concrete_fields
        if type(column) in (models.CharField, models.TextField)
        and not column.choices
        and not column.generated
        and not column.name.endswith(("_precision", "code", "number"))
        and (column.max_length or 1000) >= 100
    ]


@pytest.fixture
def written(world):
    """Every text of the world's rows begins as a formula and goes on as a script."""
    with bound(NATIONAL):
        for model in SCOPED:
            # What is only added to cannot be rewritten, also not by the tests' role.
            for name in () if getattr(model, "append_only", False) else texts(model):
                model._base_manager.filter(pk__in=world.reach("all", model)).exclude(**{name: ""}).update(
                    **{name: Concat(Value(f"=cmd(){TEXT}"), Cast("pk", models.CharField()))}
                )
    return world


def first_of(world, model):
    with bound(NATIONAL):
        return world.all_rows(model).first()


def assert_text(body: str, where: str) -> None:
    for raw in ("<script>alert", "<img src=x", "onerror=alert(2)>"):
        assert raw not in body, where
    assert "829921" not in body, where


def test_columns_are_filled():
    filled = {f"{model._meta.label}.{name}" for model in SCOPED for name in texts(model)}
    assert {"schools.Huvudman.name", "seminars.Outcome.text", "programmes.Support.description"} <= filled


def test_pages_show_it_as_text(written, client_for):
    client, seen = client_for(written.coordinator), 0
    paths = [reverse("start"), *map(reverse, LISTS), f"{reverse('search')}?q=cmd"]
    for model in SCOPED:
        row = first_of(written, model)
        with bound(NATIONAL):
            paths += [row.get_absolute_url()] if row and hasattr(row, "get_absolute_url") else []
    for name in sorted(addresses()):
        if name.endswith(("_change", "_history")):
            model = next((one for one in SCOPED if one._meta.model_name == name.rpartition("_")[0]), None)
            paths += [reverse(name, args=[first_of(written, model).uuid])] if model else []
    for path in paths:
        body = client.get(path, follow=True).content.decode()
        assert_text(body, path)
        seen += "&lt;script&gt;alert" in body
    assert seen > 10


def test_the_admin_shows_it_as_text(written, client_for):
    from django.contrib import admin

    client = client_for(written.coordinator)
    for model in admin.site._registry:
        if model not in SCOPED:
            continue
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = first_of(written, model)
        for path in (reverse(f"{label}_changelist"), reverse(f"{label}_change", args=[row.pk])):
            assert_text(client.get(path).content.decode(), path)


@pytest.mark.parametrize("name", LISTS)
def test_files_hold_no_formula(written, client_for, name):
    client = client_for(written.coordinator)

    def content(kind: str) -> bytes:
        return b"".join(client.get(f"{reverse(name)}?exportera={kind}").streaming_content)

    cells = [
        cell
        for row in csv.reader(io.StringIO(content("csv").decode("utf-8-sig")), delimiter=";")
        for cell in row
    ]
    assert any("cmd()" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    sheets = zipfile.ZipFile(io.BytesIO(content("xlsx")))
    sheet = "".join(sheets.read(one).decode() for one in sheets.namelist() if one.endswith(".xml"))
    assert "<f>" not in sheet
    assert_text(sheet, name)
    assert any("cmd()" in str(value) for row in json.loads(content("json"))["rows"] for value in row.values())


def test_the_api_and_calendars_say_it_as_data(written, client_for, api_for):
    answer = api_for(written.coordinator).get("/api/v1/huvudman")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert any(row["name"].startswith("=cmd()") for row in answer.json()["data"])
    calendar = client_for(written.editor).get(reverse("meeting_calendar", args=[written.own.planned.uuid]))
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["X-Content-Type-Options"] == "nosniff"
    assert [line for line in calendar.content.decode().split("\r\n") if line.startswith(("<", "=cmd"))] == []
