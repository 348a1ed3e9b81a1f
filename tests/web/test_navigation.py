import pytest
from django.test import RequestFactory

from sbs_portal.web import navigation
from tests import factories


@pytest.fixture
def items(monkeypatch):
    """An empty navigation, put back afterwards."""
    monkeypatch.setattr(navigation, "_items", {})
    return navigation.register_item


def shown(path="/", active=""):
    return [(link.name, link.current) for link in navigation.links(RequestFactory().get(path), active)]


def test_items_stand_in_order(items):
    items(name="b", title="B", url_name="cookies", order=2)
    items(name="a", title="A", url_name="privacy", order=1)
    assert shown() == [("a", False), ("b", False)]


def test_an_item_whose_address_does_not_exist_is_left_out(items):
    items(name="a", title="A", url_name="privacy", order=1)
    items(name="b", title="B", url_name="finns_inte", order=2)
    assert shown() == [("a", False)]


def test_an_item_is_shown_only_to_those_it_is_for(items):
    items(name="a", title="A", url_name="privacy", order=1, visible=lambda request: request.path == "/x/")
    assert (shown("/x/"), shown("/y/")) == ([("a", False)], [])


def test_the_longest_address_the_path_starts_with_is_current(items):
    items(name="one", title="1", url_name="accessibility", order=1)
    items(name="two", title="2", url_name="accessibility_receipt", order=2)
    assert shown("/tillganglighet/skickad/") == [("one", False), ("two", True)]


def test_the_view_may_say_which_is_current(items):
    items(name="one", title="1", url_name="accessibility", order=1)
    items(name="two", title="2", url_name="cookies", order=2)
    assert shown("/tillganglighet/", active="two") == [("one", False), ("two", True)]


@pytest.mark.django_db
@pytest.mark.parametrize(("is_staff", "shown"), [(True, 2), (False, 0)])
def test_admin_is_offered_to_those_it_lets_in(client_for, is_staff, shown):
    user = factories.make_user(is_staff=is_staff)
    page = client_for(user).get("/komponenter/").content.decode()
    assert page.count('<a href="/admin/"') == shown


def under_more():
    return [link.name for link in navigation.links(RequestFactory().get("/")) if link.under_more]


@pytest.mark.parametrize(("often", "gathered"), [(6, []), (7, ["seldom"])])
def test_what_is_seldom_used_stands_under_more_where_there_are_many(items, often, gathered):
    for number in range(often):
        items(name=f"often{number}", title="Ofta", url_name="privacy", order=number)
    items(name="seldom", title="Sällan", url_name="cookies", order=99, seldom=True)
    assert under_more() == gathered
