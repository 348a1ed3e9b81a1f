"""Changing rows: the right, the lock, the version, and the row as it became. Each through a service."""

from collections.abc import Generator
from functools import cache
from typing import Any

from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from sbs_portal.api.bulk import LEFT_REACH, NO_RIGHT, BulkCreate, BulkUpdate
from sbs_portal.api.conditions import locked_version, require_version, version_of, with_version
from sbs_portal.rights import Action
from sbs_portal.together import alone

# Methods that replace or remove what the caller may not have seen: they must say which version they mean.
DEMANDING = ("PUT", "DELETE")
# What is done to each row of a bulk action.
ONE_OF = {"bulk_create": "create", "bulk_update": "partial_update"}


@cache
def whole(serializer_class):
    """The serializer with every writable field required: what a full replacement takes."""

    def get_fields(self):
        fields = serializer_class.get_fields(self)
        for field in fields.values():
            field.required = not field.read_only
        return fields

    base = serializer_class.__name__.removesuffix("Serializer").removesuffix("Input").removesuffix("Change")
    # __doc__ too: drf-spectacular describes the component by it.
    body = {"get_fields": get_fields, "__doc__": serializer_class.__doc__}
    return type(f"{base}ReplacementSerializer", (serializer_class,), body)


def read_body(view, serializer_class) -> dict:
    """The body of an action, checked."""
    serializer = serializer_class(data=view.request.data or {}, context=view.get_serializer_context())
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class Writing:
    """What every kind of change shares."""

    input_serializer_class: Any = None
    # The right a change needs, where it is another than the model's own.
    change_action: Action | None = None

    def get_input_class(self):
        """The serializer class that reads the body of this action, or of each row of a bulk action."""
        asked, self.action = self.action, ONE_OF.get(self.action, self.action)
        try:
            return self.input_serializer_class or self.get_serializer_class()
        finally:
            self.action = asked

    def input_serializer(self, *args, **kwargs):
        """The serializer that reads the body."""
        kwargs.setdefault("context", self.get_serializer_context())
        return self.get_input_class()(*args, **kwargs)

    def reread(self, row):
        """The row as the database has it now; a write that took it out of the writer's sight is refused."""
        rows = with_version(self.queryset.all().visible_to(self.request.scope))
        found = self.for_one(rows).filter(pk=row.pk).first()
        if found is None:
            raise exceptions.PermissionDenied(LEFT_REACH)
        return found

    def became(self, row, **said):
        """The row as it became, as ``answer`` tells it; out of the writer's sight it is refused as by ``reread``."""
        if not self.is_finished:
            return self.answer(self.reread(row), **said)
        try:
            return self.answer(row, **said)
        except Http404 as error:
            raise exceptions.PermissionDenied(LEFT_REACH) from error

    def for_change(self, row):
        self.require_right(row, NO_RIGHT)
        version = locked_version(self.manager.filter(pk=row.pk))
        if version is None:
            raise Http404
        require_version(self.request, version, demanded=self.request.method in DEMANDING)
        return row if version == version_of(row) else self.reread(row)

    @property
    def manager(self):
        return self.queryset.model._default_manager

    def require_right(self, row, message: str) -> None:
        """Raise a 403 unless the caller may change the row."""
        rows = self.manager.all().editable_by(self.request.scope, self.change_action)
        if not rows.filter(pk=row.pk).exists():
            raise exceptions.PermissionDenied(message)


def done(result):
    """The row a hook came to: it returns one, or the steps to one, so that many can go together."""
    return alone(result) if isinstance(result, Generator) else result


class CreateMixin(BulkCreate, Writing):
    """POST, of one row or many, through ``perform_create(serializer)``: return the steps of the service, or a row."""

    def create(self, request, *args, **kwargs):
        serializer = self.input_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = done(self.perform_create(serializer))
        self.after_create([made])
        return self.became(made, status=status.HTTP_201_CREATED, headers={"Location": self.address_of(made)})


class UpdateMixin(BulkUpdate, Writing):
    """PATCH, of one row or many, and PUT, through ``perform_update(serializer)``: return the steps of the service on
    serializer.instance, or the row. PUT takes every writable field, PATCH those that change.
    """

    def partial_update(self, request, *args, **kwargs):
        return self._changed(self.input_serializer(self.get_object(), data=request.data, partial=True))

    def update(self, request, *args, **kwargs):
        replacement = whole(self.get_input_class())
        context = self.get_serializer_context()
        return self._changed(replacement(self.get_object(), data=request.data, context=context))

    def _changed(self, serializer):
        serializer.is_valid(raise_exception=True)
        row = self.reread(done(self.perform_update(serializer)))
        self.require_right(row, LEFT_REACH)
        return self.answer(row)


class DeleteMixin(Writing):
    """DELETE, through ``perform_destroy(row)``, which calls the service."""

    def destroy(self, request, *args, **kwargs):
        self.perform_destroy(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
