"""Serializer fields for terms, school years and dates with a precision, and what OpenAPI says of them."""

from collections.abc import Mapping

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent, append_meta
from rest_framework import serializers

from sbs_portal.db.fields import TEXT_LENGTH, ImpreciseDateField, SchoolYearField, TermField
from sbs_portal.time import ImpreciseDate, Precision, SchoolYear, Term


class _CodedSerializerField(serializers.Field):
    value_class: type
    default_error_messages = {"type": "Skriv värdet som text."}

    def to_representation(self, value) -> str:
        return value.code

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("type")
        try:
            return self.value_class.parse(data)
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid") from error


class TermSerializerField(_CodedSerializerField):
    """A ``Term`` as "HT2018"."""

    value_class = Term


class SchoolYearSerializerField(_CodedSerializerField):
    """A ``SchoolYear`` as "2018/19"."""

    value_class = SchoolYear


class ImpreciseDateSerializerField(serializers.Field):
    """An ``ImpreciseDate`` as ``{"date": "2018-05", "precision": "month", "text": "maj 2018"}``.

    ``date`` is the code ("2018-04-23", "2018-05", "HT2018", "2018"), null when unknown. ``text`` is the
    source's words, or the date in Swedish when there are none; sent back unchanged the latter is not taken
    for words. Input may leave out ``precision`` and ``text``, and may be the code alone, or null for
    unknown. ``allow_unknown=False`` asks for a known date.
    """

    default_error_messages = {
        "type": "Skriv datumet som text eller som ett objekt med date, precision och text.",
        "keys": "Okända fält: {names}. Fälten är date, precision och text.",
        "date_type": "date ska vara text eller null.",
        "text_type": "text ska vara text.",
        "text_length": "text får vara högst {limit} tecken.",
        "precision": "precision ska vara day, month, term, year eller unknown.",
        "disagree": "precision är {given}, men datumet har noggrannheten {found}.",
        "unknown": "Ange en dag, månad, termin eller ett år.",
    }

    def __init__(self, *, allow_unknown: bool = True, **kwargs) -> None:
        self.allow_unknown = allow_unknown
        super().__init__(**kwargs)

    def to_representation(self, value: ImpreciseDate) -> dict[str, str | None]:
        return {
            "date": value.code or None,
            "precision": value.precision.value,
            "text": value.text or str(value),
        }

    def validate_empty_values(self, data):
        # Null says that the date is unknown; it is a value and not the absence of one.
        return (False, data) if data is None else super().validate_empty_values(data)

    def to_internal_value(self, data) -> ImpreciseDate:
        if data is None or isinstance(data, str):
            data = {"date": data}
        if not isinstance(data, Mapping):
            self.fail("type")
        if names := sorted(map(str, set(data) - {"date", "precision", "text"})):
            self.fail("keys", names=", ".join(names))
        value = self._date(data.get("date"))
        self._check_precision(data.get("precision"), value)
        if not self.allow_unknown and not value.is_known:
            self.fail("unknown")
        text = data.get("text") or ""
        if not isinstance(text, str):
            self.fail("text_type")
        text = text.strip()
        if len(text) > TEXT_LENGTH:
            self.fail("text_length", limit=TEXT_LENGTH)
        return value if text == str(value) else value.with_text(text)

    def _date(self, code) -> ImpreciseDate:
        if code is not None and not isinstance(code, str):
            self.fail("date_type")
        try:
            return ImpreciseDate.parse(code or "")
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid") from error

    def _check_precision(self, given, value: ImpreciseDate) -> None:
        if given is None:
            return
        if given not in [precision.value for precision in Precision]:
            self.fail("precision")
        if given != value.precision:
            self.fail("disagree", given=given, found=value.precision.value)


CALENDAR_FIELDS = {
    TermField: TermSerializerField,
    SchoolYearField: SchoolYearSerializerField,
    ImpreciseDateField: ImpreciseDateSerializerField,
}


# For a ModelSerializer: the calendar's model fields get their serializer fields by themselves. It has no
# docstring, since that would become the description of every serializer in openapi.json.
class CalendarSerializerMixin:
    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, **CALENDAR_FIELDS}

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, ImpreciseDateField):
            kwargs["allow_unknown"] = model_field.blank
        return field_class, kwargs


class TermExtension(OpenApiSerializerFieldExtension):
    target_class = TermSerializerField

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "pattern": "^(VT|HT)[0-9]{4}$", "example": "HT2018"}


class SchoolYearExtension(OpenApiSerializerFieldExtension):
    target_class = SchoolYearSerializerField

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "pattern": "^[0-9]{4}/[0-9]{2}$", "example": "2018/19"}


class ImpreciseDateExtension(OpenApiSerializerFieldExtension):
    target_class = ImpreciseDateSerializerField

    def map_serializer_field(self, auto_schema, direction):
        component = ResolvedComponent(
            name="ImpreciseDate" if direction == "response" else "ImpreciseDateInput",
            type=ResolvedComponent.SCHEMA,
            object="ImpreciseDate",
            schema=self._object(direction),
        )
        auto_schema.registry.register_on_missing(component)
        if direction == "response":
            return component.ref
        alone = {"type": "string", "description": "The date alone.", "example": "2018-05"}
        return append_meta({"oneOf": [alone, component.ref]}, {"nullable": True})

    def _object(self, direction: str) -> dict:
        schema = {
            "type": "object",
            "description": "A date as exactly as it is known.",
            "properties": {
                "date": append_meta(
                    {
                        "type": "string",
                        "description": "2018-04-23 (day), 2018-05 (month), HT2018 (term), 2018 (year).",
                        "example": "2018-05",
                    },
                    {"nullable": True},
                ),
                "precision": {"type": "string", "enum": [precision.value for precision in Precision]},
                "text": {
                    "type": "string",
                    "description": "The source's own words if there are any, else the date in Swedish.",
                    "example": "maj 2018",
                },
            },
        }
        if direction == "response":
            schema["required"] = ["date", "precision", "text"]
        else:
            schema["properties"]["text"]["maxLength"] = TEXT_LENGTH
            schema["additionalProperties"] = False
        return schema
