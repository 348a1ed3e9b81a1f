"""The shape of a saved view."""

from sbs_portal.api.serializers import StrictModelSerializer
from sbs_portal.lists.models import SavedView


class SavedViewSerializer(StrictModelSerializer):
    class Meta:
        model = SavedView
        fields = ("id", "list_name", "name", "query", "audience", "role", "created_at", "updated_at")
