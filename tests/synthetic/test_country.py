"""The invented country: the same again from the same arguments, and in the database as if the services had made it."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, models
from django.test import Client

from bench import floor
from bench.client import Answer, Request
from bench.measuring import hold
from bench.rows import FLOOR, PLAIN, Row
from sbs_portal.accounts.models import User
from sbs_portal.api.tokens import issue_token
from sbs_portal.audit.models import Change
from sbs_portal.db.kept import bring_in_line_sql
from sbs_portal.db.roles import as_owner
from sbs_portal.db.security import domain_models, event_models
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.synthetic.country import country
from sbs_portal.synthetic.loading import TABLES, load
from sbs_portal.synthetic.plan import Place
from schools.models import Huvudman, Person, SchoolUnit
from seminars.models import Attendance, Meeting, MeetingParticipation
from seminars.services.meeting import move_meeting
from tests import factories
from tests.database import fresh_database

DAY = date(2026, 3, 10)
FACTOR = 0.004
PLACES = [Place(number, f"{number:04}") for number in range(1, 30)]


def made(**arguments) -> dict[str, list]:
    tables: dict[str, list] = {}
    for batch in country(
        **{"factor": FACTOR, "day": DAY, "places": PLACES, "subject_types": TYPES} | arguments
    ):
        for label, rows in batch.items():
            tables.setdefault(label, []).extend(rows)
    return tables


TYPES = {"programmes.Participation": 1}


def test_the_same_arguments_make_the_same_country():
    once, again, other = made(), made(), made(seed=2)
    assert once == again
    assert once["schools.Person"] != other["schools.Person"]


def test_a_fiftieth_of_a_country_has_a_fiftieth_of_everything():
    numbers = {label: len(rows) for label, rows in made(factor=0.02).items()}
    assert (
        numbers["schools.Huvudman"],
        numbers["schools.SchoolUnit"],
        numbers["programmes.Participation"],
    ) == (
        56,
        213,
        8,
    )
    assert numbers["seminars.Meeting"] == pytest.approx(1_200, rel=0.15)
    assert numbers["seminars.Attendance"] == pytest.approx(12_000, rel=0.15)


def test_every_huvudman_says_that_it_is_invented():
    rows = [row.values for row in made()["schools.Huvudman"]]
    assert rows
    assert all(row["is_fictional"] and row["name"].endswith("(påhittad)") for row in rows)


def test_real_data_is_not_mixed_with_unless_it_is_allowed(db, settings):
    settings.DEMO = True  # also where the tests' server is not the embedded one
    factories.make_huvudman("Riktiga friskolan AB")
    with pytest.raises(CommandError, match="1 huvudmän som inte är påhittade"):
        call_command("seed_scale", factor=FACTOR)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The country in this worker's database; a new database afterwards."""
    with django_db_blocker.unblock():
        with as_owner():
            numbers = load(factor=FACTOR, seed=1, day=DAY)
        yield numbers
        for alias in settings.DATABASES:
            connections[alias].close()
        fresh_database(settings.DATABASES["default"]["NAME"])


@pytest.fixture
def rows(loaded, db):
    """A cursor that sees everything."""
    with bound(NATIONAL), connection.cursor() as cursor:
        yield cursor


def test_every_table_of_the_country_has_rows(loaded):
    assert sorted(loaded) == sorted(TABLES)


def test_whose_a_row_is_is_what_its_links_say(rows):
    shared = [
        model
        for model in domain_models()
        if model.scoping.kind == "shared" and any(link for link in _links(model))
    ]
    assert {model.__name__ for model in shared} == {"Person", "SchoolUnit", "Meeting", "Seminar"}
    for model in shared:
        table = model._meta.db_table
        before = dict(model.objects.values_list("pk", "huvudman_ids"))
        # As the link triggers would: nothing is to be put right.
        rows.execute(f'SELECT sbs_owners_{table}((SELECT array_agg(id) FROM "{table}"))')
        assert dict(model.objects.values_list("pk", "huvudman_ids")) == before


def test_links_to_meetings_say_when_they_are(rows):
    links = MeetingParticipation.objects.filter(status="held")
    assert links.count() == MeetingParticipation.objects.filter(meeting__status="held").count() > 0
    # As the triggers would: nothing is to be put right.
    rows.execute(bring_in_line_sql(domain_models()))
    assert rows.rowcount == 0


def _links(model) -> list:
    return [
        link
        for source in domain_models()
        for link in getattr(source, "scope_links", ())
        if link.parent == model._meta.label
    ]


@pytest.mark.parametrize("label", TABLES)
def test_rows_are_valid_and_history_has_them_as_they_are(rows, label):
    model = next(model for model in domain_models() if model._meta.label == label)
    newest = list(model._base_manager.order_by("-pk")[:4])
    for row in newest:
        row.full_clean(exclude=["password"], validate_unique=False)
    event = event_models().get(model)
    if event is None:
        return
    kept = [field.column for field in event._meta.concrete_fields if not field.column.startswith("pgh_")]
    kept.remove("superseded_at")
    same = " AND ".join(f't."{column}" IS NOT DISTINCT FROM e."{column}"' for column in kept)
    rows.execute(
        f'SELECT count(*), count(e.pgh_id) FROM "{model._meta.db_table}" t LEFT JOIN "{event._meta.db_table}" e'
        f" ON e.pgh_obj_id = t.id AND e.superseded_at IS NULL AND {same}"
    )
    total, told = rows.fetchone()
    assert total > 0
    assert told == total


def test_the_ledger_has_every_event_and_knows_whose_it_is(rows):
    for model, event in event_models().items():
        if model._meta.label in TABLES:
            changes = Change.objects.filter(model=model._meta.label)
            assert changes.count() == event.objects.count()
    meeting = Meeting.objects.filter(status="held").first()
    first, last = Change.objects.filter(model="seminars.Meeting", object_id=meeting.pk).order_by("event_id")
    assert (first.kind, last.kind, last.previous_id) == ("insert", "update", first.event_id)
    assert last.now_ids == last.huvudman_ids == meeting.huvudman_ids
    line = Change.objects.filter(model="seminars.Attendance", root_uuid=meeting.uuid).first()
    assert line.root_model == "seminars.Meeting"


def test_each_of_the_cast_sees_what_is_theirs(loaded, db):
    editor = User.objects.get(email="forvaltning@skala.example")
    own = Scope.of(editor).huvudman_ids
    with bound(NATIONAL):
        total = Meeting.objects.count()
        theirs = Meeting.objects.filter(huvudman_ids__overlap=list(own)).count()
    with bound(Scope.of(editor)) as scope:
        assert Meeting.objects.visible_to(scope).count() == Meeting.objects.count() == theirs
    assert 0 < theirs < total
    assert Scope.of(User.objects.get(email="samordnare@skala.example")).is_coordinator


def test_the_services_go_on_from_what_was_loaded(loaded, db):
    with bound(NATIONAL):
        meeting = Meeting.objects.filter(status="planned", when_date__gt=DAY).first()
        version = meeting.version
        moved = move_meeting(meeting=meeting, to=date(2026, 12, 1), reason="Krock.", by=NATIONAL)
        assert moved.version == version + 1
        person = factories.make_person(Huvudman.objects.first())
        assert person.pk > Person.objects.exclude(pk=person.pk).order_by("-pk").first().pk
        last = (
            Change.objects.filter(model="seminars.Meeting", object_id=meeting.pk)
            .order_by("-event_id")
            .first()
        )
    assert (last.kind, last.huvudman_ids) == ("update", meeting.huvudman_ids)


def test_some_are_protected_and_some_units_have_had_another_life(rows):
    assert Person.objects.exclude(security_marking="none").exists()
    assert Attendance.objects.filter(status="absent").exists()
    several = SchoolUnit.objects.annotate(periods=models.Count("versions")).filter(periods__gt=1)
    assert several.exists()


@pytest.fixture(scope="module")
def keys(loaded, django_db_blocker):
    """Keys to the API of the cast, kept: the floor asks on a connection of its own."""
    with django_db_blocker.unblock():
        users = User.objects.filter(email__in=["integration@skala.example", "processledare@skala.example"])
        return {user.email.partition("@")[0]: issue_token(user=user, name="Mätning")[1] for user in users}


@pytest.mark.parametrize("account", ["integration", "processledare"])
@pytest.mark.parametrize("resource", ["meetings", "participations", "school-units"])
def test_the_bench_is_measured_against_what_answers_the_same(keys, db, settings, resource, account):
    path, authorization = f"/api/v1/{resource}", f"Bearer {keys[account]}"
    told: list[str] = []

    def asked(query: str) -> list[Answer]:
        """What the portal, the plain comparison and the floor answer."""
        answers = []
        for urls in ("sbs_portal.urls", "bench.plain"):
            settings.ROOT_URLCONF = urls
            got = Client().get(
                f"{path}{query}", headers={"authorization": authorization, "host": "localhost"}
            )
            answers.append(Answer(got.status_code, {}, got.content))
        environ = {"REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": authorization}
        place, _, asks = f"{path}{query}".partition("?")
        environ |= {"PATH_INFO": place, "QUERY_STRING": asks}
        [body] = floor.application(environ, lambda status, headers: told.append(status))
        answers.append(Answer(int(told[-1][:3]), {}, body))
        return answers

    portal, plain, hand = asked("?limit=100")
    row = Row(resource, "", resource, Request(path))
    hold(row, PLAIN, portal, plain)
    hold(row, FLOOR, portal, hand)
    first = json.loads(portal.body)["data"][0]
    portal, plain, hand = asked(f"/{first['id']}")
    hold(row, PLAIN, portal, plain)
    hold(row, FLOOR, portal, hand)


def test_a_second_country_is_refused(loaded, db, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="redan inläst"):
        call_command("seed_scale", factor=FACTOR)
