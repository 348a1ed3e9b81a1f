"""Makes the cast (``bench.cast``) in a database, in a process of its own."""

import json
import subprocess
import sys

from bench import country
from sbs_portal.config import BASE_DIR


def made(database: str) -> dict:
    """Keys, sessions and rows, by name. Raises RuntimeError with what went wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cast"],
        cwd=BASE_DIR,
        env=country.environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The cast could not be made:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout)
