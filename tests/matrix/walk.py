"""A walk through the portal as someone who tries things: links, addresses, forms and API calls with others' ids.

Four things are held of every answer. It holds no word of the other huvudman's (tests/matrix/world.py). What is
said of a row outside is said of no row, and as many statements are asked for it. What happens elsewhere changes
nothing in it: no count, order or version. And nothing fails.
"""

import random
import re
from datetime import timedelta
from urllib.parse import quote

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.audit.models import Change
from sbs_portal.lists.models import SavedView
from sbs_portal.scope import NATIONAL, bound
from schools.models import Access, Invitation
from tests.faces.pages import Page
from tests.matrix import elsewhere, ways
from tests.matrix.answers import ETAG, HEADERS, VARYING, Leak, difference, local, taken_back, told, without
from tests.matrix.calls import MADE_UP, NASTY, SHARING, Calls
from tests.matrix.world import NAME_OF_OTHER, OTHER, OWN, SCOPED, SECRET, STAFF

ROLES = ("process_leader", "editor", "rektor", "reader", "stranger")
# Rows of what all share begin so, and name who takes part.
TOGETHER = "gemensam"


class Walk(Calls):
    """A walk of one role. ``step`` takes one, of a kind in STEPS."""

    # How many pages, and how many calls, are compared at once.
    breadth = 8

    def __init__(self, world, role: str, client_for, api_for, rng: random.Random):
        self.world, self.role, self.rng = world, role, rng
        user, self.lender = getattr(world, role), world.editor if role == "stranger" else world.stranger
        self.client, self.key = client_for(user), api_for(user, write=True)
        self.client.raise_request_exception = self.key.raise_request_exception = False
        self.lender_key = api_for(self.lender, write=True)
        self.links: dict[str, list[str]] = {"/": ["/"]}
        self.forms: list = []
        self.steps = 0
        self.foreign_side, own = ("other", "own") if role != "stranger" else ("own", "other")
        self.word = OWN if role == "stranger" else OTHER
        with bound(NATIONAL):
            self.foreign = {
                **self._uuids(self.foreign_side),
                **_belongings(world, self.foreign_side, self.lender),
            }
            self.own = self._uuids(own)
            self.pks = {model: sorted(world.rows[self.foreign_side, model]) for model in SCOPED}
        self.hidden = [SECRET, self.word, elsewhere.THIRD]
        if role == "reader":
            self.hidden.append(STAFF)

    def _uuids(self, side: str) -> dict[str, list[str]]:
        return {
            model._meta.label: [
                str(one)
                for one in model._base_manager.filter(pk__in=self.world.rows[side, model])
                .order_by("pk")
                .values_list("uuid", flat=True)
            ]
            for model in SCOPED
        }

    # What is sent, and what came back

    def look(self, response, sent: str) -> bytes:
        """Whether the answer tells what it must not. ``sent`` is what it may say back."""
        self.steps += 1
        content = b"".join(response.streaming_content) if response.streaming else response.content
        response.said = content
        if response.status_code >= 500:
            raise Leak(f"{self.role}: {response.status_code} for {sent}")
        text = told(response, content)
        if TOGETHER in text.lower() or "seminar-huvudman" in sent:
            text = text.replace(NAME_OF_OTHER, "").replace(f"{OWN} kommun", "")
        # Whoever may have a protected person revealed, and says why, is told.
        revealed = [SECRET] if any(way in sent for way in ("/reveal", "/visa/", "person_reveal")) else []
        found = [
            word
            for word in self.hidden
            if word.lower() in text.lower() and word not in sent and word not in revealed
        ]
        if found:
            at = text.lower().index(found[0].lower())
            raise Leak(f"{self.role}: {sent} tells {found}: …{text[max(0, at - 200) : at + 80]}…")
        return content

    def said(self, response) -> str:
        """The answer without what may differ."""
        content = getattr(response, "said", None)
        content = response.content if content is None else content
        return VARYING.sub("…", f"{response.status_code}\n{told(response, content, HEADERS)}")

    def foreign_id(self, model=None) -> str:
        """The id of a row of the other's: of the model, now and then of any."""
        known = self.foreign.get(model._meta.label) if model else None
        if known and self.rng.random() < 0.9:
            return self.rng.choice(known)
        return self.rng.choice(self.rng.choice([ids for ids in self.foreign.values() if ids]))

    def same(self, ask, about: str, foreign: str, nobodys: str = MADE_UP) -> None:
        """Ask of a foreign row and of none, each from the same state: the same answer after as many statements."""
        for _ in range(2):
            answers, counts = [], []
            for one in (foreign, nobodys):
                with taken_back(), CaptureQueriesContext(connection) as captured:
                    answers.append(ask(one))
                self.look(answers[-1], f"{about} {one}")
                counts.append(len(captured))
            asked_of = re.compile(rf"\b{re.escape(foreign)}\b|\b{re.escape(nobodys)}\b")
            words = [ETAG.sub("", asked_of.sub("…", self.said(answer))) for answer in answers]
            # A use that is noted once a minute may fall on the one: asked again it does not.
            if words[0] == words[1] and counts[0] == counts[1]:
                return
        raise Leak(
            f"{self.role}: {about} tells a foreign row from none: {counts} statements, "
            f"{[difference(*words), difference(*words[::-1])]}"
        )

    # The ways to go on

    def step(self, kind: str | None = None) -> None:
        kinds = list(STEPS)
        kind = kind or self.rng.choices(kinds, [STEPS[one] for one in kinds])[0]
        getattr(self, kind)()

    def go(self, kind: str | None, steps: int) -> None:
        """So many answers are looked at."""
        until = self.steps + steps
        while self.steps < until:
            self.step(kind)

    def follow(self) -> None:
        """A link that was seen, or an address that was not; sometimes as htmx asks."""
        address = self._somewhere()
        headers = {"HX-Request": "true"} if self.rng.random() < 0.2 else {}
        response = self.client.get(address, headers=headers)
        content = self.look(response, f"GET {address}")
        if "text/html" in response.get("Content-Type", ""):
            self.learn(content.decode(), address)
        if response.has_header("Location"):
            self.remember(local(response["Location"]))

    def _somewhere(self) -> str:
        """A link of some shape, a page that no link led to, or a page about a row of one's own."""
        kind = self.rng.random()
        if kind < 0.6:
            return self.rng.choice(self.rng.choice([*self.links.values()]))
        if kind < 0.8:
            return self.rng.choice(ways.pages())
        name, model = self.rng.choice(sorted(ways.addresses().items(), key=lambda one: one[0]))
        mine = self.own.get(model._meta.label) if model else None
        return reverse(name, args=[self.rng.choice(mine or [MADE_UP])])

    def remember(self, link: str) -> None:
        """The link, by its shape: of one shape there are many, and they are one way to go."""
        known = self.links.setdefault(re.sub(r"[0-9a-f-]{36}|=[^&]*|\d+", "", link), [])
        if link not in known:
            known.append(link)

    def learn(self, body: str, address: str) -> None:
        page = Page(body, address)
        for link in map(local, page.links):
            if not link.startswith(ways.AVOIDED):
                self.remember(link)
        forms = (one for one in page.forms if not one.action.startswith(ways.AVOIDED))
        self.forms = [*self.forms, *forms][-200:]

    def submit(self) -> None:
        """A form as it stands, with something else in some of its fields."""
        if not self.forms:
            return self.follow()
        form, data = self._filled()
        for name in self.rng.sample(form.names, min(len(form.names), self.rng.randint(0, 3))):
            if name != "csrfmiddlewaretoken":
                data[name] = [self.value(form.choices.get(name, []), name)]
        address = local(form.action)
        response = self._sender(form)(address, data)
        content = self.look(response, f"{form.method} {address} {data}")
        if "text/html" in response.get("Content-Type", ""):
            self.learn(content.decode(), address)
        elif response.has_header("Location"):
            self.remember(local(response["Location"]))
        return None

    def _filled(self):
        form = self.rng.choice(self.forms)
        data = {name: list(values) for name, values in form.data.items()}
        if form.buttons and self.rng.random() < 0.8:
            name, value = self.rng.choice(form.buttons)
            data[name] = [value]
        return form, data

    def _sender(self, form):
        return self.client.post if form.method == "post" else self.client.get

    def value(self, choices: list[str], name: str) -> str:
        if choices and self.rng.random() < 0.5:
            return self.rng.choice(choices)
        model = ways.model_called(name)
        # The others' words and ids are never written as text: what one has written oneself is no leak.
        if not choices and model is None:
            return self.rng.choice(NASTY)
        return self.rng.choice((self.foreign_id(model), MADE_UP, self.rng.choice(NASTY)))

    def choose(self) -> None:
        """A form with a foreign row in one field, and with none: the same answer."""
        if not self.forms:
            return self.follow()
        form, data = self._filled()
        names = [name for name in form.names if name != "csrfmiddlewaretoken"]
        if not names:
            return self.follow()
        named = [name for name in names if ways.model_called(name)]
        name = self.rng.choice(named if named and self.rng.random() < 0.7 else names)
        send, address, model = self._sender(form), local(form.action), ways.model_called(name)
        ids = (self.foreign_id(model), MADE_UP)
        if any(choice.isdecimal() for choice in form.choices.get(name, ())) and self.pks.get(model):
            # Some fields choose by the row's number.
            ids = (str(self.rng.choice(self.pks[model])), "987654321")
        return self.same(
            lambda one: send(address, {**data, name: [one]}),
            f"{form.method} {address} {name} of {data}",
            *ids,
        )

    def knock(self) -> None:
        """An address about a row of the other's, and about none."""
        name, model = self.rng.choice(sorted(ways.addresses().items(), key=lambda one: one[0]))
        method = self.rng.choice(("get", "get", "post", "post", "head", "put", "delete", "options"))
        query = self.rng.choice(
            ("", "", "?senaste=1", f"?fore={self.foreign_id(Change)}", "?datum=2019-03-04")
        )
        headers = {"HX-Request": "true"} if self.rng.random() < 0.2 else {}
        self.same(
            lambda one: getattr(self.client, method)(reverse(name, args=[one]) + query, headers=headers),
            f"{method} {name}{query}",
            self.foreign_id(model),
        )

    def look_up(self) -> None:
        """A list that is asked for a foreign row or saved view, or any page; and asked for one that is none."""
        if self.rng.random() < 0.7:
            address, names = self.rng.choice(ways.filters())
            name = self.rng.choice((*names, "vy"))
        else:
            address = self._somewhere()
            name = self.rng.choice(("fore", "huvudman", "participation", "lista", "serie", "person"))
        if name in SHARING and ways.tells_who_shares(address):
            name = "person"
        model = {"fore": Change, "vy": SavedView}.get(name) or ways.model_called(name)
        mark = "&" if "?" in address else "?"
        self.same(
            lambda one: self.client.get(f"{address}{mark}{name}={one}"),
            f"GET {address}{mark}{name}=",
            self.foreign_id(model),
        )

    def bulk(self) -> None:
        """Many rows at once: a foreign row among them, and none."""
        address, view = self.rng.choice(sorted(ways.lists().items(), key=lambda one: one[0]))
        action = self.rng.choice(view.bulk_actions).name
        which = self.rng.choice(("kryss", "sidan"))
        own = self.rng.choice(self.own.get(view.model._meta.label) or [MADE_UP])
        confirmed = {"bekrafta": "1"} if self.rng.random() < 0.4 else {}

        def ask(one):
            ids = [own, one]
            data = {"atgard": action, "vilka": which, "rad": ids, "sidan": ",".join(ids), **confirmed}
            return self.client.post(address, {**data, "rader": ",".join(f"{each}:1" for each in ids)})

        self.same(ask, f"POST {address} {action} {which} {confirmed}", self.foreign_id(view.model))

    def admin(self) -> None:
        """The admin, where none of these has anything to do."""
        if self.rng.random() < 0.3:
            address = self.rng.choice(ways.lists_of_admin())
            self.look(self.client.get(address), f"GET {address}")
            return
        address, model = self.rng.choice(ways.of_admin())
        known = self.pks.get(model) or [1]
        self.same(
            lambda one: self.client.get(address.replace("/{pk}/", one)),
            f"GET {address}",
            f"/{self.rng.choice(known)}/",
            "/987654321/",
        )

    def ask(self) -> None:
        """Words of the other's are searched for, and words that nobody has: the same answer but for the word."""
        theirs = self.rng.choice((f"{self.word}gatan", f"{self.word}s", f"Ny{self.word}", f"{self.word}sal"))
        texts = [
            f"{self.word} {word}" for word in ("förvaltning", "norra", "syfte", "sal", "dagordning", "lärdom")
        ]
        theirs = self.rng.choice((theirs, SECRET, *texts))
        nobodys = theirs.replace(self.word, "Qxzvwqzx").replace(SECRET, "Qxzvwqzx")
        places = [one for one in ways.pages() if one in ways.SEARCHED] + ["/api/v1/search"]
        place, client = self.rng.choice(places), self.client
        if self.rng.random() < 0.4:
            views = [one for one, method, _ in ways.operations() if method == "get" and ways.takes_q(one)]
            place = self.rng.choice(views)
        if place.startswith("/api/"):
            client = self.key
        # What was said of the step before stands on the first page after it.
        for _ in range(2):
            answers = []
            for words in (theirs, nobodys):
                response = client.get(f"{place}?q={quote(words)}")
                self.look(response, f"GET {place}?q= {self.word} {SECRET}")
                answers.append(without(self.said(response), words))
            if answers[0] == answers[1]:
                return
        raise Leak(f"{self.role}: {place}?q={theirs} finds: {difference(*answers)}")

    def compare(self) -> None:
        """The same questions before and after much has happened elsewhere: the same answers."""
        asked = [(self.client, self._somewhere()) for _ in range(self.breadth)]
        asked += [(self.client, f"{one}?exportera=json") for one in self._some(ways.SEARCHED, 2)]
        asked += [(self.key, one) for one in self._api_addresses(self.breadth)]
        before = [self._get(*one) for one in asked]
        with taken_back():
            elsewhere.happens(self.world, self.foreign_side)
            after = [self._get(*one) for one in asked]
        for one, first, second in zip(asked, before, after, strict=True):
            if first != second and self._get(*one) == first:
                raise Leak(
                    f"{self.role}: GET {one[1]} tells what happens elsewhere: {difference(second, first)}"
                )

    def _some(self, found, most: int) -> list:
        return self.rng.sample(list(found), min(len(found), most))

    def _get(self, client, address: str) -> str:
        response = client.get(address)
        self.look(response, f"GET {address}")
        return self.said(response)


# Kinds of steps and how often each is taken.
STEPS = {
    "follow": 20,
    "submit": 14,
    "choose": 10,
    "knock": 14,
    "look_up": 4,
    "bulk": 4,
    "call": 22,
    "borrow": 3,
    "repeat": 0.5,
    "admin": 3,
    "ask": 5,
    "compare": 0.7,
}


def _belongings(world, side_name: str, user) -> dict[str, list[str]]:
    """What is the other's own without being a huvudman's: accounts, access, an invitation, a key, a view, history."""
    side = getattr(world, side_name)
    Invitation.objects.create(
        email=f"inbjuden@{side.word.lower()}.example",
        name=f"{side.word} Inbjuden",
        role="reader",
        huvudman=side.huvudman,
        digest=side.word,
        expires_at=timezone.now() + timedelta(days=7),
    )
    ApiToken.objects.filter(user=user).update(name=f"{side.word} nyckel")
    SavedView.objects.create(owner=user, list_name="meeting", name=f"{side.word} vy", query="q=hej")
    at = {"huvudman": side.huvudman}
    rows = {
        User: User.objects.filter(access_rows__in=Access.objects.filter(**at)),
        Access: Access.objects.filter(**at),
        Invitation: Invitation.objects.filter(**at),
        ApiToken: ApiToken.objects.filter(user=user),
        SavedView: SavedView.objects.filter(owner=user),
        Change: Change.objects.filter(huvudman_ids=[side.huvudman.pk], now_ids=[side.huvudman.pk])[:50],
    }
    return {model._meta.label: [str(row.uuid) for row in found] for model, found in rows.items()}
