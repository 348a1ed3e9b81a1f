"""Real servers in folders of their own, and real processes that use them, as root and as an ordinary user."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from sbs_portal.config import BASE_DIR
from sbs_portal.db import watcher

SYSTEM_PYTHON = "/usr/bin/python3"
LINGER = 0.3  # seconds that a server of the tests waits for another user
CLIENT = """
import json, os, sys
from pathlib import Path
from sbs_portal.db import embedded, roles, watcher
base = Path(sys.argv[1])
watcher.LINGER = float(sys.argv[3])
try:
    embedded.ensure_running(base)
except embedded.EmbeddedError as error:
    sys.exit(f"EmbeddedError: {error}")
session = roles.connect(embedded.connection(base, role=sys.argv[2]))
print(json.dumps("up"), flush=True)
if len(sys.argv) > 4:
    exec(sys.argv[4])
for line in sys.stdin:
    with session.cursor() as cursor:
        cursor.execute(json.loads(line))
        print(json.dumps(cursor.fetchall() if cursor.description else None, default=str), flush=True)
"""


@dataclass(frozen=True)
class Account:
    """Who starts the server: us, or an ordinary user that we, being root, become."""

    python: str
    environment: dict
    become: dict

    def run(self, *words, **options) -> subprocess.Popen:
        return subprocess.Popen(
            [str(word) for word in words], env=self.environment, cwd="/", **self.become, **options
        )

    def own(self, folder: Path) -> None:
        if self.become:
            os.chown(folder, self.become["user"], self.become["group"])

    @property
    def server_uid(self) -> int:
        """Whom the server of this account runs as."""
        uid = self.become.get("user", os.geteuid())
        return pwd.getpwnam("nobody").pw_uid if uid == 0 else uid


class Client:
    """A process that uses the server in a folder, and does what it is told over a pipe."""

    def __init__(
        self,
        account: Account,
        base: Path,
        *,
        role: str = "sbs_owner",
        code: str = "",
        linger: float = LINGER,
    ):
        words = [account.python, "-c", CLIENT, base, role, linger, *([code] if code else [])]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = account.run(*words, **pipes, text=True)

    def up(self) -> "Client":
        """Waits until the server answers this client."""
        answer = self.process.stdout.readline()
        assert answer == '"up"\n', self.error()
        return self

    def error(self) -> str:
        """What it said when it gave up."""
        return self.process.communicate(timeout=30)[1]

    def ask(self, statement: str):
        self.process.stdin.write(json.dumps(statement) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def leave(self) -> None:
        with contextlib.suppress(ValueError, BrokenPipeError):
            self.process.communicate()


def _ordinary_account() -> Account:
    if os.geteuid() != 0:
        return _own_account()
    # A virtual environment made by root may stand on a Python that only root can read.
    paths = [str(BASE_DIR), str(Path(psycopg2.__file__).parent.parent)]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    nobody = pwd.getpwnam("nobody")
    become = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    account = Account(SYSTEM_PYTHON, environment, become)
    try:
        trial = account.run(
            SYSTEM_PYTHON, "-c", "import sbs_portal.db.embedded", stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        pytest.skip(f"An ordinary user needs {SYSTEM_PYTHON}, which is not here.")
    complaint = trial.communicate()[1]
    if trial.returncode:
        pytest.skip(f"An ordinary user cannot run this checkout: {complaint.strip().splitlines()[-1]}")
    return account


def _own_account() -> Account:
    environment = os.environ | {"PYTHONPATH": str(BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
    return Account(sys.executable, environment, {})


@pytest.fixture
def own_account() -> Account:
    return _own_account()


@pytest.fixture
def account(request) -> Account:
    """Who starts the server: us, and where it is tried for each account (``as_each_account``) an ordinary user too."""
    if getattr(request, "param", None) == "ordinary user":
        return _ordinary_account()
    if hasattr(request, "param") and os.geteuid() != 0:
        pytest.skip("Only root can try what root does.")
    return _own_account()


# For what depends on who starts the server: starts, stops, folders and foreign processes.
as_each_account = pytest.mark.parametrize("account", ["root", "ordinary user"], indirect=True)


def _new_folder() -> Path:
    """A folder that every user may enter, with a space and å in its name.

    In memory where there is room: what a killed process has written is there as on a disk, and sooner.
    """
    memory = Path("/dev/shm")
    fits = memory.exists() and shutil.disk_usage(memory).free > 2**30
    fits = fits and not os.statvfs(memory).f_flag & os.ST_NOEXEC
    made = Path(tempfile.mkdtemp(prefix="sbs prov på ", dir=memory if fits else "/tmp"))
    made.chmod(0o755)
    return made


def processes() -> list[tuple[int, str]]:
    """Every process: its id and its command line."""
    out = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            out.append(
                (int(pid), os.fsdecode((Path("/proc") / pid / "cmdline").read_bytes().replace(b"\0", b" ")))
            )
    return out


def _remove(folder: Path) -> None:
    """The folder, and what still runs in it: its servers and its watchers, by their command lines."""
    left = [
        pid
        for pid, words in processes()
        if f"{folder}/" in words and ("postgres" in words or "watcher" in words)
    ]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(Path("/proc", str(pid), "cwd").exists() for pid in left))
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = _new_folder()
    yield made
    _remove(made)


@pytest.fixture(scope="session")
def seed() -> Iterator[Callable[[Account], Path]]:
    """A stopped server's folder for an account, made once: a copy is started faster than a new one is made."""
    made: dict[bool, Path] = {}

    def of(account: Account) -> Path:
        key = bool(account.become)
        if key not in made:
            made[key] = _new_folder()
            account.own(made[key])
            Client(account, made[key] / "base").up().leave()
            assert wait_until(lambda: not watcher.servers(made[key] / "base" / "data"))
        return made[key] / "base"

    yield of
    for one in made.values():
        _remove(one)


@pytest.fixture
def base(folder, account, seed) -> Path:
    """A stopped server's folder."""
    account.own(folder)
    copy = folder / "databas å"
    copy.mkdir()
    account.own(copy)
    for one in seed(account).iterdir():
        linked = "l" if one.name.startswith("bin-") else ""  # programs are only read
        subprocess.run(["cp", f"-a{linked}", one, copy], check=True)
    return copy


@pytest.fixture
def client(base, account) -> Iterator[Callable[..., Client]]:
    """Makes clients of the account's; those that are left at the end leave."""
    made = []

    def make(**options) -> Client:
        made.append(Client(account, base, **options))
        return made[-1]

    yield make
    for one in made:
        one.leave()


def wait_until(true: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
