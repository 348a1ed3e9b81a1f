"""A participation in the API: which meeting was the last that was held."""

from django.db.models import Subquery
from rest_framework import serializers

from programmes.api.serializers import ParticipationSerializer
from sbs_portal.api.computed import Asked, Told
from sbs_portal.api.fields import ImpreciseDateSerializerField
from sbs_portal.api.serializers import StrictSerializer, add_field
from seminars.lateness import links_of, meeting_told, newest


class LastMeetingSerializer(StrictSerializer):
    """The last meeting held."""

    id = serializers.UUIDField(help_text="Träffens id")
    when = ImpreciseDateSerializerField(help_text="När den var")


def _facts(asked: Asked) -> Subquery:
    return newest(links_of(asked).held().filter(when_date__lte=asked.day))


def _told(found: list, asked: Asked) -> dict:
    last = meeting_told(found)
    return {"id": last.uuid, "when": ImpreciseDateSerializerField().to_representation(last.when)}


def register() -> None:
    last = Told(
        _facts,
        _told,
        LastMeetingSerializer(),
        allow_null=True,
        help_text="Den senaste träffen som har hållits, null om ingen",
    )
    add_field(ParticipationSerializer, "last_meeting", last)
