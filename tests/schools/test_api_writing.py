"""The register changed through the API, by the same services and with the same reasons as the pages."""

from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from schools.models import Person, SchoolBreak, SchoolUnitVersion, UnitSuccession
from tests.api.test_errors import reasons_of

pytestmark = pytest.mark.django_db
ANY = {"If-Match": "*"}


@pytest.fixture
def send(cast, api_for):
    """send("post", "people", who="editor", **body) → the answer."""

    def make(method, path, *, who="editor", **body):
        client = api_for(getattr(cast, who), write=True)
        call = getattr(client, method)
        return call(f"/api/v1/{path}", body, content_type="application/json", headers=ANY)

    return make


def id_of(answer) -> str:
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()["id"]


def test_a_huvudman_is_the_coordinators_to_add_and_its_editors_to_change(cast, send):
    body = {"name": "Nya stiftelsen", "kind": "independent"}
    assert send("post", "huvudman", **body).status_code == 403
    new = id_of(send("post", "huvudman", who="coordinator", **body))
    assert send("patch", f"huvudman/{new}", name="Min").status_code == 404
    changed = send("patch", f"huvudman/{cast.huvudman.uuid}", name="Björkby stad")
    assert changed.json()["name"] == "Björkby stad"
    taken = send("post", "huvudman", who="coordinator", **body)
    assert reasons_of(taken).keys() == {"name"}


def test_administrations_come_change_and_go(cast, send):
    foreign = send("post", "administrations", huvudman=str(cast.other_huvudman.uuid), name="Tagen")
    assert reasons_of(foreign).keys() == {"huvudman"}
    row = id_of(send("post", "administrations", huvudman=str(cast.huvudman.uuid), name="Barn och skola"))
    wrong = send("patch", f"administrations/{row}", valid_from="2020-01-02", valid_to="2020-01-01")
    assert wrong.status_code == 400
    assert send("patch", f"administrations/{row}", phone="0522").json()["phone"] == "0522"
    assert send("delete", f"administrations/{row}").status_code == 204


def test_a_unit_over_time(cast, send):
    huvudman = str(cast.huvudman.uuid)
    unit = id_of(send("post", "school-units", huvudman=huvudman, name="Nya skolan", school_forms=["GR"]))
    assert send("patch", f"school-units/{unit}", unit_code="12345678").json()["unit_code"] == "12345678"
    later = id_of(
        send(
            "post",
            "school-unit-versions",
            unit=unit,
            huvudman=huvudman,
            name="Ännu nyare",
            valid_from="2020-08-01",
        )
    )
    with bound(NATIONAL):
        first, second = SchoolUnitVersion.objects.filter(unit__uuid=unit)
    assert (str(first.valid_to), second.name) == ("2020-07-31", "Ännu nyare")
    overlap = send("patch", f"school-unit-versions/{later}", valid_from="2020-01-01")
    assert reasons_of(overlap) == {"valid_from": "Perioden överlappar en annan period för samma enhet."}
    assert send("delete", f"school-unit-versions/{later}").status_code == 204
    only = send("delete", f"school-unit-versions/{first.uuid}")
    assert (only.status_code, "enda period" in only.json()["detail"]) == (409, True)
    alias = id_of(send("post", "school-unit-aliases", unit=unit, name="Gamla"))
    assert send("delete", f"school-unit-aliases/{alias}").status_code == 204
    assert send("delete", f"school-units/{unit}").status_code == 204


def test_units_are_merged_and_split(cast, send):
    unit, other = cast.unit, cast.second_unit
    body = {"other": str(other.uuid), "day": "2026-07-01"}
    foreign = body | {"other": str(cast.other_unit.uuid)}
    assert reasons_of(send("post", f"school-units/{unit.uuid}/merge", **foreign)).keys() == {"other"}
    assert send("post", f"school-units/{unit.uuid}/merge", who="rektor", **body).status_code == 403
    assert id_of(send("post", f"school-units/{unit.uuid}/merge", **body)) == str(unit.uuid)
    parts = [{"name": "Nya norra", "grade_from": 0, "grade_to": 3}]
    split = send("post", f"school-units/{unit.uuid}/split", day="2027-07-01", parts=parts)
    assert split.status_code == 200, split.content.decode()
    assert send("post", f"school-units/{unit.uuid}/split", day="2027-07-01", parts=[]).status_code == 400
    with bound(NATIONAL):
        links = list(UnitSuccession.objects.order_by("day").select_related("successor"))
    assert [(row.kind, row.successor.name) for row in links] == [("merge", unit.name), ("split", "Nya norra")]
    assert send("delete", f"school-unit-successions/{links[1].uuid}").status_code == 204


def test_a_person_with_roles(cast, send):
    place = {"huvudman": str(cast.huvudman.uuid), "unit": str(cast.unit.uuid)}
    person = id_of(send("post", "people", name="Lena Lärare", role="teacher", **place))
    assert send("post", "people", name="Fel", role="chef", **place).status_code == 400
    foreign = send("post", "people", name="Fel", role="teacher", huvudman=str(cast.other_huvudman.uuid))
    assert reasons_of(foreign).keys() == {"huvudman"}
    role = id_of(send("post", "role-assignments", person=person, role="lead_teacher", **place))
    ended = send("patch", f"role-assignments/{role}", valid_to="2021-06-30")
    assert ended.json()["valid_to"] == "2021-06-30"
    assert send("delete", f"role-assignments/{role}").status_code == 204
    masked = send("patch", f"people/{person}", security_marking="protected")
    assert masked.json()["name"] == "Skyddad person"
    assert send("patch", f"people/{person}", security_marking="none").status_code == 403
    with bound(NATIONAL):
        assert Person.objects.get(uuid=person).name == "Lena Lärare"


def test_a_rektor_writes_for_the_own_unit(cast, send):
    huvudman = str(cast.huvudman.uuid)
    body = {"name": "Lena Lärare", "role": "teacher", "huvudman": huvudman}
    assert send("post", "people", who="rektor", **body, unit=str(cast.unit.uuid)).status_code == 201
    assert send("post", "people", who="rektor", **body, unit=str(cast.second_unit.uuid)).status_code == 403
    assert send("post", "people", who="rektor", **body).status_code == 403


def test_catalogues_are_the_coordinators(cast, send):
    body = {"name": "Nya högskolan", "kind": "university"}
    assert send("post", "providers", **body).status_code == 403
    provider = id_of(send("post", "providers", who="coordinator", **body))
    renamed = send("patch", f"providers/{provider}", who="coordinator", short_name="NH")
    assert renamed.json()["short_name"] == "NH"
    assert send("post", f"providers/{provider}/archive", who="coordinator").json()["archived_at"]
    assert send("delete", f"providers/{provider}", who="coordinator").status_code == 204
    lov = {"name": "Höstlov", "starts_on": "2030-10-28", "ends_on": "2030-11-01"}
    calendar = send("post", "school-calendars", who="coordinator", school_year="2030/31", breaks=[lov])
    assert calendar.status_code == 201, calendar.content.decode()
    outside = lov | {"starts_on": "2032-10-28", "ends_on": "2032-11-01"}
    wrong = send("post", "school-calendars", who="coordinator", school_year="2030/31", breaks=[outside])
    assert reasons_of(wrong) == {"breaks": "Höstlov ligger utanför läsåret 2030/31."}
    later = lov | {"starts_on": "2030-11-04", "ends_on": "2030-11-08"}
    address = f"school-calendars/{id_of(calendar)}"
    assert send("patch", address, who="coordinator", breaks=[later]).status_code == 200
    assert SchoolBreak.objects.get().starts_on == date(2030, 11, 4)
    reversed_ = later | {"ends_on": "2030-11-01"}
    assert send("patch", address, who="coordinator", breaks=[reversed_]).status_code == 400
    assert send("patch", address, breaks=[]).status_code == 403


def test_what_is_archived_cannot_be_chosen_and_may_stay(cast, send):
    send("post", f"school-units/{cast.second_unit.uuid}/archive")
    place = {"huvudman": str(cast.huvudman.uuid), "unit": str(cast.second_unit.uuid)}
    refused = send("post", "people", name="Lena Lärare", role="teacher", **place)
    assert reasons_of(refused).keys() == {"unit"}


def test_periods_of_one_unit_sent_together_are_entered_after_each_other(cast, api_for):
    unit, huvudman = str(cast.unit.uuid), str(cast.huvudman.uuid)
    rows = [
        {"unit": unit, "huvudman": huvudman, "name": name, "valid_from": day}
        for name, day in (("Björk ett", "2019-07-01"), ("Björk två", "2020-07-01"))
    ]
    rows.insert(1, {**rows[0], "unit": str(cast.second_unit.uuid), "name": "Alm ett"})
    answer = api_for(cast.editor, write=True).post(
        "/api/v1/school-unit-versions/bulk", rows, content_type="application/json"
    )
    assert answer.status_code == 201, answer.content.decode()
    with bound(NATIONAL):
        periods = SchoolUnitVersion.objects.filter(unit=cast.unit, valid_from__isnull=False)
        assert list(periods.values_list("name", "valid_to")) == [
            ("Björk ett", date(2020, 6, 30)),
            ("Björk två", None),
        ]
        cast.unit.refresh_from_db()
    assert cast.unit.name == "Björk två"
