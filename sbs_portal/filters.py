"""What a list can be filtered on, declared once per model and read by the pages and the API alike.

Parameters have the API's names in both faces, so that an address, a saved view and a call say the same. A wrong
value is a 400 in the API and an error at its field on a page.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from functools import partial

import django_filters
from django import forms
from django.db.models import BooleanField, Exists, Model, Q, QuerySet
from django.utils.functional import cached_property
from django_filters import rest_framework as drf_filters
from rest_framework.request import Request

from sbs_portal.db.archive import is_archivable
from sbs_portal.db.questions import Question, kept
from sbs_portal.scope import NOBODY
from sbs_portal.web.forms import Form

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
UNKNOWN_ROW = "okänt val"
# More to choose from than this is nothing to read through: a page asks for the name instead.
MOST_OFFERED = 300


def as_uuid(value: str) -> uuid.UUID | None:
    """The UUID in its usual form with hyphens, else None."""
    return uuid.UUID(value) if _UUID.fullmatch(value) else None


def is_name(value: str) -> bool:
    """Whether the text can be a name: neither an id nor a number of the kind that natural keys are."""
    return (
        bool(value)
        and "\0" not in value
        and as_uuid(value) is None
        and not value.replace("-", "").isdecimal()
    )


def identified_by(value: str, natural_keys: tuple[str, ...] = (), prefix: str = "") -> Q | None:
    """The filter on an outward id: a uuid, else any of the natural keys; None when it can be neither."""
    found = as_uuid(value)
    if found is not None:
        return Q(**{f"{prefix}uuid": found})
    if not natural_keys or not value:
        return None
    matches = Q()
    for key in natural_keys:
        matches |= Q(**{f"{prefix}{key}": value})
    return matches


def known(names) -> str:
    """The known names as the end of a reason."""
    names = sorted(names)
    return f"Kända: {', '.join(names)}." if names else "Här finns inga."


class BooleanFormField(forms.Field):
    """true or false, and nothing else."""

    widget = forms.Select(choices=[("", "Alla"), ("true", "Ja"), ("false", "Nej")])

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if value.lower() not in ("true", "false"):
            raise forms.ValidationError("Ange true eller false.")
        return value.lower() == "true"


class BooleanFilter(django_filters.BooleanFilter):
    field_class = BooleanFormField


class RelatedFormField(forms.CharField):
    widget = forms.HiddenInput

    # On a page where the name is written: whether no single row is meant by the text.
    is_unknown: Callable[[str], bool] | None = None

    def __init__(self, *, natural_keys=(), **kwargs):
        self.natural_keys = natural_keys
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        if self.is_unknown and self.is_unknown(value):
            raise forms.ValidationError("Ingen, eller flera, har det i namnet. Skriv hela namnet.")
        condition = identified_by(value, self.natural_keys)
        if condition is None:
            raise forms.ValidationError("Ange ett id (UUID).")
        return value


class RelatedSelect(forms.Select):
    """Related rows to choose from, by natural key or uuid; a value that is none of them stays chosen.

    ``rows`` gives None where they are too many to choose among: then the name is written, and ``named`` tells
    what a value is called.
    """

    def __init__(
        self, rows: Callable[[], list | None], natural_keys: tuple[str, ...], named: Callable[[str], str]
    ):
        self.rows, self.natural_keys, self.named = rows, natural_keys, named
        super().__init__()

    def render(self, name, value, attrs=None, renderer=None):
        if self.rows() is not None:
            return super().render(name, value, attrs, renderer)
        written = forms.TextInput({"placeholder": "Namnet, eller en del av det"})
        return written.render(name, self.named(value) if value else "", attrs, renderer)

    def optgroups(self, name, value, attrs=None):
        chosen = value[0] if value else ""
        self.choices = [("", "Alla")]
        for row in self.rows():
            key = outward_key(row, self.natural_keys)
            if chosen and chosen in _ids(row, self.natural_keys):
                value, chosen = [key], ""
            self.choices.append((key, str(row)))
        if chosen:
            self.choices.append((chosen, UNKNOWN_ROW))
        return super().optgroups(name, value, attrs)


def outward_key(row: Model, natural_keys: tuple[str, ...]) -> str:
    """A row's natural key where it has one, else its uuid."""
    return next((str(key) for name in natural_keys if (key := getattr(row, name))), str(row.uuid))


def _ids(row: Model, natural_keys: tuple[str, ...]) -> set[str]:
    return {str(row.uuid), *(str(getattr(row, name)) for name in natural_keys)}


class RelatedFilter(django_filters.CharFilter):
    """Rows whose related row has this uuid, or this natural key. Unknown: an empty list, which tells nothing.

    options: what a page offers to choose from, as a function of the request; narrowed to the reader's scope
    here. Without it a page shows the filter only where it is set, by a link.
    """

    field_class = RelatedFormField

    def __init__(
        self,
        field_name,
        *,
        natural_keys: tuple[str, ...] = (),
        options: Callable[[], QuerySet] | None = None,
        **kwargs,
    ):
        self.natural_keys = natural_keys
        self.options = options
        super().__init__(field_name, natural_keys=natural_keys, max_length=200, **kwargs)

    @property
    def related_model(self) -> type[Model]:
        model = self.model
        for step in self.field_name.split("__"):
            model = model._meta.get_field(step).related_model
        return model

    def filter(self, queryset, value):
        if not value:
            return queryset
        queryset = queryset.filter(**{f"{self.field_name}__in": self.meant(value, self.parent.scope)})
        return queryset.distinct() if self.distinct else queryset

    def meant(self, value: str, scope) -> QuerySet:
        """The row a value means, where the reader may read it: what is shared is not asked for by others' rows."""
        return self.related_model.objects.visible_to(scope).filter(identified_by(value, self.natural_keys))

    def chosen(self, value: str, scope) -> Model | None:
        if identified_by(value, self.natural_keys) is None:
            return None
        return self.meant(value, scope).first()

    def by_name(self, text: str, scope) -> Model | None:
        """The one row on offer that is called so, or else the one that has the text in its name."""
        rows = self.options().visible_to(scope).in_use()
        for lookup in ("name__iexact", "name__icontains"):
            found = list(rows.filter(**{lookup: text})[:2])
            if found:
                return found[0] if len(found) == 1 else None
        return None


class ArchivedFilter(django_filters.ChoiceFilter):
    """What is laid aside: left out unless asked for."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=[("exclude", "utan"), ("include", "med"), ("only", "bara")],
            label="Arkiverade",
            help_text="Arkiverade: exclude (utan dem, det som gäller om inget anges), include (med) eller only (bara)",
            empty_label=None,
            **kwargs,
        )

    def filter(self, queryset, value):
        return archived_as(queryset, value)


def archived_as(queryset, value: str | None):
    """The rows with, without (as by default) or only those that are laid aside."""
    if value == "include":
        return queryset
    return queryset.archived() if value == "only" else queryset.in_use()


@dataclass(frozen=True)
class Chosen:
    """A filter that is set: its parameter, its label and what was chosen in words."""

    name: str
    label: str
    words: str


class _OwnFields(dict):
    """Fields made for one form: a form copies those of its class, these are its own already."""

    def __deepcopy__(self, memo) -> dict:
        return self


class FilterForm(Form):
    """Of fields made for this request: a class of their own would cost more than all they do."""

    marks_optional = False

    def __init__(self, data=None, *, fields: dict[str, forms.Field], **kwargs):
        self.base_fields = _OwnFields(fields)
        super().__init__(data, **kwargs)


class _Declared(dict):
    """A class's filters. A filter set copies them for itself as deep as one request can change them."""

    def __deepcopy__(self, memo) -> dict:
        return {name: self._own(one) for name, one in self.items()}

    @staticmethod
    def _own(one):
        own = copy(one)
        own.extra = {**one.extra}
        own.__dict__.pop("_field", None)
        if one.method is not None:
            own.method = one.method
        return own


class FilterSet(drf_filters.FilterSet):
    """Base of every filter set. Rows that can be archived have ``archived`` by themselves.

    off_page: filters a page does not offer; in an address they work there too.
    former: parameters of the pages' older addresses: the name now, and values that have changed.
    """

    off_page: tuple[str, ...] = ()
    former: dict[str, tuple[str, dict[str, str]]] = {}

    FILTER_DEFAULTS = {
        **drf_filters.FilterSet.FILTER_DEFAULTS,
        BooleanField: {"filter_class": BooleanFilter},
    }

    def __init__(self, *args, only: Iterable[str] | None = None, **kwargs):
        """only: the parameters that are asked for. The others' fields are not made then."""
        if only is not None:
            asked = {
                name: one
                for name, one in type(self).base_filters.items()
                if name in only or isinstance(one, ArchivedFilter)
            }
            self.base_filters = _Declared(asked)
        super().__init__(*args, **kwargs)

    @classmethod
    def unasked(cls, queryset):
        """The rows where no parameter is given."""
        return archived_as(queryset, None) if is_archivable(queryset.model) else queryset

    @classmethod
    def filter_for_field(cls, field, field_name, lookup_expr=None):
        """A filter from ``Meta.fields`` is described by its column's own name."""
        made = super().filter_for_field(field, field_name, lookup_expr)
        name = str(field.verbose_name)
        made.label = name[:1].upper() + name[1:]
        return made

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        if cls._meta.model and is_archivable(cls._meta.model):
            filters["archived"] = ArchivedFilter(field_name="archived_at")
        return _Declared(filters)

    def of(self, rows: QuerySet) -> QuerySet:
        """The rows asked for, of these."""
        self.errors  # noqa: B018  (validates)
        return self.filter_queryset(rows.all())

    @property
    def scope(self):
        return getattr(self.request, "scope", NOBODY)

    def get_form_class(self):
        """Makes the form of a page. A choice not made is called "Alla"; optional is not said, all are."""
        fields = {name: one.field for name, one in self.filters.items()}
        for name, field in fields.items():
            one = self.filters[name]
            # What a parameter means to a program is no hint to a reader.
            field.help_text = ""
            if isinstance(field, forms.ChoiceField) and getattr(field, "empty_label", None):
                field.empty_label = "Alla"
            if name in self.off_page or isinstance(one, ArchivedFilter):
                field.widget = forms.HiddenInput()
            elif getattr(one, "options", None) and isinstance(one, RelatedFilter):
                field.widget = RelatedSelect(
                    lambda one=one: self.options_of(one),
                    one.natural_keys,
                    lambda value, one=one: str(one.chosen(value, self.scope) or value),
                )
                if not isinstance(self.request, Request):
                    field.is_unknown = lambda value, one=one: is_name(value) and self.options_of(one) is None
        return partial(FilterForm, fields=fields)

    def options_of(self, one: RelatedFilter) -> list | None:
        """What a related filter offers this reader, read once; None where it is more than MOST_OFFERED."""
        read = self.__dict__.setdefault("_options", {})
        if one not in read:
            offered, any_at_all = kept((one.options, self.scope), lambda: self._offered(one))
            rows = offered.asked()
            # None come where there are too many, and where there are none.
            read[one] = rows if rows or not any_at_all.asked() else None
        return read[one]

    def _offered(self, one: RelatedFilter) -> tuple[Question, Question]:
        """What a related filter offers where that is not too much, and one of it."""
        rows = one.options().visible_to(self.scope).in_use()
        beyond = rows.order_by("pk")[MOST_OFFERED : MOST_OFFERED + 1]
        return Question(rows.filter(~Exists(beyond))), Question(rows.order_by()[:1])

    @classmethod
    def by_name(cls, query, scope) -> dict[str, str]:
        """Related rows asked for by name: parameter → the key it stands for, where only one can be meant."""
        found = {}
        for name, one in cls.base_filters.items():
            text = query.get(name, "").strip()
            if isinstance(one, RelatedFilter) and one.options and is_name(text):
                row = one.by_name(text, scope)
                if row is not None:
                    found[name] = outward_key(row, one.natural_keys)
        return found

    def invalid_parameters(self) -> dict[str, list[str]]:
        """Reasons by parameter; a wrong choice is told the right ones."""
        reasons = {}
        for name, errors in self.form.errors.as_data().items():
            choices = [
                str(value) for value, _ in getattr(self.form.fields[name], "choices", ()) if value != ""
            ]
            reasons[name] = [
                f"Okänt värde. {known(choices)}"
                if choices and error.code in ("invalid_choice", "invalid_list")
                else error.messages[0]
                for error in errors
            ]
        return reasons

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The filters that are set, in words."""
        form = self.form
        values = getattr(form, "cleaned_data", None) if form.is_bound else None
        if values is None:
            form.errors  # noqa: B018  (cleans)
            values = getattr(form, "cleaned_data", {})
        return [
            Chosen(name, form.fields[name].label or name, self._words(name, value))
            for name, value in values.items()
            # A date that was not asked for reads as an unknown one.
            if value not in (None, "", []) and getattr(value, "is_known", True)
        ]

    def _words(self, name: str, value) -> str:
        one, field = self.filters[name], self.form.fields[name]
        if isinstance(one, RelatedFilter):
            offered = (self.options_of(one) if one.options else None) or []
            row = next((row for row in offered if value in _ids(row, one.natural_keys)), None)
            row = row or one.chosen(value, self.scope)
            return str(row) if row is not None else UNKNOWN_ROW
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if isinstance(value, list):
            labels = dict(getattr(field, "choices", ()))
            return ", ".join(str(labels.get(item, item)) for item in value)
        return str(dict(getattr(field, "choices", ())).get(value, value))
