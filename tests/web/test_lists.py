"""What every list does with its address: filters, order, columns, and the files made of it."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from sbs_portal import filters
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, Term
from sbs_portal.web.exports import csv_text
from sbs_portal.web.tables import Column, Table, plain
from schools.models import Huvudman
from tests import factories


class Sample(Table):
    caption = "Prov"
    default_sort = "name"
    columns = (
        Column("name", "Namn", sort="sort_key", link=lambda row: "/"),
        Column("kind", "Slag", sort="kind"),
        Column("units", "Enheter", sort="units"),
        Column("code", "Kod", sort="code", extra=True),
    )


def headings(query):
    from django.test import RequestFactory

    return {
        heading.column.name: (heading.url, heading.direction, heading.place)
        for heading in Sample([], request=RequestFactory().get(f"/{query}")).headings
    }


def test_a_click_sorts_first_by_the_column_and_then_as_before():
    assert headings("?ordning=units")["kind"] == ("?ordning=kind,units", "", 0)
    found = headings("?ordning=kind,-units")
    assert found["kind"] == ("?ordning=-kind,-units", "ascending", 0)
    assert found["units"] == ("?ordning=units,kind", "descending", 1 + 1)


def test_three_keys_are_enough_and_each_column_counts_once():
    assert Sample.sort_keys(QueryDict("ordning=kind,-kind&ordning=units,code,name,secret")) == (
        "kind",
        "units",
        "code",
    )


def test_columns_stand_as_chosen_after_the_name_and_the_extra_only_when_chosen():
    def shown(query):
        return [column.name for column in Sample.shown_columns(QueryDict(query))]

    assert shown("") == ["name", "kind", "units"]
    assert shown("kolumner=code&kolumner=kind,secret") == ["name", "code", "kind"]
    assert shown("kolumner=secret") == shown("")


pages = pytest.mark.django_db


@pages
@pytest.mark.parametrize(
    ("sent", "tidy"),
    [
        ("?slag=region&lan=", "?kind=region"),
        ("?q=&ordning=kind&ordning=-units&ordning=&antal=50", "?ordning=kind,-units"),
        (
            "?kolumner=kind&kolumner=municipality&kolumner=organisation_number&kolumner=units&sida=2",
            "?sida=2",
        ),
        ("?kolumner=units&kolumner=kind&antal=100", "?kolumner=units,kind&antal=100"),
        ("?ordning=name&antal=7", ""),
    ],
)
def test_a_view_has_one_address(cast, client_for, sent, tidy):
    response = client_for(cast.editor).get(f"/huvudman/{sent}")
    assert (response.status_code, response.headers["Location"]) == (302, f"/huvudman/{tidy}")


@pages
def test_the_filters_that_are_set_are_said_and_can_be_taken_away(cast, client_for):
    page = client_for(cast.editor).get(
        f"/enheter/?school_form=GR&huvudman={cast.huvudman.uuid}&ordning=-name"
    )
    said = [(one.label, one.words, url) for one, url in page.context["chosen"]]
    assert said == [
        (
            "Skolform eller verksamhet",
            "grundskola",
            f"?huvudman={cast.huvudman.uuid}&ordning=-name",
        ),
        ("Huvudman", cast.huvudman.name, "?school_form=GR&ordning=-name"),
    ]
    assert page.context["cleared"] == "?ordning=-name"


@pages
def test_a_foreign_huvudman_in_the_address_is_an_unknown_choice(cast, client_for):
    page = client_for(cast.editor).get(f"/enheter/?huvudman={cast.other_huvudman.uuid}")
    assert [one.words for one, _ in page.context["chosen"]] == ["okänt val"]
    assert cast.other_huvudman.name not in page.content.decode()
    assert list(page.context["page_obj"]) == []


@pages
@pytest.mark.usefixtures("nothing_kept")
def test_among_too_many_to_choose_from_the_name_is_written(cast, client_for, api_for, monkeypatch):
    monkeypatch.setattr(filters, "MOST_OFFERED", 1)
    client = client_for(cast.coordinator)
    moved = client.get("/enheter/?huvudman=björkby&status=active")
    assert (moved.status_code, moved.url) == (302, f"/enheter/?huvudman={cast.huvudman.uuid}&status=active")
    page = client.get(moved.url)
    assert {row.name for row in page.context["page_obj"]} == {"Björkskolan", "Almskolan"}
    body = page.content.decode()
    assert f'value="{cast.huvudman.name}"' in body
    assert cast.other_huvudman.name not in body
    # Several have "kommun" in their names, and nobody is called "finns-inte".
    for text in ("kommun", "finns-inte"):
        page = client.get(f"/enheter/?huvudman={text}")
        assert page.status_code == 200
        assert "Ingen, eller flera, har det i namnet. Skriv hela namnet." in page.content.decode()
        assert f'value="{text}"' in page.content.decode()
    # Out of reach is as unknown as what does not exist, and the API goes by ids as before.
    assert client_for(cast.editor).get("/enheter/?huvudman=Granby+kommun").status_code == 200
    assert api_for(cast.coordinator).get("/api/v1/school-units?huvudman=björkby").json()["data"] == []


@pages
def test_page_and_api_filter_alike(cast, client_for, api_for):
    factories.make_unit(cast.huvudman, "Lillåns förskola", school_forms=["FS"])
    for query in ("school_form=FS", "status=active&q=skolan", "huvudman=finns-inte"):
        page = client_for(cast.editor).get(f"/enheter/?{query}")
        rows = api_for(cast.editor).get(f"/api/v1/school-units?{query}&ordering=name")
        names = [row.name for row in page.context["page_obj"]]
        assert names == [row["name"] for row in rows.json()["data"]]


# Files


def test_values_are_plain_in_a_file():
    values = [ImpreciseDate.day(date(2018, 4, 23)), ImpreciseDate.year(2018), Term.parse("HT2018"), None]
    assert [plain(value) for value in values] == [date(2018, 4, 23), "2018", "HT2018", None]


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_no_text_runs_as_a_formula(text):
    assert csv_text(text) == f"'{text}"


def test_a_cell_is_written_as_swedish_excel_reads_it():
    values = [None, True, 1.5, Decimal("2.25"), -3, date(2018, 4, 23), "a=b"]
    assert [csv_text(value) for value in values] == ["", "ja", "1,5", "2,25", "-3", "2018-04-23", "a=b"]


def download(client, address):
    response = client.get(address)
    assert (response.status_code, response.streaming) == (200, True)
    return response, response.getvalue()


@pages
def test_a_csv_has_the_rows_columns_and_order_of_the_page(cast, client_for):
    client = client_for(cast.editor)
    with bound(NATIONAL):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(name="=HYPERLINK(1);Ö")
    response, body = download(client, "/huvudman/?kolumner=units,kind&exportera=csv")
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert lines == [["Namn", "Enheter", "Slag"], ["'=HYPERLINK(1);Ö", "2", "enskild"]]
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Huvudm%C3%A4n%20")


@pages
def test_an_excel_file_keeps_texts_texts_and_numbers_numbers(cast, client_for):
    with bound(NATIONAL):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(name="=1+1")
    _, body = download(client_for(cast.editor), "/huvudman/?kolumner=units&exportera=xlsx")
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    sheet = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml"))
    name, units = sheet.findall(".//m:row[@r='2']/m:c", ns)
    assert (name.get("t"), name.find(".//m:t", ns).text, name.find("m:f", ns)) == ("inlineStr", "=1+1", None)
    assert (units.get("t"), units.find("m:v", ns).text) == (None, "2")
    assert sheet.find(".//m:pane", ns).get("state") == "frozen"


@pages
def test_a_json_file_says_its_columns_and_holds_what_the_reader_reaches(cast, client_for):
    _, body = download(client_for(cast.editor), "/enheter/?ordning=-name&exportera=json")
    found = json.loads(body)
    assert [row["name"] for row in found["rows"]] == ["Björkskolan", "Almskolan"]
    assert [column["name"] for column in found["columns"]] == list(found["rows"][0])
    assert cast.other_unit.name not in body.decode()


@pages
def test_an_unknown_kind_of_file_does_not_exist(cast, client_for):
    assert client_for(cast.editor).get("/huvudman/?exportera=exe").status_code == 404


@pages
@pytest.mark.parametrize("rows", [1, 30])
def test_a_file_takes_as_many_queries_for_one_row_as_for_thirty(cast, client_for, rows):
    for number in range(rows):
        factories.make_meeting(cast.participation, when=date(2018, 4, 12), title=f"Nr {number}")
    client = client_for(cast.editor)
    client.get("/traffar/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _, body = download(client, "/traffar/?exportera=csv")
    assert (len(queries), body.count(b"\r\n")) == (14, rows + 1)
