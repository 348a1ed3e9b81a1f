"""Logs: what happened, where in the code and how long it took; never who it was or what was said.

No line holds a path, a query string, an address, a name or the message of an exception: a path may carry a
one-time link, and a message what somebody typed. The request id joins a line to the history, which knows the
actor. Two forms: one JSON object a line (``SBS_LOG=json``), or plain lines for a terminal.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# Those who write their messages knowing this page. Of everybody else's a line has the text before the values
# are put in, or the exception's kind.
OURS = ("sbs_portal", "schools", "programmes", "seminars")


def event(record: logging.LogRecord) -> str:
    """What happened, in words without anybody's data."""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0].__name__
    # A text with nothing to put in may have been put together already.
    return str(record.msg) if record.args else record.name


def failure(error: BaseException) -> dict:
    """The kinds of the exception and its causes, and where each was raised."""
    chain, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        found = {
            "kind": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if diagnosis := getattr(error, "diag", None):
            found |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
        chain.append(found)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return {"error": chain}


def fields(record: logging.LogRecord) -> dict:
    """The line as names and values."""
    found = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": event(record),
        "request_id": request_id.get(),
        **getattr(record, "data", {}),
    }
    if record.exc_info and record.exc_info[1]:
        found |= failure(record.exc_info[1])
    return {name: value for name, value in found.items() if value is not None}


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields(record), ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """The same for a reader at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        found = fields(record)
        words = [found.pop(name) for name in ("time", "level", "logger", "event")]
        chain = found.pop("error", [])
        lines = [" ".join([*words, *(f"{name}={value}" for name, value in found.items())])]
        for error in chain:
            lines += [f"  {error['kind']}", *(f"    {place}" for place in error["at"])]
        return "\n".join(lines)


def configuration(*, form: str, debug: bool) -> dict:
    """The settings of Python's logging. form: json or plain.

    Plain is for a terminal, where a line for each request would hide the rest. While developing Django's own
    lines are shown whole.
    """
    formatter = {"()": JsonFormatter if form == "json" else PlainFormatter}
    if debug:
        formatter = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    every_request = form == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "pgtrigger": {"level": "WARNING"},
            "sbs_portal.request": {"level": "INFO" if every_request else "WARNING"},
            # Our line of the request says what these two would, but for a failure.
            "django.request": {"level": "INFO" if debug else "ERROR", "handlers": [], "propagate": True},
            "django": {"handlers": [], "propagate": True, "level": "INFO"},
            "gunicorn.error": {"handlers": [], "propagate": True, "level": "WARNING"},
        },
    }
