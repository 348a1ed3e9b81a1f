"""A participation is registered, moved and extended by services that say no in Swedish."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from programmes.models import Participation, ParticipationStatus, StatusChange
from programmes.services.participation import (
    change_participation,
    change_status,
    next_steps,
    register_participation,
)
from programmes.services.terms import extend_terms, pause_terms
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate, Term, frozen
from tests.factories import make_huvudman, make_participation, make_programme

pytestmark = pytest.mark.django_db

STEPS = {
    "selected": {"offered"},
    "offered": {"accepted", "declined"},
    "accepted": {"active", "discontinued"},
    "declined": set(),
    "active": {"paused", "completed", "discontinued"},
    "paused": {"active", "discontinued"},
    "completed": set(),
    "discontinued": set(),
}


@pytest.fixture
def as_nation():
    with bound(NATIONAL):
        yield NATIONAL


@pytest.mark.parametrize("former", ParticipationStatus.values)
@pytest.mark.parametrize("wanted", ParticipationStatus.values)
def test_a_status_is_followed_by_those_of_the_table_and_no_other(former, wanted, as_nation):
    participation = make_participation(status=former)

    def move():
        change_status(participation=participation, to=wanted, reason="Beslut", by=as_nation)

    if wanted in STEPS[former]:
        move()
    else:
        with pytest.raises(ValidationError) as refused:
            move()
        assert "status" in refused.value.message_dict
    participation.refresh_from_db()
    assert participation.status == (wanted if wanted in STEPS[former] else former)


def test_an_illegal_step_names_what_may_follow(as_nation):
    participation = make_participation(status="offered")
    with pytest.raises(ValidationError) as refused:
        change_status(participation=participation, to="completed", reason="Klart", by=as_nation)
    assert refused.value.message_dict == {
        "status": [
            "Deltagandet är erbjuden och kan inte bli avslutad. Erbjuden kan bli tackat ja eller tackat nej."
        ]
    }


def test_nothing_follows_a_status_that_is_over():
    assert next_steps("declined") == "Tackat nej är det sista, inget kommer efter."


def test_three_following_statuses_are_listed_with_an_or_at_last():
    assert next_steps("active") == "Pågår kan bli pausad, avslutad eller avbruten."


def test_a_step_keeps_who_when_and_why(cast):
    with bound(Scope.of(cast.coordinator)), frozen(date(2018, 9, 3)):
        change = change_status(
            participation=cast.participation,
            to="paused",
            reason="Ny förvaltningschef",
            effective=ImpreciseDate.month(2018, 8),
            by=cast.coordinator,
        )
    with bound(NATIONAL):
        change.refresh_from_db()
        assert (change.by, change.reason, str(change.effective), change.from_status) == (
            cast.coordinator,
            "Ny förvaltningschef",
            "augusti 2018",
            "active",
        )


def test_a_step_without_a_reason_is_refused(as_nation):
    with pytest.raises(ValidationError) as refused:
        change_status(participation=make_participation(), to="paused", reason="  ", by=as_nation)
    assert refused.value.message_dict == {"reason": ["Skriv varför statusen ändras."]}


def test_a_step_on_a_day_that_has_not_come_is_refused(as_nation):
    with frozen(date(2018, 4, 23)), pytest.raises(ValidationError) as refused:
        change_status(
            participation=make_participation(),
            to="paused",
            reason="Snart",
            effective=date(2018, 4, 24),
            by=as_nation,
        )
    assert "effective" in refused.value.message_dict


def test_a_step_before_the_former_one_is_refused(as_nation):
    participation = make_participation(status="active")
    change_status(
        participation=participation, to="paused", reason="Paus", effective=date(2018, 4, 23), by=as_nation
    )
    with pytest.raises(ValidationError) as refused:
        change_status(
            participation=participation, to="active", reason="Åter", effective=date(2018, 4, 22), by=as_nation
        )
    assert "effective" in refused.value.message_dict


def test_a_step_raises_the_version(as_nation):
    participation = make_participation()
    before = participation.version
    change_status(participation=participation, to="paused", reason="Paus", by=as_nation)
    assert participation.version == before + 1


@pytest.mark.parametrize("name", ["process_leader", "editor", "rektor", "reader"])
def test_only_a_coordinator_moves_the_status(cast, name):
    user = getattr(cast, name)
    with bound(Scope.of(user)), pytest.raises(PermissionDenied):
        change_status(participation=cast.participation, to="paused", reason="Paus", by=user)


def test_an_editor_registers_a_participation_that_waits_for_a_coordinator(cast):
    programme = make_programme("nyanlanda", "Riktade insatser för nyanlända")
    with bound(Scope.of(cast.editor)):
        made = register_participation(huvudman=cast.huvudman, programme=programme, by=cast.editor)
        assert (made.status, made.total_terms) == ("selected", programme.terms)
        assert StatusChange.objects.filter(participation=made, to_status="selected", by=cast.editor).exists()


def test_what_an_editor_says_is_under_way_waits_too(cast):
    programme = make_programme("nyanlanda", "Riktade insatser för nyanlända")
    with bound(Scope.of(cast.editor)):
        made = register_participation(
            huvudman=cast.huvudman, programme=programme, status="active", by=cast.editor
        )
    assert (made.status, made.registration) == ("active", "waiting")


def test_an_editor_cannot_register_for_another_huvudman(cast):
    programme = make_programme("nyanlanda", "Riktade insatser för nyanlända")
    with bound(Scope.of(cast.editor)), pytest.raises(PermissionDenied):
        register_participation(huvudman=cast.other_huvudman, programme=programme, by=cast.editor)


def test_a_second_open_participation_in_the_programme_is_refused(cast):
    with bound(Scope.of(cast.coordinator)), pytest.raises(ValidationError, match="redan ett pågående"):
        register_participation(
            huvudman=cast.huvudman, programme=cast.participation.programme, by=cast.coordinator
        )


def test_the_database_too_allows_one_open_participation_in_a_programme(as_nation):
    participation = make_participation()
    with pytest.raises(IntegrityError, match="participation_one_open"), transaction.atomic():
        Participation.objects.create(huvudman=participation.huvudman, programme=participation.programme)


def test_a_huvudman_takes_part_again_when_the_former_is_over(as_nation):
    former = make_participation(status="completed")
    again = register_participation(
        huvudman=former.huvudman, programme=former.programme, previous=former, by=as_nation
    )
    assert again.previous == former


def test_the_former_participation_of_another_huvudman_is_refused(as_nation):
    foreign = make_participation(status="completed")
    with pytest.raises(ValidationError) as refused:
        register_participation(
            huvudman=make_huvudman(), programme=foreign.programme, previous=foreign, by=as_nation
        )
    assert "previous" in refused.value.message_dict


def test_changing_one_fact_leaves_the_others(as_nation):
    participation = make_participation(aims="Höja resultaten")
    change_participation(participation=participation, start_term=Term("HT", 2018), by=as_nation)
    participation.refresh_from_db()
    assert (participation.start_term, participation.aims) == (Term("HT", 2018), "Höja resultaten")


def test_the_status_is_no_fact_to_change(as_nation):
    with pytest.raises(TypeError, match="status"):
        change_participation(participation=make_participation(), status="completed", by=as_nation)


def test_zero_terms_are_refused_by_service_and_database(as_nation):
    participation = make_participation()
    with pytest.raises(ValidationError, match="1 till 20"):
        change_participation(participation=participation, total_terms=0, by=as_nation)
    with pytest.raises(IntegrityError, match="participation_terms_some"), transaction.atomic():
        Participation.objects.filter(pk=participation.pk).update(total_terms=0)


def test_a_pause_stops_the_term_clock(as_nation):
    participation = make_participation(start_term="VT2018")
    pause_terms(
        participation=participation,
        first_term=Term("HT", 2018),
        last_term=Term("HT", 2018),
        reason="Omorganisation",
        by=as_nation,
    )
    assert participation.term_number(date(2019, 2, 1)).sentence == "Termin 2 av 6."


def test_pauses_that_overlap_are_refused(as_nation):
    participation = make_participation()
    pause_terms(participation=participation, first_term=Term("HT", 2018), reason="Paus", by=as_nation)
    with pytest.raises(ValidationError) as refused:
        pause_terms(participation=participation, first_term=Term("VT", 2019), reason="Paus", by=as_nation)
    assert "first_term" in refused.value.message_dict


def test_a_pause_that_ends_before_it_begins_is_refused(as_nation):
    with pytest.raises(ValidationError, match="slutar före"):
        pause_terms(
            participation=make_participation(),
            first_term=Term("HT", 2018),
            last_term=Term("VT", 2018),
            reason="Paus",
            by=as_nation,
        )


def test_an_extension_adds_terms(as_nation):
    participation = make_participation(start_term="VT2018")
    extend_terms(participation=participation, terms=1, decided_on=date(2020, 5, 4), by=as_nation)
    assert participation.term_number(date(2021, 2, 1)).sentence == "Termin 7 av 7, i förlängningen."
