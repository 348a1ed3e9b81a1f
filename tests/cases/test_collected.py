"""The collected page: true fragments among spam. Nothing of it is clean data; all of it keeps its source."""

import pytest

from sbs_portal.audit.models import Source, Statement
from sbs_portal.demo.cases import collected
from schools.models import Huvudman
from tests.cases.reading import missing, the


@pytest.fixture
def fragments(coordinator) -> list[dict]:
    """What the API tells a coordinator of the page."""
    return coordinator.rows("statements", source=the(Source, kind="scraped").uuid)


def test_it_is_one_source_without_sender_address_or_day(coordinator):
    source = coordinator.row("sources", kind="scraped")
    assert (source["publisher"], source["address"], source["published"]["precision"]) == ("", "", "unknown")


def test_every_fragment_waits_unverified_on_the_review_list(fragments):
    waiting = [row for row in fragments if row["review"] == "waiting"]
    assert {row["text"] for row in waiting} == {text for _, text, _ in collected.FRAGMENTS}
    assert {row["trust"] for row in waiting} == {"unverified"}


def test_no_fragment_is_about_anything_in_the_portal(fragments):
    assert len(fragments) == len(collected.FRAGMENTS) + len(collected.NOISE)
    assert {row["subject"] for row in fragments} == {None}


def test_noise_is_rejected_with_its_reason(fragments):
    rejected = {row["text"]: row["review_reason"] for row in fragments if row["review"] == "rejected"}
    assert rejected == dict(collected.NOISE)
    assert all(rejected.values())


def test_the_review_list_tells_every_fragment(coordinator):
    page = coordinator.page("/uppgifter/") + coordinator.page("/uppgifter/", sida=2)
    # A long one is shortened in the list.
    assert missing(page, *(text[:130] for _, text, _ in collected.FRAGMENTS)) == []


def test_the_fragments_keep_what_the_page_said(fragments):
    said = " ".join(row["text"] for row in fragments)
    facts = (
        *("4 juni 2015 (U2015/03357/S)", "21 januari 2017 (U2017/00301/S)", "Ett nytt uppdrag ersätter båda"),
        *(
            "Karbyskolan",
            "Bällstabergsskolan",
            "Vallentuna gymnasium",
            "Sjöhästens förskola",
            "Ormsta förskola",
        ),
        *("barn- och ungdomsförvaltningen i Vallentuna", "vårterminen 2019", "nulägesanalys på varje skola"),
        *("Barn- och utbildningschef", "vice ordförande", "uppföljningskonferens"),
        *("intervjuer, enkäter och statistik", "avslutande rapport", "andra året i rad"),
        *("IFAU", "innan man vet att den fungerar", "FoU-center", "Plug Innan"),
        *("Erikslundskolan under Grundskoleförvaltningen", "2020/2021 för Nyhemsskolan F–6"),
        "Skolverket och Skolinspektionen har tillsammans utsett",
    )
    assert missing(said, *facts) == []


@pytest.mark.parametrize("day", ["2016-08-19", "2017-05-16", "2017-09-15", "2018-04-11", "2018-10-09"])
def test_a_dated_snippet_keeps_its_day(fragments, day):
    assert [row["as_of"]["precision"] for row in fragments if row["as_of"]["date"] == day] == ["day"]


def test_a_snippet_older_than_the_programme_is_not_about_it(fragments):
    (old,) = [row for row in fragments if "2013" in row["text"]]
    assert old["review"] == "rejected"


def test_a_fragment_is_opened_and_can_be_attached_accepted_or_rejected(coordinator):
    page = coordinator.page(f"/uppgifter/{the(Statement, text=collected.FRAGMENTS[1][1]).uuid}/")
    assert missing(page, "Karbyskolan", "ej granskad", "Insamlad sida utan känd avsändare") == []


def test_a_rejected_one_shows_why(coordinator):
    text, reason = collected.NOISE[0]
    assert reason in coordinator.page(f"/uppgifter/{the(Statement, text=text).uuid}/")


def test_vallentuna_is_a_plain_huvudman(coordinator, integration):
    page = coordinator.page(the(Huvudman, name="Vallentuna kommun"))
    assert missing(page, "Huvudmannen har inga deltaganden", "Enheter 0") == []
    vallentuna = the(Huvudman, name="Vallentuna kommun").uuid
    counts = {
        resource: integration.count(resource, huvudman=vallentuna)
        for resource in ("participations", "school-units", "meetings", "seminars")
    }
    assert set(counts.values()) == {0}


def test_no_unit_or_huvudman_comes_from_the_page(integration):
    names = " ".join(
        row["name"] for resource in ("huvudman", "school-units") for row in integration.rows(resource)
    )
    words = "Karby Bällstaberg gymnasium Sjöhästen Ormsta Erikslund Nyhem Trosa Täby Tierp Göteborg Västerås"
    assert [word for word in words.split() if word in names] == []


@pytest.mark.parametrize("account", ["processledare", "forvaltning", "rektor", "namnd", "frammande"])
def test_only_a_coordinator_reads_it(reader, account):
    who, source = reader(account), the(Source, kind="scraped").uuid
    assert who.status(f"/api/v1/sources/{source}") == 404
    assert "scraped" not in {row["kind"] for row in who.rows("sources")}
    assert "unverified" not in {row["trust"] for row in who.rows("statements")}
