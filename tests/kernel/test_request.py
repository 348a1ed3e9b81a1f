"""The request: an id, strict headers, log-in, and nothing half-written."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from sbs_portal.middleware import CONTENT_SECURITY_POLICY, ScopeMiddleware
from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman

pytestmark = pytest.mark.django_db


def answer(user, view):
    request = RequestFactory().get("/nagot/")
    request.user, request.request_id = user, None
    return ScopeMiddleware(view)(request)


def rename(status):
    def view(request):
        Huvudman.objects.update(name="Omdöpt")
        return HttpResponse(status=status)

    return view


@pytest.mark.parametrize(
    ("status", "name"), [(200, "Omdöpt"), (302, "Omdöpt"), (400, "Björkby kommun"), (500, "Björkby kommun")]
)
def test_a_refused_request_leaves_nothing(cast, status, name):
    answer(cast.editor, rename(status))
    with bound(NATIONAL):
        assert Huvudman.objects.get(pk=cast.huvudman.pk).name == name


def test_a_stream_reads_within_scope(cast):
    def view(request):
        return StreamingHttpResponse(str(huvudman.name) for huvudman in Huvudman.objects.all().iterator())

    assert b"".join(answer(cast.editor, view)).decode() == "Björkby kommun"


def test_every_page_has_the_strict_policy_and_a_request_id(client):
    response = client.get("/kakor/")
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert len(response["X-Request-ID"]) == 36
    assert response["Cache-Control"] == "private, no-cache"


def test_a_page_needs_a_log_in(client):
    response = client.get("/uppgifter/")
    assert (response.status_code, response["Location"]) == (302, "/konto/logga-in/?next=/uppgifter/")
