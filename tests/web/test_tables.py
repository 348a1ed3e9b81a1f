from datetime import date
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from sbs_portal.time import frozen
from sbs_portal.web.tables import Column, Table, shown


class Sample(Table):
    caption = "Prov"
    default_sort = "-name"
    columns = (
        Column("name", "Namn", sort="sort_key", link=lambda row: f"/{row.name}/"),
        Column("huvudman", "Huvudman", accessor="huvudman.name", phone="fact", empty="uppgift saknas"),
        Column("units", "Enheter", numeric=True, sort=("-units", "name")),
    )


def row(name, huvudman="Exempelby", units=1200):
    return SimpleNamespace(name=name, huvudman=huvudman and SimpleNamespace(name=huvudman), units=units)


def asked(query=""):
    return RequestFactory().get("/lista/" + query)


class Recorder:
    def order_by(self, *keys):
        return keys


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ("-sort_key", "pk")),
        ("?ordning=name", ("sort_key", "pk")),
        ("?ordning=-units", ("units", "-name", "pk")),
        ("?ordning=huvudman", ("-sort_key", "pk")),
        ("?ordning=password", ("-sort_key", "pk")),
    ],
)
def test_only_declared_columns_can_be_sorted_by(query, keys):
    assert Sample.ordered(Recorder(), asked(query).GET) == keys


def test_a_second_click_turns_the_order_and_leaves_the_page():
    headings = Sample([], request=asked("?q=a&sida=3&ordning=name")).headings
    assert (headings[0].url, headings[0].direction) == ("?q=a&ordning=-name", "ascending")
    assert headings[1].url == ""


def test_the_name_is_the_link_and_is_escaped():
    ((name, *_),) = Sample([row("A&B")]).rows
    (line,) = Sample([row("A&B")]).lines
    assert name == '<a href="/A&amp;B/">A&amp;B</a>'
    assert line.startswith(f'<tr role="row"><th scope="row" role="rowheader" class="table__name">{name}</th>')


def test_a_missing_link_on_the_way_says_what_the_column_says():
    ((_, huvudman, units),) = Sample([row("A", huvudman=None)]).rows
    assert (huvudman, units) == ("uppgift saknas", "1\xa0200")


def test_a_card_says_the_label_before_something_and_nothing_before_nothing():
    full, bare = Sample([row("A", units=7), row("B", units="")]).lines
    assert '<td role="cell" class="num" data-label="Enheter">7</td>' in full
    assert '<td role="cell" class="num"></td>' in bare


def test_what_a_column_draws_is_escaped_unless_it_is_safe():
    drawn = Column("x", "X", accessor=str, draw=lambda row, value: value)
    table = type("Drawn", (Table,), {"columns": (drawn,)})
    assert list(table(["<b>", mark_safe("<i>")]).rows) == [["&lt;b&gt;"], ["<i>"]]


@pytest.mark.parametrize(
    ("value", "said"), [(True, "ja"), (False, "nej"), (12345, "12\xa0345"), (date(2018, 4, 24), "tis 24 apr")]
)
def test_values_are_said_in_swedish(value, said):
    with frozen(date(2018, 4, 21)):
        assert shown(value) == said
