"""Seminars made and changed in the browser: the seminar, its parts, delegations and the day itself."""

import re
from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import frozen
from seminars.models import Delegate, Delegation, Lesson, Presentation, ReflectionWord, Seminar, Session
from seminars.services import seminar as services
from tests.factories import make_programme, make_seminar
from tests.seminars.seminar_data import shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]

DAY = date(2018, 4, 23)
FACTS = {
    "kind": "follow_up",
    "title": "Halvvägs",
    "starts": "2 maj 2018",
    "ends": "",
    "start_time": "09:00",
    "end_time": "15:00",
    "mode": "remote",
    "place": "",
    "organiser": "Skolverket",
    "topic": "",
    "purpose": "",
}


@pytest.fixture(autouse=True)
def _day():
    with frozen(DAY):
        yield


def text(response) -> str:
    return response.content.decode()


def fresh(row):
    with bound(NATIONAL):
        return type(row).objects.get(pk=row.pk)


@pytest.fixture
def seminar(cast) -> Seminar:
    return make_seminar(
        cast.participation, cast.other_participation, starts=date(2018, 5, 2), title="Halvvägs"
    )


@pytest.fixture
def delegation(cast, seminar) -> Delegation:
    with bound(NATIONAL):
        return services.register_delegation(
            seminar=seminar, huvudman=cast.huvudman, head_count=4, by=NATIONAL
        )


def own(seminar, what: str) -> str:
    return f"/seminarier/{seminar.uuid}/{what}/"


def test_a_coordinator_makes_a_seminar_and_says_who_is_invited(cast, client_for):
    data = FACTS | {
        "programme": str(make_programme().uuid),
        "participations": [str(cast.participation.uuid)],
    }
    answer = client_for(cast.coordinator).post("/seminarier/ny/", data)
    with bound(NATIONAL):
        made = Seminar.objects.get()
        assert [link.huvudman for link in made.huvudman_links.all()] == [cast.huvudman]
    assert answer.url == made.get_absolute_url()
    shown = text(client_for(cast.editor).get(answer.url))
    assert "09.00–15.00" in shown
    assert "På distans" in shown


def test_only_coordinators_make_seminars(cast, client_for):
    for user in (cast.editor, cast.rektor, cast.reader, cast.process_leader):
        assert client_for(user).get("/seminarier/ny/").status_code == 403
        assert client_for(user).post("/seminarier/ny/", FACTS).status_code == 403


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(cast, client_for):
    data = FACTS | {"programme": str(make_programme().uuid), "end_time": "08:00", "place": "Vara"}
    answer = client_for(cast.coordinator).post("/seminarier/ny/", data)
    assert answer.status_code == 422
    assert "Seminariet kan inte sluta före det börjar." in text(answer)
    assert 'value="Vara"' in text(answer)
    answer = client_for(cast.coordinator).post("/seminarier/ny/", data | {"programme": "9", "kind": "fest"})
    assert text(answer).count("Välj ur listan.") >= 2


def test_a_seminar_is_changed_cancelled_and_taken_up_again(cast, seminar, client_for):
    client = client_for(cast.coordinator)
    assert client.post(own(seminar, "andra"), FACTS | {"place": "Vara"}).status_code == 302
    assert fresh(seminar).place == "Vara"
    assert client.post(own(seminar, "stall-in"), {"cancelled_reason": ""}).status_code == 422
    client.post(own(seminar, "stall-in"), {"cancelled_reason": "Föreläsaren är sjuk"})
    assert "Föreläsaren är sjuk" in text(client.get(seminar.get_absolute_url()))
    client.post(own(seminar, "ateruppta"))
    assert (fresh(seminar).status, fresh(seminar).cancelled_reason) == ("planned", "")


def test_a_seminar_is_held_when_its_day_has_come(cast, seminar, client_for):
    client = client_for(cast.coordinator)
    client.post(own(seminar, "hallet"))
    assert fresh(seminar).status == "planned"
    with frozen(date(2018, 5, 2)):
        assert client.post(own(seminar, "hallet")).url.endswith("?flik=efterat")
    assert fresh(seminar).status == "held"


def test_more_are_invited_and_one_is_taken_away(cast, client_for):
    seminar = make_seminar(cast.participation)
    client = client_for(cast.coordinator)
    client.post(own(seminar, "bjud-in"), {"participations": [str(cast.other_participation.uuid)]})
    with bound(NATIONAL):
        links = {link.huvudman_id: link for link in seminar.huvudman_links.all()}
    assert set(links) == {cast.huvudman.pk, cast.other_huvudman.pk}
    answer = client.post(f"/inbjudna/{links[cast.other_huvudman.pk].uuid}/ta-bort/")
    assert answer.status_code == 302
    assert fresh(seminar).huvudman_ids == [cast.huvudman.pk]


PARTS = [
    ("program/ny", Session, {"kind": "lecture", "title": "Öppning", "leaders": "Frida"}, "title"),
    ("presentationer/ny", Presentation, {"title": "Läsning", "presented_by": "Rektorn"}, "title"),
    ("ord/nytt", ReflectionWord, {"word": "hopp", "count": "3"}, "word"),
    ("lardomar/ny", Lesson, {"text": "Håll ut."}, "text"),
]


@pytest.mark.parametrize(("path", "model", "data", "name"), PARTS)
def test_a_part_is_added_changed_and_taken_away(cast, seminar, client_for, path, model, data, name):
    client = client_for(cast.coordinator)
    answer = client.post(own(seminar, path), data | {name: ""})
    assert answer.status_code == 422
    answer = client.post(own(seminar, path), data)
    assert answer.status_code == 302
    with bound(NATIONAL):
        part = model.objects.get(seminar=seminar)
    shown = text(client.get(answer.url))
    change, remove = (f"{found}" for found in re.findall(r'href="(/[a-z]+/[0-9a-f-]{36}/[a-z-]+/)"', shown)
                      if str(part.uuid) in found)  # fmt: skip
    assert data[name] in text(client.get(change))
    assert client.post(change, data | {name: "Något annat"}).status_code == 302
    assert getattr(fresh(part), name) == "Något annat"
    assert client.post(remove).status_code == 302
    with bound(NATIONAL):
        assert not model.objects.filter(pk=part.pk).exists()


def test_a_presentation_has_a_session_and_huvudman_of_its_seminar(cast, seminar, client_for):
    with bound(NATIONAL):
        elsewhere = services.add_session(
            seminar=make_seminar(cast.participation), kind="lecture", title="Annan", by=NATIONAL
        )
    data = {"title": "Läsning", "presented_by": "", "session": str(elsewhere.uuid)}
    answer = client_for(cast.coordinator).post(own(seminar, "presentationer/ny"), data)
    assert (answer.status_code, "Välj ur listan." in text(answer)) == (422, True)


# Delegations


def test_an_editor_registers_the_own_delegation(cast, seminar, client_for):
    client = client_for(cast.editor)
    shown = text(client.get(own(seminar, "delegation")))
    assert cast.huvudman.name in shown
    assert str(cast.other_huvudman.uuid) not in shown
    data = {"huvudman": str(cast.huvudman.uuid), "head_count": "6", "roles": ["rektor"], "note": "Buss"}
    assert client.post(own(seminar, "delegation"), data).status_code == 302
    with bound(NATIONAL):
        made = Delegation.objects.get()
    assert (made.huvudman_id, made.head_count, made.roles) == (cast.huvudman.pk, 6, ["rektor"])
    foreign = data | {"huvudman": str(cast.other_huvudman.uuid)}
    assert client.post(own(seminar, "delegation"), foreign).status_code == 422


def test_a_delegation_is_changed_and_cancelled_late(cast, delegation, client_for):
    client, url = client_for(cast.editor), f"/delegationer/{delegation.uuid}"
    assert client.post(f"{url}/andra/", {"head_count": "5", "note": ""}).status_code == 302
    assert fresh(delegation).head_count == 5
    assert client.post(f"{url}/aterbud/", {"cancelled_reason": ""}).status_code == 422
    client.post(f"{url}/aterbud/", {"cancelled_reason": "Vinterkräksjuka"})
    assert (fresh(delegation).cancelled_on, fresh(delegation).cancelled_reason) == (DAY, "Vinterkräksjuka")
    shown = text(client.get(f"{delegation.seminar.get_absolute_url()}?flik=delegationer"))
    assert "Vinterkräksjuka" in shown
    client.post(f"{url}/kommer/")
    assert fresh(delegation).cancelled_on is None


def test_a_delegation_with_names_is_not_taken_away(cast, delegation, client_for):
    client, url = client_for(cast.editor), f"/delegationer/{delegation.uuid}"
    client.post(f"{url}/namn/", {"person": str(cast.rektor_person.uuid), "role": "rektor", "unit": ""})
    answer = client.post(f"{url}/ta-bort/")
    assert (answer.status_code, "Ta bort dem först." in text(answer)) == (422, True)
    with bound(NATIONAL):
        named = Delegate.objects.get()
    assert client.post(f"/namngivna/{named.uuid}/ta-bort/").status_code == 302
    assert client.post(f"{url}/ta-bort/").status_code == 302
    with bound(NATIONAL):
        assert not Delegation.objects.exists()


def test_a_rektor_names_those_of_the_own_unit(cast, delegation, client_for):
    client, url = client_for(cast.rektor), f"/delegationer/{delegation.uuid}/namn/"
    data = {"person": str(cast.rektor_person.uuid), "role": "rektor", "unit": str(cast.unit.uuid)}
    assert client.post(url, data | {"unit": ""}).status_code == 403
    assert client.post(url, data).status_code == 302
    with bound(NATIONAL):
        named = Delegate.objects.get()
    assert client.post(f"/namngivna/{named.uuid}/andra/", data | {"role": "teacher"}).status_code == 302
    assert fresh(named).role == "teacher"
    assert client.post(f"/delegationer/{delegation.uuid}/andra/", {"head_count": "9"}).status_code == 403


@pytest.mark.parametrize("field", ["person", "unit"])
def test_a_foreign_person_or_unit_in_a_delegation_is_refused(cast, delegation, client_for, field):
    foreign = {"person": cast.other_person, "unit": cast.other_unit}[field]
    data = {"person": str(cast.rektor_person.uuid), "role": "rektor", "unit": "", field: str(foreign.uuid)}
    answer = client_for(cast.editor).post(f"/delegationer/{delegation.uuid}/namn/", data)
    assert (answer.status_code, "Välj ur listan." in text(answer)) == (422, True)


def test_who_came_is_noted_on_the_day(cast, delegation, client_for):
    with bound(NATIONAL):
        one = services.add_delegate(
            delegation=delegation, person=cast.rektor_person, unit=cast.unit, by=NATIONAL
        )
        two = services.add_delegate(delegation=delegation, person=cast.protected_person, by=NATIONAL)
    client, url = client_for(cast.editor), f"/delegationer/{delegation.uuid}/narvaro/"
    shown = text(client.get(url))
    assert "Skyddad person" in shown
    assert cast.protected_person.name not in shown
    data = {f"namngiven-{one.uuid}": "present", f"namngiven-{two.uuid}": "excused", "came_count": "0"}
    answer = client.post(url, data)
    assert (answer.status_code, "1 är antecknade som här." in text(answer)) == (422, True)
    assert fresh(one).status is None
    assert client.post(url, data | {"came_count": "3"}).status_code == 302
    assert (fresh(one).status, fresh(two).status, fresh(delegation).came_count) == ("present", "excused", 3)
    # The rektor has the own unit's line only, and no total.
    shown = text(client_for(cast.rektor).get(url))
    assert str(one.uuid) in shown
    assert str(two.uuid) not in shown
    assert "came_count" not in shown


def test_units_on_site_are_the_own_ones(cast, seminar, client_for):
    from programmes.models import ParticipatingUnit

    with bound(NATIONAL):
        ParticipatingUnit.objects.get_or_create(participation=cast.participation, unit=cast.unit)
        ParticipatingUnit.objects.get_or_create(participation=cast.other_participation, unit=cast.other_unit)
    url = own(seminar, "enheter")
    for user in (cast.editor, cast.rektor):
        shown = text(client_for(user).get(url))
        assert f"enhet-{cast.unit.uuid}" in shown
        assert f"enhet-{cast.other_unit.uuid}" not in shown
    data = {f"enhet-{cast.unit.uuid}": "nej", f"enhet-{cast.other_unit.uuid}": "nej"}
    assert client_for(cast.editor).post(url, data).status_code == 302
    with bound(NATIONAL):
        rows = seminar.unit_presences.values_list("unit", "is_represented")
        assert list(rows) == [(cast.unit.pk, False)]


def test_the_page_offers_each_only_what_is_theirs(cast, shared, client_for):
    url = f"{shared.seminar.get_absolute_url()}?flik=delegationer"
    for user, whole in ((cast.editor, True), (cast.rektor, False), (cast.reader, False)):
        shown = text(client_for(user).get(url))
        assert (f"/delegationer/{shared.delegation.uuid}/andra/" in shown) is whole
        assert f"/delegationer/{shared.other_delegation.uuid}/" not in shown
