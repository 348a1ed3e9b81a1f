import re

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from sbs_portal.web import forms
from sbs_portal.web.drawing import DRAWN


class SampleForm(forms.Form):
    name = django_forms.CharField(label="Namn", help_text="Hela namnet.", max_length=20)
    day = django_forms.DateField(label="Dag", required=False)
    level = django_forms.ChoiceField(
        label="Nivå", choices=[("a", "Först"), ("b", "Sedan")], widget=forms.Segmented
    )


def test_label_hint_error_and_field_stand_in_that_order():
    drawn = SampleForm({"name": "", "level": "a"})["name"].as_field_group()
    places = [drawn.index(part) for part in (">Namn<", "Hela namnet.", 'class="errorlist"', "<input")]
    assert places == sorted(places)


def test_a_field_is_described_by_its_hint_and_its_error():
    drawn = SampleForm({"name": "", "level": "a"})["name"].as_field_group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_what_was_typed_stays_with_the_error():
    assert 'value="inte ett datum"' in str(SampleForm({"name": "A", "level": "a", "day": "inte ett datum"}))


def test_the_summary_links_to_each_field_with_an_error():
    drawn = str(SampleForm({}))
    assert '<a href="#id_name">Namn</a>' in drawn
    assert '<a href="#id_level_0">Nivå</a>' in drawn


def test_a_form_not_yet_sent_has_no_summary():
    assert "data-error-summary" not in str(SampleForm())


def test_only_optional_fields_say_that_they_are():
    form = SampleForm()
    assert ["(frivilligt)" in form[name].as_field_group() for name in form.fields] == [False, True, False]


def test_dates_use_the_browsers_own_picker():
    assert 'type="date"' in SampleForm()["day"].as_widget()


def test_a_segmented_control_is_a_radio_group_with_its_choice_marked():
    drawn = SampleForm({"level": "b"})["level"].as_field_group()
    assert drawn.count('type="radio"') == 2
    assert "<fieldset" in drawn
    assert 'value="b" required id="id_level_1" checked' in " ".join(drawn.split())


def test_a_services_error_lands_on_its_field():
    form = SampleForm({"name": "A", "level": "a"})
    assert form.is_valid()
    form.add_validation_error(ValidationError({"name": "Upptaget."}))
    assert form.errors == {"name": ["Upptaget."]}


def test_an_error_of_a_field_the_form_does_not_have_lands_on_top():
    form = SampleForm({"name": "A", "level": "a"})
    assert form.is_valid()
    form.add_validation_error(ValidationError({"phase": "Fasen stämmer inte."}))
    assert form.errors == {"__all__": ["Fasen stämmer inte."]}


WIDGETS = {
    "text": (django_forms.TextInput(), 'A "citerad" <b>'),
    "number": (django_forms.NumberInput({"step": 1, "data-x": False, "autofocus": True}), 3),
    "hidden": (django_forms.HiddenInput(), None),
    "box": (django_forms.CheckboxInput(), True),
    "area": (django_forms.Textarea({"rows": 3}), "rad 1\nrad & 2"),
    "choice": (django_forms.Select(choices=[("", "alla"), ("a", "först & främst"), ("Grupp", [("b", "sedan")])]), "b"),
    "segmented": (forms.Segmented(choices=[("a", "först"), ("b", "<sedan>")]), "a"),
    "pills": (forms.PillCheckboxes(choices=[("a", "först"), ("b", "<sedan>")]), ["b"]),
}  # fmt: skip


def tidied(html: str) -> str:
    return re.sub(r"\s*(<|>)\s*", r"\1", " ".join(html.split()))


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_drawn_as_its_template_draws_it(name):
    widget, value = WIDGETS[name]
    context = widget.get_context("x", value, {"id": "id_x", "class": "a b"})
    assert tidied(DRAWN[widget.template_name](context)) == tidied(
        render_to_string(widget.template_name, context)
    )


@pytest.mark.parametrize("data", [None, {"name": "", "day": "<b>", "box": "on"}])
def test_a_field_is_drawn_as_its_template_draws_it(data):
    class Boxed(SampleForm):
        box = django_forms.BooleanField(label="En & annan", help_text="Hjälp", required=False)

    form = Boxed(data)
    for name in form.fields:
        context = {"field": form[name]}
        drawn = DRAWN["django/forms/field.html"](context)
        assert tidied(drawn) == tidied(render_to_string("django/forms/field.html", context))
        errors = form[name].errors
        told = errors.get_context()
        assert DRAWN[errors.template_name](told) == render_to_string(errors.template_name, told).strip()


def test_a_label_is_drawn_as_its_template_draws_it():
    for attrs in (None, {"for": "id_x", "class": 'a "b"'}):
        context = {"label": "En & annan", "attrs": attrs, "use_tag": True, "tag": "label"}
        drawn = DRAWN["django/forms/label.html"](context)
        assert drawn == render_to_string("django/forms/label.html", context).strip()
