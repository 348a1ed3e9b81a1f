"""Model fields for terms, school years and dates with a precision (values: ``sbs_portal.time``)."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual

from sbs_portal.db.constraints import RowCheck
from sbs_portal.time import ImpreciseDate, Precision, SchoolYear, Term
from sbs_portal.web.fields import ImpreciseDateFormField, SchoolYearFormField, TermFormField

TEXT_LENGTH = 200


class _CodedIntegerField(models.SmallIntegerField):
    """A value stored as a small whole number in the order of time, and written by people as a code."""

    value_class: type
    form_class: type

    # The limits of a whole number say nothing about these values; they have their own.
    validators = property(lambda self: [*self.default_validators, *self._validators])

    def _from_number(self, number: int):
        raise NotImplementedError

    def _to_number(self, value) -> int:
        raise NotImplementedError

    def from_db_value(self, value, expression, connection):
        return None if value is None else self._from_number(value)

    def to_python(self, value):
        if value is None or isinstance(value, self.value_class):
            return value
        if value == "":
            return None
        try:
            return self._from_number(value) if isinstance(value, int) else self.value_class.parse(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value):
        value = models.Field.get_prep_value(self, value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, str):
            value = self.value_class.parse(value)
        return value if isinstance(value, int) else self._to_number(value)

    def value_to_string(self, obj) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else self.to_python(value).code

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": self.form_class, **kwargs})


class TermField(_CodedIntegerField):
    """A ``Term``, stored as its index (twice the year, plus one in the autumn): SQL's order is time's.

    Lookups take a ``Term``, its code or its index.
    """

    description = "A school term"
    value_class = Term
    form_class = TermFormField

    def _from_number(self, number: int) -> Term:
        return Term.from_index(number)

    def _to_number(self, value: Term) -> int:
        return value.index


class SchoolYearField(_CodedIntegerField):
    """A ``SchoolYear``, stored as the calendar year it starts in."""

    description = "A school year"
    value_class = SchoolYear
    form_class = SchoolYearFormField

    def _from_number(self, number: int) -> SchoolYear:
        return SchoolYear(number)

    def _to_number(self, value: SchoolYear) -> int:
        return value.first_year


@lru_cache(maxsize=4096)
def imprecise(day: date | str | None, precision: str, text: str) -> ImpreciseDate:
    """The value of the three columns: one that is checked once, however often the rows of a page are asked when."""
    return ImpreciseDate(date.fromisoformat(day) if isinstance(day, str) else day, precision, text)


class _ImpreciseDateDescriptor:
    """Reads and writes the three columns as one ``ImpreciseDate``."""

    def __init__(self, field: "ImpreciseDateField") -> None:
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = self.field.name
        day = getattr(instance, f"{name}_date")
        return imprecise(day, getattr(instance, f"{name}_precision"), getattr(instance, f"{name}_text"))

    def __set__(self, instance, value) -> None:
        name = self.field.name
        value = ImpreciseDate.of(value)
        setattr(instance, f"{name}_date", value.date)
        setattr(instance, f"{name}_precision", value.precision.value)
        setattr(instance, f"{name}_text", value.text)


class ImpreciseDateField(models.Field):
    """A date with a precision and the source's own words, as one attribute over three columns.

    ``when = ImpreciseDateField("när")`` adds the columns ``when_date``, ``when_precision`` and
    ``when_text``; ``obj.when`` is always an ``ImpreciseDate`` (unknown when nothing is set) and takes
    anything ``ImpreciseDate.of`` does, also in ``Model(when=…)`` and ``objects.create(when=…)``. Queries
    use the columns, or ``latest_day`` and ``overlapping``. With ``blank=False`` validation asks for a
    known date. Add ``imprecise_date_constraints(name)`` to ``Meta.constraints``.
    """

    description = "A date as exactly as it is known"
    empty_values = [None, "", ImpreciseDate.unknown()]

    def __init__(self, verbose_name=None, *, blank: bool = True, **kwargs) -> None:
        kwargs["null"] = False
        super().__init__(verbose_name, blank=blank, **kwargs)

    def get_attname_column(self):
        # No column of its own: like a generic foreign key it lives in the model only.
        return self.get_attname(), None

    def db_type(self, connection):
        return None

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only=True)
        setattr(cls, name, _ImpreciseDateDescriptor(self))
        # A child of an abstract model has already been given the columns of its parent.
        present = {field.name for field in cls._meta.local_fields}
        for column, field in self._columns().items():
            if column not in present:
                cls.add_to_class(column, field)

    def _columns(self) -> dict[str, models.Field]:
        label = self.verbose_name or self.name.replace("_", " ")
        return {
            f"{self.name}_date": models.DateField(
                f"{label}, första dag", null=True, blank=True, editable=False
            ),
            f"{self.name}_precision": models.CharField(
                f"{label}, noggrannhet",
                max_length=7,
                choices=[(precision.value, precision.label) for precision in Precision],
                default=Precision.UNKNOWN.value,
                editable=False,
            ),
            f"{self.name}_text": models.CharField(
                f"{label}, källans ord", max_length=TEXT_LENGTH, blank=True, default="", editable=False
            ),
        }

    def to_python(self, value) -> ImpreciseDate:
        try:
            return ImpreciseDate.of(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: ImpreciseDate, model_instance) -> None:
        if not self.blank and not value.is_known:
            raise ValidationError("Ange en dag, månad, termin eller ett år.", code="blank")

    def get_col(self, alias, output_field=None):
        raise FieldError(
            f"{self.name} is three columns. Ask for {self.name}_date, or use latest_day or overlapping."
        )

    def get_db_prep_save(self, value, connection):
        raise FieldError(f"{self.name} is three columns. Update {self.name}_date, _precision and _text.")

    def value_to_string(self, obj) -> str:
        return self.value_from_object(obj).code

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": ImpreciseDateFormField, **kwargs})


def columns(name: str, value: ImpreciseDate) -> dict[str, object]:
    """The three columns' values by name: for ``update(**columns("when", value))`` and fixtures."""
    return {
        f"{name}_date": value.date,
        f"{name}_precision": value.precision.value,
        f"{name}_text": value.text,
    }


def column_names(name: str) -> tuple[str, str, str]:
    """The names of the columns behind an imprecise date."""
    return f"{name}_date", f"{name}_precision", f"{name}_text"


def imprecise_date_constraints(name: str) -> list[models.CheckConstraint]:
    """What must be true of the three columns of ``name``, for ``Meta.constraints``."""
    day, precision, _ = column_names(name)

    def at(value: Precision, **aligned: object) -> Q:
        return Q(**{precision: value.value, **{f"{day}__{part}": given for part, given in aligned.items()}})

    return [
        RowCheck(
            name=f"%(class)s_{name}_precision",
            fields=(precision,),
            holds=lambda value: value in set(Precision),
            condition=Q(**{f"{precision}__in": [value.value for value in Precision]}),
            violation_error_message="Noggrannheten ska vara dag, månad, termin, år eller okänt.",
        ),
        RowCheck(
            name=f"%(class)s_{name}_known",
            fields=(day, precision),
            holds=lambda first, value: (first is None) == (value == Precision.UNKNOWN),
            condition=Q(**{precision: Precision.UNKNOWN.value, f"{day}__isnull": True})
            | (~Q(**{precision: Precision.UNKNOWN.value}) & Q(**{f"{day}__isnull": False})),
            violation_error_message="Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.",
        ),
        RowCheck(
            name=f"%(class)s_{name}_first_day",
            fields=(day, precision),
            holds=_is_first_day,
            condition=Q(**{f"{precision}__in": [Precision.DAY.value, Precision.UNKNOWN.value]})
            | at(Precision.MONTH, day=1)
            | at(Precision.TERM, day=1, month__in=[1, 7])
            | at(Precision.YEAR, day=1, month=1),
            violation_error_message="En månad, termin eller ett år anges med sin första dag.",
        ),
    ]


def _is_first_day(day: date | None, precision: str) -> bool:
    """Whether the day is the first of what the precision says it stands for."""
    months = {Precision.MONTH: range(1, 13), Precision.TERM: (1, 7), Precision.YEAR: (1,)}
    return day is None or precision not in months or (day.day == 1 and day.month in months[precision])


def latest_day(name: str) -> Case:
    """The last day the imprecise date ``name`` can have been, as an expression; NULL when unknown.

    ``name`` may lead through relations ("participation__accepted"). The first day it can have been is
    simply ``F(f"{name}_date")``.
    """
    day, precision, _ = column_names(name)
    lengths = {Precision.MONTH: "1 month", Precision.TERM: "6 months", Precision.YEAR: "1 year"}
    return Case(
        *(
            When(
                **{precision: value.value},
                then=Func(
                    F(day),
                    template=f"(%(expressions)s + interval '{length} -1 day')::date",
                    output_field=models.DateField(),
                ),
            )
            for value, length in lengths.items()
        ),
        default=F(day),
        output_field=models.DateField(),
    )


def overlapping(name: str, first: date | None, last: date | None) -> Q:
    """Rows whose imprecise date ``name`` can have been from ``first`` to ``last``; None is an open end.

    Rows with an unknown date are in no period.
    """
    condition = Q(**{f"{name}_date__isnull": False})
    if last is not None:
        condition &= Q(**{f"{name}_date__lte": last})
    if first is not None:
        condition &= Q(GreaterThanOrEqual(latest_day(name), Value(first, models.DateField())))
    return condition


def in_order(name: str, *, descending: bool = False) -> Iterable[models.expressions.OrderBy]:
    """Arguments for ``order_by``: by first day, the more exact before the less, the unknown last."""
    ends = (F(f"{name}_date"), latest_day(name))
    return [end.desc(nulls_last=True) if descending else end.asc(nulls_last=True) for end in ends]
