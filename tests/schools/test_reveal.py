"""Protected details are shown to one person at a time, for a reason that is kept."""

import pytest
from django.urls import reverse

from sbs_portal.api.models import GivenAnswer
from sbs_portal.scope import NATIONAL, bound
from schools.models import Person, PersonReveal
from tests import factories

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Hemlig Namnsdotter", "hemlig@bjorkby.example", "0500-77 88 99"
REASON = "Behöver nå läraren om delegationen"


@pytest.fixture
def protected(cast) -> Person:
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.protected_person.pk).update(email=EMAIL, phone=PHONE)
    return cast.protected_person


def reveals() -> list[tuple[str, str]]:
    with bound(NATIONAL):
        return list(PersonReveal.objects.values_list("by__email", "reason"))


def says(response) -> bool:
    return any(word in response.content.decode() for word in (NAME, EMAIL, PHONE))


@pytest.mark.parametrize("role", ["coordinator", "editor"])
def test_shown_on_the_one_answer_and_written_down(cast, client_for, protected, role):
    client, address = client_for(cast.everyone[role]), reverse("person_reveal", args=[protected.uuid])
    assert not says(client.get(address))
    answer = client.post(address, {"reason": REASON})
    assert all(word in answer.content.decode() for word in (NAME, EMAIL, PHONE))
    assert "no-store" in answer.headers["Cache-Control"]
    assert reveals() == [(cast.everyone[role].email, REASON)]
    page = client.get(protected.get_absolute_url())
    assert REASON in page.content.decode()
    assert not says(page)
    assert not says(client.get(address))


@pytest.mark.parametrize("reason", ["", "   ", "kort"])
def test_without_a_reason_nothing_is_shown_or_written(cast, client_for, protected, reason):
    address = reverse("person_reveal", args=[protected.uuid])
    answer = client_for(cast.editor).post(address, {"reason": reason})
    assert (answer.status_code, says(answer), reveals()) == (422, False, [])


@pytest.mark.parametrize(
    ("role", "status"), [("process_leader", 403), ("rektor", 403), ("reader", 404), ("stranger", 404)]
)
def test_others_may_not(cast, client_for, protected, role, status):
    client = client_for(cast.everyone[role])
    answer = client.post(reverse("person_reveal", args=[protected.uuid]), {"reason": REASON})
    assert (answer.status_code, says(answer), reveals()) == (status, False, [])
    page = client.get(protected.get_absolute_url())
    assert "Visningar av skyddade" not in page.content.decode()


def test_in_the_api(cast, api_for, protected):
    address = f"/api/v1/people/{protected.uuid}/reveal"

    def ask(role, *, write=True, **body):
        return api_for(cast.everyone[role], write=write).post(address, body, content_type="application/json")

    answer = ask("editor", reason=REASON)
    assert (answer.status_code, answer.json()) == (200, {"name": NAME, "email": EMAIL, "phone": PHONE})
    assert "no-store" in answer.headers["Cache-Control"]
    assert ask("editor", reason="x").status_code == 400
    assert ask("editor").status_code == 400
    assert ask("editor", write=False, reason=REASON).status_code == 403
    assert ask("integration", reason=REASON).status_code == 403
    assert ask("stranger", reason=REASON).status_code == 404
    assert reveals() == [(cast.editor.email, REASON)]


def test_who_is_not_protected_has_nothing_to_show(cast, client_for):
    address = reverse("person_reveal", args=[cast.rektor_person.uuid])
    assert client_for(cast.editor).post(address, {"reason": REASON}).status_code == 422
    assert reveals() == []


def test_an_idempotency_key_keeps_no_answer_with_what_is_protected(cast, api_for, protected):
    client = api_for(cast.editor, write=True)
    address = f"/api/v1/people/{protected.uuid}/reveal"
    for times in (1, 2):
        answer = client.post(
            address, {"reason": REASON}, content_type="application/json", headers={"Idempotency-Key": "a"}
        )
        # Each is a reveal of its own.
        assert (answer.json()["name"], len(reveals())) == (NAME, times)
    assert not GivenAnswer.objects.exists()


LIST, API = "/personer/visningar/", "/api/v1/person-reveals"


@pytest.fixture
def two_reveals(cast, protected, client_for):
    """One of each huvudman's protected people, the first by an editor and the other by the coordinator."""
    theirs = factories.make_person(
        cast.other_huvudman, "Dold Gransson", unit=cast.other_unit, security_marking="confidential"
    )
    for user, person, reason in (
        (cast.editor, protected, REASON),
        (cast.coordinator, theirs, "Ett brev kom tillbaka"),
    ):
        client_for(user).post(reverse("person_reveal", args=[person.uuid]), {"reason": reason})
    return protected, theirs


def test_a_coordinator_reads_all_of_them_and_filters(cast, client_for, two_reveals):
    protected, _ = two_reveals
    client = client_for(cast.coordinator)
    page = client.get(LIST).content.decode()
    for word in (REASON, "Ett brev kom tillbaka", "Skyddad person", "forvaltning", "Granby kommun"):
        assert word in page
    assert "Dold" not in page
    assert "Hemlig" not in page
    for query, reasons in (
        ("q=brev", ["Ett brev kom tillbaka"]),
        ("shown_to=forvaltning@", [REASON]),
        ("shown_to=hemlig", []),
        (f"huvudman={cast.other_huvudman.uuid}", ["Ett brev kom tillbaka"]),
        (f"person={protected.uuid}", [REASON]),
        ("until=2018-01-01", []),
        ("since=2018-01-01&ordning=created_at", [REASON, "Ett brev kom tillbaka"]),
    ):
        rows = client.get(f"{LIST}?{query}").context["page_obj"]
        assert [row.reason for row in rows] == reasons, query
    assert REASON in client.get("/admin/schools/personreveal/").content.decode()


def test_others_read_their_own_in_the_api_and_the_list_is_national(cast, client_for, api_for, two_reveals):
    for role in ("process_leader", "editor", "rektor", "reader"):
        assert client_for(cast.everyone[role]).get(LIST).status_code == 403
    rows = api_for(cast.stranger).get(API).json()["data"]
    assert [(row["shown_to"], row["reason"]) for row in rows] == [("Samordnare", "Ett brev kom tillbaka")]
    rows = api_for(cast.editor).get(f"{API}?shown_to=edit&modified_since=2018-01-01T00:00:00Z").json()["data"]
    assert [(row["shown_to"], row["reason"]) for row in rows] == [("Edit Redigerare", REASON)]
    assert api_for(cast.rektor).get(API).json()["data"] == []
