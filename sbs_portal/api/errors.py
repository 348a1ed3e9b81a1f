"""Every error of the API as application/problem+json (RFC 9457), in one shape and in Swedish.

The kinds there are stand in ``problems``. What is raised anywhere below a view, from a service's
ValidationError to an IntegrityError at the commit, is translated by ``response_for``; nothing of the inside
(SQL, table names, traces) leaves the house.
"""

import logging

from django.apps import apps
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    models,
)
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.encoding import escape_uri_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.settings import api_settings

from sbs_portal.api.problems import API_PREFIX, CONTENT_TYPE, PROBLEMS, SLUG_BY_STATUS

logger = logging.getLogger("sbs_portal.api")

# Seconds: a database that was killed has answered again before.
RETRY_AFTER = "5"


class Problem(exceptions.APIException):
    """Base of the API's own refusals: a kind from PROBLEMS and a Swedish detail."""

    slug = "internal-error"

    def __init__(self, detail: str = ""):
        super().__init__(detail or PROBLEMS[self.slug].explanation)
        self.status_code = PROBLEMS[self.slug].status


class Conflict(Problem):
    """409: right in itself, but not beside what is already stored."""

    slug = "conflict"


class PreconditionFailed(Problem):
    """412: If-Match names another version than the one stored."""

    slug = "precondition-failed"


class PreconditionRequired(Problem):
    """428: the change needs If-Match."""

    slug = "precondition-required"


class RequestInProgress(Problem):
    """409: another request with the same Idempotency-Key is still running."""

    slug = "request-in-progress"


class KeyReused(Problem):
    """422: the Idempotency-Key was used for another request."""

    slug = "idempotency-key-reused"


class BulkRejected(Problem):
    """400: some rows of a bulk request are wrong, so none was saved."""

    slug = "bulk-rejected"

    def __init__(self, rows: list[dict], wrong: int):
        places = [str(row["index"]) for row in rows if row["status"] != 424]
        some = ", ".join(places[:10]) + (" …" if wrong > 10 else "")
        super().__init__(f"{wrong} av {len(rows)} rader behöver ändras, med index {some}. Inget har sparats.")
        self.rows = rows

    @property
    def invalid_parameters(self) -> list[dict[str, str]]:
        """As for a single row, with the row's index before the field."""
        return [
            {"property": f"{row['index']}.{name}".rstrip("."), "reason": reason}
            for row in self.rows
            for name, reasons in row.get("errors", {}).items()
            for reason in reasons
        ]


class BodyTooLarge(Problem):
    """413: the body is larger than the portal accepts."""

    slug = "body-too-large"


class MalformedRequest(Problem):
    """400: the address or the body cannot be read at all."""

    slug = "malformed-request"


class InvalidToken(exceptions.AuthenticationFailed):
    """401: a key was sent, and it does not hold."""

    slug = "invalid-token"


def problem(
    request,
    slug: str,
    detail: str = "",
    *,
    invalid_parameters: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    rows: list[dict] | None = None,
) -> JsonResponse:
    """The answer for one kind of problem; ``rows`` is what is wrong with each row of a bulk request."""
    kind = PROBLEMS[slug]
    body = {
        "type": kind.address,
        "title": kind.title,
        "status": kind.status,
        "detail": str(detail) or kind.explanation,
        "instance": escape_uri_path(request.path),
        "request_id": getattr(request, "request_id", None),
    }
    if invalid_parameters is not None:
        body["invalid_parameters"] = invalid_parameters
    if rows is not None:
        body["rows"] = rows
    return JsonResponse(
        body,
        status=kind.status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def invalid(request, pairs: list[tuple[str, str]]) -> JsonResponse:
    """A 400 from (property, reason) pairs."""
    names = list(dict.fromkeys(name for name, _ in pairs if name))
    whole = [reason for name, reason in pairs if not name]
    detail = " ".join(whole)
    if names:
        detail = f"{detail} Det här behöver ändras: {', '.join(names)}.".strip()
    return problem(
        request,
        "validation-error",
        detail,
        invalid_parameters=[{"property": name, "reason": reason} for name, reason in pairs],
    )


def flattened(detail, path: str = "") -> list[tuple[str, str]]:
    """DRF's nested errors as (dotted path, reason); errors of a whole object carry its path."""
    if isinstance(detail, dict):
        pairs = []
        for key, value in detail.items():
            whole = key in (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS)
            pairs += flattened(value, path if whole else f"{path}.{key}".lstrip("."))
        return pairs
    if isinstance(detail, list | tuple):
        if any(isinstance(item, dict | list) for item in detail):
            # A list of objects: the index is part of the path, rows without errors are empty.
            pairs = []
            for index, item in enumerate(detail):
                pairs += flattened(item, f"{path}.{index}".lstrip("."))
            return pairs
        return [(path, str(item)) for item in detail]
    return [(path, str(detail))]


def flattened_django(error: ValidationError) -> list[tuple[str, str]]:
    """A service's or model's ValidationError as (property, reason)."""
    if hasattr(error, "error_dict"):
        return [
            ("" if name == NON_FIELD_ERRORS else name, str(reason))
            for name, reasons in error.message_dict.items()
            for reason in reasons
        ]
    return [("", str(reason)) for reason in error.messages]


def _constraint(name: str | None) -> tuple[type[models.Model], models.BaseConstraint] | None:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if name and constraint.name == name:
                return model, constraint
    return None


def _of_constraint(request, error: IntegrityError) -> HttpResponse:
    diagnostics = getattr(error.__cause__, "diag", None)
    found = _constraint(getattr(diagnostics, "constraint_name", None))
    if found:
        _, constraint = found
        if constraint.violation_error_message != constraint.default_violation_error_message:
            fields = getattr(constraint, "fields", ())
            return invalid(
                request, [(fields[0] if len(fields) == 1 else "", str(constraint.violation_error_message))]
            )
    reasons = {
        "23505": "Det finns redan en uppgift med samma värde.",
        "23503": "Uppgiften hör ihop med något som inte finns, eller som ännu används.",
        "23502": "Ett värde som behövs saknas.",
        "23514": "Värdena går inte ihop med varandra.",
        "23P01": "Perioden överlappar en annan.",
    }
    return problem(request, "conflict", reasons.get(_sqlstate(error), ""))


def _sqlstate(error: DatabaseError) -> str:
    return getattr(error.__cause__, "pgcode", None) or ""


def _of_database(request, error: Exception) -> HttpResponse | None:
    """The answer to what PostgreSQL refused, None where it is our own mistake."""
    state = _sqlstate(error)
    if isinstance(error, IntegrityError):
        return _of_constraint(request, error)
    if state == "42501":
        # Row-level security or a grant stood in the way: the second wall, said like the first.
        return problem(request, "forbidden", "Du saknar behörighet att göra den här ändringen.")
    if state in {"40001", "40P01", "55P03"}:
        return problem(request, "conflict", "Någon annan ändrade samtidigt. Försök igen.")
    if isinstance(error, DataError):
        return invalid(request, [("", "Ett värde är för långt, för stort eller har fel form.")])
    if isinstance(error, InternalError) and state == "P0001":
        return problem(request, "conflict", "Ändringen är inte tillåten.")
    if isinstance(error, OperationalError | InterfaceError):
        logger.exception("the database did not answer")
        return unavailable(request)
    return None


def _of_api_exception(request, error: exceptions.APIException) -> HttpResponse:
    if isinstance(error, exceptions.ValidationError):
        return invalid(request, flattened(error.detail))
    if isinstance(error, BulkRejected):
        parameters = error.invalid_parameters
        return problem(request, error.slug, str(error.detail), invalid_parameters=parameters, rows=error.rows)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if isinstance(error, exceptions.Throttled) and error.wait:
        headers["Retry-After"] = str(int(error.wait) + 1)
    slug = getattr(error, "slug", None) or SLUG_BY_STATUS.get(error.status_code, "internal-error")
    said = (Problem, InvalidToken, exceptions.PermissionDenied, exceptions.NotFound)
    detail = str(error.detail) if isinstance(error, said) else ""
    if isinstance(error, exceptions.MethodNotAllowed):
        detail = f"{request.method} går inte att använda på den här adressen."
    elif isinstance(error, exceptions.ParseError):
        detail = str(error.detail) if isinstance(error, Unreadable) else "Innehållet är inte giltig JSON."
    elif isinstance(error, exceptions.UnsupportedMediaType):
        detail = "Skicka innehållet som application/json."
    return problem(request, slug, detail, headers=headers)


class Unreadable(exceptions.ParseError):
    """400: the body is not JSON we can read; the detail is ours and may be shown."""


def response_for(error: Exception, request) -> HttpResponse | None:
    """The problem a raised exception becomes; None for what nobody foresaw."""
    if isinstance(error, exceptions.APIException):
        return _of_api_exception(request, error)
    if isinstance(error, ValidationError):
        return invalid(request, flattened_django(error))
    if isinstance(error, Http404):
        return problem(request, "not-found")
    if isinstance(error, PermissionDenied):
        return problem(request, "forbidden", str(error))
    if isinstance(error, RequestDataTooBig):
        return problem(request, "body-too-large")
    if isinstance(error, SuspiciousOperation):
        return problem(request, "malformed-request")
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_database(request, error)
    if isinstance(error, models.ProtectedError | models.RestrictedError):
        return problem(request, "conflict", "Det finns uppgifter som beror på den här.")
    if isinstance(error, ValueError) and "NUL" in str(error):
        return invalid(request, [("", "Texten innehåller tecken som inte går att spara.")])
    return None


def unforeseen(request, error: Exception) -> HttpResponse:
    """The 500: logged with its trace, announced to Django's own listeners, silent outward."""
    logger.error("a request failed", exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return problem(request, "internal-error")


def exception_handler(error: Exception, context: dict) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER; None lets the exception go on to the base view's dispatch."""
    return response_for(error, context["request"]._request)


def concerns_api(request) -> bool:
    """Whether the address is the API's, so that an error there is a problem and no page."""
    return request.path.startswith(API_PREFIX)


@csrf_exempt
def not_found(request, *args, **kwargs) -> HttpResponse:
    """For every address under /api/ that leads nowhere, whatever the method."""
    return problem(request, "not-found")


def handler400(request, exception=None) -> HttpResponse:
    """For the project's handler400 where ``concerns_api``."""
    return (
        problem(request, "body-too-large")
        if isinstance(exception, RequestDataTooBig)
        else problem(request, "malformed-request")
    )


def handler403(request, exception=None) -> HttpResponse:
    """For the project's handler403 where ``concerns_api``."""
    return problem(request, "forbidden")


def handler404(request, exception=None) -> HttpResponse:
    """For the project's handler404 where ``concerns_api``."""
    return problem(request, "not-found")


def unavailable(request) -> HttpResponse:
    """The database does not answer just now."""
    return problem(request, "unavailable", headers={"Retry-After": RETRY_AFTER})


def handler500(request) -> HttpResponse:
    """For the project's handler500 where ``concerns_api``."""
    return problem(request, "internal-error")
