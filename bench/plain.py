"""Plain Django REST framework over the same rows: what one would write first, and write well.

Model serializers, ``select_related`` and ``prefetch_related``, page numbers; the portal's own key, scope and
transaction, since those are no choice. What is shown is the portal's list of fields, how it is found is its own; its
answers are held against the portal's too.
"""

from contextlib import ExitStack

from django.db.models import Count, F, Max, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.urls import include, path
from rest_framework import generics, pagination, renderers, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from programmes import words
from programmes.api import serializers as participations
from programmes.models import ParticipatingUnit, Participation
from programmes.reasons import tell_reasons
from sbs_portal.api.authentication import TokenAuthentication
from sbs_portal.scope import Scope, bound
from sbs_portal.time import today
from schools.api import serializers as units
from schools.models import RoleAssignment, SchoolUnit, SchoolUnitVersion
from seminars.api import meeting_serializers as meetings
from seminars.models import Attendance, Meeting, MeetingParticipation, MeetingSeries, MeetingUnit
from seminars.services.outcome import due_days_resolved

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class ImpreciseDate(serializers.Field):
    def to_representation(self, value):
        return {
            "date": value.code or None,
            "precision": value.precision.value,
            "text": value.text or str(value),
        }


class Code(serializers.Field):
    def to_representation(self, value):
        return value.code


class Moment(serializers.DateTimeField):
    def __init__(self, **options):
        super().__init__(format=MOMENT, **options)

    def enforce_timezone(self, value):
        return value


def related(**options):
    return serializers.SlugRelatedField(slug_field="uuid", read_only=True, **options)


class Serializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    created_at = Moment()
    updated_at = Moment()


class MeetingSerializer(Serializer):
    series = related()
    participations = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    when = ImpreciseDate()
    attendance = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = meetings.MeetingSerializer.Meta.fields

    def get_participations(self, row):
        return [str(link.participation.uuid) for link in row.participation_links.all()]

    def get_attendance(self, row):
        return {"expected": row.expected, "present": row.present}

    def get_units(self, row):
        return [str(link.unit.uuid) for link in row.unit_links.all()]


class ReasonSerializer(serializers.Serializer):
    text = serializers.CharField()
    href = serializers.CharField(source="url")


class ParticipationSerializer(Serializer):
    huvudman = related()
    programme = related()
    cohort = related()
    administration = related()
    decided = ImpreciseDate()
    start_term = Code()
    started = ImpreciseDate()
    previous = related()
    term = serializers.SerializerMethodField()
    phase = serializers.SerializerMethodField()
    late_reasons = ReasonSerializer(many=True)
    last_meeting = serializers.SerializerMethodField()

    class Meta:
        model = Participation
        fields = (*participations.ParticipationSerializer.Meta.fields, "last_meeting")

    def get_phase(self, row):
        own = (phase for phase in row.phases.all() if not phase.participating_unit_id)
        found = words.current_phase(own, words.known_day(row, today()))
        return found.phase if found else None

    def get_last_meeting(self, row):
        found = row.last_meeting
        return found and {"id": str(found.uuid), "when": ImpreciseDate().to_representation(found.when)}

    def get_term(self, row):
        day = words.known_day(row, today())
        position = row.term_number(day)
        numbers = position.numbers
        return {
            "kind": position.kind.value,
            "number": position.number,
            "total": position.total,
            "low": numbers[0] if numbers else None,
            "high": numbers[-1] if numbers else None,
            "sentence": position.sentence,
            "term": position.on.code,
            "on": day.isoformat(),
        }


class SchoolUnitSerializer(Serializer):
    huvudman = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    school_forms = serializers.SerializerMethodField()
    aliases = serializers.SerializerMethodField()
    archived_at = Moment()

    class Meta:
        model = SchoolUnit
        fields = units.SchoolUnitSerializer.Meta.fields

    def get_huvudman(self, unit):
        version = unit.version_on()
        return str(version.huvudman.uuid) if version else None

    def get_status(self, unit):
        version = unit.version_on()
        return version.status if version else None

    def get_school_forms(self, unit):
        version = unit.version_on()
        return version.school_forms if version else []

    def get_aliases(self, unit):
        return [alias.name for alias in unit.aliases.all()]


class NewMeetingSerializer(serializers.Serializer):
    """A new meeting of a series, with its units and those who should come."""

    participations = serializers.SlugRelatedField(
        slug_field="uuid", many=True, queryset=Participation.objects
    )
    series = serializers.SlugRelatedField(slug_field="uuid", queryset=MeetingSeries.objects)
    when = serializers.DateField()

    def create(self, sent):
        series, day, participations = sent["series"], sent["when"], sent["participations"]
        last = series.meetings.aggregate(last=Max("number"))["last"] or 0
        meeting = Meeting.objects.create(
            series=series,
            when=day,
            number=last + 1,
            huvudman_ids=sorted({one.huvudman_id for one in participations}),
            **{name: getattr(series, name) for name in ("start_time", "end_time", "place", "mode")},
        )
        for one in participations:
            MeetingParticipation.objects.create(meeting=meeting, participation=one)
        members = ParticipatingUnit.objects.filter(participation__in=participations).with_us_on(day)
        units = [member.unit_id for member in members]
        MeetingUnit.objects.bulk_create(MeetingUnit(meeting=meeting, unit_id=unit) for unit in units)
        coming = {}
        for attendee in series.attendees.order_by("pk"):
            for person in self._expected(attendee, meeting, day, units):
                coming.setdefault(person, attendee)
        Attendance.objects.bulk_create(self._lines(coming, meeting, day))
        due_days_resolved.answer([participations])
        return meeting

    def _expected(self, attendee, meeting, day, units):
        if attendee.person_id:
            return [attendee.person_id]
        there = RoleAssignment.objects.filter(
            role=attendee.role, huvudman__in=meeting.huvudman_ids
        ).active_on(day)
        return [
            one.person_id
            for one in there.order_by("pk")
            if (one.unit_id == attendee.unit_id if attendee.unit_id else one.unit_id in (None, *units))
        ]

    def _lines(self, coming, meeting, day):
        seats = {}
        roles = RoleAssignment.objects.filter(person__in=coming, huvudman__in=meeting.huvudman_ids)
        for one in roles.active_on(day).order_by(F("unit").asc(nulls_last=True), "pk"):
            seats.setdefault(one.person_id, one)
        for person, attendee in coming.items():
            seat = seats.get(person)
            yield Attendance(
                meeting=meeting,
                person_id=person,
                role=attendee.role,
                unit_id=attendee.unit_id or (seat and seat.unit_id),
                huvudman_id=seat and seat.huvudman_id,
                is_required=attendee.is_required,
            )


class Pages(pagination.PageNumberPagination):
    page_size_query_param = "limit"
    max_page_size = 200

    def get_paginated_response(self, data):
        return Response({"count": self.page.paginator.count, "next": self.get_next_link(), "data": data})


class Plain:
    """The walls around a stock view: the key, the scope, one transaction."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    renderer_classes = [renderers.JSONRenderer]
    pagination_class = Pages
    lookup_field = "uuid"

    def dispatch(self, request, *args, **kwargs):
        with ExitStack() as self.transaction:
            return super().dispatch(request, *args, **kwargs).render()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        request.scope = Scope.of(request.user, token=request.auth)
        self.transaction.enter_context(bound(request.scope, face="api"))


class Meetings(Plain):
    serializer_class = MeetingSerializer

    def get_queryset(self):
        scope = self.request.scope
        links = MeetingParticipation.objects.visible_to(scope).select_related("participation")
        units = MeetingUnit.objects.visible_to(scope).select_related("unit")
        lines = (
            Attendance.objects.visible_to(scope).filter(meeting=OuterRef("pk")).order_by().values("meeting")
        )
        came = lines.filter(status__in=("present", "substitute"))
        rows = Meeting.objects.visible_to(scope).in_use().select_related("series")
        rows = rows.annotate(
            expected=Coalesce(Subquery(lines.annotate(number=Count("pk")).values("number")), 0),
            present=Coalesce(Subquery(came.annotate(number=Count("pk")).values("number")), 0),
        )
        return rows.prefetch_related(
            Prefetch("participation_links", queryset=links), Prefetch("unit_links", queryset=units)
        ).order_by(F("when_date").desc(), "pk")


class NewMeetings(generics.CreateAPIView):
    """Beside the list of meetings, where they are added."""

    def create(self, request, *args, **kwargs):
        serializer = NewMeetingSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = serializer.save()
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)


class Participations(Plain):
    serializer_class = ParticipationSerializer

    def get_queryset(self):
        rows = Participation.objects.visible_to(self.request.scope).in_use().with_head()
        rows = rows.prefetch_related("phases")
        return rows.select_related("huvudman", "programme", "cohort", "administration", "previous").order_by(
            "huvudman__sort_key", "pk"
        )

    def get_serializer(self, *args, **kwargs):
        rows = args[0] if kwargs.get("many") else [args[0]]
        tell_reasons(rows, self.request.scope, today())
        held = Meeting.objects.visible_to(self.request.scope).in_use().held().filter(when_date__lte=today())
        links = MeetingParticipation.objects.filter(participation__in=rows, meeting__in=held)
        links = links.order_by("participation_id", "-meeting__when_date", "-meeting_id")
        links = links.distinct("participation_id").select_related("meeting")
        last = {link.participation_id: link.meeting for link in links}
        for row in rows:
            row.last_meeting = last.get(row.pk)
        return super().get_serializer(*args, **kwargs)


class SchoolUnits(Plain):
    serializer_class = SchoolUnitSerializer

    def get_queryset(self):
        scope = self.request.scope
        versions = SchoolUnitVersion.objects.visible_to(scope).select_related("huvudman")
        rows = SchoolUnit.objects.visible_to(scope).in_use()
        return rows.prefetch_related(Prefetch("versions", versions), "aliases").order_by("sort_key", "pk")


def _routes(name: str, base: type, *added: type) -> list:
    many = type("List", (base, *added, generics.ListAPIView), {})
    single = type("Detail", (base, generics.RetrieveAPIView), {})
    return [path(f"api/v1/{name}", many.as_view()), path(f"api/v1/{name}/<uuid:uuid>", single.as_view())]


urlpatterns = [
    *_routes("meetings", Meetings, NewMeetings),
    *_routes("participations", Participations),
    *_routes("school-units", SchoolUnits),
    # What is late is told with the addresses of its pages.
    path("", include("sbs_portal.urls")),
]
