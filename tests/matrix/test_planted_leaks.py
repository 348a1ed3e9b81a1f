"""The walk finds what leaks: leaks are planted one at a time, as they are made by mistake, and walked upon.

They are mistakes of the first wall, so the policies are taken down, which would hide most of them.
"""

import random

import pytest
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from rest_framework import serializers

from sbs_portal.admin_site import PortalAdminSite
from sbs_portal.api import idempotency, keyset
from sbs_portal.api.pagination import Pagination
from sbs_portal.api.serializers import ScopedRelatedField
from sbs_portal.audit.models.change import ChangeQuerySet
from sbs_portal.filters import RelatedFilter
from sbs_portal.lists.models import SavedViewQuerySet
from sbs_portal.scope import NATIONAL, ScopedQuerySet
from sbs_portal.search import views as search
from sbs_portal.web.bulk_views import BulkView
from sbs_portal.web.lists import ScopedListView
from sbs_portal.web.page import PageMixin
from schools.models import Person
from seminars.models import Meeting
from seminars.overview import with_head
from seminars.views import calendar
from tests.matrix import walk
from tests.matrix.answers import Leak

# Found within tens of steps; so many are taken that new addresses on the way do not hide one.
MOST_STEPS = 1_500
PLANTS = {}


def found_by(*kinds: str, role: str = "editor"):
    """The kinds of steps that are to find the leak, each by itself."""

    def planted(plant):
        PLANTS.update({(plant.__name__, kind): (plant, role) for kind in kinds})
        return plant

    return planted


@found_by("follow")
def a_model_without_scope(patch):
    within = ScopedQuerySet._within
    patch(
        ScopedQuerySet,
        "_within",
        lambda self, scope, action: self.all() if self.model is Meeting else within(self, scope, action),
    )


@found_by("follow")
def a_list_of_everything(patch):
    patch(ScopedListView, "get_queryset", lambda self: self.narrow(self.model.objects.all()))


@found_by("compare")
def a_count_of_everything(patch):
    get_title = PageMixin.get_title
    patch(PageMixin, "get_title", lambda self: f"{get_title(self)} ({Meeting.objects.count()} i landet)")


@found_by("compare")
def a_file_of_everything(patch):
    export = ScopedListView.export

    def exported(self, kind):
        self.everything = self.narrow(self.model.objects.all())
        return export(self, kind)

    patch(ScopedListView, "export", exported)


@found_by("compare")
def a_count_of_everything_in_the_api(patch):
    page = Pagination._page

    def counted(self, queryset):
        rows = page(self, queryset)
        self.meta["count"] = queryset.model._base_manager.count()
        return rows

    patch(Pagination, "_page", counted)


@found_by("knock")
def forbidden_where_it_is_not_found(patch):
    get_for = ScopedQuerySet.get_for

    def got(self, who, **lookup):
        if not self.visible_to(who).filter(**lookup).exists() and self.filter(**lookup).exists():
            raise PermissionDenied
        return get_for(self, who, **lookup)

    patch(ScopedQuerySet, "get_for", got)


@found_by("knock")
def more_statements_where_there_is_a_row(patch):
    get_for = ScopedQuerySet.get_for

    def got(self, who, **lookup):
        for row in self.filter(**lookup):
            row.refresh_from_db()
        return get_for(self, who, **lookup)

    patch(ScopedQuerySet, "get_for", got)


@found_by("call")
def an_error_that_names_it(patch):
    to_internal_value = ScopedRelatedField.to_internal_value

    def read(self, data):
        row = (
            self.queryset.all().filter(uuid=data).first()
            if isinstance(data, str) and len(data) == 36
            else None
        )
        if row is not None and row not in self.get_queryset():
            raise serializers.ValidationError(f"{row} hör till en annan huvudman.")
        return to_internal_value(self, data)

    patch(ScopedRelatedField, "to_internal_value", read)


@found_by("call")
def a_related_row_of_anybody(patch):
    patch(ScopedRelatedField, "get_queryset", lambda self: self.queryset and self.queryset.all())


@found_by("look_up")
def a_filter_that_names_anybody(patch):
    chosen = RelatedFilter.chosen
    patch(RelatedFilter, "chosen", lambda self, value, scope: chosen(self, value, NATIONAL))


@found_by("knock")
def a_history_of_anybody(patch):
    patch(ChangeQuerySet, "visible_to", lambda self, who: self)


@found_by("follow")
def a_calendar_of_everything(patch):
    written = calendar.calendar_of
    patch(
        calendar,
        "calendar_of",
        lambda rows, **said: written(with_head(Meeting.objects.all(), NATIONAL), **said),
    )


@found_by("look_up")
def another_s_saved_view(patch):
    patch(SavedViewQuerySet, "visible_to", lambda self, who: self)


@found_by("bulk")
def a_preview_of_anybody_s_rows(patch):
    patch(BulkView, "_readable", lambda self, ids: self.list_view.model.objects.filter(uuid__in=ids))


@found_by("repeat")
def an_answer_to_another(patch):
    digest = idempotency._digest
    patch(idempotency, "_digest", lambda *parts: digest(parts[2]))


@found_by("borrow")
def a_cursor_that_opens(patch):
    beyond = keyset.beyond

    def opened(queryset, position, limit):
        return beyond(queryset.model._base_manager.all() if position.uuid else queryset, position, limit)

    patch(keyset, "beyond", opened)


@found_by("admin")
def an_open_admin(patch):
    patch(PortalAdminSite, "has_permission", lambda self, request: True)
    patch(AutocompleteJsonView, "has_perm", lambda self, request: True)
    patch(
        AutocompleteJsonView,
        "get_queryset",
        lambda self: self.model_admin.model._base_manager.order_by("pk"),
    )


@found_by("ask")
def a_search_in_everything(patch):
    find = search.find
    patch(search, "find", lambda scope, asked, **how: find(NATIONAL, asked, **how))


@found_by("follow")
def a_protected_name(patch):
    patch(Person, "__str__", lambda self: self.name)


@found_by("follow")
def a_page_that_fails(patch):
    patch(ScopedListView, "get_lede", lambda self: 1 / 0)


@pytest.mark.parametrize(("plant", "kind"), PLANTS)
@pytest.mark.usefixtures("one_wall", "nothing_kept")
def test_the_walk_finds(world, client_for, api_for, monkeypatch, plant, kind):
    make, role = PLANTS[plant, kind]
    walker = walk.Walk(world, role, client_for, api_for, random.Random(f"{plant} {kind}"))
    walker.breadth = 3
    walker.links = {"calendar": [reverse("meeting_calendar", args=[world.own.planned.uuid])]}
    make(monkeypatch.setattr)
    with pytest.raises(Leak):
        walker.go(kind, MOST_STEPS)
