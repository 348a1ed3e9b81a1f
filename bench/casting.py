"""Makes the cast (``bench.cast``) in a database, in a process of its own."""

import json

from bench import country, processes
from sbs_portal.config import BASE_DIR


def made(database: str) -> dict:
    """Keys, sessions and rows, by name. Raises RuntimeError with what went wrong."""
    return json.loads(processes.told_by("bench.cast", cwd=BASE_DIR, env=country.environment(database)))
