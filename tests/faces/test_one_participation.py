"""One participation, whoever enters it: in the browser, in the admin and through the API it is the same rows."""

from collections import defaultdict

import pytest
from django.db import models, transaction

from sbs_portal.db.kept import kept_columns
from sbs_portal.db.security import domain_models
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import frozen
from tests.faces import entering
from tests.factories import make_programme, make_provider

pytestmark = pytest.mark.django_db

# Ids, times, and how many writes it took; who wrote it.
NOT_TOLD = {"id", "uuid", "client_key", "created_at", "updated_at", "version"}
ACTORS = {"by", "archived_by", "done_by"}
# Who sent it and who approved it: only what a huvudman enters by itself is approved.
WHO = "programmes.RegistrationStep"
# All that can be entered, and not its history.
ROWS = [model for model in domain_models() if model.scoping.kind in ("owned", "shared")]


@pytest.fixture
def given(cast):
    with frozen(entering.DAY):
        programme = make_programme("nyanlanda", "Riktade insatser för nyanlända")
        yield entering.Given(cast, programme, make_provider("Norra högskolan"))


def ids() -> dict:
    with bound(NATIONAL):
        return {model: set(model._base_manager.values_list("pk", flat=True)) for model in ROWS}


def told(row, new: dict):
    """What a row says, with rows made meanwhile by their words."""
    said = {}
    for column in row._meta.concrete_fields:
        if column.name in NOT_TOLD | ACTORS | kept_columns(type(row)):
            continue
        if isinstance(column, models.ForeignKey):
            related = getattr(row, column.name)
            is_new = related is not None and related.pk in new.get(type(related), ())
            said[column.name] = (
                f"{type(related).__name__}: {related}" if is_new else getattr(row, column.attname)
            )
        else:
            said[column.name] = getattr(row, column.attname)
    return said


def entered(face: str, given, client_for, api_for) -> dict[str, list[dict]]:
    """Everything the face made, told in words, and taken back."""
    found = defaultdict(list)
    with transaction.atomic():
        before = ids()
        entering.FACES[face](given, client_for, api_for)
        new = {model: rows - before[model] for model, rows in ids().items() if rows - before[model]}
        with bound(NATIONAL):
            for model, rows in new.items():
                said = [told(row, new) for row in model._base_manager.filter(pk__in=rows)]
                found[model._meta.label] = sorted(said, key=repr)
        transaction.set_rollback(True)
    found.pop(WHO, None)
    return dict(found)


def test_the_three_faces_make_the_same(given, client_for, api_for):
    results = {face: entered(face, given, client_for, api_for) for face in entering.FACES}
    for face in ("admin", "api"):
        assert results[face].keys() == results["browser"].keys(), face
        for label, rows in results["browser"].items():
            assert [(face, label, row) for row in results[face][label]] == [
                (face, label, row) for row in rows
            ]
    made = {label: len(rows) for label, rows in results["api"].items()}
    (participation,) = results["api"]["programmes.Participation"]
    assert participation["registration"] == "approved"
    assert made["programmes.ParticipatingUnit"] == 2
    assert made["seminars.Outcome"] == 2
    assert made["seminars.Meeting"] > 5
