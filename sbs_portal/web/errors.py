"""Django's error handlers: a problem for the API, a page in our layout for everybody else."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from sbs_portal.api import errors as api


def handler400(request, exception):
    """A bad request."""
    return (
        api.handler400(request, exception)
        if api.concerns_api(request)
        else defaults.bad_request(request, exception)
    )


def handler403(request, exception):
    """Inside scope, without the right."""
    if api.concerns_api(request):
        return api.handler403(request, exception)
    return defaults.permission_denied(request, exception)


def handler404(request, exception):
    """No such address, or outside scope."""
    return (
        api.handler404(request, exception)
        if api.concerns_api(request)
        else defaults.page_not_found(request, exception)
    )


def handler500(request):
    """Something broke; nothing of it is shown. A database that does not answer is told apart: it will be back."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    if api.concerns_api(request):
        return api.unavailable(request) if away else api.handler500(request)
    if away:
        page = loader.render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": api.RETRY_AFTER})
    return defaults.server_error(request)


def handler429(request):
    """Too many attempts of late: allauth asks for this by name."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "300"
    return response
