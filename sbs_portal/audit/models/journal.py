"""The journal: what a human wrote about why, beside the history that tells what."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import ScopedQuerySet, Scoping, scope_of
from sbs_portal.search import text as search


class JournalKind(models.TextChoices):
    """How much a line weighs."""

    INFO = "info", "anteckning"
    IMPORTANT = "important", "viktigt"


class JournalEntryQuerySet(ScopedQuerySet):
    def editable_by(self, who, action=None):
        """A line is withdrawn by who wrote it, and by a coordinator; beyond that it is never changed."""
        scope = scope_of(who)
        rows = self.visible_to(scope)
        if scope.may_everywhere(Action.JOURNAL_WRITE) and not scope.read_only:
            return rows
        return rows.filter(author=scope.user) if scope.may(Action.JOURNAL_WRITE) else self.none()

    def of(self, subject_model: str, subject_uuid):
        """Lines about one object."""
        return self.filter(subject_model=subject_model, subject_uuid=subject_uuid)

    def newest_first(self):
        return self.order_by("-created_at", "-id")


class JournalEntry(Model):
    """A line about one object that has a history. Only added, and withdrawn.

    The object is named by model and id and not by a key: like history, the line outlives it. ``huvudman_ids``
    are the object's when the line was written: who gets the object later does not get what others wrote of it.
    """

    scoping = Scoping(
        kind="shared", path="huvudman_ids", read=Action.HISTORY_READ, change=Action.JOURNAL_WRITE
    )
    append_only = True
    # All that the database lets the web change of a row.
    later_columns = ("withdrawn_at", "withdrawn_by_id", "updated_at")

    subject_model = models.CharField("objektets modell", max_length=60, editable=False)
    subject_uuid = models.UUIDField("objektets id", editable=False)
    kind = models.CharField("slag", max_length=10, choices=JournalKind.choices, default=JournalKind.INFO)
    text = models.TextField("text", max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="skriven av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("återkallad", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="återkallad av",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "journalanteckning"
        verbose_name_plural = "journalanteckningar"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["subject_model", "subject_uuid", "created_at"], name="journal_subject"),
            models.Index(fields=["created_at", "uuid"], name="journal_written"),
            GinIndex(fields=["huvudman_ids"], name="journal_huvudman_ids"),
            search.index("text", name="journal_words", read_as=search.WORDS),
        ]
        constraints = [
            one_of("kind", JournalKind, name="journal_kind_known"),
            models.CheckConstraint(
                name="journal_has_text", condition=~Q(text=""), violation_error_message="Skriv något."
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H.%M}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
