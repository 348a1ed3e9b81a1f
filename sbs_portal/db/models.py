"""What every domain table has: a bigint inside, a uuid outward, two times, and for roots a version."""

import uuid

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower, Now

from sbs_portal.scope import ScopedQuerySet


class Model(models.Model):
    """Base of every domain model. Concrete models declare ``scoping`` (see sbs_portal.scope)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("skapad", auto_now_add=True, editable=False)
    updated_at = models.DateTimeField("ändrad", auto_now=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def one_of(
    field: str, choices: type[models.TextChoices], *, name: str, message: str = ""
) -> models.CheckConstraint:
    """The column holds one of the choices, whoever writes it."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{field}__in": choices.values}),
        violation_error_message=message or "Välj ett av alternativen.",
    )


def ordered(first: str, last: str, *, name: str, message: str) -> models.CheckConstraint:
    """``last`` is not before ``first``; either may be null."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{last}__isnull": True})
        | models.Q(**{f"{last}__gte": models.F(first)}),
        violation_error_message=message,
    )


def no_overlap(
    *fields: str, first: str, last: str, name: str, message: str, condition=None
) -> ExclusionConstraint:
    """No two periods of the same row overlap: ``fields`` are foreign keys, the period is [first, last].

    Needs no extension: the ids are compared as one-value ranges. A null first or last day is open.
    """
    return ExclusionConstraint(
        name=name,
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


# Generated columns are not computed yet in a BEFORE trigger, and a save that changes nothing else still
# writes updated_at: neither is a change.
_UNCHANGING = "'{sort_key,updated_at}'::text[]"


def version_trigger():
    """Raises ``version`` on every update that changes anything, also in bulk and raw SQL."""
    return pgtrigger.Trigger(
        name="raise_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.version = OLD.version
               AND to_jsonb(NEW) - {_UNCHANGING} IS DISTINCT FROM to_jsonb(OLD) - {_UNCHANGING} THEN
                NEW.version = OLD.version + 1;
            END IF;
            RETURN NEW;
        """,
    )


class VersionedModel(Model):
    """A row that is locked optimistically: an aggregate root, or a line two people write at once."""

    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True
        triggers = [version_trigger()]

    def touch(self):
        """Raise the version because a part of this object changed."""
        type(self)._base_manager.filter(pk=self.pk).update(version=F("version") + 1, updated_at=Now())
        self.refresh_from_db(fields=["version", "updated_at"])


def sort_key(field: str) -> models.GeneratedField:
    """Swedish order (å ä ö last) as a stored key that sorts bytewise, without ICU."""
    return models.GeneratedField(
        expression=models.Func(
            Lower(field), models.Value("ÅÄÖåäö"), models.Value("{|}{|}"), function="translate"
        ),
        output_field=models.CharField(max_length=300, db_collation="C"),
        db_persist=True,
        editable=False,
    )
