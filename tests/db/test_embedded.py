"""The supervisor's faults, tried on real servers."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
import pytest

from sbs_portal.db import embedded, watcher
from tests.db.conftest import LINGER, Client, as_each_account, processes, wait_until

pytestmark = pytest.mark.supervisor

STARTED = "SELECT pg_postmaster_start_time()"
NOTE = "CREATE TABLE note (n int PRIMARY KEY)"


def stopped(base) -> bool:
    return not watcher.servers(base / "data")


def kill_servers(base) -> None:
    for pid in watcher.servers(base / "data"):
        os.kill(pid, signal.SIGKILL)


@as_each_account
def test_a_first_start_makes_a_database_that_knows_swedish_letters(client, base):
    shutil.rmtree(base)
    first = client(role="sbs_app").up()

    [found] = first.ask(
        "SELECT current_user, upper('å'), current_setting('server_encoding'), current_setting('jit')"
    )

    assert found == ["sbs_app", "Å", "UTF8", "off"]


@as_each_account
def test_a_later_start_finds_what_was_committed(client, base):
    first = client().up()
    first.ask(NOTE)
    first.ask("INSERT INTO note VALUES (1)")
    first.leave()
    assert wait_until(lambda: stopped(base))

    assert client().up().ask("SELECT n FROM note") == [[1]]


@as_each_account
def test_those_who_start_at_once_on_a_new_folder_share_one_server(client, base):
    shutil.rmtree(base)
    together = [client() for _ in range(3)]

    starts = {one.up().ask(STARTED)[0][0] for one in together}

    assert len(starts) == 1


@as_each_account
def test_a_stale_pid_file_harms_no_foreign_process(client, base, account):
    first = client().up()
    content = (base / "data" / "postmaster.pid").read_text()
    first.leave()
    assert wait_until(lambda: stopped(base))
    become = {"user": account.server_uid} if os.geteuid() == 0 else {}
    foreign = subprocess.Popen(["sleep", "60"], cwd="/", **become)
    try:
        (base / "data" / "postmaster.pid").write_text(f"{foreign.pid}\n" + content.split("\n", 1)[1])

        second = client().up()
        pid = watcher.postmaster(base / "data")
        second.leave()

        assert pid != foreign.pid
        assert wait_until(lambda: stopped(base))
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_a_stop_leaves_the_foreign_process_of_a_stale_pid_file_alone(folder):
    foreign = subprocess.Popen(["sleep", "60"])
    try:
        (folder / "postmaster.pid").write_text(f"{foreign.pid}\n")

        assert watcher.stop(folder) is False
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_what_was_committed_survives_a_server_killed_while_it_writes(client, base):
    writing = """
n = 0
while True:
    n += 1
    session.cursor().execute("INSERT INTO note VALUES (%s)", [n])
    print(n, flush=True)
"""
    reader = client().up()
    reader.ask(NOTE)
    writer = client(code=writing).up()
    for _ in range(200):
        last = int(writer.process.stdout.readline())

    kill_servers(base)
    told = [last, *(int(line) for line in writer.process.communicate()[0].split())]
    rows = [n for (n,) in client().up().ask("SELECT n FROM note ORDER BY n")]

    assert rows[: told[-1]] == list(range(1, told[-1] + 1))
    assert len(rows) <= told[-1] + 1  # the last one may have been committed but not told


def test_the_postmaster_alone_killed_is_replaced_once_its_children_are_gone(client, base):
    first = client().up()
    first.ask(NOTE)
    os.kill(watcher.postmaster(base / "data"), signal.SIGKILL)

    assert client().up().ask("SELECT count(*) FROM note") == [[0]]


@as_each_account
def test_the_server_stops_by_itself_when_all_its_users_are_killed(client, base):
    users = [client().up(), client().up()]

    for one in users:
        one.kill()

    assert wait_until(lambda: stopped(base))


def test_the_server_stays_while_one_user_is_left(client):
    first, second = client().up(), client().up()
    started = second.ask(STARTED)
    first.kill()
    time.sleep(LINGER + 1)

    assert second.ask(STARTED) == started


def test_commands_after_one_another_share_a_server(client):
    first = client(linger=watcher.LINGER).up()
    started = first.ask(STARTED)
    first.leave()

    assert client().up().ask(STARTED) == started


@as_each_account
def test_a_killed_watcher_is_replaced_by_the_next_user(client, base):
    first = client().up()
    [watching] = [pid for pid in processes() if "watcher.py" in pid[1] and str(base) in pid[1]]
    os.kill(watching[0], signal.SIGKILL)
    second = client().up()

    first.leave()
    second.leave()

    assert wait_until(lambda: stopped(base))


def test_a_forked_process_keeps_the_server_after_its_parent_is_killed(client, base):
    forking = """
import time
ready, done = os.pipe()
forked = os.fork()
if forked == 0:
    for stream in (0, 1, 2):
        os.close(stream)
    inherited = embedded._users[base][1]
    embedded.ensure_running(base)
    os.close(inherited)
    os.write(done, b"!")
    time.sleep(60)
    os._exit(0)
os.read(ready, 1)
print(forked, flush=True)
"""
    parent = client(code=forking).up()
    forked = int(parent.process.stdout.readline())
    parent.kill()
    time.sleep(LINGER + 1)

    assert not stopped(base)
    os.kill(forked, signal.SIGKILL)
    assert wait_until(lambda: stopped(base))


def test_a_process_finds_its_server_again_after_a_kill(client, base):
    healing = """
print(json.dumps("ready"), flush=True)
sys.stdin.readline()
embedded.ensure_running(base, again=True)
session = roles.connect(embedded.connection(base, role="sbs_app"))
print(json.dumps("healed"), flush=True)
"""
    one = client(code=healing).up()
    assert one.process.stdout.readline() == '"ready"\n'
    kill_servers(base)
    one.process.stdin.write("\n")
    one.process.stdin.flush()

    assert one.process.stdout.readline() == '"healed"\n'
    assert one.ask("SELECT 1") == [[1]]


@as_each_account
def test_a_start_that_was_killed_leaves_nothing_half_done(client, base, account):
    shutil.rmtree(base / "data")
    (base / ".data-new").mkdir()
    (base / ".data-new" / "PG_VERSION").write_text("18\n")
    account.own(base / ".data-new")

    assert client().up().ask("SELECT 1") == [[1]]


def test_a_long_path_gets_a_socket_in_a_short_place(folder, own_account):
    base = folder / ("lång" * 15) / ("mapp" * 15)
    Client(own_account, base).up().leave()

    socket_folder = Path(embedded.connection(base, role="sbs_app")["HOST"])
    assert socket_folder.parent == Path("/tmp")
    assert wait_until(lambda: stopped(base))
    socket_folder.rmdir()


@as_each_account
def test_stop_stops_a_server_in_use(client, base):
    client().up()

    assert embedded.stop(base) is True
    assert stopped(base)
    assert embedded.stop(base) is False


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become somebody else.")
@pytest.mark.parametrize("stranger", ["nobody", "daemon"])
def test_another_user_of_the_system_may_not_log_in(folder, own_account, stranger):
    base = folder / "databas"
    one = Client(own_account, base).up()
    (base / "s").chmod(0o755)  # the folder's mode is only the second fence
    attempt = f"""
import psycopg2
psycopg2.connect(dbname="sbs", user="sbs_app", host={str(base / "s")!r})
"""
    refused = subprocess.run(
        ["/usr/bin/python3", "-c", attempt],
        user=pwd.getpwnam(stranger).pw_uid,
        env={"PYTHONPATH": str(Path(psycopg2.__file__).parent.parent)},
        cwd="/",
        capture_output=True,
        text=True,
    )
    one.leave()

    assert "Peer authentication failed" in refused.stderr
