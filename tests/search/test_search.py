"""The search: what is found by what, and by whom."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.search.kinds import find, kinds, suggestions
from sbs_portal.search.text import Asked
from schools.models import Huvudman, SchoolUnit, SchoolUnitVersion, UnitAlias
from tests import factories

pytestmark = pytest.mark.django_db


def found(user, text, **options) -> dict[str, list[str]]:
    """The titles by kind."""
    scope = Scope.of(user)
    with bound(scope):
        groups = find(scope, Asked.of(text), limit=options.pop("limit", 10), **options)
    return {group.kind.name: [hit.title for hit in group.hits] for group in groups}


@pytest.fixture
def rows(cast):
    """Something of everything, on both sides of the wall, with the same words."""
    for participation, name in ((cast.participation, "södra"), (cast.other_participation, "norra")):
        meeting = factories.make_meeting(
            participation,
            when=date(2018, 4, 26),
            status="held",
            title=f"Kartläggning, {name}",
            agenda="Elevhälsans uppdrag",
        )
        factories.make_outcome(meeting, text=f"Vi beslutade att kartlägga frånvaron, {name}.")
        factories.make_seminar(participation, starts=date(2018, 6, 1), topic=f"Frånvaro, {name}")


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("björkby", "huvudman", "Björkby kommun"),
        ("BJÖRKBY kom", "huvudman", "Björkby kommun"),
        ("kommun björk", "huvudman", "Björkby kommun"),
        ("alms", "unit", "Almskolan"),
        ("rita", "person", "Rita Rektor"),
        ("björkby", "participation", "Björkby kommun"),
        ("almskolan", "participation", "Björkby kommun"),
        ("kartläggningar", "meeting", "Kartläggning, södra, 26 apr 2018"),
        ("elevhälsa", "meeting", "Kartläggning, södra, 26 apr 2018"),
        ("att", "outcome", "Vi beslutade att kartlägga frånvaron, södra."),
        ("frånv", "outcome", "Vi beslutade att kartlägga frånvaron, södra."),
        ("frånvaro", "seminar", "Uppföljningsseminarium"),
    ],
)
def test_words_are_found_by_their_beginning_and_running_text_by_its_stems(cast, rows, text, kind, title):
    assert found(cast.editor, text)[kind] == [title]


def test_nothing_of_anybody_elses_is_found_or_counted(cast, rows):
    everywhere = found(cast.coordinator, "norra")
    assert set(everywhere) == {"meeting", "outcome", "seminar"}
    for name, user in cast.everyone.items():
        if name not in ("coordinator", "stranger", "integration"):
            assert found(user, "norra") == {}
            assert found(user, "granby") == {}
            assert found(user, "främling") == {}
    assert found(cast.stranger, "granby")["huvudman"] == ["Granby kommun"]


def test_a_reader_finds_no_people_and_decisions_of_held_meetings_only(cast, rows):
    meeting = factories.make_meeting(cast.participation, when=date(2018, 5, 3), title="Planerad kartläggning")
    factories.make_outcome(meeting, kind="action", text="Kartlägg mer")
    assert found(cast.reader, "rita") == {}
    assert found(cast.reader, "kartlägg") == {
        "meeting": ["Kartläggning, södra, 26 apr 2018"],
        "outcome": ["Vi beslutade att kartlägga frånvaron, södra."],
    }


def test_someone_with_protected_identity_is_found_by_nothing(cast):
    for user in cast.everyone.values():
        for text in (
            "hemlig",
            "namnsdotter",
            "Hemlig Namnsdotter",
            str(cast.protected_person.uuid),
            "skyddad",
        ):
            assert "person" not in found(user, text)


def test_a_code_is_found_whole_and_stands_first(cast):
    with bound(NATIONAL):
        SchoolUnit.objects.filter(pk=cast.unit.pk).update(unit_code="12345678")
        SchoolUnit.objects.filter(pk=cast.other_unit.pk).update(unit_code="12345679")
        Huvudman.objects.filter(pk=cast.huvudman.pk).update(organisation_number="2120000142")
    assert found(cast.editor, "1234 5678") == {"unit": ["Björkskolan"]}
    assert found(cast.editor, "12345679") == {}
    assert found(cast.editor, "1234567") == {}
    assert found(cast.editor, "212000-0142") == {"huvudman": ["Björkby kommun"]}
    assert found(cast.editor, str(cast.unit.uuid)) == {"unit": ["Björkskolan"]}
    assert found(cast.editor, str(cast.other_unit.uuid)) == {}


def test_a_unit_is_found_by_what_it_was_called(cast):
    with bound(NATIONAL):
        UnitAlias.objects.create(unit=cast.unit, name="Gamla Läroverket")
        SchoolUnitVersion.objects.filter(unit=cast.second_unit).update(name="Alströmska skolan")
    assert found(cast.editor, "läroverket") == {"unit": ["Björkskolan"]}
    assert found(cast.editor, "alströmska")["unit"] == ["Almskolan"]


@pytest.mark.parametrize(
    "text", ["", " ", "a", "'", "\\", "':*", "!", "&&", "a & ! b", "%", "\x00", "ö" * 500, "🙂"]
)
def test_what_cannot_be_a_search_finds_nothing_and_breaks_nothing(cast, client_for, text):
    response = client_for(cast.editor).get(reverse("search"), {"q": text})
    assert response.status_code in (200, 400)
    assert "Björkby kommun" not in response.content.decode().partition('id="traffar"')[2]


def test_a_name_that_is_misspelled_is_asked_about_within_reach(cast, client_for):
    scope = Scope.of(cast.editor)
    with bound(scope):
        assert suggestions(scope, Asked.of("Björksolan")) == ["Björkskolan"]
        assert suggestions(scope, Asked.of("Gransoklan")) == []
    page = client_for(cast.editor).get(reverse("search"), {"q": "Björksolan"}).content.decode()
    assert "Menade du" in page
    assert ">Björkskolan</a>" in page


def test_the_page_shows_six_of_a_kind_and_leads_to_more(cast, client_for):
    for number in range(8):
        factories.make_unit(cast.huvudman, f"Sjöskolan {number}")
    client = client_for(cast.editor)
    page = client.get(reverse("search"), {"q": "sjösk"})
    (group,) = page.context["groups"]
    assert (len(group.hits), group.has_more) == (6, True)
    more = client.get(reverse("search"), {"q": "sjösk", "i": "unit"})
    assert len(more.context["groups"][0].hits) == 8
    assert client.get(reverse("search"), {"q": "sjösk", "i": "påhittat"}).context["groups"] == []


def test_htmx_gets_the_hits_alone(cast, client_for):
    response = client_for(cast.editor).get(reverse("search"), {"q": "björk"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "Björkskolan" in response.content.decode()


def test_a_name_that_is_a_script_is_shown_as_text(cast, client_for):
    factories.make_unit(cast.huvudman, "<script>alert(1)</script>")
    page = client_for(cast.editor).get(reverse("search"), {"q": "script alert"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_the_number_of_questions_does_not_grow_with_what_is_found(cast, rows, django_assert_num_queries):
    scope = Scope.of(cast.editor)
    for number in (1, 20):
        for n in range(number):
            unit = factories.make_unit(cast.huvudman, f"Furuskolan {number}{n}")
            factories.make_person(cast.huvudman, f"Furu {number}{n}", "teacher", unit=unit)
            meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 26), title="Furu")
            factories.make_outcome(meeting, text="Furu planteras")
        with bound(scope), django_assert_num_queries(2):
            find(scope, Asked.of("furu"), limit=10)


def test_the_api_gives_the_same(cast, rows, api_for):
    client = api_for(cast.editor)
    answer = client.get("/api/v1/search", {"q": "kartlägg", "limit": "1"}).json()
    assert [(row["kind"], row["title"]) for row in answer["data"]] == [
        ("meeting", "Kartläggning, södra, 26 apr 2018"),
        ("outcome", "Vi beslutade att kartlägga frånvaron, södra."),
    ]
    assert answer["data"][0]["href"].startswith("http://testserver/traffar/")
    assert answer["_meta"] == {"limit": 1, "has_more": [], "suggestions": []}
    assert client.get("/api/v1/search", {"q": "Björksolan"}).json()["_meta"]["suggestions"] == ["Björkskolan"]


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({}, {"q"}),
        ({"q": "a"}, {"q"}),
        ({"q": "a" * 300}, {"q"}),
        ({"q": "abc", "kind": "hund"}, {"kind"}),
        ({"q": "abc", "limit": "0"}, {"limit"}),
        ({"q": "abc", "limit": "51"}, {"limit"}),
        ({"q": "abc", "sida": "1"}, {"sida"}),
    ],
)
def test_the_api_says_what_is_wrong(cast, api_for, parameters, wrong):
    response = api_for(cast.editor).get("/api/v1/search", parameters)
    assert response.status_code == 400
    assert {one["property"] for one in response.json()["invalid_parameters"]} == wrong


def test_every_kind_has_a_name_of_its_own():
    assert [kind.name for kind in kinds()] == [
        "huvudman",
        "unit",
        "participation",
        "person",
        "meeting",
        "outcome",
        "seminar",
        "journal-entry",
    ]
