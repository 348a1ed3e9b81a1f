"""The ledger of changes: one row for every event row of every history table, kept by triggers."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sbs_portal.rights import RIGHTS, Action, Reach
from sbs_portal.scope import ScopedQuerySet, Scoping, scope_of


class ChangeKind(models.TextChoices):
    """What happened to a row, by the labels of the history triggers."""

    INSERT = "insert", "tillagt"
    UPDATE = "update", "ändrat"
    DELETE = "delete", "borttaget"


class Face(models.TextChoices):
    """By which face a change came."""

    BROWSER = "browser", "Webben"
    ADMIN = "admin", "Admin"
    API = "api", "API"
    IMPORT = "import", "Import"
    JOB = "job", "Jobb"


class ChangeQuerySet(ScopedQuerySet):
    def visible_to(self, who):
        """Changes of rows the user may read the history of.

        A change is within reach of those who had the row when it was made, and of those who have it now. A
        role that sees only some rows of a model (``Scoping.narrow``) sees no history of it: an earlier state
        may be just what it is not shown.
        """
        scope = scope_of(who)
        if scope.system or scope.may_everywhere(Action.NATIONAL_HISTORY_READ):
            return self.all()
        found = Q(pk__in=[])
        for role in scope.roles:
            readable = _readable(role)
            if not readable:
                continue
            grants = [grant.huvudman_id for grant in scope.grants if grant.role == role]
            here = Q(model__in=readable)
            if None not in grants:
                ids = sorted(set(grants))
                here &= Q(huvudman_ids__overlap=ids) | Q(now_ids__overlap=ids)
            found |= here
        return self.filter(found)

    def editable_by(self, who, action=None):
        """History is changed by nobody."""
        return self.none()

    def of(self, root_model: str, root_uuid):
        """Changes of one object and its parts."""
        return self.filter(root_model=root_model, root_uuid=root_uuid)

    def newest_first(self):
        return self.order_by("-at", "-id")

    def before(self, change: "Change"):
        """Those that come after the given one when the newest comes first."""
        return self.filter(Q(at__lt=change.at) | Q(at=change.at, id__lt=change.id))


def _readable(role) -> list[str]:
    """The models whose history a role reads within its huvudmän."""
    if RIGHTS[Action.HISTORY_READ].get(role, Reach.NONE) < Reach.HUVUDMAN:
        return []
    return sorted(
        model._meta.label
        for model in apps.get_models()
        if (scoping := getattr(model, "scoping", None)) is not None
        and scoping.kind in ("owned", "shared")
        and scoping.read is not None
        and role not in scoping.narrow
        and RIGHTS[scoping.read].get(role, Reach.NONE) >= Reach.HUVUDMAN
    )


class Change(models.Model):
    """One change of one row: when, by whom, by which face, in which request, under which object.

    Written by the triggers of sbs_portal.db.ledger and by nothing else. ``huvudman_ids`` are the row's at that
    moment, ``now_ids`` those it has now, null once it is gone. ``root`` is the object on whose page the change
    is told: a meeting for an attendance. What changed is in the row's own history table, ``event_id`` against
    ``previous_id``.
    """

    scoping = Scoping(kind="history", read=Action.HISTORY_READ)

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("id", unique=True, editable=False)
    at = models.DateTimeField("när")
    request_id = models.UUIDField("anrop", null=True)
    face = models.CharField("väg", max_length=20, choices=Face.choices, blank=True)
    user_id = models.BigIntegerField("användare", null=True)
    kind = models.CharField("slag", max_length=10, choices=ChangeKind.choices)
    model = models.CharField("modell", max_length=60)
    object_id = models.BigIntegerField("rad")
    object_uuid = models.UUIDField("radens id")
    root_model = models.CharField("objektets modell", max_length=60)
    root_uuid = models.UUIDField("objektets id", null=True)
    owner_model = models.CharField(max_length=60)
    owner_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    previous_id = models.BigIntegerField(null=True)
    huvudman_ids = ArrayField(models.BigIntegerField(), verbose_name="huvudmän då")
    now_ids = ArrayField(models.BigIntegerField(), verbose_name="huvudmän nu", null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "ändring"
        verbose_name_plural = "ändringar"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at", "id"], name="change_at"),
            models.Index(fields=["root_model", "root_uuid", "at", "id"], name="change_root"),
            models.Index(fields=["root_model", "at", "id"], name="change_root_model"),
            models.Index(fields=["user_id", "at", "id"], name="change_user"),
            models.Index(fields=["face", "at", "id"], name="change_face"),
            models.Index(fields=["at", "id"], name="change_deleted", condition=Q(kind="delete")),
            models.Index(fields=["model", "object_id", "event_id"], name="change_row"),
            models.Index(fields=["owner_model", "owner_id"], name="change_owner"),
            GinIndex(fields=["huvudman_ids", "now_ids"], name="change_huvudman_ids"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H.%M}"
