"""The bench's own databases: a server and folder of their own, and invented countries kept from run to run.

A country takes minutes to load, so it is kept as it was loaded, under a name that says by which code, in which
week and how large. What is measured on is a copy, gone afterwards.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from psycopg2 import sql

from sbs_portal import config
from sbs_portal.db import embedded, roles

# What the rows of a country are made by. Migrations, policies and triggers are applied to each copy.
SOURCES = ("synthetic/*.py", "**/data/*")
TOPS = ("sbs_portal", "schools", "programmes", "seminars")


def folder() -> Path:
    """Where the bench's server works: in the portal's own data folder, apart from the portal's."""
    given = config.text("SBS_DATA")
    return (Path(given) if given else embedded.default_base(config.BASE_DIR)) / "bench"


@contextlib.contextmanager
def elsewhere(base: Path) -> Iterator[None]:
    """In the block the bench's server is another one, under this folder; it is stopped at the end."""
    before = os.environ.get("SBS_DATA")
    os.environ["SBS_DATA"] = str(base)
    try:
        yield
    finally:
        embedded.stop(folder())
        del os.environ["SBS_DATA"]
        if before is not None:
            os.environ["SBS_DATA"] = before


def environment(database: str, **more: str) -> dict[str, str]:
    """For a process of the portal on this database. What the operator has set for the portal is left out."""
    ours = {one.name for one in config.VARIABLES}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {
        "SBS_DATA": str(folder()),
        "SBS_BENCH_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": str(config.BASE_DIR),
        # Counted as always, and never refused.
        "SBS_API_RATE": "1000000",
        **more,
    }


def state() -> str:
    """A digest of the code that makes a country, and of the week: its meetings ahead must be ahead."""
    found = {path for top in TOPS for pattern in SOURCES for path in (config.BASE_DIR / top).glob(pattern)}
    digest = hashlib.sha256(date.today().strftime("%G-%V").encode())
    for path in sorted(path for path in found if path.is_file()):
        digest.update(os.fsencode(path.relative_to(config.BASE_DIR)) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:10]


@contextlib.contextmanager
def owner() -> Iterator:
    """A cursor of the owner's on the bench's server, which runs as long as this process does."""
    embedded.ensure_running(folder())
    address = embedded.connection(folder(), role=roles.OWNER)
    with contextlib.closing(roles.connect(address)) as session, session.cursor() as cursor:
        yield cursor


def manage(database: str, *command: str) -> None:
    """A command of manage.py on the database, with its words shown."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=config.BASE_DIR,
        env=environment(database),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed; see above.")


def loaded(factor: float) -> str:
    """The name of the kept country of this size; loaded where it is missing, in place of older ones of its size."""
    return _kept(f"sbs_kept_{f'{factor:g}'.replace('.', '_')}_", lambda name: _load(name, factor))


def _load(name: str, factor: float) -> None:
    with owner() as cursor:
        roles.drop_database(cursor, name)
        roles.create_database(cursor, name)
    manage(name, "migrate", "--verbosity", "0")
    manage(name, "seed_scale", "--factor", f"{factor:g}")


def _kept(prefix: str, make: Callable[[str], None]) -> str:
    name = prefix + state()
    unfinished = f"{name}_unfinished"
    with owner() as cursor:
        if roles.database_exists(cursor, name):
            return name
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        for (old,) in cursor.fetchall():
            roles.drop_database(cursor, old)
    make(unfinished)
    with owner() as cursor:
        roles.disconnect_all(cursor, unfinished)
        names = map(sql.Identifier, (unfinished, name))
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
    return name


def _copy(cursor, origin: str, name: str) -> None:
    """File by file: writing a gigabyte through the log as well takes several times as long."""
    roles.disconnect_all(cursor, origin)
    names = map(sql.Identifier, (name, origin))
    cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(*names))


@contextlib.contextmanager
def copied(origin: str) -> Iterator[str]:
    """A copy to measure on and write in, for as long as the block lasts."""
    name = f"sbs_run_{os.getpid()}_{origin.rpartition('_')[0].removeprefix('sbs_kept_')}"
    with owner() as cursor:
        _remove_left_behind(cursor)
        _copy(cursor, origin, name)
    try:
        manage(name, "migrate", "--verbosity", "0")
        yield name
    finally:
        with owner() as cursor:
            roles.drop_database(cursor, name)


def _remove_left_behind(cursor) -> None:
    """Copies of runs that were killed."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^sbs_run_[0-9]+_'")
    for (name,) in cursor.fetchall():
        if not is_running(int(name.split("_")[2])):
            roles.drop_database(cursor, name)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
