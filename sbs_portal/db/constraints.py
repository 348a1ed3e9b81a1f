"""Constraints of the tables, said so that a form can check them too."""

from collections.abc import Callable

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.models import F

UNIQUE_VIOLATION = "23505"


def outward(column: str) -> str:
    """The field a column is written in: an imprecise date is one field of three columns."""
    return column.removesuffix("_date")


def taken(error: IntegrityError) -> ValidationError:
    """A value that must be used once and is: told at its field, where a form's own look did not find the other row.

    Somebody was quicker, or the row is out of the writer's sight: whose it is, is not said. Anything else that
    PostgreSQL refused is a mistake of ours, and raised again.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "sqlstate", "") != UNIQUE_VIOLATION:
        raise error
    for model in apps.get_models():
        if model._meta.db_table == diagnosis.table_name:
            for constraint in model._meta.constraints:
                if constraint.name == diagnosis.constraint_name:
                    return ValidationError(constraint.get_violation_error_message())
            for field in model._meta.concrete_fields:
                # Django names the index of a unique column so.
                if field.unique and diagnosis.constraint_name.startswith(
                    f"{model._meta.db_table}_{field.column}_"
                ):
                    said = field.error_messages["unique"] % {
                        "model_name": "",
                        "field_label": field.verbose_name,
                    }
                    return ValidationError({field.name: said})
    return ValidationError("Det finns redan en uppgift med samma värde.")


class RowCheck(models.CheckConstraint):
    """A CHECK that knows how to be asked in Python.

    Django checks a row before saving by sending each condition to the database, in a savepoint: three round
    trips for every constraint. What can be told from the row alone is told here, by ``holds``, over
    ``fields``; the database holds it all the same. In a migration it is an ordinary CheckConstraint.
    ``told_at`` is the field that is to be changed, so that every face says it there.
    """

    def __init__(
        self,
        *,
        fields: tuple[str, ...] = (),
        holds: Callable[..., bool] | None = None,
        told_at: str = "",
        **kwargs,
    ):
        self.fields = fields
        self.holds = holds
        self.told_at = told_at
        super().__init__(**kwargs)

    def clone(self):
        _, args, kwargs = self.deconstruct()
        return type(self)(*args, fields=self.fields, holds=self.holds, told_at=self.told_at, **kwargs)

    def deconstruct(self):
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if self.holds is None:
            super().validate(model, instance, exclude=exclude, using=using)
        elif not set(self.fields) & set(exclude or ()) and not self.holds(
            *(getattr(instance, field) for field in self.fields)
        ):
            error = ValidationError(self.get_violation_error_message(), code=self.violation_error_code)
            raise ValidationError({self.told_at: error}) if self.told_at else error


def one_of(field: str, choices: type[models.TextChoices], *, name: str, message: str = "") -> RowCheck:
    """The column holds one of the choices, whoever writes it."""
    return RowCheck(
        name=name,
        fields=(field,),
        holds=lambda value: value in choices.values,
        condition=models.Q(**{f"{field}__in": choices.values}),
        violation_error_message=message or "Välj ett av alternativen.",
    )


def ordered(first: str, last: str, *, name: str, message: str) -> RowCheck:
    """``last`` is not before ``first``; either may be null."""
    return RowCheck(
        name=name,
        fields=(first, last),
        told_at=outward(last),
        holds=lambda one, other: one is None or other is None or other >= one,
        condition=models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{last}__isnull": True})
        | models.Q(**{f"{last}__gte": models.F(first)}),
        violation_error_message=message,
    )


class NoOverlap(ExclusionConstraint):
    """An exclusion of periods of one owner that is asked only where both can be told.

    PostgreSQL cannot make a range of reversed days, and a range of no id holds every id: reversed days are
    for the constraint that is about them, and a row without its owner yet overlaps nothing.
    """

    def __init__(self, *, owners: tuple[str, ...] = (), period: tuple[str, str] = ("", ""), **kwargs):
        self.owners = owners
        self.period = period
        super().__init__(**kwargs)

    def clone(self):
        _, args, kwargs = self.deconstruct()
        return type(self)(*args, owners=self.owners, period=self.period, **kwargs)

    def deconstruct(self):
        _, args, kwargs = super().deconstruct()
        return "django.contrib.postgres.constraints.ExclusionConstraint", args, kwargs

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        first, last = (getattr(instance, field) for field in self.period)
        owned = all(getattr(instance, f"{owner}_id") is not None for owner in self.owners)
        if owned and (first is None or last is None or first <= last):
            try:
                super().validate(model, instance, exclude=exclude, using=using)
            except ValidationError as error:
                raise ValidationError({outward(self.period[0]): error}) from error


def no_overlap(*fields: str, first: str, last: str, name: str, message: str, condition=None) -> NoOverlap:
    """No two periods of the same row overlap: ``fields`` are foreign keys, the period is [first, last].

    Needs no extension: the ids are compared as one-value ranges. A null first or last day is open.
    """
    return NoOverlap(
        name=name,
        owners=fields,
        period=(first, last),
        expressions=[
            *(
                (
                    models.Func(F(field), F(field), models.Value("[]"), function="int8range"),
                    RangeOperators.OVERLAPS,
                )
                for field in fields
            ),
            (
                models.Func(F(first), F(last), models.Value("[]"), function="daterange"),
                RangeOperators.OVERLAPS,
            ),
        ],
        condition=condition,
        violation_error_message=message,
    )
