import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.web import sections
from schools.models import Huvudman
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture
def mine(db):
    return factories.make_huvudman("Älvnäs skolstiftelse")


@pytest.fixture
def theirs(db):
    return factories.make_huvudman("Grannens skolor")


@pytest.fixture
def editor(mine):
    return factories.make_user(role="editor", huvudman=mine)


@pytest.fixture
def browser(client_for, editor):
    return client_for(editor)


def name_of(huvudman):
    with bound(NATIONAL):
        return Huvudman.objects.get(pk=huvudman.pk).name


def test_a_list_shows_the_users_own_rows_only(browser, mine, theirs):
    page = browser.get("/prov/").content.decode()
    assert mine.name in page
    assert theirs.name not in page
    assert "1 rad<" in page


def test_an_empty_search_says_so_and_offers_everything(browser, mine):
    page = browser.get("/prov/?q=finnsinte").content.decode()
    assert "Inget stämmer med det du sökt efter" in page
    assert mine.name not in page


def test_a_list_is_paged_and_sorted_in_swedish_order(client_for, mine, theirs):
    factories.make_huvudman("Öreskolan")
    factories.make_huvudman("Zeta skola")
    browser = client_for(factories.make_user(role="coordinator"))
    first = [row.name for row in browser.get("/prov/?kind=independent").context["page_obj"]]
    second = [row.name for row in browser.get("/prov/?kind=independent&sida=2").context["page_obj"]]
    assert (first, second) == (["Grannens skolor", "Zeta skola"], ["Älvnäs skolstiftelse", "Öreskolan"])


def test_one_of_the_users_own_is_shown(browser, mine):
    page = browser.get(f"/prov/{mine.uuid}/")
    assert page.context["object"].pk == mine.pk


def test_outside_scope_nothing_exists(browser, theirs):
    assert browser.get(f"/prov/{theirs.uuid}/").status_code == 404


def test_a_reader_may_not_change(client_for, mine):
    reader = client_for(factories.make_user(role="reader", huvudman=mine))
    assert reader.get(f"/prov/{mine.uuid}/namn/").status_code == 403


def test_a_form_outside_scope_does_not_exist(browser, theirs):
    assert browser.post(f"/prov/{theirs.uuid}/namn/", {"name": "Nytt"}).status_code == 404


def test_a_form_that_is_right_changes_and_says_so(browser, mine):
    page = browser.post(f"/prov/{mine.uuid}/namn/", {"name": "Älvnäs"}, follow=True)
    assert (name_of(mine), [str(message) for message in page.context["messages"]]) == (
        "Älvnäs",
        ["Namnet är ändrat."],
    )


def test_what_a_service_refuses_stands_at_its_field_and_nothing_is_saved(browser, mine):
    page = browser.post(f"/prov/{mine.uuid}/namn/", {"name": "Upptaget"})
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "name": ["Namnet är upptaget."],
        "__all__": ["Slaget stämmer inte."],
    }
    assert 'value="Upptaget"' in page.content.decode()
    assert name_of(mine) == "Älvnäs skolstiftelse"


def test_what_a_button_is_refused_is_told(browser, mine):
    page = browser.post(f"/prov/{mine.uuid}/knapp/", follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Det går inte just nu."]


def test_a_reading_page_is_made_as_of_the_day_asked_for(browser, mine):
    page = browser.get(f"/prov/{mine.uuid}/?datum=2018-04-23&q=a")
    assert str(page.context["today"]) == "2018-04-23"
    assert "Visas som det var den <strong>23 april 2018</strong>" in page.content.decode()
    assert f'href="/prov/{mine.uuid}/?q=a"' in page.content.decode()


def test_a_date_that_cannot_be_read_is_told_on_the_page(browser, mine):
    page = browser.get(f"/prov/{mine.uuid}/?datum=2018-02-30")
    assert page.status_code == 200
    assert "Datumet ”2018-02-30” går inte att läsa." in page.content.decode()


def test_sections_of_other_apps_stand_on_the_page(browser, mine, monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})
    sections.register_section(
        page="prov",
        name="lage",
        title="Läget",
        order=1,
        loader=lambda request, obj: {
            "count": "3 av 4",
            "title": f"Om {obj.name}",
            "action": {"url": "/gor/", "label": "Gör"},
        },
        template="components/empty.html",
    )
    page = browser.get(f"/prov/{mine.uuid}/").content.decode()
    assert '<a href="#lage">Läget' in page
    assert '<a href="/gor/">Gör</a>' in page
    assert "Om Älvnäs skolstiftelse" in page


def test_what_another_has_changed_stands_beside_what_was_typed(cast, client_for):
    client, address = client_for(cast.coordinator), f"/prov/{cast.huvudman.uuid}/namn/"
    page = client.get(address).content.decode()
    assert f'name="_version" value="{cast.huvudman.version}"' in page
    with bound(NATIONAL):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(name="Deras namn")
    answer = client.post(address, {"name": "Mitt namn", "_version": cast.huvudman.version})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Nu: Deras namn<br>Du skrev: Mitt namn" in body
    assert 'value="Mitt namn"' in body
    assert (
        client.post(address, {"name": "Mitt namn", "_version": cast.huvudman.version + 1}).status_code == 302
    )


def test_what_another_has_changed_elsewhere_is_no_conflict(cast, client_for):
    client, address = client_for(cast.coordinator), f"/prov/{cast.huvudman.uuid}/namn/"
    with bound(NATIONAL):
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(is_fictional=True)
    answer = client.post(address, {"name": "Mitt namn", "_version": cast.huvudman.version})
    assert answer.status_code == 302
