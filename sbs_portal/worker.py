"""gunicorn's threaded worker, with its threads kept for requests that have come.

As it is, a thread waits for the first byte of every new connection, and for the rest of a request that comes slowly:
eight clients that say nothing are enough to stop everybody. Here the worker's own loop waits, and a thread is given
a request when it is there in full, or too large to be held in the socket's buffer. Behind nginx, which waits in the
same way, nothing changes.
"""

import contextlib
import re
import selectors
import socket
import time
from functools import partial

from gunicorn.workers.gthread import TConn, ThreadWorker

# What is looked at of a request before it is read; a larger one is read as it comes.
LOOKED_AT = 32 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


def wanted(seen: bytes) -> int:
    """How many bytes there must be before a request that begins so is worth reading; 0 where it is now."""
    if not seen or len(seen) >= LOOKED_AT:
        return 0
    head = seen.find(b"\r\n\r\n")
    if head < 0:
        return len(seen) + 1
    length = _LENGTH.search(seen, 0, head + 2)
    whole = head + 4 + (int(length[1]) if length else 0)
    return whole if len(seen) < whole <= LOOKED_AT else 0


class Worker(ThreadWorker):
    def accept(self, listener):
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            # Another worker was quicker, or the client is gone already.
            return
        self.nr_conns += 1
        self._wait(TConn(self.cfg, client, address, listener.getsockname()), 1)

    def enqueue_req(self, conn):
        """Called when something has come: a thread is asked for when it is all of a request."""
        if number := self._wanted(conn):
            self._wait(conn, number)
            return
        conn.deadline = None
        _wake_at(conn, 1)
        super().enqueue_req(conn)

    def _wanted(self, conn) -> int:
        if self.cfg.is_ssl or (conn.parser is not None and conn.parser.unreader.buf.getvalue()):
            # Not to be looked at, or read already behind the request before.
            return 0
        try:
            return wanted(conn.sock.recv(LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return 1
        except OSError:
            return 0

    def _wait(self, conn, number: int) -> None:
        """Leave the connection to the loop until so many bytes are there, as long as a kept one is left."""
        if getattr(conn, "deadline", None) is None:
            conn.deadline = time.monotonic() + self.cfg.keepalive
        conn.timeout = conn.deadline
        conn.sock.setblocking(False)
        _wake_at(conn, number)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))


def _wake_at(conn, number: int) -> None:
    """The loop hears of the connection when so many bytes are there, or its end."""
    with contextlib.suppress(OSError):
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, number)
