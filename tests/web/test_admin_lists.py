"""The admin's lists: what their columns say, in as many statements for thirty rows as for one."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import ParticipationPhase
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, frozen
from sbs_portal.web.paging import CappedPaginator
from schools.models import StaffRole
from tests import factories

pytestmark = pytest.mark.django_db


def list_of(client, model: str):
    return client.get(reverse(f"admin:{model}_changelist"))


def make(model: str) -> None:
    """One more row, with something in each column."""
    huvudman = factories.make_huvudman()
    participation = factories.make_participation(huvudman, units=1)
    if model == "seminars_meeting":
        factories.make_meeting(participation, when=date(2018, 3, 8))
    if model == "seminars_seminar":
        factories.make_seminar(participation, starts=date(2018, 3, 8))


# What is asked besides the session, the account, the access rows and the settings of the transaction.
STATEMENTS = {
    "programmes_participation": 14,
    "seminars_meeting": 14,
    "seminars_seminar": 10,
}


@pytest.mark.parametrize("model", STATEMENTS)
def test_thirty_rows_take_as_many_statements_as_one(cast, client_for, model):
    client = client_for(cast.coordinator)
    make(model)
    list_of(client, model)
    counts = []
    for number in (0, 29):
        for _ in range(number):
            make(model)
        with CaptureQueriesContext(connection) as asked:
            assert list_of(client, model).status_code == 200
        counts.append(len(asked))
    assert counts == [STATEMENTS[model]] * 2


def test_a_form_with_nine_lines_takes_as_many_statements_as_one_with_two(cast, client_for):
    """The lines of a seminar name a huvudman and a participation each, chosen by autocomplete."""
    client = client_for(cast.coordinator)
    several = [factories.make_participation(factories.make_huvudman()) for _ in range(9)]
    counts = []
    for taking_part in (several[:2], several[:2], several):
        seminar = factories.make_seminar(*taking_part)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("admin:seminars_seminar_change", args=[seminar.pk])).content.decode()
        assert page.count(f">{several[1].huvudman}, {several[1].programme}</option>") == 1
        counts.append(len(asked))
    # The first one reads what is kept afterwards.
    assert counts[1] == counts[2]


def test_no_list_is_counted_to_its_end():
    assert {
        str(model_admin)
        for model_admin in admin.site._registry.values()
        if model_admin.show_full_result_count or model_admin.paginator is not CappedPaginator
    } == set()


def cells(response, row) -> dict[str, str]:
    listed = response.context["cl"]
    shown = next(each for each in listed.result_list if each.pk == row.pk)
    model_admin = listed.model_admin
    return {
        getattr(column, "__name__", column): column(shown)
        if callable(column)
        else getattr(model_admin, column)(shown)
        for column in listed.list_display
        if callable(column) or hasattr(model_admin, column)
    }


def test_a_participation_tells_its_term_phase_last_meeting_and_what_is_late(cast, client_for):
    factories.make_meeting(cast.participation, when=date(2018, 9, 13), status="held")
    factories.make_meeting(cast.participation, when=date(2018, 10, 4))
    factories.make_meeting(cast.other_participation, when=date(2018, 10, 11), status="held")
    with bound(NATIONAL):
        ParticipationPhase.objects.create(
            participation=cast.participation,
            phase="analysis",
            actual_start=ImpreciseDate.day(date(2018, 2, 1)),
        )
    with frozen(date(2018, 11, 1)):
        shown = cells(list_of(client_for(cast.coordinator), "programmes_participation"), cast.participation)
    assert (shown["term"], shown["shown_status"], shown["last_meeting"], shown["late"]) == (
        "2 av 6",
        "Pågår",
        date(2018, 9, 13),
        "1 träff utan besked",
    )
    assert shown["phase"] == "Nulägesanalys"


def test_a_huvudman_tells_its_units_and_how_its_participation_stands(cast, client_for):
    shown = cells(list_of(client_for(cast.coordinator), "schools_huvudman"), cast.huvudman)
    assert (shown["unit_count"], shown["participation_now"]) == (2, "pågår")


def test_a_unit_tells_its_huvudman_and_rektor_and_masks_who_is_protected(cast, client_for):
    factories.make_person(
        cast.huvudman,
        "Skyddad Rektorsson",
        StaffRole.REKTOR,
        unit=cast.second_unit,
        security_marking="protected",
    )
    response = list_of(client_for(cast.coordinator), "schools_schoolunit")
    shown = [cells(response, unit) for unit in (cast.unit, cast.second_unit)]
    assert [(cell["huvudman_now"], cell["rektor_now"]) for cell in shown] == [
        ("Björkby kommun", "Rita Rektor"),
        ("Björkby kommun", "Skyddad person"),
    ]
    assert "Rektorsson" not in response.content.decode()
