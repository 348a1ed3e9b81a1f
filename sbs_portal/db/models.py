"""What every domain table has: a bigint inside, a uuid outward, two times, and for roots a version."""

import uuid

import pgtrigger
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


# Generated columns are not computed yet in a BEFORE trigger, and a save that changes nothing else still
# writes updated_at: neither is a change.
_UNCHANGING = "'{sort_key,updated_at,version}'::text[]"


def version_trigger():
    """Raises ``version`` by one on every update that changes anything, also in bulk and raw SQL.

    A higher number asks for it though nothing else changed (``touch``); a lower one is a row read earlier.
    """
    return pgtrigger.Trigger(
        name="raise_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.version > OLD.version
               OR to_jsonb(NEW) - {_UNCHANGING} IS DISTINCT FROM to_jsonb(OLD) - {_UNCHANGING} THEN
                NEW.version = OLD.version + 1;
            ELSE
                NEW.version = OLD.version;
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
