"""Shapes of input and output: what is not declared is refused, what is related is resolved in scope.

Serializers never save. They turn a body into ``validated_data`` for a service, and a row into JSON:
``id`` is the uuid, related rows are uuids, times are UTC.
"""

import copy
import datetime

from django.core.validators import MaxLengthValidator
from django.db import models
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import MANY_RELATION_KWARGS
from rest_framework.validators import UniqueValidator

from sbs_portal.api.fields import CalendarSerializerMixin
from sbs_portal.api.parsers import UNUSABLE, has_unusable
from sbs_portal.db.archive import is_archivable
from sbs_portal.db.fields import ImpreciseDateField
from sbs_portal.filters import as_uuid, identified_by, known
from sbs_portal.scope import NOBODY

# DRF's own words are partly English and partly about programming; these are said instead. A class's words
# also hold for its subclasses, unless they have their own.
REASONS = {
    serializers.Field: {
        "required": "Uppgiften behövs.",
        "null": "Uppgiften behövs; null går inte att använda.",
    },
    serializers.CharField: {"blank": "Skriv något här.", "invalid": "Ange text."},
    serializers.BooleanField: {"invalid": "Ange true eller false."},
    serializers.IntegerField: {"invalid": "Ange ett heltal.", "max_string_length": "Talet är för stort."},
    serializers.FloatField: {"invalid": "Ange ett tal.", "overflow": "Talet är för stort."},
    serializers.DecimalField: {"invalid": "Ange ett tal."},
    serializers.DateField: {
        "invalid": "Ange ett datum, till exempel 2018-04-23.",
        "datetime": "Ange ett datum utan klockslag.",
    },
    serializers.TimeField: {"invalid": "Ange ett klockslag, till exempel 13:00."},
    serializers.UUIDField: {"invalid": "Ange ett id (UUID)."},
    serializers.ListField: {
        "not_a_list": "Ange en lista.",
        "empty": "Listan behöver minst en rad.",
        "min_length": "Ange minst {min_length}.",
        "max_length": "Ange högst {max_length}.",
    },
    serializers.DictField: {"not_a_dict": "Ange ett JSON-objekt."},
    serializers.Serializer: {"invalid": "Ange ett JSON-objekt."},
    serializers.ListSerializer: {"not_a_list": "Ange en lista.", "empty": "Listan behöver minst en rad."},
}
# Text that has no limit of its own.
MAX_TEXT = 10_000
MAX_RELATED = 1_000
NOT_FOUND = "Finns inte, eller så saknar du behörighet: {value}."
NOT_AN_ID = "Ange ett id (UUID)."


def speak_plainly(field: serializers.Field) -> None:
    """Give a field, and what it is a list of, its reasons from REASONS; words of its own class stay."""
    for kind in reversed(type(field).__mro__):
        field.error_messages.update(REASONS.get(kind) or vars(kind).get("default_error_messages", {}))
    if isinstance(field, serializers.ChoiceField):
        field.error_messages["invalid_choice"] = (
            f"Okänt värde. {known(str(value) for value in field.choices)}"
        )
    for inner in ("child", "child_relation"):
        if hasattr(field, inner):
            speak_plainly(getattr(field, inner))


def _limit(field: serializers.CharField) -> None:
    if not any(isinstance(check, MaxLengthValidator) for check in field.validators):
        field.validators.append(MaxLengthValidator(MAX_TEXT, message=f"Ange högst {MAX_TEXT} tecken."))


class DateTimeField(serializers.DateTimeField):
    """RFC 3339: any offset in, UTC with Z out. A time without an offset is refused."""

    default_error_messages = {
        "invalid": "Ange datum och tid med tidszon, till exempel 2018-04-23T13:00:00+02:00.",
        "naive": "Tidszon saknas. Skriv till exempel 2018-04-23T13:00:00+02:00.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("format", "%Y-%m-%dT%H:%M:%SZ")
        super().__init__(default_timezone=datetime.UTC, **kwargs)

    def enforce_timezone(self, value):
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)


def _name(value: str) -> str:
    """An outward id as rows are kept by it."""
    return str(as_uuid(value) or value)


class _ManyScoped(serializers.ManyRelatedField):
    """A list of related rows, resolved in one query."""

    default_error_messages = {
        "not_a_list": "Ange en lista.",
        "empty": "Listan behöver minst en rad.",
        "too_many": f"Ange högst {MAX_RELATED}.",
    }

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list")
        if not data and not self.allow_empty:
            self.fail("empty")
        if len(data) > MAX_RELATED:
            self.fail("too_many")
        return self.child_relation.resolve_all(data)


class ScopedRelatedField(serializers.RelatedField):
    """A related row by uuid or natural key, found only where the caller reaches.

    queryset: a scoped queryset. natural_keys: fields that may stand for the uuid. editable: only rows the
    caller may change will do. A row outside is answered exactly as a row that does not exist.
    """

    default_error_messages = {"not_found": NOT_FOUND, "not_an_id": NOT_AN_ID}

    def __init__(self, *, natural_keys: tuple[str, ...] = (), editable: bool = False, **kwargs):
        self.natural_keys = natural_keys
        self.editable = editable
        self.looked_up: dict[str, list] | None = None
        super().__init__(**kwargs)

    @classmethod
    def many_init(cls, *args, **kwargs):
        own = {key: kwargs[key] for key in MANY_RELATION_KWARGS if key in kwargs}
        return _ManyScoped(child_relation=cls(*args, **kwargs), **own)

    def get_queryset(self):
        if self.queryset is None:
            return None
        request = self.context.get("request")
        scope = getattr(request, "scope", NOBODY)
        queryset = self.queryset.all()
        queryset = queryset.editable_by(scope) if self.editable else queryset.visible_to(scope)
        return queryset.in_use(*self._chosen()) if is_archivable(queryset.model) else queryset

    def _chosen(self) -> list[int]:
        """Ids of what the row is linked to already: an archived one may stay, and not be chosen anew."""
        field = self.parent if isinstance(self.parent, _ManyScoped) else self
        instance = getattr(field.parent, "instance", None)
        if not isinstance(instance, models.Model):
            return []
        if field is self:
            return [getattr(instance, f"{self.source}_id", None)]
        try:
            return [row.pk for row in field.get_attribute(instance)]
        except (SkipField, AttributeError):
            # The row does not have them under this name. Raised on, it would leave the field out unread, or fail.
            return []

    def get_choices(self, cutoff=None) -> dict:
        # Never listed: the choices are a resource of their own.
        return {}

    def to_representation(self, value) -> str:
        return str(value.uuid)

    def to_internal_value(self, data):
        condition = identified_by(data, self.natural_keys) if isinstance(data, str) else None
        if condition is None:
            self.fail("not_an_id")
        if self.looked_up is None:
            found = list(self.get_queryset().filter(condition)[:2])
        else:
            found = self.looked_up.get(_name(data), [])
        if len(found) != 1:
            self.fail("not_found", value=data)
        return found[0]

    def look_up(self, values: list) -> None:
        """Resolve the values of many bodies at once; the field then asks no more."""
        self.looked_up = self._rows_by_name([value for value in values if isinstance(value, str)])

    def _rows_by_name(self, values: list[str]) -> dict[str, list]:
        """Rows within reach by each of their outward names."""
        uuids = {found for value in values if (found := as_uuid(value))}
        keys = {value for value in values if value and not as_uuid(value)}
        condition = models.Q(uuid__in=uuids)
        for key in self.natural_keys:
            condition |= models.Q(**{f"{key}__in": keys})
        rows: dict[str, list] = {}
        if uuids or (keys and self.natural_keys):
            for row in self.get_queryset().filter(condition).order_by("pk"):
                for name in ("uuid", *self.natural_keys):
                    rows.setdefault(str(getattr(row, name)), []).append(row)
        return rows

    def resolve_all(self, data: list) -> list:
        """The rows in the order given; errors are keyed by their index."""
        errors = {
            index: [NOT_AN_ID]
            for index, value in enumerate(data)
            if not isinstance(value, str) or identified_by(value, self.natural_keys) is None
        }
        if errors:
            raise serializers.ValidationError(errors)
        rows = self._rows_by_name(data) if self.looked_up is None else self.looked_up
        found = [rows.get(_name(value), []) for value in data]
        errors = {
            index: [NOT_FOUND.format(value=data[index])] for index, hits in enumerate(found) if len(hits) != 1
        }
        if errors:
            raise serializers.ValidationError(errors)
        return [hits[0] for hits in found]


class StrictSerializer(serializers.Serializer):
    """Unknown fields, fields that cannot be written and unusable characters are errors, not ignored."""

    default_error_messages = {"invalid": "Ange ett JSON-objekt."}

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            speak_plainly(field)
            if type(field) is serializers.CharField and not field.read_only:
                _limit(field)
        return fields

    def to_internal_value(self, data):
        errors = self._misplaced(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not errors:
                raise
            errors = {**error.detail, **errors}
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def _misplaced(self, data: dict) -> dict[str, list[str]]:
        writable = [name for name, field in self.fields.items() if not field.read_only]
        errors = {}
        for name, value in data.items():
            if name not in self.fields:
                errors[name] = [f"Okänt fält. {known(writable)}"]
            elif name not in writable:
                errors[name] = [f"Fältet går inte att ändra. {known(writable)}"]
            elif isinstance(value, str) and has_unusable(value):
                errors[name] = [UNUSABLE]
        return errors


def add_field(serializer_class, name: str, field: serializers.Field) -> None:
    """Give a serializer a field of an app above it, last. Called once, in ``AppConfig.ready()``."""
    serializer_class.added = {**serializer_class.added, name: field}


class StrictModelSerializer(StrictSerializer, CalendarSerializerMixin, serializers.ModelSerializer):
    """A StrictSerializer over a model's fields.

    ``id`` is the uuid; foreign keys become ScopedRelatedField; rules over several fields are left to the
    service, which is the one place they are kept.
    """

    serializer_field_mapping = {
        **CalendarSerializerMixin.serializer_field_mapping,
        models.DateTimeField: DateTimeField,
    }
    serializer_related_field = ScopedRelatedField
    added: dict[str, serializers.Field] = {}

    def get_fields(self):
        return {**super().get_fields(), **copy.deepcopy(self.added)}

    def build_field(self, field_name, info, model_class, nested_depth):
        if field_name == "id":
            label = f"Id (UUID) för {model_class._meta.verbose_name}"
            return serializers.UUIDField, {"source": "uuid", "read_only": True, "help_text": label}
        for field in model_class._meta.private_fields:
            # Dates with a precision have no column of their own: DRF would take them for properties.
            if field.name == field_name and isinstance(field, ImpreciseDateField):
                return self.build_standard_field(field_name, field)
        field_class, kwargs = super().build_field(field_name, info, model_class, nested_depth)
        if "validators" in kwargs:
            # What is taken already is the service's to say, for many rows at once.
            kwargs["validators"] = [
                one for one in kwargs["validators"] if not isinstance(one, UniqueValidator)
            ]
        return field_class, kwargs

    def build_relational_field(self, field_name, relation_info):
        field_class, kwargs = super().build_relational_field(field_name, relation_info)
        keys = getattr(relation_info.related_model, "natural_keys", ())
        if keys and not kwargs.get("read_only"):
            kwargs["natural_keys"] = tuple(keys)
        return field_class, kwargs

    def get_validators(self):
        return list(getattr(self.Meta, "validators", ()))
