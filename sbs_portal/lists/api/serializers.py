"""The shape of a saved view, and what one is made and changed with."""

from rest_framework import serializers

from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from sbs_portal.lists.models import Audience, SavedView
from sbs_portal.lists.services import owners
from sbs_portal.rights import Role


class SavedViewSerializer(StrictModelSerializer):
    huvudman = serializers.UUIDField(
        source="huvudman_uuid",
        read_only=True,
        allow_null=True,
        help_text="Huvudmannens id, där vyn delas hos en huvudman",
    )
    is_own = serializers.BooleanField(read_only=True, help_text="Om vyn är din egen")
    is_own_default = serializers.BooleanField(read_only=True, help_text="Om din lista öppnas med vyn")

    class Meta:
        model = SavedView
        fields = (
            "id",
            "list_name",
            "name",
            "query",
            "audience",
            "role",
            "huvudman",
            "is_default",
            "is_own",
            "is_own_default",
            "created_at",
            "updated_at",
        )


class SavedViewInput(StrictSerializer):
    """A new view. ``query`` is what follows the question mark in the list's address."""

    list_name = serializers.CharField(max_length=40, help_text="Listans namn, till exempel participation")
    name = serializers.CharField(max_length=80, help_text="Vyns namn")
    query = serializers.CharField(
        max_length=2000, allow_blank=True, required=False, help_text="Filter, ordning och kolumner"
    )
    audience = serializers.ChoiceField(Audience.choices, required=False, help_text="Vem vyn är för")
    role = serializers.ChoiceField(
        Role.choices, required=False, allow_blank=True, help_text="Rollen, där vyn är för en roll"
    )
    huvudman = ScopedRelatedField(
        queryset=owners().objects.all(),
        required=False,
        allow_null=True,
        help_text="Huvudmannens id, där vyn delas hos en huvudman",
    )


class SavedViewChangeInput(SavedViewInput):
    """What can be changed of a view; which list it is of cannot."""

    list_name = None
    is_default = serializers.BooleanField(
        required=False, help_text="Om listan öppnas så för rollen. Samordnare väljer."
    )
