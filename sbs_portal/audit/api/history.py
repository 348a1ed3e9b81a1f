"""History outward: the ledger of changes by the same wall as the pages, told field by field."""

import uuid

import django_filters as df
from django.apps import apps
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sbs_portal.api.filters import FilterSet
from sbs_portal.api.serializers import DateTimeField, StrictModelSerializer
from sbs_portal.api.views import ReadViewSet
from sbs_portal.audit.entries import told
from sbs_portal.audit.filters import ObjectKindFilter
from sbs_portal.audit.models import Change, ChangeKind, Face
from sbs_portal.audit.pages import history_page, page_of_kind
from sbs_portal.audit.people import names_of, who
from sbs_portal.filters import BooleanFilter

TEXT_OR_NULL = {"type": ["string", "null"]}
FIELDS = {
    "type": "array",
    "description": "Fälten som ändrades, med namn och värden som på sidorna. Vid borttagning tom.",
    "items": {
        "type": "object",
        "required": ["name", "label", "old", "new", "is_hidden"],
        "properties": {
            "name": {"type": "string", "description": "Fältets namn"},
            "label": {"type": "string", "description": "Fältets namn på svenska"},
            "old": {**TEXT_OR_NULL, "description": "Vad det var, null om inget eller dolt"},
            "new": {**TEXT_OR_NULL, "description": "Vad det blev, null om inget eller dolt"},
            "is_hidden": {"type": "boolean", "description": "Att fältet ändrades är allt som visas"},
        },
    },
}


class RootKindFilter(ObjectKindFilter):
    def filter(self, queryset, value):
        return page_of_kind(value).within(queryset) if value else queryset


class HistoryFilter(FilterSet):
    object_kind = RootKindFilter("root_model", help_text="Slag av objekt")
    object_id = df.UUIDFilter(method="of_object", label="Objekt", help_text="Objektets id")
    actor = df.UUIDFilter(
        method="by_actor", label="Vem", help_text="Kontots id; det egna, eller för samordnare vems som helst"
    )
    face = df.ChoiceFilter("face", choices=Face.choices, label="Väg", help_text="Hur ändringen kom")
    since = df.IsoDateTimeFilter("at", lookup_expr="gte", label="Från och med", help_text="Ändrat tidigast")
    deleted = BooleanFilter(
        method="only_deleted", label="Bara borttaget", help_text="Bara det som tagits bort"
    )

    class Meta:
        model = Change
        fields = ()

    def of_object(self, queryset, name, value):
        """The object and its parts; of a kind that is told on a larger one's page only if the kind is given."""
        page = page_of_kind(self.form.cleaned_data.get("object_kind"))
        return page.of(queryset, value) if page else queryset.filter(root_uuid=value)

    def by_actor(self, queryset, name, value):
        """One's own changes; whose the others are is for coordinators."""
        users = apps.get_model("accounts", "User").objects.filter(uuid=value)
        if not (self.scope.national and self.scope.is_coordinator):
            users = users.filter(pk=getattr(self.scope.user, "pk", None))
        return queryset.filter(user_id__in=users.values("pk"))

    def only_deleted(self, queryset, name, value):
        return queryset.filter(kind=ChangeKind.DELETE) if value else queryset


class ChangeSerializer(StrictModelSerializer):
    """A change of one row, and of which object it is a part. The view holds what is told of its rows."""

    at = DateTimeField(read_only=True, help_text="När")
    action = serializers.ChoiceField(
        source="kind", choices=ChangeKind.choices, read_only=True, help_text="Vad som hände"
    )
    row_kind = serializers.SerializerMethodField(help_text="Vad raden är, på svenska")
    row_id = serializers.UUIDField(source="object_uuid", read_only=True, help_text="Radens id")
    row_name = serializers.SerializerMethodField(help_text="Vad raden heter, tomt om inget eller dolt")
    object_kind = serializers.SerializerMethodField(
        help_text="Slaget av objekt som raden hör till, null om det inte har någon historiksida"
    )
    object_id = serializers.UUIDField(
        source="root_uuid", read_only=True, allow_null=True, help_text="Id för objektet som raden hör till"
    )
    face = serializers.ChoiceField(
        choices=Face.choices,
        allow_blank=True,
        read_only=True,
        help_text="Hur ändringen kom, tomt om det inte är känt",
    )
    actor = serializers.SerializerMethodField(help_text="Vem: namn eller roll, så långt du får veta det")
    request_id = serializers.SerializerMethodField(help_text="Anropet, bara för samordnare")
    fields_changed = serializers.SerializerMethodField(help_text="Vad som ändrades, fält för fält")

    class Meta:
        model = Change
        fields = (
            "id",
            "at",
            "action",
            "face",
            "actor",
            "object_kind",
            "object_id",
            "row_kind",
            "row_id",
            "row_name",
            "fields_changed",
            "request_id",
        )
        read_only_fields = fields

    def get_object_kind(self, change) -> str | None:
        page = history_page(change.root_model)
        return page.kind if page else None

    def get_row_kind(self, change) -> str:
        return self.context["view"].told[change.pk].what

    def get_row_name(self, change) -> str:
        return self.context["view"].told[change.pk].name

    def get_actor(self, change) -> str:
        return who(change.user_id, change.face, self.context["view"].actors)

    def get_request_id(self, change) -> uuid.UUID | None:
        return change.request_id if self.context["request"].scope.is_coordinator else None

    @extend_schema_field(FIELDS)
    def get_fields_changed(self, change) -> list[dict]:
        return [
            {
                "name": line.field,
                "label": line.label,
                "old": None if line.hidden else line.old or None,
                "new": None if line.hidden else line.new or None,
                "is_hidden": line.hidden,
            }
            for line in self.context["view"].told[change.pk].lines
        ]


class HistoryViewSet(ReadViewSet):
    queryset = Change.objects.all()
    serializer_class = ChangeSerializer
    filterset_class = HistoryFilter
    plain = "a change is told in words, of the states before and after it"
    ordering_fields = ("at",)
    ordering = ("-at",)
    noun, nouns = "ändring", "ändringar"
    about = (
        "Vad som har lagts till, ändrats och tagits bort: rad för rad, för den som har eller hade raden. "
        "Skyddade personers uppgifter visas aldrig. Bläddra med cursor."
    )

    def get_serializer(self, *args, **kwargs):
        """What a reader may know of the changes is asked for all of them at once."""
        if args:
            changes = list(args[0]) if kwargs.get("many") else [args[0]]
            self.told = told(changes, self.request.scope)
            self.actors = names_of((change.user_id for change in changes), self.request.scope)
        return super().get_serializer(*args, **kwargs)
