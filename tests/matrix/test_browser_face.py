"""The pages: each role × each page, in list, detail and change, with foreign rows at hand."""

import re
import uuid

import pytest
from django.urls import URLPattern, get_resolver, reverse

from sbs_portal.scope import NATIONAL, bound
from tests.matrix import expectations as expect
from tests.matrix.test_api import words_out_of_place
from tests.matrix.world import SCOPED

ROLES = tuple(role for role in expect.ROLES if role != "integration")
MODELS = {model._meta.label: model for model in SCOPED}
RECORDED_MEETINGS = expect.cells("own", "own", "unit", "none")
# Who may open or press what, of every address about one row. Reading is by the models' own expectations.
READING = {
    "huvudman_detail": "schools.Huvudman",
    "unit_detail": "schools.SchoolUnit",
    "person_detail": "schools.Person",
    "participation_detail": "programmes.Participation",
    "meeting_detail": "seminars.Meeting",
    "meeting_calendar": "seminars.Meeting",
    "series_calendar": "seminars.MeetingSeries",
    "seminar_detail": "seminars.Seminar",
    "series_detail": "seminars.MeetingSeries",
}
HISTORY = {
    f"{page}_history": READING[f"{page}_detail"]
    for page in ("huvudman", "unit", "person", "participation", "meeting", "series", "seminar")
}
WRITING = {
    "person_reveal": ("schools.Person", expect.EDITORS),
    "participation_register": ("schools.Huvudman", expect.EDITORS),
    "participation_change": ("programmes.Participation", expect.COORDINATORS),
    "participation_status": ("programmes.Participation", expect.COORDINATORS),
    "participation_approve": ("programmes.Participation", expect.COORDINATORS),
    "participation_return": ("programmes.Participation", expect.COORDINATORS),
    "participation_withdraw": ("programmes.Participation", expect.EDITORS),
    "participation_joined": ("programmes.Participation", expect.COORDINATORS),
    "participation_archive": ("programmes.Participation", expect.COORDINATORS),
    "participation_restore": ("programmes.Participation", expect.COORDINATORS),
    "participation_delete": ("programmes.Participation", expect.COORDINATORS),
    **{
        f"{name}_add": ("programmes.Participation", cells)
        for name, cells in (
            ("participating_unit", expect.COORDINATORS),
            ("phase", expect.COORDINATORS),
            ("focus", expect.EDITORS),
            ("support", expect.COORDINATORS),
            ("agreement", expect.EDITORS),
            ("assignment", expect.EDITORS),
            ("pause", expect.COORDINATORS),
            ("extension", expect.COORDINATORS),
        )
    },
    **{
        f"{name}_{verb}": (f"programmes.{model}", expect.CHANGE[f"programmes.{model}"])
        for name, model in (
            ("participating_unit", "ParticipatingUnit"),
            ("phase", "ParticipationPhase"),
            ("focus", "ParticipationFocus"),
            ("support", "Support"),
            ("agreement", "Agreement"),
            ("pause", "TermPause"),
            ("extension", "TermExtension"),
        )
        for verb in ("change", "delete")
    },
    "assignment_delete": ("programmes.ParticipationAssignment", expect.EDITORS),
    "meeting_write": ("seminars.Meeting", RECORDED_MEETINGS),
    "meeting_change": ("seminars.Meeting", expect.MEETING_WRITERS),
    "meeting_cancel": ("seminars.Meeting", expect.MEETING_WRITERS),
    "meeting_move": ("seminars.Meeting", expect.MEETING_WRITERS),
    "meeting_reopen": ("seminars.Meeting", expect.MEETING_WRITERS),
    "meeting_expected": ("seminars.Meeting", RECORDED_MEETINGS),
    "expected_change": ("seminars.Attendance", expect.RECORDERS),
    "expected_remove": ("seminars.Attendance", expect.RECORDERS),
    "series_change": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "series_end": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "series_extend": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "series_several": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "series_attendee_new": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "series_attendee_change": ("seminars.SeriesAttendee", expect.MEETING_WRITERS),
    "series_attendee_remove": ("seminars.SeriesAttendee", expect.MEETING_WRITERS),
    "meeting_all_present": ("seminars.Meeting", RECORDED_MEETINGS),
    "meeting_total": ("seminars.Meeting", expect.MEETING_WRITERS),
    "outcome_add": ("seminars.Meeting", RECORDED_MEETINGS),
    "attendance_record": ("seminars.Attendance", expect.RECORDERS),
    "outcome_save": ("seminars.Outcome", expect.RECORDERS),
    "huvudman_change": ("schools.Huvudman", expect.EDITORS),
    "administration_add": ("schools.Huvudman", expect.EDITORS),
    "administration_change": ("schools.Administration", expect.EDITORS),
    "administration_delete": ("schools.Administration", expect.EDITORS),
    "unit_change": ("schools.SchoolUnit", expect.EDITORS),
    "unit_change_from": ("schools.SchoolUnit", expect.EDITORS),
    "unit_close": ("schools.SchoolUnit", expect.EDITORS),
    "period_add": ("schools.SchoolUnit", expect.EDITORS),
    "unit_merge": ("schools.SchoolUnit", expect.EDITORS),
    "unit_split": ("schools.SchoolUnit", expect.EDITORS),
    "succession_delete": ("schools.UnitSuccession", expect.EDITORS),
    "alias_add": ("schools.SchoolUnit", expect.EDITORS),
    "alias_delete": ("schools.UnitAlias", expect.EDITORS),
    "period_correct": ("schools.SchoolUnitVersion", expect.EDITORS),
    "period_delete": ("schools.SchoolUnitVersion", expect.EDITORS),
    "person_change": ("schools.Person", expect.OWN_UNIT),
    "role_add": ("schools.Person", expect.OWN_UNIT),
    "role_change": ("schools.RoleAssignment", expect.OWN_UNIT),
    "huvudman_archive": ("schools.Huvudman", expect.COORDINATORS | {"integration": "none"}),
    "huvudman_restore": ("schools.Huvudman", expect.COORDINATORS | {"integration": "none"}),
    "huvudman_delete": ("schools.Huvudman", expect.COORDINATORS | {"integration": "none"}),
    "unit_archive": ("schools.SchoolUnit", expect.EDITORS),
    "unit_restore": ("schools.SchoolUnit", expect.EDITORS),
    "unit_delete": ("schools.SchoolUnit", expect.EDITORS),
    "person_archive": ("schools.Person", expect.EDITORS),
    "person_restore": ("schools.Person", expect.EDITORS),
    "person_delete": ("schools.Person", expect.EDITORS),
    "seminar_change": ("seminars.Seminar", expect.COORDINATORS),
    "seminar_cancel": ("seminars.Seminar", expect.COORDINATORS),
    "seminar_finish": ("seminars.Seminar", expect.COORDINATORS),
    "seminar_reopen": ("seminars.Seminar", expect.COORDINATORS),
    "seminar_invite": ("seminars.Seminar", expect.COORDINATORS),
    "session_new": ("seminars.Seminar", expect.COORDINATORS),
    "presentation_new": ("seminars.Seminar", expect.COORDINATORS),
    "word_new": ("seminars.Seminar", expect.COORDINATORS),
    "lesson_new": ("seminars.Seminar", expect.COORDINATORS),
    "delegation_new": ("seminars.Seminar", expect.EDITORS),
    "seminar_units": ("seminars.Seminar", expect.cells("none", "own", "own", "none")),
    "seminar_uninvite": ("seminars.SeminarHuvudman", expect.COORDINATORS),
    "session_change": ("seminars.Session", expect.COORDINATORS),
    "session_remove": ("seminars.Session", expect.COORDINATORS),
    "presentation_change": ("seminars.Presentation", expect.COORDINATORS),
    "presentation_remove": ("seminars.Presentation", expect.COORDINATORS),
    "word_change": ("seminars.ReflectionWord", expect.COORDINATORS),
    "word_remove": ("seminars.ReflectionWord", expect.COORDINATORS),
    "lesson_change": ("seminars.Lesson", expect.COORDINATORS),
    "lesson_remove": ("seminars.Lesson", expect.COORDINATORS),
    "delegation_change": ("seminars.Delegation", expect.EDITORS),
    "delegation_cancel": ("seminars.Delegation", expect.EDITORS),
    "delegation_restore": ("seminars.Delegation", expect.EDITORS),
    "delegation_remove": ("seminars.Delegation", expect.EDITORS),
    "delegate_new": ("seminars.Delegation", expect.OWN_UNIT),
    "delegation_arrivals": ("seminars.Delegation", expect.OWN_UNIT),
    "delegate_change": ("seminars.Delegate", expect.OWN_UNIT),
    "delegate_remove": ("seminars.Delegate", expect.OWN_UNIT),
    "meeting_archive": ("seminars.Meeting", expect.ALONE),
    "seminar_archive": ("seminars.Seminar", expect.COORDINATORS),
    "meeting_restore": ("seminars.Meeting", expect.ALONE),
    "seminar_restore": ("seminars.Seminar", expect.COORDINATORS),
    "meeting_delete": ("seminars.Meeting", expect.ALONE),
    "seminar_delete": ("seminars.Seminar", expect.COORDINATORS),
    "series_delete": ("seminars.MeetingSeries", expect.MEETING_WRITERS),
    "journal_withdraw": ("audit.JournalEntry", expect.REVIEW),
    "statement_detail": ("audit.Statement", expect.REVIEW),
    "statement_accept": ("audit.Statement", expect.REVIEW),
    "statement_reject": ("audit.Statement", expect.REVIEW),
    "statement_reopen": ("audit.Statement", expect.REVIEW),
    "statement_attach": ("audit.Statement", expect.REVIEW),
}
# Pressed by who may record, and by the owner.
OWNERS = {"action_done", "action_open", "action_explain"}
# A view is its owner's: tests/lists holds who else sees it.
VIEWS = {"saved_view_change", "saved_view_update", "saved_view_remove", "saved_view_default"}
# Of accounts, access, invitations and keys, which are under no scope: tests/schools/test_access_pages.py, test_keys.py.
OF_ACCESS = {
    "access_account",
    "access_change",
    "access_end",
    "access_grant",
    "access_invitation",
    "access_resend",
    "access_revoke",
    "account_close",
    "account_open",
    "key",
    "key_revoke",
}
# Everyone's, changed by coordinators only; and whose right depends on the row's role. As above.
CATALOGUES = {
    *(
        f"{name}_{verb}"
        for name in ("programme", "cohort", "focus_area", "provider")
        for verb in ("change", "delete")
    ),
    *(f"{name}_{verb}" for name in ("programme", "cohort", "provider") for verb in ("archive", "restore")),
    *(f"school_calendar_{verb}" for verb in ("detail", "change", "delete")),
    "assignment_change",
    "role_delete",
}
LISTS = {
    "huvudman_list": "schools.Huvudman",
    "unit_list": "schools.SchoolUnit",
    "participation_list": "programmes.Participation",
    "person_list": "schools.Person",
    "meeting_list": "seminars.Meeting",
    "action_list": "seminars.Outcome",
    "seminar_list": "seminars.Seminar",
}
# Where many rows are archived at once: as the address of each row says.
BULK = {
    "huvudman_bulk": "huvudman_archive",
    "schoolunit_bulk": "unit_archive",
    "participation_bulk": "participation_archive",
    "person_bulk": "person_archive",
    "meeting_bulk": "meeting_archive",
    "seminar_bulk": "seminar_archive",
}
# These tell who shares a seminar.
TELLS_OF_OTHERS = {"seminar_detail", "seminar_list"}
MADE_UP = uuid.UUID("00000000-0000-4000-8000-000000000001")
# Ids, the form's key and the time of day: all that two answers about nothing may differ in.
VARYING = re.compile(r'[0-9a-f-]{36}|"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"|\d\d\.\d\d')


def addresses() -> dict[str, URLPattern]:
    """Our addresses about one row, by name."""
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if "uuid" in pattern.pattern.converters:
                    found[pattern.name] = pattern
            elif pattern.namespace not in ("admin", "api"):
                walk(pattern.url_patterns)

    walk(get_resolver().url_patterns)
    return found


def unlike_rows(world, model) -> list:
    with bound(NATIONAL):
        return world.unlike_rows(model)


def rows_of(world, model) -> list:
    with bound(NATIONAL):
        return list(world.all_rows(model))


def said(response) -> tuple[int, str]:
    return response.status_code, VARYING.sub("…", response.content.decode())


def ask(client, name: str, row_id):
    """GET where the page can be read, else its button."""
    view = addresses()[name].callback.view_class
    method = client.get if "get" in view.http_method_names and hasattr(view, "get") else client.post
    return method(reverse(name, args=[row_id]))


def test_every_address_about_a_row_has_expectations():
    expected = set(READING) | set(HISTORY) | set(WRITING) | OWNERS | VIEWS | OF_ACCESS | CATALOGUES
    assert set(addresses()) == expected


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(READING))
def test_detail(world, client_for, name, role):
    model = MODELS[READING[name]]
    visible = world.reach(expect.READ[READING[name]][role], model)
    client = client_for(getattr(world, role))
    nothing = said(client.get(reverse(name, args=[MADE_UP])))
    assert nothing[0] == 404
    for row in rows_of(world, model):
        response = client.get(reverse(name, args=[row.uuid]))
        if row.pk not in visible:
            assert said(response) == nothing
        else:
            assert response.status_code == 200
            assert words_out_of_place(response.content.decode(), role, name in TELLS_OF_OTHERS) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(HISTORY))
def test_history(world, client_for, name, role):
    model = MODELS[HISTORY[name]]
    visible = world.reach(expect.READ[HISTORY[name]][role], model)
    client = client_for(getattr(world, role))
    nothing = said(client.get(reverse(name, args=[MADE_UP])))
    assert nothing[0] == 404
    for row in unlike_rows(world, model):
        response = client.get(reverse(name, args=[row.uuid]))
        if row.pk not in visible:
            assert said(response) == nothing
        else:
            assert response.status_code == (403 if role == "reader" else 200)
            tells = name == "seminar_history"
            assert words_out_of_place(response.content.decode(), role, tells) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(HISTORY))
def test_who_writes_in_the_journal(world, client_for, name, role):
    model = MODELS[HISTORY[name]]
    visible = world.reach(expect.READ[HISTORY[name]][role], model)
    writable = world.reach(expect.JOURNAL[HISTORY[name]][role], model)
    client = client_for(getattr(world, role))
    for row in unlike_rows(world, model):
        response = client.post(reverse(name, args=[row.uuid]), {"text": "", "kind": "info"})
        expected = 422 if row.pk in writable else 403 if row.pk in visible else 404
        assert (row, response.status_code) == (row, expected)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(WRITING))
def test_change(world, client_for, name, role):
    label, cells = WRITING[name]
    model = MODELS[label]
    visible, changed = world.reach(expect.READ[label][role], model), world.reach(cells[role], model)
    client = client_for(getattr(world, role))
    for row in unlike_rows(world, model):
        response = ask(client, name, row.uuid)
        if row.pk in changed:
            assert response.status_code in (200, 302, 422), row
            assert words_out_of_place(response.content.decode(), role, False) == []
        elif label == "audit.Statement":
            assert response.status_code == 403
        else:
            assert response.status_code == (403 if row.pk in visible else 404), row


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(OWNERS))
def test_an_action_is_ticked_by_who_may_record_it_and_by_its_owner(world, client_for, name, role):
    """A page to write on opens for who reads the action; what it does is for these only."""
    model = MODELS["seminars.Outcome"]
    visible, changed = (
        world.reach(cells["seminars.Outcome"][role], model) for cells in (expect.READ, expect.CHANGE)
    )
    user = getattr(world, role)
    client = client_for(user)
    nothing = said(client.post(reverse(name, args=[MADE_UP])))
    assert nothing[0] == 404
    for row in unlike_rows(world, model):
        with bound(NATIONAL):
            owned = row.owner is not None and row.owner.user_id == user.pk
        response = client.post(reverse(name, args=[row.uuid]), {"not_done_reason": "Sjukdom"})
        if row.pk not in visible or row.kind != "action":
            assert said(response)[0] == 404, row
        else:
            assert response.status_code == (302 if owned or row.pk in changed else 403), row


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_list_links_to_exactly_the_rows_of_the_role(world, client_for, name, role):
    model = MODELS[LISTS[name]]
    visible = world.reach(expect.READ[LISTS[name]][role], model)
    body = client_for(getattr(world, role)).get(reverse(name)).content.decode()
    rows = rows_of(world, model)
    if name == "action_list":
        rows = [row for row in rows if row.kind == "action"]
        visible &= {row.pk for row in rows}
    with bound(NATIONAL):
        addresses = {row.pk: row.get_absolute_url() for row in rows}
    assert {pk for pk, address in addresses.items() if address in body} == visible
    assert words_out_of_place(body, role, name in TELLS_OF_OTHERS) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(BULK))
def test_many_are_archived_of_those_that_each_could_be(world, client_for, name, role):
    label, cells = WRITING[BULK[name]]
    changed = world.reach(cells[role], MODELS[label])
    answer = client_for(getattr(world, role)).get(reverse(name), {"atgard": "archive", "vilka": "alla"})
    assert answer.status_code == (403 if cells[role] == "none" else 200)
    body = answer.content.decode()
    carried = "".join(re.findall(r'name="rader" value="([^"]*)"', body))
    rows = [row for row in rows_of(world, MODELS[label]) if not row.is_archived]
    assert {row.pk for row in rows if str(row.uuid) in carried} == changed & {row.pk for row in rows}
    assert words_out_of_place(body, role, name == "seminar_bulk") == []


@pytest.mark.parametrize("role", ROLES)
def test_start(world, client_for, role):
    response = client_for(getattr(world, role)).get(reverse("start"))
    assert response.status_code == 200
    assert words_out_of_place(response.content.decode(), role, False) == []


@pytest.mark.parametrize("word", ["Fjärdhult", "Personsson", "Döljdsson"])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_search_for_a_foreign_word_finds_nothing_foreign(world, client_for, name, word):
    body = client_for(world.editor).get(reverse(name), {"q": word}).content.decode()
    with bound(NATIONAL):
        foreign = [
            row.get_absolute_url()
            for label in READING.values()
            for row in MODELS[label]._base_manager.filter(pk__in=world.rows["other", MODELS[label]])
        ]
    assert [address for address in foreign if address in body] == []


@pytest.mark.parametrize(
    "name", sorted({*READING, *HISTORY, *WRITING, *OWNERS, *VIEWS, *OF_ACCESS, *CATALOGUES})
)
def test_nobody_gets_further_than_to_log_in(world, client, name):
    response = ask(client, name, MADE_UP)
    assert (response.status_code, response.headers["Location"].partition("?")[0]) == (
        302,
        reverse("account_login"),
    )


def test_the_review_list_is_the_coordinators(world, client_for):
    answers = {
        role: client_for(getattr(world, role)).get(reverse("statement_list")).status_code for role in ROLES
    }
    assert answers == dict.fromkeys(ROLES, 403) | {"coordinator": 200}
