"""History on an object's page: who, when, by which face, and what it was and became, in words."""

import re
import uuid
from datetime import date

import pytest
from django.urls import reverse

from programmes.models import Participation
from sbs_portal.audit.entries import entries_of
from sbs_portal.audit.models import Change
from sbs_portal.audit.wording import shown_fields
from sbs_portal.db.security import event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate, Term
from schools.models import Person, SchoolUnitVersion
from seminars.models import Attendance, Meeting, Outcome
from tests import factories

pytestmark = pytest.mark.django_db


def as_user(user, change, face="browser"):
    """Do something as the user, in a request of its own."""
    with bound(Scope.of(user), face=face, request_id=str(uuid.uuid4())):
        return change()


def entries(user, row):
    scope = Scope.of(user)
    with bound(scope):
        changes = Change.objects.visible_to(scope).of(type(row)._meta.label, row.uuid).newest_first()
        return entries_of(changes, scope)


def lines(entry) -> list[str]:
    return [f"{line.label}: {line.old} → {line.new}" for part in entry.parts for line in part.lines]


@pytest.fixture
def meeting(cast) -> Meeting:
    return factories.make_meeting(
        cast.participation,
        when=date(2026, 9, 1),
        units=[cast.unit],
        attendees=[cast.rektor_person],
        place="Rådhuset",
    )


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_a_field_is_told_by_its_name_and_as_on_screen(cast, meeting):
    def change():
        Meeting.objects.filter(pk=meeting.pk).update(
            place="Stadshuset",
            status="held",
            when_date=date(2026, 9, 1),
            when_precision="month",
            when_text="",
        )

    as_user(cast.editor, change, face="admin")
    latest = entries(cast.editor, meeting)[0]
    assert (latest.who, latest.face) == ("Edit Redigerare", "Admin")
    assert sorted(lines(latest)) == [
        "När: 1 september 2026 → september 2026",
        "Plats: Rådhuset → Stadshuset",
        "Status: planerad → hållen",
    ]


def test_terms_related_rows_and_choices_are_told_by_name(cast):
    Participation_ = Participation.objects.filter(pk=cast.participation.pk)
    as_user(
        cast.coordinator,
        lambda: Participation_.update(start_term=Term.parse("HT2018"), status="paused"),
        "api",
    )
    latest = entries(cast.coordinator, cast.participation)[0]
    assert latest.face == "API"
    assert sorted(lines(latest)) == ["Starttermin: vt 2018 → ht 2018", "Status: pågår → pausad"]
    version = SchoolUnitVersion.objects.filter(unit=cast.unit)
    as_user(cast.editor, lambda: version.update(school_forms=["FS", "GR"], grade_from=None))
    assert lines(entries(cast.editor, cast.unit)[0]) == [
        "Skolformer och verksamheter: grundskola → förskola, grundskola"
    ]


def test_one_request_is_one_entry_with_the_parts_under_their_root(cast, meeting):
    def record():
        Meeting.objects.filter(pk=meeting.pk).update(place="Stadshuset")
        Attendance.objects.filter(meeting=meeting).update(status="present")
        Outcome.objects.create(
            meeting=meeting, kind="decision", text="Vi börjar i tid", huvudman=cast.huvudman
        )

    as_user(cast.rektor, record)
    first, *earlier = entries(cast.editor, meeting)
    assert first.who == "Rita Rektor"
    assert [(part.verb, part.what, part.name) for part in first.parts] == [
        ("Ändrade", "träff", ""),
        ("Ändrade", "närvaro", "Rita Rektor"),
        ("La till", "beslut", "Vi börjar i tid"),
    ]
    assert all(entry.who == "Systemet" for entry in earlier)


def test_others_than_ones_own_people_are_told_by_role(cast, meeting):
    as_user(cast.coordinator, lambda: Meeting.objects.filter(pk=meeting.pk).update(place="Hemma"))
    assert entries(cast.editor, meeting)[0].who == "Samordnare"


def test_a_related_row_out_of_reach_is_not_named(cast):
    shared = factories.make_meeting(cast.participation, cast.other_participation, units=[cast.other_unit])
    told = [part.name for entry in entries(cast.editor, shared) for part in entry.parts]
    assert "Granskolan" not in told
    assert "visas inte" in told


def test_what_is_masked_is_told_as_changed_and_never_what(cast):
    def change():
        Person.objects.filter(pk=cast.protected_person.pk).update(
            name="Ny Hemlighetsdotter", email="ny@hemlig.example", phone="070-1"
        )

    as_user(cast.coordinator, change)
    for user in (cast.coordinator, cast.editor):
        response_lines = [line for entry in entries(user, cast.protected_person) for line in lines(entry)]
        assert "Namn:  → visas inte" in response_lines
        assert not any("dotter" in line or "hemlig" in line or "070" in line for line in response_lines)


def test_who_becomes_protected_is_masked_back_in_time(cast):
    Person_ = Person.objects.filter(pk=cast.rektor_person.pk)
    as_user(cast.coordinator, lambda: Person_.update(name="Rita Gammelnamn"))
    assert "Namn: Rita Rektor → Rita Gammelnamn" in lines(entries(cast.editor, cast.rektor_person)[0])
    as_user(cast.coordinator, lambda: Person_.update(security_marking="protected"))
    told = [line for entry in entries(cast.coordinator, cast.rektor_person) for line in lines(entry)]
    assert not any("Rita" in line for line in told)


def test_the_page_shows_it_and_tells_the_request_to_coordinators(cast, client_for, meeting):
    as_user(cast.editor, lambda: Meeting.objects.filter(pk=meeting.pk).update(place="Stadshuset"))
    address = reverse("meeting_history", args=[meeting.uuid])
    page = text_of(client_for(cast.editor).get(address))
    assert "Edit Redigerare" in page
    assert "Plats: Rådhuset → blev Stadshuset" in page
    assert "Anrop" not in page
    assert "Anrop" in text_of(client_for(cast.coordinator).get(address))


def test_the_latest_stands_on_the_objects_own_page_without_a_statement_more(cast, client_for, meeting):
    client = client_for(cast.editor)
    address = reverse("meeting_history", args=[meeting.uuid])
    assert f'hx-get="{address}?senaste=1"' in client.get(meeting.get_absolute_url()).content.decode()
    latest = client.get(address, {"senaste": "1"}).content.decode()
    assert "La till träff" in re.sub(r"<[^>]+>", "", latest)
    assert "<html" not in latest


def test_a_reader_has_no_history(cast, client_for):
    client = client_for(cast.reader)
    assert client.get(reverse("participation_history", args=[cast.participation.uuid])).status_code == 403
    page = client.get(reverse("participation_detail", args=[cast.participation.uuid])).content.decode()
    assert "/historik/" not in page
    assert (
        client.get(reverse("participation_history", args=[cast.other_participation.uuid])).status_code == 404
    )


def test_a_deleted_object_keeps_its_address_for_those_who_had_it(cast, client_for, meeting):
    uid = meeting.uuid
    as_user(cast.coordinator, lambda: Meeting.objects.filter(pk=meeting.pk).delete())
    address = reverse("meeting_history", args=[uid])
    page = text_of(client_for(cast.editor).get(address))
    assert "Tog bort träff" in page
    assert client_for(cast.stranger).get(address).status_code == 404
    assert client_for(cast.coordinator).get(address).status_code == 200


@pytest.mark.parametrize("times", [1, 30])
def test_statements_do_not_grow_with_the_entries(cast, client_for, meeting, django_assert_num_queries, times):
    for number in range(times):
        as_user(
            cast.editor,
            lambda number=number: Meeting.objects.filter(pk=meeting.pk).update(place=f"Sal {number}"),
        )
    client = client_for(cast.editor)
    address = reverse("meeting_history", args=[meeting.uuid])
    with django_assert_num_queries(20):
        client.get(address)


def test_pages_follow_on_each_other_and_keep_a_request_whole(cast, client_for, meeting):
    def rename(number):
        Meeting.objects.filter(pk=meeting.pk).update(place=f"Sal {number}")
        Attendance.objects.filter(meeting=meeting).update(
            substitute_name=f"Namn {number}", status="substitute"
        )

    for number in range(60):
        as_user(cast.editor, lambda number=number: rename(number))
    client, address, found, cursor = (
        client_for(cast.editor),
        reverse("meeting_history", args=[meeting.uuid]),
        [],
        "",
    )
    for _ in range(2):
        response = client.get(address, {"fore": cursor} if cursor else {})
        found += response.context["entries"]
        cursor = response.context["cursor"]
    assert cursor == ""
    saves = [entry for entry in found if entry.who == "Edit Redigerare"]
    assert [len(entry.parts) for entry in saves] == [2] * 60


def test_a_cursor_that_is_none_gives_the_first_page(cast, client_for, meeting):
    client, address = client_for(cast.editor), reverse("meeting_history", args=[meeting.uuid])
    for cursor in ("x", str(uuid.uuid4())):
        assert client.get(address, {"fore": cursor}).status_code == 200


def test_imprecise_dates_keep_their_words(cast):
    meeting = factories.make_meeting(cast.participation, when=ImpreciseDate.month(2026, 5))
    assert "När:  → maj 2026" in [line for entry in entries(cast.editor, meeting) for line in lines(entry)]
    with bound(NATIONAL):
        assert Change.objects.of("seminars.Meeting", meeting.uuid).exists()


def test_what_history_tells_of_a_model_is_kept_in_its_events():
    for model, event in event_models().items():
        for shown in shown_fields(model):
            shown.read(event())
