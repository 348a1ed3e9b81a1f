"""The log says what happened and never who it was or what was said."""

import json
import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from sbs_portal import logs

SECRET = "hemligt-ord-som-ingen-får-läsa"


class Kept(logging.Handler):
    """Keeps each line as it is written, while its request is still there."""

    def __init__(self):
        super().__init__()
        self.setFormatter(logs.JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    """What has been logged, as the JSON form writes it."""
    kept, root, requests = Kept(), logging.getLogger(), logging.getLogger("sbs_portal.request")
    root.addHandler(kept)
    level = requests.level
    requests.setLevel(logging.INFO)
    yield kept.lines
    requests.setLevel(level)
    root.removeHandler(kept)


def line_of(name: str, *arguments, message: str, error: Exception | None = None) -> dict:
    info = (type(error), error, error.__traceback__) if error else None
    return logs.fields(logging.LogRecord(name, logging.ERROR, "file", 1, message, arguments, info))


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_request_is_one_line_without_its_address(cast, client_for, lines):
    id_ = "0b0e8a8e-6a0c-4b0e-9c55-7f4a3f5f3a11"
    address = reverse("participation_detail", args=[cast.participation.uuid])
    client_for(cast.editor).get(address, {"q": SECRET}, headers={"X-Request-ID": id_})

    (line,) = [line for line in lines if line["logger"] == "sbs_portal.request"]
    assert line.pop("ms") >= 0
    line.pop("time")
    assert line == {
        "level": "info",
        "logger": "sbs_portal.request",
        "event": "request",
        "request_id": id_,
        "method": "GET",
        "view": "participation_detail",
        "status": 200,
    }


@pytest.mark.parametrize(
    ("path", "headers"),
    [(f"/finns-inte/{SECRET}", {}), ("/", {"host": f"{SECRET}.example"}), ("/healthz", {"host": SECRET})],
)
def test_what_a_stranger_sends_is_not_repeated(path, headers, db, lines):
    Client().get(path, headers=headers)

    assert lines
    assert SECRET not in json.dumps(lines, ensure_ascii=False)


def test_an_exceptions_kind_and_place_are_told_and_its_message_is_not():
    try:
        try:
            raise ValidationError({"name": SECRET})
        except ValidationError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        found = line_of("django.request", "/väg", message="Internal Server Error: %s", error=error)

    assert found["event"] == "RuntimeError"
    assert [part["kind"] for part in found["error"]] == [
        "builtins.RuntimeError",
        "django.core.exceptions.ValidationError",
    ]
    assert __file__ in found["error"][0]["at"][0]
    assert SECRET not in json.dumps(found, ensure_ascii=False)


def test_a_refusal_of_the_databases_names_the_constraint_not_the_values(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (word text CONSTRAINT word_once UNIQUE)")
        with pytest.raises(IntegrityError) as caught:
            cursor.execute("INSERT INTO t VALUES (%s), (%s)", [SECRET, SECRET])

    found = logs.failure(caught.value)
    assert SECRET in str(caught.value)
    assert SECRET not in json.dumps(found, ensure_ascii=False)
    assert found["error"][1]["sqlstate"] == "23505"
    assert found["error"][1]["constraint"] == "word_once"


@pytest.mark.parametrize(
    ("name", "message", "arguments", "expected"),
    [
        ("library", "Could not read %s", (SECRET,), "Could not read %s"),
        ("library", f"Could not read {SECRET}", (), "library"),
        ("sbs_portal.health", "check %s could not be made", ("role",), "check role could not be made"),
    ],
)
def test_a_library_message_is_told_before_its_values_are_put_in(name, message, arguments, expected):
    assert line_of(name, *arguments, message=message)["event"] == expected


def test_the_plain_form_says_the_same_in_lines():
    record = logging.LogRecord("sbs_portal.api", logging.ERROR, "file", 1, "a request failed", (), None)
    record.exc_info = (KeyError, raised(KeyError(SECRET)), None)

    first, kind, place = logs.PlainFormatter().format(record).splitlines()
    assert first.endswith("error sbs_portal.api a request failed")
    assert kind == "  builtins.KeyError"
    assert place.endswith(" raised")


def test_every_line_of_the_portals_own_goes_through_the_form():
    """A logger with a handler of its own would pass by the form: there is none."""
    configured = logs.configuration(form="json", debug=False)
    assert {name for name, logger in configured["loggers"].items() if logger.get("handlers")} == set()
