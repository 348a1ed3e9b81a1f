"""What is wrong with the folder, its settings or its disk is told in a sentence, and no row is harmed by it."""

import contextlib
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sbs_portal.db import watcher
from tests.db.conftest import Client, wait_until

pytestmark = pytest.mark.supervisor

SYNTAX = "syntax error in file"
# File in the data folder → what it comes to hold (None: it is gone) → what is said of it.
FAULTS = {
    "a value that is none": ("postgresql.conf", "shared_buffers = 'en gurka'\n", '"en gurka"'),
    "a line that is none": ("postgresql.conf", "Det här är en gurka.\n", SYNTAX),
    "a library that is missing": ("postgresql.conf", "shared_preload_libraries = 'gurka'\n", '"gurka"'),
    "rules that are none": ("pg_hba.conf", "en gurka\n", 'invalid connection type "en"'),
    "rules that let nobody in": ("pg_hba.conf", "local all all reject\n", "does not let"),
    "nobody's name": ("pg_ident.conf", "sbs gurka postgres\n", "does not let"),
    "another version's": (
        "PG_VERSION",
        "17\n",
        "was made by PostgreSQL 17, and the binaries are 18; nothing has been changed",
    ),
    "not whole": ("PG_VERSION", None, "PG_VERSION is missing"),
}


def told(client: Client) -> str:
    """The sentence, where there was one."""
    said = client.error()
    assert said.startswith("EmbeddedError: "), said
    return said.removeprefix("EmbeddedError: ")


def test_a_fault_in_the_data_folder_is_told_and_harms_nothing(folder, own_account, seed):
    base = folder / "databas å"
    subprocess.run(["cp", "-a", seed(own_account), base], check=True)
    first = Client(own_account, base).up()
    first.ask("CREATE TABLE note (n int)")
    first.ask("INSERT INTO note VALUES (1)")
    first.leave()

    for name, content, says in FAULTS.values():
        assert wait_until(lambda: not watcher.servers(base / "data"))
        path = base / "data" / name
        before = path.read_bytes()
        path.unlink() if content is None else path.write_text(content)
        assert says in told(Client(own_account, base))
        path.write_bytes(before)

    assert wait_until(lambda: not watcher.servers(base / "data"))
    last = Client(own_account, base).up()
    assert last.ask("SELECT n FROM note") == [[1]]
    last.leave()


def test_a_setting_of_where_the_server_listens_does_not_hide_it(client, base):
    with (base / "data" / "postgresql.conf").open("a") as settings:
        settings.write("port = 5433\nunix_socket_directories = '/tmp'\nlisten_addresses = '*'\n")

    assert client().up().ask("SHOW listen_addresses") == [[""]]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (lambda folder: folder / "fil" / "databas", "fil/databas cannot be used: Not a directory."),
        (lambda folder: folder / ("å" * 200), "cannot be used: File name too long."),
        (lambda folder: folder.joinpath(*["mapp" * 50] * 6), "is too long for PostgreSQL"),
    ],
)
def test_a_path_that_cannot_be_is_told(folder, own_account, place: Callable[[Path], Path], says):
    (folder / "fil").write_text("")

    assert says in told(Client(own_account, place(folder)))


@pytest.mark.parametrize("account", ["ordinary user"], indirect=True)  # root may write everywhere
def test_a_folder_one_may_not_write_in_is_told(folder, account):
    account.own(folder)
    folder.chmod(0o500)

    assert f"{folder / 'databas'} cannot be used: Permission denied." in told(
        Client(account, folder / "databas")
    )


@pytest.fixture
def small_disk(folder) -> Iterator[Callable]:
    """small_disk(megabytes): a disk of that size on the folder."""

    def make(megabytes: int) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("Only one who may mount can make a small disk.")
        mounted.append(folder)
        return folder

    mounted: list[Path] = []
    yield make
    for one in mounted:
        assert wait_until(lambda one=one: not watcher.servers(one / "base" / "data"))
        assert wait_until(
            lambda one=one: subprocess.run(["umount", one], capture_output=True).returncode == 0
        )


@pytest.mark.parametrize("megabytes", [20, 60])
def test_a_disk_too_small_to_begin_on_is_told_and_left_clean(small_disk, own_account, megabytes):
    disk = small_disk(megabytes)

    assert f"There is no room left where {disk / 'base'} is." in told(Client(own_account, disk / "base"))
    assert not list(disk.glob("base/*data*"))
    assert not list(disk.glob("base/.*"))


def test_a_read_only_disk_is_told(small_disk, own_account):
    disk = small_disk(1)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

    assert f"{disk / 'base'} cannot be used: Read-only file system." in told(
        Client(own_account, disk / "base")
    )


WRITING = """
with session.cursor() as cursor:
    cursor.execute("CREATE TABLE note (n int, words text)")
    cursor.execute("ALTER TABLE note ALTER words SET STORAGE PLAIN")
    written = 0
    try:
        while True:
            many = "INSERT INTO note SELECT %s, repeat('sol', 1000) FROM generate_series(1, 500)"
            cursor.execute(many, [written])
            written += 1
    except roles.psycopg2.OperationalError:
        print(written, flush=True)
"""


def test_a_disk_that_becomes_full_is_told_and_loses_nothing(small_disk, own_account, seed):
    base = small_disk(200) / "base"
    subprocess.run(["cp", "-a", seed(own_account), base], check=True)
    ballast = base.parent / "ballast"
    ballast.write_bytes(b"x" * 60_000_000)
    writer = Client(own_account, base, code=WRITING).up()
    written = int(writer.process.stdout.readline())
    writer.leave()
    assert wait_until(lambda: not watcher.servers(base / "data"))
    with contextlib.suppress(OSError), (base.parent / "rest").open("wb", buffering=0) as rest:
        while True:
            rest.write(b"x" * 4096)

    assert f"There is no room left where {base} is." in told(Client(own_account, base))

    ballast.unlink()
    after = Client(own_account, base).up()
    assert written > 5
    found = after.ask("SELECT n, count(*) FROM note GROUP BY n ORDER BY n")
    assert found[:written] == [[n, 500] for n in range(written)]
    assert len(found) <= written + 1  # the last one may have been committed but not told
    after.leave()


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can make a folder another user's.")
def test_a_folder_of_another_user_is_refused_in_words(folder, own_account):
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)

    assert "belongs to another user" in told(Client(own_account, folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root's server runs as somebody else.")
def test_a_folder_that_the_server_may_not_enter_is_refused_in_words(folder, own_account):
    folder.chmod(0o700)

    assert f"may not enter {folder}" in told(Client(own_account, folder / "databas"))
