"""The start page, "Mitt arbete", per role."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.models import Participation
from sbs_portal.audit.models import Source, Statement
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import ImpreciseDate
from seminars.models import Meeting
from seminars.news import news_of
from seminars.services import meeting as services
from seminars.work import country
from tests import factories

pytestmark = pytest.mark.django_db


def start(client_for, user) -> str:
    response = client_for(user).get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_own_action_stands_first_with_its_days(spring, cast, client_for):
    html = start(client_for, cast.rektor)
    assert "Boka planeringstid" in html
    assert "Skulle vara klar 29 mars, 25 dagar sen" in html


def test_others_actions_are_not_mine_to_do(spring, cast, client_for):
    html = start(client_for, cast.editor)
    assert "Du har inga öppna åtgärder." in html


def test_next_meeting_says_when_where_what_and_what_was_promised(spring, cast, client_for):
    with bound(NATIONAL):
        Meeting.objects.filter(pk=spring.fourth.pk).update(agenda="Elevintervjuerna\nDelredovisning 2")
        services.add_outcome(
            meeting=spring.third, kind="action", text="Ta med schemat", owner=cast.rektor_person, by=NATIONAL
        )
    html = start(client_for, cast.rektor)
    assert html.index("Du lovade:") < html.index("Ta med schemat") < html.index("Boka planeringstid")
    for words in (
        "9 maj",
        "Björkskolan, sal Asken",
        "Pia Processledare leder",
        "Delredovisning 2",
        "Du lovade:",
    ):
        assert words in html


def test_done_action_can_be_undone_on_the_page(spring, cast, client_for):
    client = client_for(cast.rektor)
    client.post(f"/atgarder/{spring.action.uuid}/klar/", {"tillbaka": "/"})
    html = client.get("/").content.decode()
    assert "Boka planeringstid är klar." in html
    assert f"/atgarder/{spring.action.uuid}/oppna/" in html


def test_process_leader_sees_visits_with_last_decisions_and_open_actions(spring, cast, client_for):
    html = start(client_for, cast.process_leader)
    for words in ("Björkby kommun", "Strandskolan intervjuar elever.", "Boka planeringstid"):
        assert words in html
    assert f"/traffar/{spring.fourth.uuid}/anteckna/" in html


def test_what_was_written_on_a_meeting_is_at_once_under_the_rektors_work(spring, cast, client_for, as_):
    with as_(cast.process_leader):
        services.add_outcome(
            meeting=spring.third,
            kind="action",
            text="Skicka schemat",
            owner=cast.rektor_person,
            by=cast.process_leader,
        )
    assert "Skicka schemat" in start(client_for, cast.rektor)


def test_coordinator_sees_the_late_first_with_reasons(spring, cast, client_for):
    html = start(client_for, cast.coordinator)
    assert html.index("Björkby kommun") < html.index("Granby kommun")
    for words in (
        "Ingen träff på sju skolveckor.",
        "Träffen tor 19 apr saknar anteckningar.",
        "En åtgärd är sen.",
    ):
        assert words in html


def test_a_coordinator_turns_pages_of_a_country_with_the_late_first(spring, cast, client_for, monkeypatch):
    monkeypatch.setattr(country, "SHOWN_CARDS", 1)
    client = client_for(cast.coordinator)
    first, second = (client.get(f"/{query}").content.decode() for query in ("", "?sida=2"))
    for html, here, elsewhere in (
        (first, "Björkby kommun", "Granby kommun"),
        (second, "Granby kommun", "Björkby kommun"),
    ):
        table = html[html.index('id="deltaganden"') : html.index('id="vantar"')]
        assert here in table
        assert elsewhere not in table
        assert "2, varav 1 med något sent" in table
    assert "1–1 av 2" in first


@pytest.mark.parametrize(
    ("meetings", "ahead"),
    [
        (((date(2018, 4, 23), "held"), (date(2018, 4, 27), "planned")), 1),
        (((ImpreciseDate.month(2018, 4), "planned"), (date(2018, 4, 27), "planned")), 0),
        (((ImpreciseDate.month(2018, 3), "planned"), (date(2018, 5, 3), "planned")), 1),
        (((None, "planned"), (date(2018, 6, 1), "planned")), 1),
        (((None, "held"), (None, "planned")), 1),
    ],
)
def test_a_coordinators_next_meeting_is_the_one_that_lies_ahead(cast, day, client_for, meetings, ahead):
    made = [factories.make_meeting(cast.participation, when=when, status=status) for when, status in meetings]
    html = start(client_for, cast.coordinator)
    assert f'data-label="Nästa träff"><a class="nowrap" href="{made[ahead].get_absolute_url()}">' in html


def test_nothing_is_late_past_what_is_known(spring, cast, client_for):
    with bound(NATIONAL):
        Participation.objects.filter(pk=cast.participation.pk).update(known_through=date(2018, 3, 10))
    html = start(client_for, cast.coordinator)
    for words in ("Ingen träff på", "saknar anteckningar", "åtgärd är sen"):
        assert words not in html


def test_coordinator_sees_how_many_statements_wait(cast, day, client_for):
    with bound(NATIONAL):
        source = Source.objects.create(title="En källa", kind="news", huvudman_ids=[])
        for _ in range(2):
            Statement.objects.create(source=source, what="other", text="Något", trust="unverified")
    page = start(client_for, cast.coordinator)
    assert "2 uppgifter att granska" in page
    assert "/uppgifter/?review=waiting" in page
    assert "att granska" not in start(client_for, cast.editor)


def test_reader_sees_the_participation_and_no_names(spring, cast, client_for):
    html = start(client_for, cast.reader)
    assert "Strandskolan intervjuar elever." in html
    for name in ("Rita", "Edit", "Pia", "Boka planeringstid", "Anteckna", "Att göra"):
        assert name not in html


def test_stranger_sees_nothing_of_another_huvudman(spring, cast, client_for):
    html = start(client_for, cast.stranger)
    for words in ("Björk", "Rita", "Strandskolan", str(spring.fourth.uuid)):
        assert words not in html


def test_user_without_meetings_or_participations_gets_empty_states(cast, day, client_for):
    other = factories.make_user(role="editor", huvudman=factories.make_huvudman())
    html = start(client_for, other)
    assert "Ingen träff är planerad" in html
    assert "Inga deltaganden ännu" in html


@pytest.mark.parametrize(
    ("who", "queries"), [("coordinator", 14), ("process_leader", 23), ("editor", 26), ("reader", 17)]
)
def test_start_makes_as_many_queries_for_one_as_for_thirty(
    who, queries, cast, day, client_for, django_assert_num_queries
):
    client = client_for(getattr(cast, who))
    for number in (1, 29):
        for step in range(number):
            for when, status in (
                (day - timedelta(days=30 + step), "held"),
                (day + timedelta(days=step), "planned"),
            ):
                meeting = factories.make_meeting(
                    cast.participation, when=when, status=status, units=[cast.unit]
                )
                factories.make_outcome(meeting)
                factories.make_outcome(
                    meeting, "action", owner=cast.editor_person, due_on=day - timedelta(days=1)
                )
        with bound(NATIONAL):
            if not cast.participation.meeting_series.exists():
                services.start_series(participation=cast.participation, by=NATIONAL)
        client.get("/")
        with django_assert_num_queries(queries):
            client.get("/")


def test_coordinators_start_makes_as_many_queries_however_many_participations(
    cast, day, client_for, django_assert_num_queries
):
    client = client_for(cast.coordinator)
    for number in (1, 29):
        for _ in range(number):
            participation = factories.make_participation()
            meeting = factories.make_meeting(participation, when=day - timedelta(days=40), status="held")
            factories.make_outcome(meeting, "action", due_on=day - timedelta(days=1))
            with bound(NATIONAL):
                services.start_series(participation=participation, by=NATIONAL)
        client.get("/")
        with django_assert_num_queries(14):
            client.get("/")


def seen(user, *, days: int) -> None:
    """As if the user had been here so many days ago, and today."""
    now = timezone.now()
    user.last_seen_at, user.seen_before_at = now, now - timedelta(days=days)
    user.save(update_fields=["last_seen_at", "seen_before_at"])


def act_on(cast, meeting, user) -> None:
    with bound(Scope.of(user), face="browser"):
        services.add_outcome(meeting=meeting, kind="decision", text="Nytt beslut", by=user)


def test_news_are_what_others_did_since_the_last_visit_and_stay_on_reload(spring, cast, client_for):
    act_on(cast, spring.first, cast.process_leader)
    seen(cast.editor, days=2)
    client = client_for(cast.editor)
    for _ in range(2):
        html = client.get("/").content.decode()
        news = html[html.index("Nytt sedan sist") :]
        assert f'href="{spring.first.get_absolute_url()}"' in news
        assert "La till beslut" in news
        assert "Pia Processledare" in news


def test_ones_own_doing_what_was_before_and_others_huvudman_are_no_news(spring, cast, client_for):
    act_on(cast, spring.first, cast.process_leader)
    seen(cast.editor, days=-1)
    for user in (cast.process_leader, cast.stranger, cast.coordinator):
        seen(user, days=2)
    assert "Nytt sedan sist" not in start(client_for, cast.editor)
    assert "Nytt sedan sist" not in start(client_for, cast.process_leader)
    assert "Nytt sedan sist" not in start(client_for, cast.stranger)
    assert "Nytt sedan sist" in start(client_for, cast.coordinator)


def test_news_take_as_many_statements_for_one_meeting_as_for_many(
    spring, cast, django_assert_num_queries, client_for
):
    seen(cast.editor, days=2)
    for meetings in (spring.meetings[:1], spring.meetings):
        for meeting in meetings:
            act_on(cast, meeting, cast.process_leader)
        with bound(Scope.of(cast.editor)) as scope, django_assert_num_queries(4):
            assert len(news_of(scope)) == len(meetings)


def test_an_editor_is_told_of_a_meeting_that_lacks_notes(spring, cast, client_for):
    html = start(client_for, cast.editor)
    assert "Väntar på dig" in html
    assert reverse("meeting_write", args=[spring.second.uuid]) in html
