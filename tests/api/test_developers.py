"""The API's pages for people, what it says of itself, and what is on its way out."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from sbs_portal.api import reading as pages
from sbs_portal.api import views
from sbs_portal.api.lifecycle import Retiring, retiring
from sbs_portal.api.problems import PROBLEMS
from sbs_portal.api_urls import RESOURCES
from tests.api import urls
from tests.api.test_openapi import described

pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"


def test_api_info_is_open_and_named_as_the_profile_names_it(anonymous):
    response = anonymous.get("/api/v1/api-info")
    assert (response.status_code, response.json()) == (
        200,
        {
            "apiName": "SBS-portalens API",
            "apiVersion": "1.0.0",
            "apiReleased": "2026-11-22",
            "apiDocumentation": f"{ORIGIN}/utvecklare/",
            "apiStatus": "active",
            "apiPublisher": settings.OPERATOR,
        },
    )


def test_every_resource_has_its_page(anonymous):
    home = anonymous.get(reverse("developers")).content.decode()
    for name, view in RESOURCES:
        assert reverse("developers_resource", args=[name]) in home
        assert view.about in " ".join(
            one.about for one in pages.resources("sbs_portal.urls", ORIGIN).values()
        )


@pytest.mark.parametrize("name", ["meetings", "participations", "api-info"])
def test_a_page_tells_operations_names_and_examples(anonymous, name):
    response = anonymous.get(reverse("developers_resource", args=[name]))
    body = response.content.decode()
    resource = pages.resources("sbs_portal.urls", ORIGIN)[name]
    ids = re.findall(r'<section class="section" id="([^"]+)"', body)
    assert ids == [operation.anchor for operation in resource.operations]
    assert len(set(ids)) == len(ids)
    for operation in resource.operations:
        assert operation.answer
        names = {one.name for one in (*operation.parameters, *operation.sent, *operation.shown)}
        assert {one for one in names if f"<code>{one}</code>" not in body} == set()


def test_a_name_that_is_none_is_404_and_api_leads_to_the_pages(anonymous):
    assert anonymous.get(reverse("developers_resource", args=["finns-inte"])).status_code == 404
    assert anonymous.get("/api/").headers["Location"] == reverse("developers")
    assert anonymous.get("/api/v1/docs").headers["Location"] == reverse("developers")


def test_who_is_logged_in_reads_them_too(cast, client_for):
    assert client_for(cast.rektor).get(reverse("developers")).status_code == 200


@pytest.mark.parametrize("slug", sorted(PROBLEMS))
def test_a_problems_address_is_json_for_a_program_and_a_page_for_a_person(anonymous, slug):
    kind = PROBLEMS[slug]
    for accepted in ("application/json", "*/*"):
        response = anonymous.get(kind.address, headers={"Accept": accepted})
        assert response.json()["title"] == kind.title
    person = anonymous.get(kind.address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (person.status_code, person["Vary"]) == (303, "Accept")
    where, _, anchor = person["Location"].partition("#")
    body = anonymous.get(where).content.decode()
    assert (f'id="{anchor}"' in body, kind.title in body) == (True, True)


OLD = Retiring(since=date(2027, 1, 1), gone=date(2028, 1, 1), instead="/api/v1/sources")


@pytest.mark.urls("tests.api.urls")
def test_a_resource_on_its_way_out_says_so_in_every_answer(reading, monkeypatch):
    monkeypatch.setattr(urls.SourceViewSet, "retiring", OLD, raising=False)
    for path in ("/api/v1/sources", "/api/v1/sources?okand=1"):
        headers = reading.get(path).headers
        assert (headers["Deprecation"], headers["Sunset"]) == ("@1798761600", "Sat, 01 Jan 2028 00:00:00 GMT")
    assert "Deprecation" not in reading.get("/api/v1/statements").headers
    document = described("tests.api.urls")
    operation = document["paths"]["/api/v1/sources"]["get"]
    assert (operation["deprecated"], "Tas bort 2028-01-01." in operation["description"]) == (True, True)
    assert "deprecated" not in document["paths"]["/api/v1/statements"]["get"]


@pytest.mark.urls("tests.api.urls")
def test_a_single_operation_may_be_on_its_way_out(reading, make_source, monkeypatch):
    retrieve = retiring(since=date(2027, 1, 1))(
        lambda self, *args, **kwargs: views.ReadViewSet.retrieve(self, *args, **kwargs)
    )
    monkeypatch.setattr(urls.SourceViewSet, "retrieve", retrieve)
    headers = reading.get(f"/api/v1/sources/{make_source().uuid}").headers
    assert (headers["Deprecation"], "Sunset" in headers) == ("@1798761600", False)
    assert "Deprecation" not in reading.get("/api/v1/sources").headers
