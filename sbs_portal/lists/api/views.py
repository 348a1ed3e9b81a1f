"""Saved views, read by those they are for."""

import django_filters as df

from sbs_portal.api.views import ReadViewSet
from sbs_portal.filters import FilterSet
from sbs_portal.lists.api.serializers import SavedViewSerializer
from sbs_portal.lists.models import SavedView


class SavedViewFilter(FilterSet):
    list_name = df.CharFilter(label="Lista", help_text="Listans namn, till exempel participation")

    class Meta:
        model = SavedView
        fields = ("audience",)


class SavedViewViewSet(ReadViewSet):
    queryset = SavedView.objects.all()
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilter
    ordering_fields = ("name", "created_at")
    ordering = ("name",)
    noun, nouns = "sparad vy", "sparade vyer"
    about = (
        "Vad en lista frågas efter, under ett namn: egna vyer, gruppens och allas. "
        "Filtren i query heter som API:ets och kan användas i listans resurs som de är."
    )
