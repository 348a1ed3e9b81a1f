"""Saved views: read by those they are for, written through the same services as the pages."""

import django_filters as df
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from sbs_portal.api.views import DeleteMixin, WriteViewSet
from sbs_portal.filters import FilterSet
from sbs_portal.lists import services
from sbs_portal.lists.api import serializers
from sbs_portal.lists.models import SavedView

GROUP = ("audience", "role", "huvudman")


class SavedViewFilter(FilterSet):
    list_name = df.CharFilter(label="Lista", help_text="Listans namn, till exempel participation")

    class Meta:
        model = SavedView
        fields = ("audience",)


class SavedViewViewSet(DeleteMixin, WriteViewSet):
    queryset = SavedView.objects.all()
    serializer_class = serializers.SavedViewSerializer
    filterset_class = SavedViewFilter
    plain = "nobody has more than a page of saved views, and each is told as one's own or not"
    ordering_fields = ("name", "list_name", "created_at")
    ordering = ("name",)
    noun, nouns = "sparad vy", "sparade vyer"
    about = (
        "Vad en lista frågas efter, under ett namn: egna vyer, gruppens och allas. "
        "Listans resurs visar en vy med parametern view."
    )

    @property
    def input_serializer_class(self):
        creating = self.action == "create"
        return serializers.SavedViewInput if creating else serializers.SavedViewChangeInput

    def for_list(self, queryset):
        user = self.request.scope.user
        shared = services.owners().objects.visible_to(self.request.scope).filter(pk=OuterRef("huvudman_id"))
        return queryset.with_own_default(user).annotate(
            huvudman_uuid=Subquery(shared.values("uuid")[:1]),
            is_own=ExpressionWrapper(Q(owner=user), BooleanField()),
        )

    def perform_create(self, serializer):
        data = {"query": "", **serializer.validated_data}
        huvudman = data.pop("huvudman", None)
        return services.save_view.steps(huvudman_id=huvudman and huvudman.pk, by=self.request.scope, **data)

    def perform_update(self, serializer):
        view, data = serializer.instance, dict(serializer.validated_data)
        if any(name in data for name in GROUP):
            huvudman = data.pop("huvudman", None)
            data["huvudman_id"] = huvudman.pk if huvudman else view.huvudman_id
            data = {"audience": view.audience, "role": view.role} | data
        return services.change_view.steps(view=view, by=self.request.scope, **data)

    def perform_destroy(self, row):
        services.remove_view(view=row, by=self.request.scope)

    @extend_schema(
        summary="Öppna din lista med vyn",
        description="Gäller den som frågar, i stället för rollens förval.",
        request=None,
        responses=serializers.SavedViewSerializer,
    )
    @action(detail=True, methods=["post"], url_path="choose")
    def choose(self, request, *args, **kwargs):
        return self._open_with(chosen=True)

    @extend_schema(
        summary="Öppna inte längre din lista med vyn",
        description="Listan öppnas därefter med rollens förval, eller hel.",
        request=None,
        responses=serializers.SavedViewSerializer,
    )
    @action(detail=True, methods=["post"], url_path="unchoose")
    def unchoose(self, request, *args, **kwargs):
        return self._open_with(chosen=False)

    def _open_with(self, *, chosen: bool):
        """Whoever reads a view may open their list with it."""
        view = self._visible(self.kwargs[self.lookup_url_kwarg])
        if chosen or view.is_own_default:
            services.choose_default(
                list_name=view.list_name, view=view if chosen else None, by=self.request.scope
            )
        return self.became(view)
