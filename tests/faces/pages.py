"""A page as whoever has it before them: its forms, with what stands in them, and its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

# What a browser sends nothing of until it is pressed, or chosen by hand.
SILENT = ("submit", "button", "reset", "image", "file")


@dataclass
class Form:
    """A form: where it goes, what it would send as it stands, its buttons, and the choices of each field."""

    action: str
    method: str
    data: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)

    def filled(self, typed: dict) -> dict[str, list[str]]:
        """What is sent with ``typed`` in it; a field the form does not have is a KeyError."""
        unknown = set(typed) - set(self.names) - {name for name, _ in self.buttons}
        if unknown:
            raise KeyError(f"The form at {self.action} has no {sorted(unknown)}, only {sorted(self.names)}")
        sent = dict(self.data)
        for name, value in typed.items():
            values = value if isinstance(value, list | tuple) else [value]
            sent[name] = [str(one) for one in values]
        return sent


class Page(HTMLParser):
    """``forms`` and ``links`` of a body."""

    def __init__(self, body: str, address: str):
        super().__init__()
        self.address, self.forms, self.links = address, [], []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: tuple[Form | None, str, bool] | None = None
        self._option = self._area = None
        self.feed(body)

    def _of(self, given: dict) -> Form | None:
        return self._by_id.get(given["form"]) if given.get("form") else self._form

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "a" if given.get("href"):
                self.links.append(urljoin(self.address, given["href"]))
            case "form":
                action = urljoin(self.address, given.get("action", "") or self.address)
                self._form = Form(action, given.get("method", "get").lower())
                self.forms.append(self._form)
                self._by_id[given.get("id", "")] = self._form
            case "input" | "button":
                self._control(tag, given)
            case "select":
                form = self._of(given)
                self._select = (form, given.get("name", ""), "multiple" in given)
                if form is not None:
                    form.names.append(given.get("name", ""))
            case "option" if self._select:
                self._chosen(given)
            case "textarea":
                self._area = (self._of(given), given.get("name", ""), [])

    def _control(self, tag: str, given: dict) -> None:
        form, name, kind = self._of(given), given.get("name", ""), given.get("type", "text")
        if form is None or not name or "disabled" in given:
            return
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        if tag == "button" or kind in SILENT:
            form.buttons.append((name, value))
            return
        form.names.append(name)
        if kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(value)
            if "checked" not in given:
                return
        form.add(name, value)

    def _chosen(self, given: dict) -> None:
        form, name, many = self._select
        if form is None:
            return
        value = given.get("value", "")
        first = name not in form.choices
        form.choices.setdefault(name, []).append(value)
        if "selected" in given and not many:
            form.data[name] = [value]
        elif "selected" in given:
            form.add(name, value)
        elif first and not many:
            form.data[name] = [value]

    def handle_data(self, data):
        if self._area:
            self._area[2].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            form, name, text = self._area
            self._area = None
            if form is not None and name:
                form.names.append(name)
                form.add(name, "".join(text).removeprefix("\r\n").removeprefix("\n"))


def page_of(response) -> Page:
    return Page(response.content.decode(), response.request["PATH_INFO"])


def fill_in(client, address: str, typed: dict, *, having: str):
    """Open the page, fill its form that has the field, send it; the answer, followed."""
    opened = client.get(address)
    assert opened.status_code == 200, (address, opened.status_code)
    query = opened.request.get("QUERY_STRING", "")
    page = Page(opened.content.decode(), opened.request["PATH_INFO"] + (f"?{query}" if query else ""))
    form = next(one for one in page.forms if one.method == "post" and having in one.names)
    return client.post(form.action, form.filled(typed), follow=True)
