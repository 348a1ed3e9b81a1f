"""Form fields for terms, school years and dates with a precision (values: ``sbs_portal.time``)."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.time import ImpreciseDate, SchoolYear, Term

IMPRECISE_DATE_HINT = "Dag, månad eller termin, till exempel maj 2018 eller vt 2018."
SOURCE_WORDS_LABEL = "Källans egna ord (frivilligt)"
SOURCE_WORDS_LENGTH = 200


class _CodedFormField(forms.Field):
    """A value people write as a code: free text, or a list to choose from when ``options`` are given."""

    value_class: type
    label_of = staticmethod(str)
    empty_label = ""

    def __init__(self, *, options: Iterable | None = None, **kwargs) -> None:
        self.options = None if options is None else list(options)
        if self.options is not None:
            choices = [
                ("", self.empty_label),
                *((value.code, self.label_of(value)) for value in self.options),
            ]
            kwargs.setdefault("widget", forms.Select(choices=choices))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if not isinstance(value, self.value_class):
            try:
                value = self.value_class.parse(value)
            except ValueError as error:
                raise ValidationError(str(error), code="invalid") from error
        if self.options is not None and value not in self.options:
            raise ValidationError(
                f"{self.label_of(value).capitalize()} går inte att välja här.", code="invalid_choice"
            )
        return value

    def prepare_value(self, value):
        if isinstance(value, self.value_class):
            return value.code if self.options is not None else self.written(value)
        return value

    def written(self, value) -> str:
        """How a value stands in a text box."""
        return value.code

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class TermFormField(_CodedFormField):
    """A ``Term``; ``options`` makes it a list: ``TermFormField(options=first.through(last))``."""

    value_class = Term
    empty_label = "Välj termin"
    default_error_messages = {"required": "Ange en termin, till exempel ht 2018."}

    @staticmethod
    def label_of(value: Term) -> str:
        return value.long

    def written(self, value: Term) -> str:
        return value.short


class SchoolYearFormField(_CodedFormField):
    """A ``SchoolYear``; ``options`` makes it a list to choose from."""

    value_class = SchoolYear
    empty_label = "Välj läsår"
    default_error_messages = {"required": "Ange ett läsår, till exempel 2018/19."}


class ImpreciseDateInput(forms.MultiWidget):
    """One box for the date in words, and the source's own words: a second box, or kept out of sight.

    Out of sight they travel in a hidden input, so that a form that only asks when does not lose them.
    """

    template_name = "components/widgets/imprecise_date.html"

    def __init__(self, attrs=None, *, with_text: bool = False) -> None:
        self.with_text = self.use_fieldset = with_text
        words = forms.TextInput(attrs={"autocomplete": "off"})
        text = forms.TextInput(attrs={"maxlength": SOURCE_WORDS_LENGTH}) if with_text else forms.HiddenInput()
        super().__init__({"": words, "text": text}, attrs)

    def decompress(self, value):
        if isinstance(value, ImpreciseDate):
            return [str(value) if value.is_known else "", value.text]
        return [value, ""]

    def value_omitted_from_data(self, data, files, name) -> bool:
        return name not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        words, text = context["widget"]["subwidgets"]
        own_id = context["widget"]["attrs"].get("id")
        if own_id:
            words["attrs"]["id"], text["attrs"]["id"] = own_id, f"{own_id}_text"
        # What is said about the date (required, its hint, its error) is said of the first box only.
        for attribute in ("required", "aria-describedby", "aria-invalid", "autofocus"):
            text["attrs"].pop(attribute, None)
        context["widget"]["text_label"] = SOURCE_WORDS_LABEL if self.with_text else ""
        return context


class ImpreciseDateFormField(forms.Field):
    """An ``ImpreciseDate``, written as a day, month, term or year.

    Nothing written is an unknown date. ``with_text=True`` also asks for the source's own words.
    """

    default_error_messages = {"required": "Ange en dag, månad, termin eller ett år."}

    def __init__(self, *, with_text: bool = False, help_text: str = "", **kwargs) -> None:
        kwargs.setdefault("widget", ImpreciseDateInput(with_text=with_text))
        super().__init__(help_text=help_text or IMPRECISE_DATE_HINT, **kwargs)

    def to_python(self, value) -> ImpreciseDate:
        if isinstance(value, ImpreciseDate):
            return value
        words, text = [*value, "", ""][:2] if isinstance(value, list | tuple) else (value, "")
        text = (text or "").strip()
        if len(text) > SOURCE_WORDS_LENGTH:
            raise ValidationError(
                f"Källans ord får vara högst {SOURCE_WORDS_LENGTH} tecken.", code="max_length"
            )
        try:
            return ImpreciseDate.of(words or None).with_text(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: ImpreciseDate) -> None:
        if self.required and not value.is_known:
            raise ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class ImpreciseDateModelFormMixin:
    """For a ModelForm with imprecise dates: the constraints on their columns are checked too.

    The form holds the date and not its columns, so Django would leave out every constraint that
    mentions a column, and a broken one would only show itself in the database.
    """

    def _get_validation_exclusions(self):
        excluded = super()._get_validation_exclusions()
        for name, field in self.fields.items():
            if isinstance(field, ImpreciseDateFormField) and name not in excluded:
                excluded -= {f"{name}_date", f"{name}_precision", f"{name}_text"}
        return excluded
