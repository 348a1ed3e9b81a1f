"""What each demo account is shown: its own by its role, and nothing of anybody else's."""

import re

import pytest

from programmes.models import Participation
from sbs_portal.api_urls import RESOURCES
from sbs_portal.audit.models import Statement
from sbs_portal.demo.cases import alvdalen, exempelby, uddevalla
from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman, Person, SchoolUnit
from seminars.models import Meeting, Seminar
from tests.cases.reading import the

ACCOUNTS = ("samordnare", "processledare", "forvaltning", "rektor", "namnd", "exempelby", "frammande")
LISTS = ("/", "/deltaganden/", "/huvudman/", "/enheter/", "/traffar/", "/seminarier/")
# The page → the status for each of ACCOUNTS, in that order.
STATUS = {
    "review list": (200, 403, 403, 403, 403, 403, 403),
    "statement of Uddevalla": (200, 403, 403, 403, 403, 403, 403),
    "statement of the collected page": (200, 403, 403, 403, 403, 403, 403),
    "admin": (200, 302, 302, 302, 302, 302, 302),
    "Uddevalla": (200, 200, 200, 200, 200, 404, 404),
    "Uddevalla, participation": (200, 200, 200, 200, 200, 404, 404),
    "Uddevalla, unit": (200, 200, 200, 200, 200, 404, 404),
    "Uddevalla, rektor": (200, 200, 200, 200, 404, 404, 404),
    "Uddevalla, planned meeting": (200, 200, 200, 200, 404, 404, 404),
    "Uddevalla, write": (200, 200, 200, 200, 404, 404, 404),
    "Exempelby": (200, 200, 404, 404, 404, 200, 404),
    "Exempelby, participation": (200, 200, 404, 404, 404, 200, 404),
    "Exempelby, held meeting": (200, 200, 404, 404, 404, 200, 404),
    "Exempelby, write": (200, 200, 404, 404, 404, 200, 404),
    "Älvdalen": (200, 404, 404, 404, 404, 404, 200),
    "Älvdalen, participation": (200, 404, 404, 404, 404, 404, 200),
    "Älvdalen, seminar": (200, 404, 404, 404, 404, 404, 200),
    "Vallentuna": (200, 404, 404, 404, 404, 404, 404),
}
# Which rows of the API each key reads: resource → how many, in the order of KEYS.
KEYS = ("integration", "samordnare", "processledare", "forvaltning", "rektor", "namnd", "frammande")
COUNTS = {
    "huvudman": (6, 6, 2, 1, 1, 1, 1),
    "participations": (5, 5, 2, 1, 1, 1, 1),
    "school-units": (11, 11, 6, 3, 3, 3, 1),
    "seminars": (5, 5, 2, 0, 0, 0, 1),
    "agreements": (2, 2, 2, 0, 0, 0, 0),
    "supports": (5, 5, 4, 2, 2, 2, 0),
    "people": (22, 22, 11, 3, 3, 0, 7),
    "role-assignments": (22, 22, 11, 3, 3, 0, 7),
    "delegates": (6, 6, 0, 0, 0, 0, 6),
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MADE_UP = "00000000-0000-4000-8000-000000000001"
# Reference data names every kommun of the country.
PUBLIC = {"municipalities"}


@pytest.fixture
def pages(db) -> dict[str, str]:
    """The name in STATUS → its address."""
    with bound(NATIONAL):
        participations = {one.huvudman.name: one for one in Participation.objects.select_related("huvudman")}
        own, other, third = (participations[case.NAME] for case in (uddevalla, exempelby, alvdalen))
        planned = Meeting.objects.of(own).get()
        held = Meeting.objects.of(other).held().first()
        about_own = Statement.objects.about(own).first()
        loose = Statement.objects.filter(subject_type=None).first()
    path = {
        "review list": "/uppgifter/",
        "statement of Uddevalla": f"/uppgifter/{about_own.uuid}/",
        "statement of the collected page": f"/uppgifter/{loose.uuid}/",
        "admin": "/admin/",
        "Uddevalla, write": f"{planned.get_absolute_url()}anteckna/",
        "Exempelby, write": f"{held.get_absolute_url()}anteckna/",
    }
    rows = {
        "Uddevalla": the(Huvudman, name=uddevalla.NAME),
        "Uddevalla, participation": own,
        "Uddevalla, unit": the(SchoolUnit, name="Västerskolan"),
        "Uddevalla, rektor": the(Person, user__email="rektor@demo.example"),
        "Uddevalla, planned meeting": planned,
        "Exempelby": the(Huvudman, name=exempelby.NAME),
        "Exempelby, participation": other,
        "Exempelby, held meeting": held,
        "Älvdalen": the(Huvudman, name=alvdalen.NAME),
        "Älvdalen, participation": third,
        "Älvdalen, seminar": the(Seminar, huvudman_links__huvudman__name=alvdalen.NAME),
        "Vallentuna": the(Huvudman, name="Vallentuna kommun"),
    }
    return path | {name: row.get_absolute_url() for name, row in rows.items()}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_account_is_shown_its_own(reader, pages, account):
    who, column = reader(account), ACCOUNTS.index(account)
    assert {name: who.status(pages[name]) for name in STATUS} == {
        name: statuses[column] for name, statuses in STATUS.items()
    }


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_list_opens_for_every_account(reader, account):
    who = reader(account)
    assert {path: who.status(path) for path in LISTS} == dict.fromkeys(LISTS, 200)


@pytest.mark.parametrize("account", KEYS)
def test_the_api_counts_only_the_own(reader, account):
    who, column = reader(account), KEYS.index(account)
    assert {name: who.count(name) for name in COUNTS} == {
        name: counts[column] for name, counts in COUNTS.items()
    }


def test_nobody_is_let_in_without_logging_in(client, pages):
    answers = {name: client.get(path) for name, path in pages.items()}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert all("logga-in" in answer.url or "login" in answer.url for answer in answers.values())


def test_a_reader_reads_no_staff_name_on_any_page(reader, pages):
    namnd = reader("namnd")
    with bound(NATIONAL):
        names = set(Person.objects.values_list("name", flat=True))
    read = [namnd.page(path) for path in LISTS]
    read += [namnd.page(path) for name, path in pages.items() if STATUS[name][ACCOUNTS.index("namnd")] == 200]
    assert [name for name in names for page in read if name in page] == []


def test_a_reader_reads_no_staff_name_in_the_api(reader):
    namnd = reader("namnd")
    with bound(NATIONAL):
        names = set(Person.objects.values_list("name", flat=True))
    said = "".join(str(namnd.rows(name)) for name, _ in RESOURCES if name not in PUBLIC | {"school-breaks"})
    assert [name for name in names if name in said] == []


@pytest.fixture
def foreign(db) -> dict[str, set[str]]:
    """Words and ids of everything that is Uddevalla's."""
    with bound(NATIONAL):
        huvudman = Huvudman.objects.get(name=uddevalla.NAME)
        participation = Participation.objects.get(huvudman=huvudman)
        rows = [
            huvudman,
            participation,
            *SchoolUnit.objects.filter(name__in=uddevalla.UNITS),
            *Meeting.objects.of(participation),
            *Person.objects.filter(user__email__in=["rektor@demo.example", "forvaltning@demo.example"]),
            *Statement.objects.about(participation),
        ]
        words = {"Uddevalla", *uddevalla.UNITS, "Helena Strandmark", "Tove Lindahl Berg", "Amira Nordvall"}
        return {"words": words, "ids": {str(row.uuid) for row in rows}, "huvudman": {str(huvudman.uuid)}}


def test_the_stranger_finds_nothing_on_lists_or_by_search(reader, foreign):
    stranger = reader("frammande")
    read = {path: stranger.page(path) for path in LISTS}
    for word in ("ddevall", "sterskol", "ordvall"):
        read |= {f"{path}?q={word}": stranger.page(path, q=word) for path in LISTS[1:]}
    assert [(path, word) for path, page in read.items() for word in foreign["words"] if word in page] == []


def test_the_stranger_is_told_the_same_of_uddevalla_as_of_what_never_was(reader, pages):
    stranger = reader("frammande")

    def said(path: str) -> tuple[int, str]:
        answer = stranger.pages.get(path)
        # The token of the forms and the minute are the answer's own.
        text = re.sub(r"[A-Za-z0-9]{64}|kl\. \d\d\.\d\d", "", answer.content.decode())
        return answer.status_code, UUID.sub("…", text)

    own = [path for name, path in pages.items() if name.startswith("Uddevalla")]
    assert [said(path) == said(UUID.sub(MADE_UP, path)) for path in own] == [True] * len(own)
    assert {said(path)[0] for path in own} == {404}


def test_the_stranger_finds_nothing_in_any_resource_of_the_api(reader, foreign):
    stranger = reader("frammande")
    said = {name: str(stranger.rows(name)) for name, _ in RESOURCES if name not in PUBLIC}
    wanted = foreign["words"] | foreign["ids"]
    assert [(name, word) for name, text in said.items() for word in wanted if word in text] == []


@pytest.mark.parametrize(
    "resource", ["participations", "school-units", "meetings", "seminars", "delegations"]
)
def test_the_stranger_s_filter_on_uddevalla_says_what_it_says_of_a_made_up_one(reader, foreign, resource):
    stranger = reader("frammande")

    def said(uuid: str) -> tuple[int, str]:
        answer = stranger.api.get(f"/api/v1/{resource}", {"huvudman": uuid})
        body = re.sub(r'"(instance|request_id)": ?"[^"]*"', "", answer.content.decode())
        return answer.status_code, UUID.sub("…", body)

    (uuid,) = foreign["huvudman"]
    assert said(uuid) == said(MADE_UP)


def test_the_stranger_gets_404_for_every_row_of_uddevalla_in_the_api(reader, foreign):
    stranger = reader("frammande")
    resources = ("huvudman", "participations", "school-units", "meetings", "people", "statements")
    answers = {
        stranger.status(f"/api/v1/{resource}/{uuid}") for resource in resources for uuid in foreign["ids"]
    }
    assert answers == {404}


def test_the_coordinator_finds_all_cases_in_the_admin(coordinator):
    page = coordinator.page("/admin/programmes/participation/")
    cases = ("Haparanda stad", uddevalla.NAME, "Trollhättans Stad", alvdalen.NAME, exempelby.NAME)
    assert [name for name in cases if name not in page] == []
