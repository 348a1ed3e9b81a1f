"""The client: counts every answer, and takes none for one that is not there in full."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench import processes
from bench.client import Request, ask, ask_for

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"


@contextmanager
def answering(*parts: bytes) -> Iterator[int]:
    """A server that answers every request on every connection with these pieces, each sent by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(connection):
            with connection:
                while connection.recv(65536):
                    for part in parts:
                        connection.sendall(part)

        def accept():
            try:
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_request_is_sent_with_its_length_and_kind():
    sent = Request("/a", "POST", (("Accept", "*/*"),), '{"å":1}').bytes(("X-One", "1"))
    assert sent == (
        b"POST /a HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nX-One: 1\r\nContent-Length: 8\r\n"
        b'Content-Type: application/json\r\n\r\n{"\xc3\xa5":1}'
    )


def test_an_answer_in_pieces_is_put_together():
    with answering(ANSWER[:20], ANSWER[20:70], ANSWER[70:]) as port:
        found = ask(port, Request("/"))
    assert (found.status, found.headers["content-type"], found.body) == (200, "text/plain", b"hello")


def test_every_answer_is_counted():
    with answering(ANSWER) as port:
        found = ask_for(port, [Request("/").bytes()], connections=2, seconds=0, least=9)
    assert found.statuses == {"200": len(found.times)}
    assert (len(found.times), found.size) == (9, 5)


def test_an_answer_without_a_length_is_refused():
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as port, pytest.raises(ConnectionError, match="length"):
        ask(port, Request("/"))


@pytest.mark.skipif(not processes.PROC.exists(), reason="no /proc")
def test_processor_time_is_ours_and_of_nobody_that_is_gone():
    import os

    before = processes.processor_time([os.getpid()])
    assert before > 0
    assert processes.processor_time([os.getpid(), 2**22 + 1]) >= before
    assert processes.resident(os.getpid()) > 5
    assert processes.resident(2**22 + 1) is None
