"""Several querysets in one statement are what they are one by one."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import BigIntegerField, Count, UUIDField
from django.utils import timezone

from programmes import overview
from programmes.models import Participation
from programmes.overview import Overview
from programmes.views.participation import _head_of
from sbs_portal.audit.models import Statement
from sbs_portal.db.questions import Given, Question, forget, is_among, kept
from sbs_portal.db.statements import Together, counting, hang, ids_in_runs
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.search import kinds
from sbs_portal.search.text import Seeking
from schools.models import Huvudman, Person
from seminars.models import Meeting, MeetingParticipation, Outcome
from seminars.models.meeting import nearest_runs
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2018, 4, 23)


def fields_of(row) -> dict:
    """A row's values with their types, those of the rows joined to it too."""
    joined = {name: fields_of(one) for name, one in row._state.fields_cache.items() if one is not None}
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {"row": [(name, type(value), value) for name, value in own.items()], **joined}


def test_rows_read_together_are_what_they_are_one_by_one(django_assert_num_queries):
    cast = factories.Cast()
    factories.make_outcome(factories.make_meeting(cast.participation, when=TODAY), "action", due_on=TODAY)
    factories.make_outcome(factories.make_meeting(cast.participation), text='Å "ä"\n\\ {}')
    with bound(NATIONAL):
        source = factories.make_source() if hasattr(factories, "make_source") else None
        if source is not None:
            Statement.objects.create(
                source=source, what="term", text="t", trust="stated", value={"number": 3}
            )

        def asked():
            return [
                Meeting.objects.order_by("pk"),
                Outcome.objects.select_related("meeting", "owner").order_by("pk"),
                Participation.objects.select_related("huvudman", "programme").order_by("pk"),
                Person.objects.order_by("-pk")[:1],
                Huvudman.objects.none(),
                Statement.objects.order_by("pk"),
                Participation.objects.filter(pk=0),
            ]

        together = Together({str(number): rows for number, rows in enumerate(asked())})
        with django_assert_num_queries(1):
            read = [[fields_of(row) for row in rows] for rows in together.read().values()]
        assert read == [[fields_of(row) for row in rows] for rows in asked()]
        assert [len(rows) for rows in read][:5] == [2, 2, len(read[2]), 1, 0]


def test_what_is_compiled_once_is_read_with_what_is_given(django_assert_num_queries):
    cast = factories.Cast()
    first, second = (factories.make_meeting(cast.participation, when=TODAY) for _ in range(2))
    with bound(NATIONAL):
        links = MeetingParticipation.objects.filter(meeting=Given("meeting", BigIntegerField()))
        together = Together(
            {
                "meetings": Meeting.objects.filter(uuid=Given("uuid", UUIDField())),
                "whose": links.values_list("meeting_id", "participation__uuid", "meeting__when_date"),
                "links": links,
            }
        )
        for meeting in (first, second, first):
            with django_assert_num_queries(1):
                read = together.read(meeting=meeting.pk, uuid=meeting.uuid)
                hang(read["meetings"], "participation_links", read["links"], by="meeting_id")
                (found,) = read["meetings"]
                assert [link.participation_id for link in found.participation_links.all()] == [
                    cast.participation.pk
                ]
            assert (found, read["whose"]) == (meeting, [(meeting.pk, cast.participation.uuid, TODAY)])


def kept_as(key, make):
    """What is kept of a question that is asked twice."""
    forget()
    return kept(key, make) is kept(key, make)


def test_a_question_that_is_kept_gives_what_its_queryset_gives():
    factories.make_outcome(factories.make_meeting(factories.Cast().participation, when=TODAY))
    with bound(NATIONAL):
        asked = (
            Meeting.objects.annotate(lines=Count("outcomes")).order_by("pk"),
            Participation.objects.select_related("huvudman", "programme")
            .prefetch_related("phases")
            .order_by("pk"),
            Person.objects.only("name").order_by("-pk")[:2],
            Huvudman.objects.none(),
        )
        for rows in asked:
            assert [fields_of(row) for row in Question(rows).asked()] == [fields_of(row) for row in rows]
        lines = Outcome.objects.select_related("meeting").prefetch_related("meeting__participation_links")
        for read in (Question(lines).asked(), list(lines)):
            (link,) = read[0].meeting.participation_links.all()
            assert link.meeting is read[0].meeting
        two = [row.pk for row in Person.objects.order_by("pk")[:2]]
        among = Question(Person.objects.filter(is_among("pk", "ids")).order_by("pk"))
        assert [row.pk for row in among.asked(ids=two)] == two
        assert among.asked(ids=[]) == []


def test_what_asks_the_database_or_says_a_moment_while_it_is_made_is_not_kept():
    def asking():
        Huvudman.objects.exists()
        return Question(Huvudman.objects.all())

    def at_a_moment():
        return Question(Huvudman.objects.filter(created_at__gt=timezone.now()))

    assert kept_as("plain", lambda: Question(Huvudman.objects.all()))
    assert not kept_as("asking", asking)
    assert not kept_as("moment", at_a_moment)


def test_what_is_kept_says_no_moment_and_asks_nothing_while_it_is_made(django_assert_num_queries):
    cast = factories.Cast()
    for user in cast.everyone.values():
        scope = Scope.of(user)
        with bound(scope):
            asking = Overview(cast.participation, scope, TODAY).asking
            seeking = Seeking(scope, TODAY, limit=7, number=2, has_digits=True, has_id=True)
            make = (
                lambda asking=asking: [overview._statement.__wrapped__(asking)],
                lambda scope=scope: [_head_of.__wrapped__(scope)],
                lambda seeking=seeking: kinds._statements.__wrapped__(seeking, tuple(kinds._kinds)),
            )
            for one in make:
                one()  # The kinds of content are read once, and kept by Django.
                with django_assert_num_queries(0):
                    made = one()
                assert not [param for each in made for param in each.params if isinstance(param, datetime)]


def test_several_are_counted_in_one_statement_and_no_further_than_asked(django_assert_num_queries):
    for _ in range(3):
        factories.make_huvudman()
    with bound(NATIONAL):
        rows = Huvudman.objects.order_by("sort_key")
        one = rows.filter(pk=rows[0].pk)
        with django_assert_num_queries(1):
            assert counting([rows, rows.none(), one, rows], most=2).asked() == [(2, 0, 1, 2)]


def test_the_nearest_first_are_the_same_as_runs(django_assert_num_queries):
    participation = factories.make_participation()
    for days in (-9, -1, 0, 0, 4, 30, None):
        for status in ("planned", "held", "cancelled"):
            when = None if days is None else TODAY + timedelta(days=days)
            if not (status == "held" and (days is None or days > 0)):
                factories.make_meeting(participation, when=when, status=status, cancelled_reason="Snö")
    with bound(NATIONAL):
        rows = Meeting.objects.all()
        wanted = [row.pk for row in rows.nearest_first(TODAY)]
        assert len(wanted) > 12
        with django_assert_num_queries(3):
            found = [
                pk
                for first in (0, 7, 14)
                for (pk,) in ids_in_runs(rows, nearest_runs(TODAY), first, first + 7).asked()
            ]
        assert found == wanted[:21]
