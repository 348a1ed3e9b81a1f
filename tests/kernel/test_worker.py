"""The web's worker: who says nothing, or little, takes no thread from the others."""

import contextlib
import socket
import subprocess
import sys
import time

import pytest

from sbs_portal.config import BASE_DIR
from sbs_portal.worker import LOOKED_AT, wanted

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\n"


@pytest.mark.parametrize(
    ("seen", "number"),
    [
        (b"", 0),
        (b"GET", 4),
        (GET[:-1], len(GET)),
        (GET, 0),
        (POST, len(POST) + 5),
        (POST + b"hell", len(POST) + 5),
        (POST + b"hello", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", 0),
        (b"G" * LOOKED_AT, 0),
        # No length that is ours to wait for: in the body, or not a number.
        (GET + b"\r\nContent-Length: 50\r\n", 0),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 0),
    ],
)
def test_a_request_is_waited_for_until_it_is_whole(seen, number):
    assert wanted(seen) == number


APPLICATION = """
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def test_silent_and_slow_clients_stop_nobody(tmp_path):
    (tmp_path / "echo.py").write_text(APPLICATION)
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:sbs_portal.gunicorn",
            "--workers",
            "1",
        ]
        command += ["--chdir", str(tmp_path), "--bind", f"fd://{listener.fileno()}", "echo:application"]
        server = subprocess.Popen(
            command, cwd=BASE_DIR, pass_fds=[listener.fileno()], stdout=subprocess.DEVNULL
        )
        stack.callback(server.wait)
        stack.callback(server.terminate)

        def connected() -> socket.socket:
            return stack.enter_context(socket.create_connection(listener.getsockname(), timeout=20))

        first = connected()
        assert said(first, POST, b"hello").endswith(b"\r\n\r\nhello")
        others = [connected() for _ in range(12)]
        for number, one in enumerate(others):
            if number % 3:
                one.sendall(POST[:30] if number % 3 == 1 else POST + b"he")
        began = time.monotonic()
        assert said(connected(), GET).startswith(b"HTTP/1.1 200")
        # On the connection that was kept, and by a slow one that ends what it began.
        assert said(first, GET).startswith(b"HTTP/1.1 200")
        assert said(others[1], POST[30:], b"hello").endswith(b"\r\n\r\nhello")
        assert said(others[2], b"llo").endswith(b"\r\n\r\nhello")
        # gunicorn's own worker would first have waited five seconds for each of the silent.
        assert time.monotonic() - began < 4


def said(one: socket.socket, *parts: bytes) -> bytes:
    """What is answered when these have been sent one by one: a head, and as much as it says."""
    for part in parts:
        one.sendall(part)
        time.sleep(0.01)
    answer = b""
    while True:
        head, found, body = answer.partition(b"\r\n\r\n")
        if found and len(body) == int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return answer
        chunk = one.recv(4096)
        assert chunk
        answer += chunk
