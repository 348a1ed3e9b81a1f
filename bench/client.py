"""Asks a server over and over, in a process of its own: ``python -m bench.client`` reads what to ask as JSON.

Plain sockets and nothing parsed but the status and the length, so that asking costs little beside answering.
"""

import base64
import contextlib
import json
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field

from bench import processes

PATIENCE = 60.0  # seconds without any answer before it is given up


@dataclass(frozen=True)
class Request:
    """One request. ``host`` is sent as it stands, so that servers on several ports answer the same."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def bytes(self, *extra: tuple[str, str]) -> bytes:
        body = self.body.encode()
        headers = [("Host", "localhost"), *self.headers, *extra]
        if body:
            headers.append(("Content-Length", str(len(body))))
            if all(name != "Content-Type" for name, _ in headers):
                headers.append(("Content-Type", "application/json"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Round:
    """What came of asking for a while. ``times`` are seconds, one for each answer."""

    seconds: float = 0.0
    worked: float = 0.0
    size: int = 0
    times: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


class Connection:
    """A connection with one request under way at a time."""

    def __init__(self, port: int, patience: float = PATIENCE):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.length: int | None = None

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take in what has come; True where the answer is there in full."""
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise ConnectionError("The server closed the connection in the middle of an answer.")
        self.buffer += chunk
        if self.length is None and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            found = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            if not found:
                raise ConnectionError("An answer without a length: streams are not measured.")
            self.length = end + 4 + int(found)
        return self.length is not None and len(self.buffer) >= self.length

    def taken(self) -> bytes:
        """The answer that is there, and ready for the next."""
        found = bytes(self.buffer)
        self.buffer.clear()
        self.length = None
        return found

    def ask(self, request: bytes) -> Answer:
        """One request and its answer."""
        self.send(request)
        while not self.receive():
            pass
        head, _, body = self.taken().partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return Answer(int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}, body)


def ask(port: int, request: Request, *extra: tuple[str, str]) -> Answer:
    """One request on a connection of its own."""
    connection = Connection(port)
    with contextlib.closing(connection.socket):
        return connection.ask(request.bytes(*extra))


def ask_for(port: int, requests: list[bytes], *, connections: int, seconds: float, least: int) -> Round:
    """Ask in turn on so many connections, one request each at a time, until the time is out.

    least: as many answers are waited for, also when it takes longer.
    """
    out, turn = Round(), 0
    selector = selectors.DefaultSelector()
    asked = [Connection(port) for _ in range(connections)]
    for one in asked:
        selector.register(one.socket, selectors.EVENT_READ, one)
    worked, began = time.process_time(), time.perf_counter()
    for one in asked:
        one.send(requests[turn % len(requests)])
        turn += 1
    waiting = len(asked)
    while waiting:
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"No answer for {PATIENCE:.0f} seconds.")
        for key, _ in ready:
            one = key.data
            if not one.receive():
                continue
            now = time.perf_counter()
            out.times.append(now - one.began)
            answer = one.taken()
            status = answer[9:12].decode()
            out.statuses[status] = out.statuses.get(status, 0) + 1
            out.size = len(answer) - answer.find(b"\r\n\r\n") - 4
            if now - began < seconds or turn < least:
                one.send(requests[turn % len(requests)])
                turn += 1
            else:
                waiting -= 1
    out.seconds, out.worked = time.perf_counter() - began, time.process_time() - worked
    for one in asked:
        one.socket.close()
    return out


def in_its_own_process(port: int, requests: list[bytes], **options) -> Round:
    """As ``ask_for``, beside us."""
    given = {"port": port, "requests": [base64.b64encode(one).decode() for one in requests], **options}
    return Round(**json.loads(processes.told_by("bench.client", input=json.dumps(given))))


def main() -> None:
    given = json.load(sys.stdin)
    requests = [base64.b64decode(one) for one in given.pop("requests")]
    json.dump(asdict(ask_for(given.pop("port"), requests, **given)), sys.stdout)


if __name__ == "__main__":
    main()
