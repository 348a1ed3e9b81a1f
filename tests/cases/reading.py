"""Reads the portal as a person and as an integration would: shown words, and rows of the API."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.apps import apps
from django.test import Client

from sbs_portal.scope import NATIONAL, bound

# What a person does not read.
SILENT = {"script", "style", "template", "head"}


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in SILENT

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent:
            self.parts.append(data)


def words(html: str) -> str:
    """The page's text, with every run of white space (also no-break) as one space."""
    parser = _Words()
    parser.feed(html)
    return re.sub(r"\s+", " ", " ".join(parser.parts)).strip()


def missing(text: str, *facts: str) -> list[str]:
    """The facts that the text does not tell, in either case of their first letter."""
    return [fact for fact in facts if fact not in text and fact[:1].upper() + fact[1:] not in text]


def tables() -> list:
    """The models of all tables, the history's among them."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def the(model, **query):
    """The one row of a model that fits, whoever may read it."""
    with bound(NATIONAL):
        return model.objects.get(**query)


@dataclass(frozen=True)
class Reader:
    """One account, logged in in a browser and with a key to the API."""

    pages: Client
    api: Client

    def page(self, address, **query) -> str:
        """The words of a page. ``address`` is a path or an object that has a page."""
        path = address if isinstance(address, str) else address.get_absolute_url()
        answer = self.pages.get(path, query)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return words(answer.content.decode())

    def status(self, address) -> int:
        """The status that a page, or an address under /api/, is answered with."""
        path = address if isinstance(address, str) else address.get_absolute_url()
        return (self.api if path.startswith("/api/") else self.pages).get(path).status_code

    def rows(self, resource: str, **query) -> list[dict]:
        """All rows of one resource of the API."""
        answer = self.api.get(f"/api/v1/{resource}", {"limit": 200, **query})
        assert answer.status_code == 200, f"{resource}: {answer.status_code} {answer.content.decode()}"
        found = answer.json()
        assert found["_meta"]["pages"] == 1, f"{resource}: more than one page"
        return found["data"]

    def count(self, resource: str, **query) -> int:
        """How many rows the API says there are."""
        return self.api.get(f"/api/v1/{resource}", {"limit": 1, **query}).json()["_meta"]["count"]

    def row(self, resource: str, **query) -> dict:
        """The one row of a resource that fits the query."""
        (found,) = self.rows(resource, **query)
        return found
