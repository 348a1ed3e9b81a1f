"""Base views of the API: who, in which scope, one transaction, the strict reading of what was sent."""

from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status, viewsets
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.reverse import reverse

from sbs_portal.api import errors, limits, saved_views, shaping
from sbs_portal.api.authentication import MayWrite, SessionAuthentication, TokenAuthentication
from sbs_portal.api.changes import MODIFIED_SINCE, Delta, has_history
from sbs_portal.api.computed import Asked, with_computed
from sbs_portal.api.conditions import as_version, tagged, version_of, with_version
from sbs_portal.api.filters import (
    FilterBackend,
    OrderingBackend,
    as_uuid,
    identified_by,
    refuse_unknown_parameters,
)
from sbs_portal.api.finished import ANY, kept, single_of
from sbs_portal.api.idempotency import Attempt, Replay
from sbs_portal.api.lifecycle import retiring_of
from sbs_portal.api.pagination import PARAMETERS, Pagination
from sbs_portal.api.parsers import JSONParser, has_unusable
from sbs_portal.api.writing import CreateMixin, DeleteMixin, UpdateMixin
from sbs_portal.scope import Scope, bound

__all__ = ["Bound", "CreateMixin", "DeleteMixin", "ReadViewSet", "UpdateMixin", "WriteViewSet"]


class Bound:
    """Mixin before a DRF view: one transaction, bound to the caller's scope, around handler and rendering.

    Who calls is read before the transaction (users, tokens and access are kernel tables, readable unbound),
    so a transaction is bound once and no row can be read before it is. A status of 400 or more rolls back.
    What fails as late as the commit becomes a problem too.
    """

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated, MayWrite]
    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]

    # Actions whose answers hold what may be kept nowhere: an Idempotency-Key is not read there.
    unkept_actions: frozenset[str] = frozenset()
    is_bound = False
    # A POST with an Idempotency-Key.
    attempt: Attempt | None = None
    quota: limits.Quota | None = None

    def dispatch(self, request, *args, **kwargs):
        response = self._answered(request, *args, **kwargs)
        for said in (self.quota, retiring_of(self)):
            for name, value in said.headers.items() if said else ():
                response.headers[name] = value
        return response

    def _answered(self, request, *args, **kwargs):
        try:
            with ExitStack() as self._transaction:
                response = super().dispatch(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
                if hasattr(response, "version"):
                    response = tagged(request, response, response.version)
                if self.is_bound and response.status_code >= 400:
                    transaction.set_rollback(True)
                elif self.attempt is not None:
                    self.attempt.keep(response)
            return response
        except Replay as replay:
            return replay.response
        except Exception as error:
            return errors.response_for(error, request) or errors.unforeseen(request, error)

    def initial(self, request, *args, **kwargs):
        if has_unusable(request.path):
            raise errors.MalformedRequest("Adressen innehåller tecken som inte går att använda.")
        self._count(request)
        request.scope = Scope.of(request.user, token=request.auth)
        request._request.scope = request.scope
        if not self.binds_late():
            self.bind()
        if not hasattr(self, request.method.lower()):
            raise exceptions.MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)
        if getattr(self, "action", None) not in self.unkept_actions:
            self.attempt = Attempt.of(request)

    @property
    def request_id(self) -> str | None:
        return getattr(self.request._request, "request_id", None)

    def binds_late(self) -> bool:
        """Whether the transaction is opened first when something is asked in it, and not at all if nothing is."""
        return False

    def bind(self) -> None:
        if not self.is_bound:
            self.is_bound = True
            scope = self.request.scope
            self._transaction.enter_context(bound(scope, face="api", request_id=self.request_id))

    def bound_when_asked(self):
        """A block in which the first question to the database is preceded by the binding."""

        def bind_first(execute, sql, params, many, context):
            self.bind()
            return execute(sql, params, many, context)

        return connection.execute_wrapper(bind_first)

    def _count(self, request):
        """Who calls, and whether it is too often; a key that does not hold is counted by address."""
        try:
            self.perform_authentication(request)
        except exceptions.AuthenticationFailed:
            self.quota = limits.take_by_address(request)
            if not self.quota or not self.quota.is_exceeded:
                raise
        else:
            self.quota = limits.take(request)
        if self.quota and self.quota.is_exceeded:
            raise exceptions.Throttled(wait=self.quota.resets_in)

    def raise_uncaught_exception(self, exc):
        raise exc

    def options(self, request, *args, **kwargs):
        """Which methods there are, in the Allow header."""
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReadViewSet(Bound, viewsets.GenericViewSet):
    """list and retrieve. Subclasses declare what ``queryset`` holds; the base narrows it to the scope."""

    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    pagination_class = Pagination
    filter_backends = [FilterBackend, OrderingBackend]
    filterset_class: Any = None
    ordering_fields: Any = ()
    ordering: tuple[str, ...] = ()
    # Fields that identify a row beside its uuid.
    natural_keys: tuple[str, ...] = ()
    # Related rows whose ids a computed field shows: its name and the model, so that they can be expanded.
    related: dict[str, Any] = {}
    # Query parameters a subclass reads by itself on single rows, with what they mean.
    detail_parameters: dict[str, str] = {}
    # Why answers are made row by row in Python, where PostgreSQL does not build them as finished JSON.
    plain = ""
    # For OpenAPI: "träff", "träffar", and a sentence or two on what it is.
    noun = nouns = about = ""
    examples: dict | None = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        refuse_unknown_parameters(request, self.known_parameters(), self._repeatable())
        if self.action == "list":
            with self.bound_when_asked():
                request._request.GET = saved_views.merged(request, self)

    def binds_late(self) -> bool:
        """What is finished by the database is one statement, which brings its binding along."""
        return self.action in ("list", "retrieve") and self.is_finished

    @property
    def is_finished(self) -> bool:
        """Whether answers are built by PostgreSQL. Related rows in place of their ids are put there in Python."""
        return not self.plain and shaping.EXPAND not in self.request.query_params

    def known_parameters(self) -> set[str]:
        """Names a query may hold for this action."""
        if self.action == "retrieve":
            return {*self.detail_parameters, *shaping.PARAMETERS}
        if self.action != "list":
            return set(self.detail_parameters)
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        changes = {MODIFIED_SINCE} if has_history(self.queryset.model) else set()
        saved = {saved_views.PARAMETER} if saved_views.lists_of(self) else set()
        return {*PARAMETERS, *shaping.PARAMETERS, OrderingBackend.parameter, *changes, *saved, *filters}

    def _repeatable(self) -> frozenset[str]:
        filters = self.filterset_class.base_filters if self.filterset_class else {}
        return frozenset(name for name, one in filters.items() if hasattr(one, "conjoined"))

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        queryset = self.queryset.all().visible_to(self.request.scope)
        if self.action != "list":
            return self.for_one(with_version(queryset))
        return with_computed(self.for_list(queryset), self.get_serializer_class(), self.request)

    def for_one(self, queryset):
        """Rows of the queryset as a single one is read: with what is shown of it where that is made in Python."""
        return self.for_detail(queryset) if self.is_finished else self.for_answer(queryset)

    def for_answer(self, queryset):
        """Rows of the queryset with all that is shown of a single one."""
        return with_computed(self.for_detail(queryset), self.get_serializer_class(), self.request)

    def for_list(self, queryset):
        """What the list needs beside the rows: select_related, prefetches, annotations."""
        return queryset

    def for_page(self, queryset):
        """What choosing the rows of a finished list needs: annotations that filters or orders read."""
        return queryset

    def for_detail(self, queryset):
        """What a single row needs; as the list unless said otherwise."""
        return self.for_list(queryset)

    def get_object(self):
        """The row of the address, 404 outside scope; for unsafe methods locked and held to the right to change."""
        row = self._visible(self.kwargs[self.lookup_url_kwarg])
        return row if self.request.method in SAFE_METHODS else self.for_change(row)

    def _visible(self, value: str):
        condition = identified_by(value, self.natural_keys)
        if condition is None:
            raise Http404
        try:
            found = list(self.get_queryset().filter(condition)[:2])
        except ValueError as error:
            raise Http404 from error
        if len(found) != 1:
            raise Http404
        return found[0]

    def for_change(self, row):
        """The row, locked, if the caller may change it; a resource that is only read allows nothing."""
        raise exceptions.MethodNotAllowed(self.request.method)

    def list(self, request, *args, **kwargs):
        shape = shaping.Shape.asked(self)
        if self.is_finished:
            return self._finished(shape)
        queryset = self.filter_queryset(self.get_queryset())
        delta = Delta.asked(request, queryset)
        page = self.paginate_queryset(delta.changed() if delta else queryset)
        rows = shape.of(self, self.get_serializer(page, many=True).data)
        return self.paginator.get_paginated_response(rows, delta)

    def _finished(self, shape: shaping.Shape):
        # Without a filter the statement depends on who asks for which page, and can be kept.
        asked = self.request.query_params
        bare = asked.keys() <= {*PARAMETERS, shaping.FIELDS, OrderingBackend.parameter}
        delta = None if bare else self._delta()
        key = (type(self), asked.get(OrderingBackend.parameter)) if bare else None
        rows = self.paginator.finished(delta.changed if delta else self._chosen, self, shape.only, key)
        return self.paginator.get_finished_response(rows, delta)

    def _chosen(self):
        """The list's rows, of which a page is chosen."""
        with self.bound_when_asked():
            return self.filter_queryset(self.for_page(self.queryset.all().visible_to(self.request.scope)))

    def _delta(self) -> Delta | None:
        if MODIFIED_SINCE not in self.request.query_params:
            return None
        delta = Delta.asked(self.request, self._chosen())
        # What has gone is asked of the same moment.
        self.bind()
        return delta

    def retrieve(self, request, *args, **kwargs):
        shape = shaping.Shape.asked(self)
        if self.is_finished:
            return self._told(self.kwargs[self.lookup_url_kwarg], shape.only)
        return self._made(self.get_object(), shape)

    def answer(self, row, **said) -> HttpResponse:
        """One row as JSON, with its version as ETag. said: status and headers of the answer."""
        return (
            self._told(str(row.uuid), **said)
            if self.is_finished
            else self._made(row, shaping.Shape(), **said)
        )

    def _told(self, value: str, names: frozenset[str] | None = None, **said) -> HttpResponse:
        """The row of an outward id as PostgreSQL tells it as it is now; 404 outside scope."""
        asked, uuid = Asked.by(self.request), as_uuid(value)

        def made():
            condition = identified_by(str(ANY) if uuid else value, self.natural_keys)
            if condition is None:
                raise Http404
            rows = self.queryset.all().visible_to(asked.scope).filter(condition)
            return single_of(self.get_serializer_class(), names, asked, rows)

        try:
            found = kept((type(self), names, asked) if uuid else None, made).asked(self, uuid)
        except ValueError as error:
            raise Http404 from error
        if found.found != 1:
            raise Http404
        response = HttpResponse(found.rows[1:-1], content_type=JSONRenderer.media_type, **said)
        response.version = as_version(self.queryset.model, found.first[0])
        return response

    def _made(self, row, shape: shaping.Shape, **said) -> Response:
        """The row as it was read, as DRF makes it."""
        [shown] = shape.of(self, [dict(self.get_serializer(row).data)])
        response = Response(shown, **said)
        if version := version_of(row):
            response.version = version
        return response

    def address_of(self, row) -> str:
        """The row's own absolute address."""
        name = f"api:{self.basename}-detail"
        return reverse(name, kwargs={self.lookup_url_kwarg: str(row.uuid)}, request=self.request)


class WriteViewSet(CreateMixin, UpdateMixin, ReadViewSet):
    """Beside reading: POST, PATCH and PUT, each through a service."""
