"""People and systems at work: who does what, and a book of every write that was acknowledged.

A write goes on until it is answered, with the same key each time, as a careful client does; so the book knows
what must be there afterwards, once and whole (``bench.verify``). The admin has no key: what was not answered there
is not sent again, and may be there or not.
"""

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.client import Answer, Connection, Request

FORM = ("Content-Type", "application/x-www-form-urlencoded")
STATUSES = ("present", "excused", "absent")
ONCE_MORE = 0.2  # seconds before a write is sent again


class GaveUp(Exception):
    """The time was out before a write had been answered."""


@dataclass
class Book:
    """What came of everything, from all threads."""

    writes: list[dict] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    answered: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, kind: str, mark: str, **more) -> dict:
        """A write that is about to be sent; ``acknowledged`` is for the writer to set."""
        entry = {"kind": kind, "mark": mark, "acknowledged": False, **more}
        with self.lock:
            self.writes.append(entry)
        return entry

    def count(self, counter: Counter, what: str) -> None:
        with self.lock:
            counter[what] += 1


class Pace:
    """Lets through so many a second, all threads together; without a rate, as many as come."""

    def __init__(self, rate: float | None):
        self.step = 1 / rate if rate else 0.0
        self.lock, self.next = threading.Lock(), time.monotonic()

    def wait(self) -> None:
        if not self.step:
            return
        with self.lock:
            now = time.monotonic()
            # Time that was lost to a standstill is not made up for.
            mine = self.next = max(self.next + self.step, now - 10 * self.step)
        time.sleep(max(0.0, mine - now))


class Actor:
    """One of the cast on a connection of their own, which is opened again when it is lost."""

    def __init__(self, account: str, cast: dict, port: int, book: Book, patience: float):
        self.account, self.cast, self.port, self.book = account, cast, port, book
        self.patience = patience
        self.rng = random.Random(f"{account}{uuid.uuid4()}")
        self.connection: Connection | None = None
        self.tags: dict[str, str] = {}
        self.until = float("inf")

    # Asking

    def send(self, request: Request) -> Answer | None:
        """The answer, None where there was none to have; what should not be answered is counted as wrong."""
        began = time.perf_counter()
        answer = self._sent(request)
        if answer is None:
            self.book.count(self.book.troubles, "no answer")
            return None
        with self.book.lock:
            self.book.times.append(time.perf_counter() - began)
            self.book.answered[str(answer.status)] += 1
        if answer.status >= 500 or answer.status == 429:
            self.book.count(self.book.troubles, f"{answer.status} {shown(request)}")
        return answer

    def _sent(self, request: Request) -> Answer | None:
        fresh = self.connection is None
        try:
            if self.connection is None:
                self.connection = Connection(self.port, self.patience)
            answer = self.connection.ask(request.bytes())
        except OSError:
            self.close()
            # A connection that has lain idle may have been closed at the other end: once more, on a new one.
            return self._sent(request) if not fresh and request.method == "GET" else None
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def one_of(self, paths: tuple[str, ...]) -> str:
        """One of the addresses, about a participation and a meeting within reach."""
        return self.rng.choice(paths).format(**self.cast["of"][self.account])

    def close(self) -> None:
        if self.connection is not None:
            self.connection.socket.close()
            self.connection = None

    def page(self, path: str) -> None:
        """Look at a page; it must be there."""
        headers = (("Cookie", f"{self.cast['cookie']}={self.cast['sessions'][self.account]}"),)
        self._expect(self.send(Request(path, headers=headers)), path, {200})

    def api(self, path: str) -> Answer | None:
        headers = (("Authorization", f"Bearer {self.cast['keys'][self.account]}"),)
        answer = self.send(Request(f"/api/v1/{path}", headers=headers))
        self._expect(answer, path, {200})
        return answer

    def _expect(self, answer: Answer | None, path: str, statuses: set[int]) -> bool:
        if answer is None or answer.status >= 500 or answer.status == 429:
            return False
        if answer.status not in statuses:
            self.book.count(self.book.wrong, f"{answer.status} {self.account} {path.partition('?')[0]}")
        return answer.status in statuses

    # Writing

    def until_answered(self, request: Request, statuses: set[int]) -> Answer:
        """Send it until it is answered. Raises GaveUp when the time is out."""
        while time.monotonic() < self.until:
            answer = self.send(request)
            if answer is not None and answer.status == 409:
                # The one before, whose answer was lost, is still at it.
                self.book.count(self.book.troubles, "409 still at it")
            elif self._expect(answer, request.path, statuses):
                return answer
            elif answer is not None and answer.status < 500 and answer.status != 429:
                raise GaveUp(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
            time.sleep(ONCE_MORE)
        raise GaveUp("the time was out")

    def post(self, path: str, body: dict) -> Answer:
        key = ("Authorization", f"Bearer {self.cast['keys'][self.account]}")
        once = ("Idempotency-Key", str(uuid.uuid4()))
        return self.until_answered(
            Request(f"/api/v1/{path}", "POST", (key, once), json.dumps(body)), {200, 201}
        )

    def form(self, path: str, values: dict) -> Request:
        secret = "benchbenchbenchbenchbenchbenchab"
        cookies = {
            self.cast["cookie"]: self.cast["sessions"][self.account],
            self.cast["csrf_cookie"]: secret,
        }
        cookie = ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
        body = urlencode(values | {"csrfmiddlewaretoken": secret})
        return Request(path, "POST", (cookie, FORM), body)

    def plan_meeting(self) -> None:
        rows, mark = self.cast["rows"], f"Prov {uuid.uuid4()}"
        entry = self.book.write("meeting", mark)
        body = {"participations": [rows["participation"]], "series": rows["series"], "when": rows["ahead"]}
        self.post("meetings", body | {"title": mark})
        entry["acknowledged"] = True

    def decide(self) -> None:
        mark = f"Prov {uuid.uuid4()}"
        entry = self.book.write("outcome", mark)
        self.post("outcomes", {"meeting": self.cast["rows"]["meeting"], "kind": "decision", "text": mark})
        entry["acknowledged"] = True

    def take_notes(self) -> None:
        """A line on the page one writes on: its own key makes it one line however often it is sent."""
        mark = f"Prov {uuid.uuid4()}"
        entry = self.book.write("outcome", mark)
        values = {"ny-kind": "decision", "ny-text": mark, "ny-client_key": str(uuid.uuid4())}
        path = f"/traffar/{self.cast['rows']['meeting']}/rader/"
        self.until_answered(self.form(path, values), {200})
        entry["acknowledged"] = True

    def add_focus_area(self) -> None:
        """In the admin, once: nobody presses Save again without looking."""
        mark = f"prov-{uuid.uuid4()}"
        entry = self.book.write("focus", mark)
        values = {"code": mark, "name": mark, "is_active": "on", "_save": "Spara"}
        path = "/admin/programmes/focusarea/add/"
        entry["acknowledged"] = self._expect(self.send(self.form(path, values)), path, {302})

    def note_attendance(self) -> None:
        """A line of one's own, changed over and over: the last that was acknowledged must stand."""
        line = self.rng.choice(self.cast["lines"][self.account])
        path, status = f"attendances/{line}", self.rng.choice(STATUSES)
        entry = self.book.write("attendance", line, status=status)
        key = ("Authorization", f"Bearer {self.cast['keys'][self.account]}")
        while time.monotonic() < self.until:
            read = self.api(path)
            if read is not None and read.status == 200:
                if json.loads(read.body)["status"] == status:
                    # So it was, or the answer that said so was lost.
                    entry["acknowledged"] = True
                    return
                match = ("If-Match", read.headers["etag"])
                change = Request(f"/api/v1/{path}", "PATCH", (key, match), json.dumps({"status": status}))
                if self._expect(self.send(change), path, {200}):
                    entry["acknowledged"] = True
                    return
            time.sleep(ONCE_MORE)
        raise GaveUp("the time was out")


def shown(request: Request) -> str:
    return f"{request.method} {request.path.partition('?')[0]}"


Step = Callable[[Actor], object]


def look(*paths: str) -> Step:
    return lambda actor: actor.page(actor.one_of(paths))


def read(*paths: str) -> Step:
    return lambda actor: actor.api(actor.one_of(paths))


ONE = "/deltaganden/{participation}/"
MEETING = "/traffar/{meeting}/"
LISTS = ("/deltaganden/", "/enheter/", "/traffar/", "/atgarder/", "/huvudman/")
ADMIN = ("/admin/", "/admin/seminars/meeting/", "/admin/schools/huvudman/", "/admin/accounts/user/")
RESOURCES = ("meetings", "participations", "school-units", "attendances", "outcomes", "huvudman")
# Who does what, and how often beside the rest.
WORK: dict[str, tuple[tuple[int, Step], ...]] = {
    "samordnare": (
        (4, look("/", *LISTS)),
        (2, look(*ADMIN)),
        (1, look("/sok/?q=kulla", "/andringar/")),
        (1, Actor.add_focus_area),
    ),
    "processledare": ((4, look("/", ONE, *LISTS)), (2, look(MEETING)), (1, read("meetings?limit=50"))),
    "forvaltning": (
        (4, look("/", ONE, *LISTS)),
        (2, Actor.take_notes),
        (2, Actor.note_attendance),
        (1, look("/sok/?q=kulla")),
    ),
    "rektor": ((4, look("/", ONE, "/traffar/")), (1, look(MEETING))),
    "namnd": ((4, look("/", ONE, "/traffar/")),),
    "frammande": ((4, look("/", *LISTS)),),
    "integration": (
        (6, read(*(f"{name}?limit=50" for name in RESOURCES))),
        (2, read("meetings/{meeting}", "participations/{participation}")),
        (2, Actor.plan_meeting),
        (2, Actor.decide),
        (1, Actor.note_attendance),
    ),
}


def work(actor: Actor, pace: Pace, stop: threading.Event) -> None:
    """What the actor does until told to stop."""
    weights, steps = zip(*WORK[actor.account], strict=True)
    while not stop.is_set():
        pace.wait()
        try:
            actor.rng.choices(steps, weights)[0](actor)
        except GaveUp as error:
            actor.book.count(actor.book.wrong, f"{actor.account}: {error}")
        except Exception as error:
            actor.book.count(actor.book.wrong, f"{actor.account}: {type(error).__name__}: {error}")
    actor.close()
