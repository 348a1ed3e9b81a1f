"""Many rows in one request: all of them or none, and an answer for each.

Everything is checked before anything is written; the rows then go through the same hooks as a single row. A hook
that gives the steps of its service (sbs_portal.together) costs the same for one row and a thousand.
"""

import copy
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import cache

from django.db import DatabaseError, connection
from django.db.models import Q
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from sbs_portal.api import errors
from sbs_portal.api.conditions import holds, version_of, with_version
from sbs_portal.api.filters import as_uuid
from sbs_portal.api.problems import PROBLEMS
from sbs_portal.api.serializers import NOT_AN_ID, ScopedRelatedField
from sbs_portal.together import together

MOST = 1_000
ID, IF_MATCH = "id", "if_match"
LEFT_REACH = "Ändringen skulle ta uppgiften utanför det du har behörighet till."
NO_RIGHT = "Du saknar behörighet att ändra det här."


def rows_of(body) -> list[dict]:
    """The rows of a body. Raises a 400 where it is not a list of 1 to MOST objects."""
    if not isinstance(body, list):
        raise exceptions.ValidationError(["Ange en lista med ett JSON-objekt för varje rad."])
    if not 1 <= len(body) <= MOST:
        raise exceptions.ValidationError([f"Ange mellan 1 och {MOST} rader."])
    wrong = {index: ["Ange ett JSON-objekt."] for index, row in enumerate(body) if not isinstance(row, dict)}
    if wrong:
        raise exceptions.ValidationError(wrong)
    return body


class Verdicts:
    """What has been found wrong, by row."""

    def __init__(self, request, count: int):
        self.request, self.count = request, count
        self.wrong: dict[int, dict] = {}

    def say(self, index: int, error: Exception) -> None:
        """The problem the error would have been for a single row; what nobody foresaw is raised."""
        answer = errors.response_for(error, self.request)
        if answer is None:
            raise error
        said = json.loads(answer.content)
        reasons: dict[str, list[str]] = {}
        for one in said.get("invalid_parameters", ()):
            reasons.setdefault(one["property"], []).append(one["reason"])
        self.wrong[index] = {
            "index": index,
            "status": answer.status_code,
            "detail": said["detail"],
            "errors": reasons,
        }

    @contextmanager
    def of(self, index: int):
        """Errors in the block are the row's. After one that broke the transaction nothing more can be tried."""
        try:
            yield
        except DatabaseError as error:
            self.say(index, error)
            if not connection.is_usable():
                self.settle()
        except Exception as error:
            self.say(index, error)

    def settle(self) -> None:
        """Raise what is wrong with all the rows, if anything is."""
        if self.wrong:
            raise errors.BulkRejected(
                [self.wrong.get(i, {"index": i, "status": 424}) for i in range(self.count)], len(self.wrong)
            )


def prefetch_related_rows(serializer, rows: list[dict]) -> None:
    """Resolve what all the rows relate to, one question for each field."""
    for name, field in serializer.fields.items():
        one = getattr(field, "child_relation", None) or getattr(field, "child", None) or field
        if isinstance(one, ScopedRelatedField) and not field.read_only:
            values = [row.get(name) for row in rows]
            one.look_up(
                [part for value in values for part in (value if isinstance(value, list) else [value])]
            )


def loaded(serializer, row, data: dict, validated: dict):
    """A serializer as if it had read this row alone: what the hooks of a view take."""
    alone = copy.copy(serializer)
    alone.instance, alone.initial_data = row, data
    alone._validated_data, alone._errors = validated, {}
    return alone


class _Bulk:
    def _run(self, verdicts: Verdicts, items: list[tuple], hook: Callable) -> dict[int, object]:
        """Validate every (row, data), then give each to the hook; its answers by index."""
        partial = any(row is not None for row, _ in items)
        serializer = self.input_serializer(data={}, partial=partial)
        prefetch_related_rows(serializer, [data for _, data in items])
        validated = {}
        for index, (row, data) in enumerate(items):
            with verdicts.of(index):
                serializer.instance, serializer.initial_data = row, data
                validated[index] = serializer.run_validation(data)
        verdicts.settle()
        made = {}
        for index, (row, data) in enumerate(items):
            with verdicts.of(index):
                made[index] = hook(loaded(serializer, row, data, validated[index]))
        steps = {index: one for index, one in made.items() if isinstance(one, Generator)}
        for index, became in zip(steps, together(steps.values()), strict=True):
            made[index] = became
            if isinstance(became, Exception):
                verdicts.say(index, became)
        verdicts.settle()
        return made

    def _answer_all(self, verdicts: Verdicts, made: dict, *, code: int, editable: bool) -> Response:
        """Every row as it became; one that has left the writer's reach is refused."""
        pks = [row.pk for row in made.values()]
        rows = with_version(self.queryset.all().visible_to(self.request.scope))
        found = {row.pk: row for row in self.for_answer(rows).filter(pk__in=pks)}
        if editable:
            there = self._editable(found.values())
            found = {pk: row for pk, row in found.items() if pk in there}
        for index, row in made.items():
            if row.pk not in found:
                verdicts.say(index, exceptions.PermissionDenied(LEFT_REACH))
        verdicts.settle()
        shown = self.get_serializer([found[row.pk] for row in made.values()], many=True).data
        data = [{"index": index, "status": code, "row": row} for index, row in zip(made, shown, strict=True)]
        return Response({"data": data, "_meta": {"count": len(data)}}, status=code)

    def _editable(self, rows) -> set[int]:
        """The ids of the rows the caller may change; those the view has a rule of its own for are asked of it."""
        rows = {row.pk: row for row in rows}
        there = self.manager.all().editable_by(self.request.scope, self.change_action).filter(pk__in=rows)
        editable = set(there.order_by().values_list("pk", flat=True))
        for pk in rows.keys() - editable:
            with suppress(exceptions.PermissionDenied):
                self.require_right(rows[pk], NO_RIGHT)
                editable.add(pk)
        return editable


class BulkCreate(_Bulk):
    """POST …/bulk, through ``perform_create`` for each row."""

    def after_create(self, rows: list) -> None:
        """What is done once all the rows of a request stand: letters, where there are any."""

    def bulk_create(self, request, *args, **kwargs):
        self.action = "create"
        rows = rows_of(request.data)
        verdicts = Verdicts(request._request, len(rows))
        made = self._run(verdicts, [(None, dict(row)) for row in rows], self.perform_create)
        self.after_create(list(made.values()))
        return self._answer_all(verdicts, made, code=status.HTTP_201_CREATED, editable=False)


class BulkUpdate(_Bulk):
    """PATCH …/bulk, through ``perform_update`` for each row, which says its id and may say its version."""

    def bulk_update(self, request, *args, **kwargs):
        self.action = "partial_update"
        bodies = [dict(row) for row in rows_of(request.data)]
        verdicts = Verdicts(request._request, len(bodies))
        tags = [body.pop(IF_MATCH, None) for body in bodies]
        found = self._locked([body.pop(ID, None) for body in bodies], verdicts)
        for index, (row, tag) in enumerate(zip(found, tags, strict=True)):
            with verdicts.of(index):
                if (
                    tag is not None
                    and row is not None
                    and not (isinstance(tag, str) and holds(tag, version_of(row)))
                ):
                    raise errors.PreconditionFailed
        verdicts.settle()
        made = self._run(verdicts, list(zip(found, bodies, strict=True)), self.perform_update)
        return self._answer_all(verdicts, made, code=status.HTTP_200_OK, editable=True)

    def _locked(self, ids: list, verdicts: Verdicts) -> list:
        """The rows in the order named, locked; what is missing, foreign or named twice is said of its row."""
        visible = self.queryset.all().visible_to(self.request.scope)
        by_name = self._by_name(visible, [one for one in ids if isinstance(one, str)])
        named = [by_name.get(str(as_uuid(one) or one)) if isinstance(one, str) else None for one in ids]
        pks = {pk for pk in named if pk is not None}
        # In one order, so that two such requests wait for each other and do not stop each other.
        list(self.manager.filter(pk__in=pks).select_for_update().order_by("pk").values_list("pk", flat=True))
        rows = {row.pk: row for row in self.get_queryset().filter(pk__in=pks)}
        editable, taken = self._editable(rows.values()), set()
        for index, (one, pk) in enumerate(zip(ids, named, strict=True)):
            with verdicts.of(index):
                if one is None:
                    raise exceptions.ValidationError({ID: ["Uppgiften behövs."]})
                if not isinstance(one, str):
                    raise exceptions.ValidationError({ID: [NOT_AN_ID]})
                if pk not in rows:
                    raise exceptions.NotFound(PROBLEMS["not-found"].explanation)
                if pk not in editable:
                    raise exceptions.PermissionDenied(NO_RIGHT)
                if pk in taken:
                    raise exceptions.ValidationError({ID: ["Raden finns två gånger i listan."]})
                taken.add(pk)
        return [rows.get(pk) for pk in named]

    def _by_name(self, queryset, values: list[str]) -> dict[str, int]:
        """Outward id or natural key → pk; a key that two rows share is neither's."""
        uuids = [found for value in values if (found := as_uuid(value))]
        condition = Q(uuid__in=uuids)
        for key in self.natural_keys:
            condition |= Q(**{f"{key}__in": [value for value in values if not as_uuid(value)]})
        pairs: dict[str, set[int]] = {}
        for pk, *names in queryset.filter(condition).order_by().values_list("pk", "uuid", *self.natural_keys):
            for name in names:
                pairs.setdefault(str(name), set()).add(pk)
        return {name: pks.pop() for name, pks in pairs.items() if len(pks) == 1}


@cache
def change_of(serializer_class):
    """The shape of one row of a bulk change: its id, its version where that is to hold, and what changes."""

    def get_fields(self):
        fields = serializer_class.get_fields(self)
        for field in fields.values():
            field.required = False
        key = serializers.CharField(max_length=200, help_text="Radens id")
        tag = serializers.CharField(max_length=200, required=False, help_text="ETag från den hämtade raden")
        return {**fields, ID: key, IF_MATCH: tag}

    base = serializer_class.__name__.removesuffix("Serializer").removesuffix("Input").removesuffix("Change")
    body = {"get_fields": get_fields, "__doc__": serializer_class.__doc__}
    return type(f"{base}BulkChangeSerializer", (serializer_class,), body)


class BulkMetaSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="Antal rader")


@cache
def answer_of(serializer_class):
    """The shape of the answer to a bulk request."""
    base = serializer_class.__name__.removesuffix("Serializer")
    row = type(
        f"{base}BulkRowSerializer",
        (serializers.Serializer,),
        {
            "index": serializers.IntegerField(help_text="Radens plats i begäran, från 0"),
            "status": serializers.IntegerField(help_text="Radens egen status"),
            "row": serializer_class(help_text="Raden som den blev"),
        },
    )
    return type(
        f"{base}BulkAnswerSerializer",
        (serializers.Serializer,),
        {
            "data": row(many=True, help_text="Ett svar för varje rad"),
            "_meta": BulkMetaSerializer(help_text="Om svaret"),
        },
    )
