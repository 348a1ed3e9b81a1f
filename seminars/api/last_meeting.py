"""A participation in the API: which meeting was the last that was held."""

from datetime import date

from django.db.models import F, OuterRef, Subquery
from rest_framework import serializers

from programmes.api.serializers import ParticipationSerializer
from sbs_portal.api.computed import Asked, Sql, Told, few
from sbs_portal.api.fields import ImpreciseDateSerializerField
from sbs_portal.api.serializers import StrictSerializer, add_field
from sbs_portal.db.fields import column_names
from sbs_portal.time import ImpreciseDate
from seminars.models import Meeting


class LastMeetingSerializer(StrictSerializer):
    """The last meeting held."""

    id = serializers.UUIDField(help_text="Träffens id")
    when = ImpreciseDateSerializerField(help_text="När den var")


def _facts(asked: Asked) -> Subquery:
    held = Meeting.objects.visible_to(asked.scope).in_use().held()
    own = held.filter(
        participation_links__participation=OuterRef("pk"),
        when_date__lte=asked.day,
    )
    newest = few("when_date").desc(), few("pk").desc()
    said = Sql("json_build_array({0}, {1}, {2}, {3})", F("uuid"), *(F(one) for one in column_names("when")))
    return Subquery(own.annotate(said=said).order_by(*newest).values("said")[:1])


def _told(found: list, asked: Asked) -> dict:
    uuid, day, precision, text = found
    when = ImpreciseDate(date.fromisoformat(day), precision, text)
    return {"id": uuid, "when": ImpreciseDateSerializerField().to_representation(when)}


def register() -> None:
    last = Told(
        _facts,
        _told,
        LastMeetingSerializer(),
        allow_null=True,
        help_text="Den senaste träffen som har hållits, null om ingen",
    )
    add_field(ParticipationSerializer, "last_meeting", last)
