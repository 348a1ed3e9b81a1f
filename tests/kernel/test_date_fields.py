"""Terms and imprecise dates in models, forms, serializers and filters."""

import re
from datetime import date

import django_filters
import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Max
from django.test.utils import isolate_apps
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import routers, serializers, viewsets

from sbs_portal.api.fields import CalendarSerializerMixin, ImpreciseDateSerializerField
from sbs_portal.db.fields import (
    ImpreciseDateField,
    SchoolYearField,
    TermField,
    columns,
    imprecise_date_constraints,
    in_order,
    latest_day,
    overlapping,
)
from sbs_portal.time import ImpreciseDate, Precision, SchoolYear, Term
from sbs_portal.web.date_filters import CALENDAR_FILTERS, ImpreciseDateFilter, TermFilter
from sbs_portal.web.fields import ImpreciseDateFormField, ImpreciseDateModelFormMixin, TermFormField

with isolate_apps("sbs_portal.db"):

    class Dated(models.Model):
        seen = ImpreciseDateField("sedd")

        class Meta:
            app_label = "db"
            abstract = True

    class Event(Dated):
        name = models.CharField("namn", max_length=20)
        when = ImpreciseDateField("när", blank=False)
        start_term = TermField("starttermin", null=True, blank=True)
        school_year = SchoolYearField("läsår", null=True, blank=True)

        class Meta:
            app_label = "db"
            db_table = "calendar_event"
            constraints = [
                *imprecise_date_constraints("when"),
                models.CheckConstraint(
                    name="event_not_before_programme",
                    condition=models.Q(start_term__gte=Term("VT", 2015)),
                    violation_error_message="Programmet började vårterminen 2015.",
                ),
                models.CheckConstraint(
                    name="event_not_seen_before",
                    condition=models.Q(seen_date__gte=F("when_date")),
                    violation_error_message="Händelsen kan inte ha setts innan den inträffade.",
                ),
            ]

        def __str__(self):
            return self.name


@pytest.fixture
def event_table(db):
    """A table for Event, gone after the test."""
    with connection.schema_editor(atomic=False) as editor:
        statement, parameters = editor.table_sql(Event)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1), parameters)


class EventForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    class Meta:
        model = Event
        fields = ["name", "when", "seen", "start_term", "school_year"]


class EventSerializer(CalendarSerializerMixin, serializers.ModelSerializer):
    class Meta:
        model = Event
        fields = ["name", "when", "seen", "start_term", "school_year"]


class EventFilterSet(django_filters.FilterSet):
    when = ImpreciseDateFilter(field_name="when")
    start_term__gte = TermFilter(field_name="start_term", lookup_expr="gte")

    class Meta:
        model = Event
        fields = ["start_term", "school_year"]
        filter_overrides = CALENDAR_FILTERS


# Model fields


@pytest.mark.parametrize(
    ("given_value", "stored"),
    [
        ("maj 2018", (date(2018, 5, 1), "month", "")),
        (date(2018, 4, 23), (date(2018, 4, 23), "day", "")),
        (Term("HT", 2018), (date(2018, 7, 1), "term", "")),
        (ImpreciseDate.unknown("förra veckan"), (None, "unknown", "förra veckan")),
        (None, (None, "unknown", "")),
    ],
)
def test_imprecise_date_is_kept_in_three_columns(given_value, stored):
    event = Event(when=given_value)
    assert (event.when_date, event.when_precision, event.when_text) == stored
    assert event.when == ImpreciseDate.of(given_value)


def test_model_made_without_a_date_has_an_unknown_one():
    assert Event(name="x").when == ImpreciseDate.unknown()


def test_date_set_later_replaces_all_three_columns():
    event = Event(when=ImpreciseDate.month(2018, 5, "i maj"))
    event.when = date(2018, 5, 3)
    assert (event.when_date, event.when_precision, event.when_text) == (date(2018, 5, 3), "day", "")


def test_columns_are_added_once_and_inherited_from_an_abstract_model():
    assert [field.name for field in Event._meta.concrete_fields] == [
        "id",
        "seen_date",
        "seen_precision",
        "seen_text",
        "name",
        "start_term",
        "school_year",
        "when_date",
        "when_precision",
        "when_text",
    ]


def test_required_date_must_be_known_and_an_optional_one_need_not():
    with pytest.raises(ValidationError) as refused:
        Event(name="x", when=ImpreciseDate.unknown("snart")).clean_fields()
    assert refused.value.message_dict == {"when": ["Ange en dag, månad, termin eller ett år."]}


def test_query_for_the_date_as_if_it_were_one_column_says_what_to_ask_for():
    with pytest.raises(FieldError, match="when_date, or use latest_day or overlapping"):
        Event.objects.filter(when="2018")


@pytest.mark.parametrize(
    ("field", "value", "number"),
    [
        (TermField(), Term("HT", 2018), 4037),
        (TermField(), "ht 2018", 4037),
        (SchoolYearField(), SchoolYear(2018), 2018),
        (SchoolYearField(), "2018/19", 2018),
        (TermField(), None, None),
    ],
)
def test_term_and_school_year_are_stored_as_numbers_in_the_order_of_time(field, value, number):
    assert field.get_prep_value(value) == number


def test_words_that_are_no_term_are_refused_at_the_field():
    with pytest.raises(ValidationError) as refused:
        Event(name="x", when="2018", start_term="snart").clean_fields()
    assert refused.value.message_dict == {
        "start_term": ["”snart” går inte att läsa som en termin. Skriv till exempel ht 2018."]
    }


def test_term_written_as_words_is_a_term_after_validation():
    event = Event(name="x", when="2018", start_term="ht 2018", school_year="2018/19")
    event.clean_fields()
    assert (event.start_term, event.school_year) == (Term("HT", 2018), SchoolYear(2018))


@pytest.mark.parametrize(
    "value", [Term("HT", 2018), SchoolYear(2018), ImpreciseDate.month(2018, 5, "i maj"), Precision.TERM]
)
def test_values_can_be_written_in_a_migration(value):
    written, imports = MigrationWriter.serialize(value)
    scope = {}
    exec("\n".join(imports), scope)
    assert eval(written, scope) == value


# In the database


def make_event(when, **values):
    return Event.objects.create(name=str(ImpreciseDate.of(when).code), when=when, **values)


def test_date_and_terms_come_back_from_the_database_as_they_were(event_table):
    given_date = ImpreciseDate.term(Term("HT", 2018), "under hösten")
    make_event(given_date, start_term=Term("VT", 2018), school_year="2018/19")
    event = Event.objects.get()
    assert (event.when, event.start_term, event.school_year) == (
        given_date,
        Term("VT", 2018),
        SchoolYear(2018),
    )
    assert event.seen == ImpreciseDate.unknown()


def test_terms_are_compared_and_ordered_by_time(event_table):
    for code in ("HT2018", "VT2018", "VT2019"):
        make_event("2018", start_term=code)
    make_event("2017")

    def found(**lookup):
        events = Event.objects.filter(**lookup).order_by("start_term")
        return [str(event.start_term) for event in events]

    assert found(start_term__gte=Term("HT", 2018)) == ["HT2018", "VT2019"]
    assert found(start_term__lt="HT2018") == ["VT2018"]
    assert found(start_term__range=("VT2018", "HT2018")) == ["VT2018", "HT2018"]
    assert found(start_term__in=["VT2019", Term("VT", 2018)]) == ["VT2018", "VT2019"]
    assert found(start_term__isnull=True) == ["None"]
    assert Event.objects.aggregate(latest=Max("start_term"))["latest"] == Term("VT", 2019)


@pytest.mark.parametrize(
    "code", ["2018-04-23", "2018-05", "2020-02", "2018-12", "VT2018", "HT2018", "2018", "2020", ""]
)
def test_database_finds_the_same_last_day_as_the_value(event_table, code):
    make_event(code)
    assert Event.objects.values_list(latest_day("when"), flat=True).get() == ImpreciseDate.parse(code).last


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2018, 5, 31), date(2018, 5, 31)),
        (date(2018, 1, 1), date(2018, 1, 1)),
        (date(2018, 7, 1), None),
        (None, date(2018, 4, 22)),
        (None, None),
        (date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_database_finds_the_same_overlaps_as_the_value(event_table, first, last):
    codes = ["2018-04-23", "2018-05", "VT2018", "HT2018", "2018", "2017", ""]
    for code in codes:
        make_event(code)
    found = Event.objects.filter(overlapping("when", first, last)).values_list("name", flat=True)
    assert sorted(found) == sorted(code for code in codes if ImpreciseDate.parse(code).overlaps(first, last))


def test_database_sorts_dates_like_the_values(event_table):
    wanted = ["2018-01-01", "2018-01", "VT2018", "2018", "2018-01-02", ""]
    for code in reversed(wanted):
        make_event(code)
    assert list(Event.objects.order_by(*in_order("when")).values_list("name", flat=True)) == wanted


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (("month", date(2018, 5, 2)), "En månad, termin eller ett år anges med sin första dag."),
        (("term", date(2018, 2, 1)), "En månad, termin eller ett år anges med sin första dag."),
        (("year", date(2018, 7, 1)), "En månad, termin eller ett år anges med sin första dag."),
        (("day", None), "Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag."),
        (
            ("unknown", date(2018, 5, 2)),
            "Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.",
        ),
        (("week", date(2018, 1, 1)), "Noggrannheten ska vara dag, månad, termin, år eller okänt."),
    ],
)
def test_columns_that_contradict_each_other_are_refused_by_model_and_database(event_table, stored, message):
    event = make_event("maj 2018")
    event.when_precision, event.when_date = stored
    with pytest.raises(ValidationError) as refused:
        event.validate_constraints()
    assert message in refused.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(when_precision=stored[0], when_date=stored[1])


def test_update_takes_the_columns_of_a_value(event_table):
    make_event("maj 2018")
    Event.objects.update(**columns("when", ImpreciseDate.year(2019, "nästa år")))
    assert Event.objects.get().when == ImpreciseDate.year(2019, "nästa år")
    with pytest.raises(FieldError, match="three columns"):
        Event.objects.update(when="2018")


# Forms


def test_form_reads_the_date_and_keeps_the_words_it_does_not_show():
    event = Event(name="x", when=ImpreciseDate.month(2018, 5, "nästa möte i maj"))
    page = str(EventForm(instance=event)["when"])
    assert 'value="maj 2018"' in page
    assert '<input type="hidden" name="when_text" value="nästa möte i maj" id="id_when_text">' in page


def test_form_field_with_words_asks_for_both_in_a_group_with_labels():
    class WithWords(forms.Form):
        when = ImpreciseDateFormField(label="När", with_text=True, required=False)

    form = WithWords({"when": "vt 2018", "when_text": " under våren "})
    assert form.is_valid()
    assert form.cleaned_data["when"] == ImpreciseDate.term(Term("VT", 2018), "under våren")
    page = form.as_div()
    assert "<legend" in page
    assert 'for="id_when_text">Källans egna ord (frivilligt)</label>' in page


def test_form_names_hint_and_label_for_the_box_one_writes_in():
    page = EventForm().as_div()
    assert re.search(r'<label[^>]* for="id_when">När', page)
    assert "Dag, månad eller termin, till exempel maj 2018 eller vt 2018." in page
    assert page.count('aria-describedby="id_when_helptext"') == 1


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (
            {"name": "x", "when": "31 november 2018"},
            {"when": ["Den 31 november finns inte. Menade du 30 november?"]},
        ),
        ({"name": "x", "when": ""}, {"when": ["Ange en dag, månad, termin eller ett år."]}),
        (
            {"name": "x", "when": "2018", "start_term": "snart", "school_year": "2018/20"},
            {
                "start_term": ["”snart” går inte att läsa som en termin. Skriv till exempel ht 2018."],
                "school_year": ["Ett läsår är två år i följd. Menade du 2018/19?"],
            },
        ),
        (
            {"name": "x", "when": "2018", "when_text": "o" * 201},
            {"when": ["Källans ord får vara högst 200 tecken."]},
        ),
    ],
)
@pytest.mark.django_db
def test_form_answers_what_it_cannot_read(data, errors):
    form = EventForm(data)
    assert form.errors == errors


@pytest.mark.django_db
def test_form_checks_constraints_that_mention_the_columns_of_its_dates():
    form = EventForm({"name": "x", "when": "maj 2018", "seen": "april 2018"})
    assert form.errors == {"__all__": ["Händelsen kan inte ha setts innan den inträffade."]}


@pytest.mark.django_db
def test_valid_form_gives_the_instance_its_values():
    form = EventForm({"name": "x", "when": "maj 2018", "start_term": "ht 2018", "school_year": "2018/2019"})
    assert form.is_valid(), form.errors
    event = form.instance
    assert (event.when.code, event.start_term, event.school_year) == (
        "2018-05",
        Term("HT", 2018),
        SchoolYear(2018),
    )


def test_list_of_terms_offers_those_and_refuses_others():
    field = TermFormField(options=Term("VT", 2018).through(Term("HT", 2018)))
    assert field.widget.choices == [
        ("", "Välj termin"),
        ("VT2018", "vårterminen 2018"),
        ("HT2018", "höstterminen 2018"),
    ]
    assert field.clean("HT2018") == Term("HT", 2018)
    with pytest.raises(ValidationError, match="Vårterminen 2019 går inte att välja här"):
        field.clean("VT2019")


# The API


known = st.one_of(
    st.builds(ImpreciseDate.day, st.dates(date(1900, 1, 1), date(2199, 12, 31))),
    st.builds(ImpreciseDate.month, st.integers(1900, 2199), st.integers(1, 12)),
    st.builds(ImpreciseDate.year, st.integers(1900, 2199)),
)


@given(known, st.sampled_from(["", "i mitten av oktober"]))
def test_what_the_api_gives_it_takes_back_unchanged(value, words):
    field = ImpreciseDateSerializerField()
    value = value.with_text(words)
    assert field.run_validation(field.to_representation(value)) == value


@pytest.mark.parametrize(
    ("value", "given_out"),
    [
        (ImpreciseDate.month(2018, 5), {"date": "2018-05", "precision": "month", "text": "maj 2018"}),
        (ImpreciseDate.month(2018, 5, "i maj"), {"date": "2018-05", "precision": "month", "text": "i maj"}),
        (
            ImpreciseDate.term(Term("HT", 2018)),
            {"date": "HT2018", "precision": "term", "text": "höstterminen 2018"},
        ),
        (ImpreciseDate.unknown(), {"date": None, "precision": "unknown", "text": "okänt datum"}),
        (ImpreciseDate.unknown("i fjol"), {"date": None, "precision": "unknown", "text": "i fjol"}),
    ],
)
def test_api_gives_code_precision_and_words(value, given_out):
    field = ImpreciseDateSerializerField()
    assert field.to_representation(value) == given_out
    assert field.run_validation(given_out) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("2018-05", ImpreciseDate.month(2018, 5)),
        ({"date": "HT2018", "text": "under hösten"}, ImpreciseDate.term(Term("HT", 2018), "under hösten")),
        ({"date": None}, ImpreciseDate.unknown()),
        (None, ImpreciseDate.unknown()),
    ],
)
def test_api_takes_the_code_alone_and_null(data, value):
    assert ImpreciseDateSerializerField().run_validation(data) == value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("2018-11-31", "Den 31 november finns inte. Menade du 30 november?"),
        ({"date": "2018-05", "precision": "day"}, "precision är day, men datumet har noggrannheten month."),
        (
            {"date": "2018-05", "precision": "week"},
            "precision ska vara day, month, term, year eller unknown.",
        ),
        ({"date": "2018", "day": 1}, "Okända fält: day. Fälten är date, precision och text."),
        ({"date": 2018}, "date ska vara text eller null."),
        ({"date": "2018", "text": 1}, "text ska vara text."),
        ({"date": "2018", "text": "o" * 201}, "text får vara högst 200 tecken."),
        (2018, "Skriv datumet som text eller som ett objekt med date, precision och text."),
    ],
)
def test_api_answers_what_it_cannot_read(data, message):
    with pytest.raises(serializers.ValidationError) as refused:
        ImpreciseDateSerializerField().run_validation(data)
    assert refused.value.detail == [message]


def test_model_serializer_finds_the_fields_by_itself():
    event = Event(name="x", when="maj 2018", start_term=Term("HT", 2018), school_year=SchoolYear(2018))
    assert EventSerializer(event).data == {
        "name": "x",
        "when": {"date": "2018-05", "precision": "month", "text": "maj 2018"},
        "seen": {"date": None, "precision": "unknown", "text": "okänt datum"},
        "start_term": "HT2018",
        "school_year": "2018/19",
    }


def test_model_serializer_asks_for_a_known_date_where_the_model_does():
    serializer = EventSerializer(data={"name": "x", "when": None, "seen": None, "start_term": 3})
    assert not serializer.is_valid()
    assert serializer.errors == {
        "when": ["Ange en dag, månad, termin eller ett år."],
        "start_term": ["Skriv värdet som text."],
    }


def test_openapi_describes_the_fields():
    class Events(viewsets.ReadOnlyModelViewSet):
        queryset = Event.objects.all()
        serializer_class = EventSerializer
        pagination_class = None

    router = routers.SimpleRouter()
    router.register("events", Events)
    document = SchemaGenerator(patterns=router.urls).get_schema(public=True)
    validate_schema(document)
    schemas = document["components"]["schemas"]
    assert schemas["ImpreciseDate"]["required"] == ["date", "precision", "text"]
    assert schemas["Event"]["properties"]["when"]["allOf"] == [{"$ref": "#/components/schemas/ImpreciseDate"}]
    assert schemas["Event"]["properties"]["start_term"]["pattern"] == "^(VT|HT)[0-9]{4}$"


# Filters


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"when": "2018-05"}, ["2018-05", "VT2018"]),
        ({"when": "2019"}, ["2019-01-01"]),
        ({"when": ""}, ["", "2018-05", "2019-01-01", "HT2018", "VT2018"]),
        ({"start_term": "HT2018"}, ["HT2018"]),
        ({"start_term__gte": "HT2018"}, ["2019-01-01", "HT2018"]),
        ({"school_year": "2018/19"}, ["HT2018"]),
    ],
)
def test_filters_find_dates_that_can_have_been_then(event_table, query, names):
    make_event("2018-05")
    make_event("VT2018", start_term="VT2018")
    make_event("HT2018", start_term="HT2018", school_year="2018/19")
    make_event("2019-01-01", start_term="VT2019")
    make_event("")
    filtered = EventFilterSet(query, Event.objects.order_by("name"))
    assert filtered.is_valid()
    assert [event.name for event in filtered.qs] == names


def test_filters_answer_what_they_cannot_read():
    filtered = EventFilterSet({"when": "30 februari 2018", "start_term__gte": "2018"}, Event.objects.all())
    assert filtered.errors == {
        "when": ["Den 30 februari finns inte. Menade du 28 februari?"],
        "start_term__gte": ["”2018” går inte att läsa som en termin. Skriv till exempel ht 2018."],
    }
