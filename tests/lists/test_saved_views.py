"""Saved views: what they keep, who has them, and what a list opens with."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from sbs_portal.lists import services
from sbs_portal.lists.models import SavedView
from sbs_portal.scope import Scope, bound
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/enheter/"


def save(user, name="Mina grundskolor", query="school_form=GR", **fields):
    with bound(Scope.of(user)):
        return services.save_view(list_name="schoolunit", name=name, query=query, by=user, **fields)


def tabs(client, address=LIST):
    return [tab.label for tab in client.get(address).context["view_tabs"]]


def test_a_view_is_saved_from_its_list_in_its_one_form(cast, client_for):
    client = client_for(cast.editor)
    answer = client.post(
        reverse("saved_view_save"),
        {
            "lista": "schoolunit",
            "urval": "form=GR&ordning=-name&sida=3&okänt=1",
            "name": "A",
            "audience": "mine",
        },
    )
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"{LIST}?vy={view.uuid}"
    assert (view.query, view.audience, view.owner) == ("school_form=GR&ordning=-name", "mine", cast.editor)


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("urval", {"urval": "school_form=XX"}),
        ("lista", {"lista": "hemlig"}),
        ("audience", {"audience": "everyone"}),
    ],
)
def test_what_cannot_be_saved_is_told_and_nothing_is(cast, client_for, field, sent):
    data = {"lista": "schoolunit", "urval": "", "name": "A", "audience": "mine"} | sent
    answer = client_for(cast.editor).post(reverse("saved_view_save"), data)
    assert answer.status_code in (404, 422)
    assert not SavedView.objects.exists()


def test_the_page_that_saves_knows_the_list_and_what_it_shows(cast, client_for):
    page = client_for(cast.editor).get(f"{LIST}?school_form=GR&q=a%26b").content.decode()
    address = reverse("saved_view_save") + "?lista=schoolunit&amp;urval=school_form%3DGR%26q%3Da%2526b"
    assert f'href="{address}"' in page
    form = client_for(cast.editor).get(address.replace("&amp;", "&")).content.decode()
    assert 'name="urval" value="school_form=GR&amp;q=a%26b"' in form


def test_a_view_shows_what_it_keeps_and_links_go_on_from_there(cast, client_for):
    factories.make_unit(cast.huvudman, "Lillåns förskola", school_forms=["FS"])
    view = save(cast.editor, query="school_form=FS&kolumner=status")
    page = client_for(cast.editor).get(f"{LIST}?vy={view.uuid}")
    assert [row.name for row in page.context["page_obj"]] == ["Lillåns förskola"]
    assert [column.name for column in page.context["table"].shown] == ["name", "status"]
    [(_, url)] = page.context["chosen"]
    assert url == f"?vy={view.uuid}&kolumner=status" or url == f"?kolumner=status&vy={view.uuid}"


def test_the_whole_list_can_be_had_from_a_view(cast, client_for):
    view = save(cast.editor)
    page = client_for(cast.editor).get(f"{LIST}?vy={view.uuid}")
    assert page.context["cleared"] == "?vy=alla"
    assert len(client_for(cast.editor).get(f"{LIST}?vy=alla").context["page_obj"]) == 2


def test_a_view_is_for_the_group_one_is_in_now(cast, client_for):
    save(cast.editor, audience="huvudman", huvudman_id=cast.huvudman.pk)
    assert tabs(client_for(cast.rektor)) == ["Hela listan", "Mina grundskolor"]
    assert tabs(client_for(cast.stranger)) == []
    assert tabs(client_for(cast.coordinator)) == []


def test_a_view_of_a_group_one_has_left_is_calmly_away(cast, client_for):
    view = save(cast.editor, audience="huvudman", huvudman_id=cast.huvudman.pk)
    address = f"{LIST}?vy={view.uuid}"
    assert client_for(cast.rektor).get(address).context["saved"].current == view
    page = client_for(cast.stranger).get(address)
    assert page.status_code == 200
    assert "Vyn finns inte för dig." in page.content.decode()
    assert view.name not in page.content.decode()
    made_up = client_for(cast.stranger).get(f"{LIST}?vy=00000000-0000-4000-8000-000000000001")
    assert "Vyn finns inte för dig." in made_up.content.decode()


def test_only_coordinators_share_with_a_role_or_everyone(cast):
    for fields in ({"audience": "everyone"}, {"audience": "role", "role": "editor"}):
        with pytest.raises(ValidationError):
            save(cast.editor, **fields)
    with pytest.raises(ValidationError):
        save(cast.editor, audience="huvudman", huvudman_id=cast.other_huvudman.pk)


def test_a_role_opens_its_list_with_the_view_a_coordinator_chose(cast, client_for):
    view = save(cast.coordinator, audience="role", role="editor")
    with bound(Scope.of(cast.coordinator)):
        services.change_view(view=view, by=cast.coordinator, is_default=True)
    assert client_for(cast.editor).get(LIST).headers["Location"] == f"{LIST}?vy={view.uuid}"
    assert client_for(cast.rektor).get(LIST).status_code == 200
    assert client_for(cast.editor).get(f"{LIST}?q=a").status_code == 200


def test_an_own_choice_goes_before_the_roles(cast, client_for):
    theirs = save(cast.coordinator, audience="role", role="editor")
    own = save(cast.editor, name="Min")
    with bound(Scope.of(cast.coordinator)):
        services.change_view(view=theirs, by=cast.coordinator, is_default=True)
    client = client_for(cast.editor)
    client.post(reverse("saved_view_default", args=[own.uuid]), {"forval": "1"})
    assert client.get(LIST).headers["Location"] == f"{LIST}?vy={own.uuid}"
    client.post(reverse("saved_view_default", args=[own.uuid]), {"forval": "0"})
    assert client.get(LIST).headers["Location"] == f"{LIST}?vy={theirs.uuid}"


def test_a_view_is_renamed_and_removed_by_its_owner_only(cast, client_for):
    view = save(cast.editor, audience="huvudman", huvudman_id=cast.huvudman.pk)
    change, remove = (reverse(f"saved_view_{name}", args=[view.uuid]) for name in ("change", "remove"))
    for who, status in ((cast.rektor, 403), (cast.stranger, 404)):
        assert client_for(who).get(change).status_code == status
        assert client_for(who).post(remove).status_code == status
    with pytest.raises(PermissionDenied), bound(Scope.of(cast.rektor)):
        services.remove_view(view=view, by=cast.rektor)
    client = client_for(cast.editor)
    assert client.post(change, {"name": "Ny", "audience": "mine"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.audience, view.huvudman_id) == ("Ny", "mine", None)
    client.post(remove)
    assert not SavedView.objects.exists()


def test_the_page_of_views_and_the_api_hold_the_readers_own(cast, client_for, api_for):
    save(cast.editor)
    save(cast.stranger, name="Främmande")
    page = client_for(cast.editor).get(reverse("saved_view_list")).content.decode()
    assert ("Mina grundskolor" in page, "Främmande" in page) == (True, False)
    rows = api_for(cast.editor).get("/api/v1/saved-views").json()["data"]
    assert [(row["name"], row["list_name"], row["query"]) for row in rows] == [
        ("Mina grundskolor", "schoolunit", "school_form=GR")
    ]


VIEWS_API = "/api/v1/saved-views"


def written(client, body=None, *, address=VIEWS_API, method="post"):
    return getattr(client, method)(address, body or {}, content_type="application/json")


def reasons(answer) -> dict[str, str]:
    return {one["property"]: one["reason"] for one in answer.json()["invalid_parameters"]}


def test_a_view_is_written_by_the_api_in_its_one_form(cast, api_for):
    client = api_for(cast.editor, write=True)
    body = {"list_name": "schoolunit", "name": "Våra", "query": "form=GR&sida=3", "audience": "huvudman"}
    made = written(client, body | {"huvudman": str(cast.huvudman.uuid)})
    assert made.status_code == 201
    said = {name: made.json()[name] for name in ("query", "audience", "huvudman", "is_own", "is_default")}
    assert said == {
        "query": "school_form=GR",
        "audience": "huvudman",
        "huvudman": str(cast.huvudman.uuid),
        "is_own": True,
        "is_default": False,
    }
    address = f"{VIEWS_API}/{made.json()['id']}"
    changed = written(client, {"name": "Alla våra", "query": "q=a"}, address=address, method="patch")
    assert [changed.json()[name] for name in ("name", "query", "audience")] == [
        "Alla våra",
        "q=a",
        "huvudman",
    ]
    mine = written(client, {"audience": "mine"}, address=address, method="patch").json()
    assert (mine["audience"], mine["huvudman"]) == ("mine", None)
    assert client.delete(address, headers={"If-Match": "*"}).status_code == 204
    assert not SavedView.objects.exists()


def test_the_api_refuses_what_the_pages_refuse(cast, api_for):
    client = api_for(cast.editor, write=True)
    body = {"list_name": "schoolunit", "name": "A", "query": ""}
    for sent, field in (
        ({"query": "school_form=XX"}, "query"),
        ({"list_name": "hemlig"}, "list_name"),
        ({"audience": "everyone"}, "audience"),
        ({"audience": "huvudman", "huvudman": str(cast.other_huvudman.uuid)}, "huvudman"),
        ({"name": ""}, "name"),
    ):
        answer = written(client, body | sent)
        assert (answer.status_code, list(reasons(answer))) == (400, [field])
    shared = save(cast.editor, audience="huvudman", huvudman_id=cast.huvudman.pk)
    address = f"{VIEWS_API}/{shared.uuid}"
    for user, status in ((cast.rektor, 403), (cast.stranger, 404)):
        key = api_for(user, write=True)
        assert written(key, {"name": "B"}, address=address, method="patch").status_code == status
        assert key.delete(address, headers={"If-Match": "*"}).status_code == status


def test_whoever_reads_a_view_opens_the_list_with_it(cast, client_for, api_for):
    view = save(cast.editor, audience="huvudman", huvudman_id=cast.huvudman.pk)
    client = api_for(cast.rektor, write=True)
    address = f"{VIEWS_API}/{view.uuid}"
    assert written(client, address=f"{address}/choose").json()["is_own_default"]
    assert client_for(cast.rektor).get(LIST).headers["Location"] == f"{LIST}?vy={view.uuid}"
    assert not written(client, address=f"{address}/unchoose").json()["is_own_default"]
    assert client_for(cast.rektor).get(LIST).status_code == 200


def test_a_list_of_the_api_is_had_as_a_view_has_it(cast, api_for):
    factories.make_unit(cast.huvudman, "Lillåns förskola", school_forms=["FS"])
    view = save(cast.editor, query="school_form=GR&ordning=-name&kolumner=status")
    client = api_for(cast.editor)

    def names(query):
        answer = client.get(f"/api/v1/school-units?view={view.uuid}{query}")
        assert answer.status_code == 200, answer.content
        return [row["name"] for row in answer.json()["data"]]

    assert names("") == ["Björkskolan", "Almskolan"]
    assert names("&ordering=name") == ["Almskolan", "Björkskolan"]
    assert names("&school_form=FS") == ["Lillåns förskola"]
    first = client.get(f"/api/v1/school-units?view={view.uuid}&cursor=*&limit=1").json()
    second = client.get(first["_links"]["next"]["href"]).json()
    assert [row["name"] for page in (first, second) for row in page["data"]] == ["Björkskolan", "Almskolan"]


def test_a_view_of_another_list_or_of_others_is_refused(cast, api_for):
    view = save(cast.editor)
    made_up = "00000000-0000-4000-8000-000000000001"
    elsewhere = api_for(cast.editor).get(f"/api/v1/meetings?view={view.uuid}")
    assert reasons(elsewhere) == {"view": "Vyn hör till en annan lista."}
    answers = [api_for(cast.stranger).get(f"/api/v1/school-units?view={one}") for one in (view.uuid, made_up)]
    assert [reasons(one) for one in answers] == [
        {"view": "Vyn finns inte, eller så saknar du behörighet."}
    ] * 2
    assert api_for(cast.editor).get("/api/v1/school-units?view=x").status_code == 400
    assert api_for(cast.editor).get(f"/api/v1/school-breaks?view={view.uuid}").status_code == 400


def test_a_view_of_actions_holds_no_other_lines(cast, api_for):
    meeting = factories.make_meeting(cast.participation)
    for kind in ("action", "decision"):
        factories.make_outcome(meeting, kind, f"Ett {kind}")
    with bound(Scope.of(cast.editor)):
        view = services.save_view(list_name="action", name="Öppna", query="state=open", by=cast.editor)
    rows = api_for(cast.editor).get(f"/api/v1/outcomes?view={view.uuid}").json()["data"]
    assert [row["text"] for row in rows] == ["Ett action"]
