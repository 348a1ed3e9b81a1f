"""Faults that whoever starts the portal can mend, in words and without a traceback."""

import contextlib
import sys
from collections.abc import Iterator

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, OperationalError

from sbs_portal.db.trouble import EmbeddedError

DISK_FULL = "53100"


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """In the block, what is wrong with the settings or the database ends the process with a sentence and 1.

    Other exceptions pass, and with ``--traceback`` on the command line these too.
    """
    try:
        yield
    except (ImproperlyConfigured, EmbeddedError, NotSupportedError, OperationalError) as error:
        words = sentence(error)
        if words is None or "--traceback" in sys.argv:
            raise
        sys.exit(words)


def sentence(error: Exception) -> str | None:
    """What is wrong and what to do; None where it is a fault of the portal's own."""
    if isinstance(error, ImproperlyConfigured | EmbeddedError):
        return str(error)
    cause = error.__cause__
    if isinstance(error, NotSupportedError):
        # Django's own, of the server's version; PostgreSQL's have a cause.
        return None if cause else f"{error} Upgrade the server of DATABASE_URL."
    if not isinstance(cause, psycopg2.Error):
        return None
    said = str(error).strip()
    if cause.pgcode == DISK_FULL:
        return f"There is no room left where the database is: {said}"
    if cause.pgcode is None:  # refused before a statement, or cut off
        return f"The database cannot be reached: {said}\nSee DATABASE_URL and DATABASE_OWNER_URL, and that the server runs."
    return None
