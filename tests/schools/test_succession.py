"""Units that are merged and split."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from schools.models import SchoolUnit, SuccessionKind, UnitSuccession
from schools.services.succession import merge_units, split_unit
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
DAY, EVE = date(2026, 7, 1), date(2026, 6, 30)


@pytest.fixture
def pair(cast):
    """Two units of the cast's huvudman: F–6 and 7–9."""
    return (
        make_unit(cast.huvudman, "Björkskolan", grade_from=0, grade_to=6),
        make_unit(cast.huvudman, "Almskolan", grade_from=7, grade_to=9, school_forms=["GR", "FTH"]),
    )


def links() -> set[tuple[str, str, str]]:
    rows = UnitSuccession.objects.select_related("predecessor", "successor")
    return {(row.predecessor.name, row.successor.name, row.kind) for row in rows}


def test_one_goes_on_with_the_other_in_it(cast, as_user, pair):
    unit, other = pair
    with as_user(cast.editor):
        assert merge_units(unit=unit, other=other, day=DAY, by=cast.editor) == unit
        now = SchoolUnit.objects.get(pk=unit.pk).version_on(DAY)
        assert (now.grades_display, set(now.school_forms)) == ("F–9", {"GR", "FTH"})
        ended = SchoolUnit.objects.get(pk=other.pk)
        assert (ended.version_on(EVE).status, ended.version_on(DAY).status) == ("active", "closed")
        assert links() == {("Almskolan", "Björkskolan", SuccessionKind.MERGE)}


def test_both_end_in_a_new_one(cast, as_user, pair):
    unit, other = pair
    with as_user(cast.editor):
        new = merge_units(unit=unit, other=other, day=DAY, name="Lundskolan", by=cast.editor)
        assert new.versions.get().valid_from == DAY
        assert {
            row.version_on(DAY).status for row in SchoolUnit.objects.filter(pk__in=[unit.pk, other.pk])
        } == {"closed"}
        assert {row[:2] for row in links()} == {("Björkskolan", "Lundskolan"), ("Almskolan", "Lundskolan")}


@pytest.mark.parametrize(("names", "status"), [(["Nya"], "active"), (["Södra", "Norra"], "closed")])
def test_a_unit_is_split(cast, as_user, pair, names, status):
    with as_user(cast.editor):
        new = split_unit(
            unit=pair[0], day=DAY, parts=[{"name": name, "grade_to": 3} for name in names], by=cast.editor
        )
        assert [row.name for row in new] == names
        assert SchoolUnit.objects.get(pk=pair[0].pk).version_on(DAY).status == status
        assert links() == {("Björkskolan", name, SuccessionKind.SPLIT) for name in names}


def test_a_strangers_unit_is_not_merged(cast, as_user, pair):
    theirs = make_unit(cast.other_huvudman, "Granskolan")
    with as_user(cast.coordinator), pytest.raises(ValidationError) as refused:
        merge_units(unit=pair[0], other=theirs, day=DAY, by=cast.coordinator)
    assert set(refused.value.message_dict) == {"other"}
    with as_user(cast.rektor), pytest.raises(PermissionDenied):
        merge_units(unit=pair[0], other=pair[1], day=DAY, by=cast.rektor)


def test_what_has_ended_is_not_merged_again(cast, as_user, pair):
    unit, other = pair
    with as_user(cast.editor):
        merge_units(unit=unit, other=other, day=DAY, by=cast.editor)
        with pytest.raises(ValidationError, match="finns inte den dagen"):
            merge_units(unit=unit, other=other, day=date(2026, 8, 1), by=cast.editor)


def test_the_pages_merge_and_split_and_show_it_on_both(cast, client_for, pair):
    unit, other = pair
    client = client_for(cast.editor)
    asked = {"other": other.pk, "outcome": "new", "day": DAY.isoformat()}
    refused = client.post(reverse("unit_merge", args=[unit.uuid]), asked)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"name"})
    client.post(reverse("unit_merge", args=[unit.uuid]), asked | {"outcome": "one"})
    for one, two in ((unit, other), (other, unit)):
        assert two.get_absolute_url() in client.get(one.get_absolute_url()).content.decode()
    split = {"outcome": "new", "day": "2026-09-01", "name": "Södra"}
    refused = client.post(reverse("unit_split", args=[unit.uuid]), split)
    assert set(refused.context["form"].errors) == {"second_name"}
    client.post(reverse("unit_split", args=[unit.uuid]), split | {"second_name": "Norra"})
    assert client.get(reverse("unit_list"), {"q": "Norra"}).content.decode().count("Norra</a>") == 1


def test_a_strangers_unit_is_no_choice(cast, client_for, pair):
    theirs = make_unit(cast.other_huvudman, "Granskolan")
    asked = {"other": theirs.pk, "outcome": "one", "day": DAY.isoformat()}
    refused = client_for(cast.editor).post(reverse("unit_merge", args=[pair[0].uuid]), asked)
    assert set(refused.context["form"].errors) == {"other"}


def test_the_api_reads_them_within_scope(cast, as_user, api_for, pair):
    with as_user(cast.editor):
        merge_units(unit=pair[0], other=pair[1], day=DAY, by=cast.editor)
    found = api_for(cast.editor).get("/api/v1/school-unit-successions").json()["data"]
    assert [(row["predecessor"], row["successor"], row["kind"]) for row in found] == [
        (str(pair[1].uuid), str(pair[0].uuid), "merge")
    ]
    assert api_for(cast.stranger).get("/api/v1/school-unit-successions").json()["data"] == []
