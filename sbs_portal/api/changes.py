"""``modified_since=``: what has changed in a list since a time, and the ids of what is no longer in it.

Read from history, so that bulk changes and raw SQL count too. A row counts as changed when it has, and when the
object it is a part of has: that may be what brought it within reach. ``_deleted`` holds ids of rows that were
removed, left the caller's reach or no longer match the filters. It is told from states the caller could read
then: about a row that never was within reach nothing is said, and of one that has left not when or where to.
"""

from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from sbs_portal.api.serializers import DateTimeField
from sbs_portal.audit.models import Change
from sbs_portal.db.ledger import owner_models, root_of
from sbs_portal.db.security import event_models
from sbs_portal.rights import RIGHTS, Reach
from sbs_portal.scope import Scope

MODIFIED_SINCE = "modified_since"
# A change is dated when its transaction begins and seen when it ends: the next time to ask from lies this much
# back, and what is told twice is the same.
OVERLAP = timedelta(minutes=5)
MOST_DELETED = 10_000
# An empty Q would be lost where it is one of several: Q() | other is other.
EVERYTHING = Q(pk__isnull=False)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@cache
def has_history(model) -> bool:
    """Whether a list of the model's rows takes ``modified_since``: their changes are kept, and whose they were.

    A saved view is reached by its own rule and not by a right, so the ledger cannot say whom it has left.
    """
    if model in event_models():
        return model.scoping.read is not None or model.scoping.kind == "reference" or is_append_only(model)
    return is_append_only(model)


def is_append_only(model) -> bool:
    """Rows that are only added, and told by their own time: none of them is ever gone."""
    return getattr(model, "append_only", False)


class Delta:
    """One request's view of what has changed in a list."""

    def __init__(self, queryset, scope: Scope, since: datetime):
        self.queryset, self.scope, self.since = queryset, scope, since
        self.model = queryset.model
        self.label = self.model._meta.label
        self.next_time = (timezone.now() - OVERLAP).strftime(FORMAT)

    @classmethod
    def asked(cls, request, queryset) -> "Delta | None":
        """The delta a request asks for, None when it asks for the whole list."""
        given = request.query_params.get(MODIFIED_SINCE)
        if given is None:
            return None
        try:
            # A + in an address reads as a space.
            since = DateTimeField().run_validation(given.replace(" ", "+"))
        except serializers.ValidationError as error:
            raise ValidationError({MODIFIED_SINCE: error.detail}) from error
        return cls(queryset, request.scope, since)

    def changed(self):
        """Rows of the list that have changed."""
        if is_append_only(self.model):
            return self.queryset.filter(updated_at__gte=self.since)
        if self.model.scoping.kind == "reference":
            ids = RawSQL("SELECT object_id FROM sbs_reference_changes(%s, %s)", [self.label, self.since])
            return self.queryset.filter(pk__in=ids)
        own = Change.objects.filter(model=self.label)
        found = Q(pk__in=own.filter(at__gte=self.since).values("object_id"))
        for above in self._above():
            moved = Change.objects.filter(model=above._meta.label, at__gte=self.since)
            parts = own.filter(_part_of(above, moved.values("object_id"), moved.values("object_uuid")))
            found |= Q(pk__in=parts.values("object_id"))
        return self.queryset.filter(found)

    def deleted(self) -> list[str]:
        """Ids of rows that were in the list's reach and are not in the list now. Too many are a 400."""
        if is_append_only(self.model):
            return []
        if self.model.scoping.kind == "reference":
            gone = self._gone_references()
        else:
            states = self._readable_then().filter(self._passed())
            still = self.queryset.order_by().filter(pk=OuterRef("pgh_obj_id"))
            gone = states.filter(~Exists(still)).order_by().values_list("uuid", flat=True).distinct()
        ids = list(gone[: MOST_DELETED + 1])
        if len(ids) > MOST_DELETED:
            raise ValidationError(
                {MODIFIED_SINCE: ["Så mycket har tagits bort sedan dess att hela listan behöver läsas om."]}
            )
        return sorted(str(one) for one in ids)

    def _gone_references(self) -> list:
        """Reference rows are everyone's who has access at all, and their history is no secret."""
        if not (self.scope.system or self.scope.grants):
            return []
        with connection.cursor() as cursor:
            cursor.execute("SELECT object_uuid FROM sbs_reference_changes(%s, %s)", [self.label, self.since])
            changed = {row[0] for row in cursor.fetchall()}
        return list(changed - set(self.changed().values_list("uuid", flat=True)))

    def _above(self) -> list:
        """The models whose changes may bring a row within reach or take it out."""
        return sorted({root_of(self.model), *owner_models(self.model)} - {self.model}, key=str)

    def _passed(self) -> Q:
        """States that ended since, by a change of the row or of what it is a part of."""
        passed = Q(superseded_at__gte=self.since)
        for above in self._above():
            event = event_models()[above]
            ended = self._theirs(above, event.objects.filter(superseded_at__gte=self.since))
            mine = Change.objects.filter(
                model=self.label, object_id=OuterRef("pgh_obj_id"), event_id=OuterRef("pgh_id")
            )
            passed |= Q(
                Exists(mine.filter(_part_of(above, ended.values("pgh_obj_id"), ended.values("uuid"))))
            )
        return passed

    def _states(self, model):
        """States of the model's rows that were true at some time since."""
        open_then = Q(superseded_at__isnull=True) | Q(superseded_at__gte=self.since)
        return event_models()[model].objects.filter(open_then).exclude(pgh_label="delete")

    def _readable_then(self):
        """States that the caller, with the roles of now, could read."""
        states = self._states(self.model)
        if self.scope.system:
            return states
        scoping, found = self.model.scoping, Q(pk__in=[])
        for role in self.scope.roles:
            if RIGHTS[scoping.read].get(role, Reach.NONE) >= Reach.HUVUDMAN:
                narrow = self._then(self.model, scoping.narrow.get(role, Q()))
                found |= _owned_then(self.model, self.scope, role) & narrow
        return states.filter(found)

    def _theirs(self, model, states):
        """Of the states, those of rows that some grant of the caller's reached then."""
        if self.scope.system:
            return states
        found = Q(pk__in=[])
        for role in self.scope.roles:
            found |= _owned_then(model, self.scope, role)
        return states.filter(found)

    def _then(self, model, condition: Q) -> Q:
        """The condition on a model's rows as one on its states: related rows are read as they were, too."""
        found = Q()
        for child in condition.children:
            one = self._then(model, child) if isinstance(child, Q) else self._leaf(model, *child)
            found = found | one if condition.connector == Q.OR else found & one
        return ~found if condition.negated else found

    def _leaf(self, model, lookup: str, value) -> Q:
        name, _, rest = lookup.partition("__")
        related = model._meta.get_field(name).related_model
        if related is None or not rest:
            return Q(**{lookup: value})
        column = model._meta.get_field(name).attname
        states = self._states(related).filter(self._then(related, Q(**{rest: value})))
        return Q(Exists(states.filter(pgh_obj_id=OuterRef(column))))


def _owned_then(model, scope: Scope, role) -> Q:
    """States of rows that were within the huvudmän of the role's grants."""
    grants = [grant.huvudman_id for grant in scope.grants if grant.role == role]
    if None in grants:
        return EVERYTHING
    rows = Change.objects.filter(
        model=model._meta.label, object_id=OuterRef("pgh_obj_id"), event_id=OuterRef("pgh_id")
    )
    return Q(Exists(rows.filter(huvudman_ids__overlap=sorted(set(grants)))))


def _part_of(above, ids, uuids) -> Q:
    """Rows of the ledger that tell of parts of these rows of the model above."""
    label = above._meta.label
    return Q(root_model=label, root_uuid__in=uuids) | Q(owner_model=label, owner_id__in=ids)
