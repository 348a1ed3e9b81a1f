"""The reference data that comes with the portal."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from sbs_portal.db.roles import as_owner
from schools.models import County, Municipality

regions = importlib.import_module("schools.migrations.0002_regions")

pytestmark = pytest.mark.django_db


def test_there_are_290_municipalities_in_21_counties():
    assert (Municipality.objects.count(), County.objects.count()) == (290, 21)


def test_a_municipality_code_begins_with_its_county():
    for municipality in Municipality.objects.select_related("county"):
        assert municipality.code[:2] == municipality.county.code


def test_every_county_has_a_municipality():
    assert not County.objects.filter(municipalities=None).exists()


@pytest.mark.parametrize(
    ("code", "name", "county"),
    [
        ("0115", "Vallentuna", "Stockholms län"),
        ("1485", "Uddevalla", "Västra Götalands län"),
        ("1488", "Trollhättan", "Västra Götalands län"),
        ("2039", "Älvdalen", "Dalarnas län"),
        ("2583", "Haparanda", "Norrbottens län"),
    ],
)
def test_names_are_those_of_the_regional_division(code, name, county):
    municipality = Municipality.objects.select_related("county").get(code=code)
    assert (municipality.name, municipality.county.name) == (name, county)


def test_swedish_letters_sort_last():
    names = list(Municipality.objects.order_by("sort_key").values_list("name", flat=True))
    assert names[0] == "Ale"
    assert names[-1].startswith("Ö")


@pytest.mark.django_db(transaction=True)
def test_loading_again_mends_a_name_and_adds_nothing():
    with as_owner():
        Municipality.objects.filter(code="1485").update(name="Uddevala")
        regions.load(apps, connection.schema_editor())
    assert Municipality.objects.get(code="1485").name == "Uddevalla"
    assert Municipality.objects.count() == 290
