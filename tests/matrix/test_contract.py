"""What openapi.json says is what the API does: every operation is called as described, and as not described.

Few calls each, the same ones every time; ``SBS_CONTRACT_CALLS=50`` makes a longer hunt of it.
"""

import json
import os
from itertools import count

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sbs_portal.api import schema
from sbs_portal.api.tokens import issue_token
from sbs_portal.api_urls import RESOURCES
from sbs_portal.scope import NATIONAL, bound

pytestmark = pytest.mark.django_db

CALLS = int(os.environ.get("SBS_CONTRACT_CALLS", "1"))
# What the one calls as described the other calls as not described.
SEEDS = {"editor": 1, "coordinator": 2}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described():
    schema.document.cache_clear()
    document = json.loads(schema.document(django_settings.ROOT_URLCONF, "http://testserver")[0])
    found = schemathesis.openapi.from_dict(document)
    found.app = get_wsgi_application()
    return found


@pytest.fixture
def _kept_connections():
    """As Django's own test client: the end of a request closes no connection of the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ids() -> dict[str, list[str]]:
    """The rows there are of each resource, as addresses call them."""
    with bound(NATIONAL):
        return {
            name: [str(one) for one in view.queryset.model._base_manager.values_list("uuid", flat=True)]
            for name, view in RESOURCES
        }


@pytest.mark.usefixtures("_kept_connections")
@pytest.mark.parametrize("role", SEEDS)
def test_every_operation_does_what_it_says(world, described, role):
    _, key = issue_token(user=getattr(world, role), name="test", can_write=True)
    headers, rows, failures = {"Authorization": f"Bearer {key}"}, ids(), []
    for place, found in enumerate(described.get_all_operations(), start=SEEDS[role]):
        operation, mode = found.ok(), MODES[place % 2]
        of_resource = rows.get(operation.path.split("/")[3], [])
        try:
            call(operation, mode, headers, of_resource, SEEDS[role])
        except Unsatisfiable:
            # Nothing in it can be sent otherwise than described.
            assert mode is GenerationMode.NEGATIVE
        except BaseExceptionGroup as error:
            failures.append(f"{operation.label} ({mode.value}): {error.exceptions}")
    assert failures == []


def call(operation, mode, headers, of_resource, number):
    turns = count(number)

    @seed(number)
    @settings(
        max_examples=CALLS,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        if "id" in case.path_parameters and of_resource:
            case.path_parameters["id"] = of_resource[next(turns) % len(of_resource)]
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    one()
