"""A huvudman's own entry: sent, returned with a comment, put right and approved, on pages as in services."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from programmes.models import Participation, RegistrationStep, StatusChange
from programmes.services import registration
from programmes.services.participation import register_participation
from programmes.services.parts import place_unit
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Access
from tests.factories import make_huvudman, make_programme

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def programme():
    return make_programme("nyanlanda", "Riktade insatser för nyanlända")


@pytest.fixture
def entry(cast, programme):
    """The editor's entry, waiting."""
    with bound(Scope.of(cast.editor)):
        return register_participation(
            huvudman=cast.huvudman,
            programme=programme,
            status="active",
            units=[cast.unit],
            aims="Ett syfte",
            by=cast.editor,
        )


def address(name: str, row) -> str:
    return reverse(f"participation_{name}", args=[row.uuid])


def typed(programme, **fields) -> dict:
    """The form as the editor fills it in."""
    return {
        "programme": programme.uuid,
        "status": "active",
        "effective": "vt 2025",
        "start_term": "VT2025",
        "started": "",
        "decided": "november 2024",
        "aims": "Bättre läsning",
    } | fields


def steps(row) -> list[str]:
    with bound(NATIONAL):
        return list(RegistrationStep.objects.filter(participation=row).values_list("to_state", flat=True))


def state(row) -> tuple[str, bool]:
    with bound(NATIONAL):
        row.refresh_from_db()
    return row.registration, row.is_archived


def test_an_editor_enters_the_own_huvudmans_and_it_waits(cast, programme, client_for):
    client = client_for(cast.editor)
    assert client.get(reverse("participation_new")).headers["Location"] == address("register", cast.huvudman)
    page = client.get(address("register", cast.huvudman)).content.decode()
    assert "Björkskolan" in page
    assert "Granskolan" not in page
    assert "Granby" not in page
    response = client.post(
        address("register", cast.huvudman),
        typed(programme, units=[cast.unit.uuid, cast.second_unit.uuid]),
        follow=True,
    )
    body = response.content.decode()
    assert "Väntar på samordnare" in body
    assert "Deltagandet är skickat." in body
    with bound(NATIONAL):
        made = Participation.objects.get(programme=programme)
        assert (made.huvudman, made.registration, made.status) == (cast.huvudman, "waiting", "active")
        assert (made.start_term.code, str(made.decided), made.total_terms) == ("VT2025", "november 2024", 6)
        assert {part.unit for part in made.units.all()} == {cast.unit, cast.second_unit}
        assert str(StatusChange.objects.get(participation=made).effective) == "vårterminen 2025"


def test_an_unknown_start_is_entered_with_the_words_there_are(cast, programme, client_for):
    data = typed(programme, start_term="", started="2020", started_text="sedan 2020", effective="")
    client_for(cast.editor).post(address("register", cast.huvudman), data)
    with bound(NATIONAL):
        made = Participation.objects.get(programme=programme)
    assert (made.start_term, str(made.started)) == (None, "2020")


def test_a_coordinator_chooses_the_huvudman_and_what_is_entered_does_not_wait(cast, programme, client_for):
    client = client_for(cast.coordinator)
    start = client.get(reverse("participation_new"))
    assert "Björkby kommun" in start.content.decode()
    assert "Granby kommun" in start.content.decode()
    chosen = client.get(reverse("participation_new"), {"huvudman": cast.other_huvudman.uuid})
    assert chosen.headers["Location"] == address("register", cast.other_huvudman)
    client.post(address("register", cast.other_huvudman), typed(programme))
    with bound(NATIONAL):
        made = Participation.objects.get(programme=programme)
    assert (made.huvudman_id, made.registration) == (cast.other_huvudman.pk, "approved")
    assert steps(made) == []


@pytest.mark.parametrize(("role", "status"), [("rektor", 403), ("reader", 403), ("process_leader", 403)])
def test_others_enter_nothing(cast, client_for, role, status):
    client = client_for(getattr(cast, role))
    assert client.get(reverse("participation_new")).status_code == status
    assert client.get(address("register", cast.huvudman)).status_code == status


def test_a_strangers_rows_are_refused_at_their_fields(cast, programme, client_for):
    client = client_for(cast.editor)
    assert client.post(address("register", cast.other_huvudman), typed(programme)).status_code == 404
    asked = client.get(reverse("participation_new"), {"huvudman": cast.other_huvudman.uuid})
    assert "Välj en huvudman ur listan." in asked.content.decode()
    sent = client.post(
        address("register", cast.huvudman), typed(programme, units=[cast.other_unit.uuid], aims=SCRIPT)
    )
    body = sent.content.decode()
    assert sent.status_code == 422
    assert "Välj enheter ur listan." in body
    assert SCRIPT not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    with bound(NATIONAL):
        assert not Participation.objects.filter(programme=programme).exists()


def test_what_is_typed_is_kept_when_something_is_wrong(cast, client_for):
    sent = client_for(cast.editor).post(
        address("register", cast.huvudman),
        typed(cast.participation.programme, aims="Mitt syfte", effective="i morse", units=[cast.unit.uuid]),
    )
    body = sent.content.decode()
    assert sent.status_code == 422
    assert "Mitt syfte" in body
    assert "i morse" in body
    assert sent.context["form"]["units"].value() == [str(cast.unit.uuid)]


def test_a_second_one_in_the_same_programme_is_refused_at_the_programme(cast, client_for):
    sent = client_for(cast.editor).post(
        address("register", cast.huvudman), typed(cast.participation.programme)
    )
    assert sent.status_code == 422
    assert sent.context["form"].errors["programme"] == [
        "Huvudmannen har redan ett pågående deltagande i programmet."
    ]


def test_it_is_returned_put_right_and_approved(cast, entry, client_for):
    coordinator, editor = client_for(cast.coordinator), client_for(cast.editor)
    assert entry.get_absolute_url() in coordinator.get(reverse("start")).content.decode()
    queue = coordinator.get(reverse("participation_list"), {"registration": "waiting"}).content.decode()
    assert entry.get_absolute_url() in queue
    assert cast.participation.get_absolute_url() not in queue

    assert coordinator.post(address("return", entry), {"comment": " "}).status_code == 422
    coordinator.post(address("return", entry), {"comment": f"När började ni? {SCRIPT}"})
    for page in (reverse("start"), entry.get_absolute_url(), address("change", entry)):
        body = editor.get(page).content.decode()
        assert "När började ni?" in body
        assert SCRIPT not in body
    form = editor.get(address("change", entry)).content.decode()
    assert "Ett syfte" in form
    assert "Björkskolan" in form

    editor.post(address("change", entry), typed(entry.programme, units=[cast.second_unit.uuid]))
    with bound(NATIONAL):
        entry.refresh_from_db()
        assert (entry.registration, entry.start_term.code) == ("waiting", "VT2025")
        assert [part.unit for part in entry.units.all()] == [cast.second_unit]
    approved = coordinator.post(address("approve", entry), follow=True).content.decode()
    assert "Deltagandet är godkänt." in approved
    assert "Väntar på samordnare" not in approved
    assert "Godkänt av samordnare" in editor.get(reverse("start")).content.decode()
    assert steps(entry) == ["waiting", "returned", "waiting", "approved"]


def test_what_is_sent_in_while_it_was_approved_is_told_and_kept(cast, entry, client_for):
    with bound(NATIONAL):
        registration.approve_registration(participation=entry, by=NATIONAL)
    client = client_for(cast.editor)
    assert client.get(address("change", entry)).status_code == 403
    sent = client.post(address("change", entry), typed(entry.programme, aims="Skrivet under tiden"))
    assert sent.status_code == 422
    assert registration.APPROVED_MEANWHILE in sent.content.decode()
    assert "Skrivet under tiden" in sent.content.decode()


def test_two_who_write_at_once_are_told_and_lose_nothing(cast, client_for):
    client, row = client_for(cast.coordinator), cast.participation
    seen = client.get(address("change", row)).context["form"].initial["seen"]
    with bound(NATIONAL):
        Participation.objects.filter(pk=row.pk).update(aims="Den andras syfte")
    data = {"total_terms": 6, "start_term": "VT2018", "aims": "Mitt syfte", "seen": seen}
    sent = client.post(address("change", row), data)
    body = sent.content.decode()
    assert sent.status_code == 409
    assert "Den andras syfte" in body
    assert "Mitt syfte" in body
    again = dict(data, seen=sent.context["form"]["seen"].value())
    assert client.post(address("change", row), again).status_code == 302
    with bound(NATIONAL):
        row.refresh_from_db()
    assert row.aims == "Mitt syfte"


def test_it_is_withdrawn_frees_its_place_and_is_sent_again(cast, entry, programme, client_for):
    editor, coordinator = client_for(cast.editor), client_for(cast.coordinator)
    assert address("withdraw", entry) in editor.get(entry.get_absolute_url()).content.decode()
    assert address("withdraw", entry) not in coordinator.get(entry.get_absolute_url()).content.decode()
    assert editor.post(address("withdraw", entry), {"comment": "Fel program"}).status_code == 302
    assert state(entry) == ("withdrawn", True)
    for page in (reverse("start"), reverse("participation_list")):
        assert entry.get_absolute_url() not in coordinator.get(page).content.decode()
    body = editor.get(entry.get_absolute_url()).content.decode()
    assert "Tillbakadraget av förvaltningen" in body
    assert "Fel program" in body
    assert editor.post(address("withdraw", entry)).status_code == 422
    assert "dragit tillbaka" in coordinator.post(address("approve", entry), follow=True).content.decode()
    other = editor.post(address("register", cast.huvudman), typed(programme))
    assert other.status_code == 302
    again = editor.post(address("change", entry), typed(programme))
    assert (again.status_code, set(again.context["form"].errors)) == (422, {"programme"})
    with bound(NATIONAL):
        Participation.objects.filter(programme=programme).exclude(pk=entry.pk).delete()
    assert editor.post(address("change", entry), typed(programme)).status_code == 302
    assert state(entry) == ("waiting", False)
    assert steps(entry) == ["waiting", "withdrawn", "waiting"]
    coordinator.post(address("approve", entry))
    late = editor.post(address("withdraw", entry))
    assert (late.status_code, registration.APPROVED_ALREADY in late.content.decode()) == (422, True)


def test_what_is_not_approved_is_told_apart_in_list_search_and_api(cast, entry, client_for, api_for):
    client, listed = client_for(cast.coordinator), reverse("participation_list")
    assert "1 är inte godkänt än." in client.get(listed).content.decode()
    assert client.get(listed, {"status": "active"}).context["page_obj"].paginator.count == 2
    asked = {"status": "active", "registration": "waiting"}
    (row,) = client.get(listed, asked).context["page_obj"].object_list
    assert row == entry
    assert "väntar på samordnare" in client.get(reverse("search"), {"q": "Björkby"}).content.decode()
    call = api_for(cast.coordinator)
    found = call.get("/api/v1/participations", {"status": "active"}).json()["data"]
    assert {one["registration"] for one in found} == {"approved"}


def test_when_each_unit_came_with_is_entered_at_once(cast, entry, client_for):
    with bound(NATIONAL):
        place_unit(entry, cast.second_unit)
        first, second = entry.units.order_by("unit__sort_key")
    client, page = client_for(cast.editor), address("joined", entry)
    assert page in client.get(entry.get_absolute_url()).content.decode()
    names = [f"med-{one.uuid}" for one in (first, second)]
    wrong = client.post(page, {names[0]: "ht 2024", names[1]: "i morse"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {names[1]})
    assert client.post(page, {names[0]: "ht 2024", names[1]: "mars 2025"}).status_code == 302
    with bound(NATIONAL):
        assert [str(one.joined) for one in entry.units.order_by("unit__sort_key")] == [
            "höstterminen 2024",
            "mars 2025",
        ]
        registration.approve_registration(participation=entry, by=NATIONAL)
    assert client.post(page, {names[0]: ""}).status_code == 403


def test_only_a_coordinator_answers(cast, entry):
    with bound(Scope.of(cast.editor)):
        with pytest.raises(PermissionDenied):
            registration.approve_registration(participation=entry, by=cast.editor)
        with pytest.raises(PermissionDenied):
            registration.return_registration(participation=entry, comment="Nej", by=cast.editor)


def test_an_answer_is_given_once(cast, entry):
    with bound(NATIONAL):
        registration.approve_registration(participation=entry, by=NATIONAL)
        with pytest.raises(ValidationError, match="redan godkänt"):
            registration.return_registration(participation=entry, comment="För sent", by=NATIONAL)


def test_a_stranger_answers_and_reads_nothing(cast, entry, client_for):
    client = client_for(cast.stranger)
    for name in ("change", "approve", "return", "status", "withdraw", "joined"):
        assert client.post(address(name, entry)).status_code == 404


def test_an_editor_of_two_huvudman_chooses_between_them(cast, client_for):
    second = make_huvudman("Lindby kommun")
    with bound(NATIONAL):
        Access.objects.create(user=cast.editor, role="editor", huvudman=second, valid_from="2020-01-01")
    body = client_for(cast.editor).get(reverse("participation_new")).content.decode()
    assert "Björkby kommun" in body
    assert "Lindby kommun" in body
    assert "Granby kommun" not in body


def test_only_what_may_follow_can_be_chosen_as_status(cast, client_for):
    client = client_for(cast.coordinator)
    page = client.get(address("status", cast.participation)).content.decode()
    assert 'value="paused"' in page
    assert 'value="offered"' not in page
    sent = client.post(address("status", cast.participation), {"status": "paused", "reason": ""})
    assert sent.status_code == 422
    assert "Skriv varför statusen ändras." in sent.content.decode()
    done = client.post(
        address("status", cast.participation), {"status": "paused", "reason": "Ny skolchef"}, follow=True
    )
    assert "Statusen är ändrad." in done.content.decode()
