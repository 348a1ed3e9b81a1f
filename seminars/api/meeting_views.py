"""Meetings and their lines: read within scope, written through the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from programmes.models import Participation
from sbs_portal.api.conditions import require_version, version_of
from sbs_portal.api.removing import ArchiveMixin, RemoveMixin
from sbs_portal.api.views import DeleteMixin, WriteViewSet
from sbs_portal.api.writing import read_body
from schools.models import SchoolUnit
from seminars.api import meeting_serializers as serializers
from seminars.filters import meeting as filters
from seminars.models import (
    Attendance,
    Meeting,
    MeetingSeries,
    Outcome,
    SeriesAttendee,
)
from seminars.services import meeting as services


class MeetingSeriesViewSet(RemoveMixin, WriteViewSet):
    queryset = MeetingSeries.objects.all()
    serializer_class = serializers.MeetingSeriesSerializer
    filterset_class = filters.MeetingSeriesFilter
    ordering_fields = {"created_at": "created_at", "starts": "starts_date"}
    ordering = ("created_at",)
    noun, nouns = "träffserie", "träffserier"
    about = "Hur ofta ett deltagande har träffar, räknat i skolveckor."

    def for_list(self, queryset):
        return queryset.select_related("participation")

    @property
    def input_serializer_class(self):
        creating = self.action == "create"
        return serializers.MeetingSeriesInput if creating else serializers.MeetingSeriesChangeInput

    def perform_create(self, serializer):
        return services.start_series.steps(by=self.request.scope, **serializer.validated_data)

    def _act(self, service, body):
        """Call the service on the series with what the body holds, and answer with the series as it became."""
        series, data = self.get_object(), read_body(self, body)
        service(series=series, by=self.request.scope, **data)
        return self.became(series)

    def perform_update(self, serializer):
        return services.change_series.steps(
            series=serializer.instance, by=self.request.scope, **serializer.validated_data
        )

    @extend_schema(
        summary="Avsluta serien",
        request=serializers.EndSeriesInput,
        responses=serializers.MeetingSeriesSerializer,
    )
    @action(detail=True, methods=["post"], url_path="end")
    def end(self, request, *args, **kwargs):
        return self._act(services.end_series, serializers.EndSeriesInput)

    @extend_schema(
        summary="Planera fler träffar i serien",
        description="Från den sista planerade träffen, med det mellanrum som är bestämt.",
        request=serializers.ExtendSeriesInput,
        responses=serializers.MeetingSeriesSerializer,
    )
    @action(detail=True, methods=["post"], url_path="extend")
    def extend(self, request, *args, **kwargs):
        return self._act(services.extend_series, serializers.ExtendSeriesInput)

    @extend_schema(
        summary="Ändra serien från en träff",
        description="Serien och dess planerade träffar ändras från och med träffen. De är lika många som förut; "
        "med ny dag eller nytt mellanrum räknas dagarna om.",
        request=serializers.ChangeSeriesFromInput,
        responses=serializers.MeetingSeriesSerializer,
    )
    @action(detail=True, methods=["post"], url_path="change-from")
    def change_from(self, request, *args, **kwargs):
        return self._act(services.change_from, serializers.ChangeSeriesFromInput)

    @extend_schema(
        summary="Ställ in flera av seriens träffar",
        description="Alla eller ingen.",
        request=serializers.SeveralMeetingsInput,
        responses=serializers.MeetingSeriesSerializer,
    )
    @action(detail=True, methods=["post"], url_path="cancel-meetings")
    def cancel_meetings(self, request, *args, **kwargs):
        return self._act(services.cancel_meetings, serializers.SeveralMeetingsInput)

    @extend_schema(
        summary="Flytta flera av seriens träffar",
        description="Lika många veckor var, alla eller ingen.",
        request=serializers.MoveSeveralInput,
        responses=serializers.MeetingSeriesSerializer,
    )
    @action(detail=True, methods=["post"], url_path="move-meetings")
    def move_meetings(self, request, *args, **kwargs):
        return self._act(services.move_meetings, serializers.MoveSeveralInput)


class SeriesAttendeeViewSet(DeleteMixin, WriteViewSet):
    queryset = SeriesAttendee.objects.all()
    serializer_class = serializers.SeriesAttendeeSerializer
    filterset_class = filters.SeriesAttendeeFilter
    ordering_fields = {"created_at": "created_at"}
    ordering = ("created_at",)
    noun, nouns = "deltagare i serien", "deltagare i serier"
    about = "Vilka som ska vara med på en series träffar: en person, eller den som har rollen."

    def for_list(self, queryset):
        return queryset.select_related("series", "person", "unit")

    @property
    def input_serializer_class(self):
        creating = self.action == "create"
        return serializers.SeriesAttendeeInput if creating else serializers.SeriesAttendeeChangeInput

    def perform_create(self, serializer):
        return services.add_series_attendee.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(row, name, value)
        return services.change_series_attendee.steps(attendee=row, by=self.request.scope)

    def perform_destroy(self, row):
        services.remove_series_attendee(attendee=row, by=self.request.scope)


class MeetingViewSet(ArchiveMixin, WriteViewSet):
    queryset = Meeting.objects.all()
    serializer_class = serializers.MeetingSerializer
    filterset_class = filters.MeetingFilter
    ordering_fields = {"when": "when_date", "created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("-when",)
    related = {"participations": Participation, "units": SchoolUnit}
    noun, nouns = "träff", "träffar"
    about = "En träff mellan processledare och skolor i ett eller flera deltaganden."

    @property
    def input_serializer_class(self):
        return serializers.MeetingInput if self.action == "create" else serializers.MeetingChangeInput

    def for_list(self, queryset):
        return queryset.select_related("series")

    def perform_create(self, serializer):
        data = dict(serializer.validated_data)
        given = "total_on_site" in data
        total = data.pop("total_on_site", None)
        by = self.request.scope
        meeting = yield from services.plan_meeting.steps(when=data.pop("when", None), by=by, **data)
        if given:
            yield from services.set_total_on_site.steps(meeting=meeting, total=total, by=by)
        return meeting

    def perform_update(self, serializer):
        data = dict(serializer.validated_data)
        meeting = serializer.instance
        given = "total_on_site" in data
        total = data.pop("total_on_site", None)
        if data:
            meeting = yield from services.change_meeting.steps(meeting=meeting, by=self.request.scope, **data)
        if given:
            meeting = yield from services.set_total_on_site.steps(
                meeting=meeting, total=total, by=self.request.scope
            )
        return meeting

    @extend_schema(
        summary="Träffen har hållits",
        description="Går inte för en träff som ligger framåt, är inställd eller saknar datum.",
        request=serializers.NothingInput,
        responses=serializers.MeetingSerializer,
    )
    @action(detail=True, methods=["post"], url_path="finish")
    def finish(self, request, *args, **kwargs):
        meeting = self.get_object()
        read_body(self, serializers.NothingInput)
        return self.became(services.finish_meeting(meeting=meeting, by=request.scope))

    @extend_schema(
        summary="Ställ in träffen",
        request=serializers.CancelInput,
        responses=serializers.MeetingSerializer,
    )
    @action(detail=True, methods=["post"], url_path="cancel")
    def cancel(self, request, *args, **kwargs):
        meeting = self.get_object()
        reason = read_body(self, serializers.CancelInput)["reason"]
        return self.became(services.cancel_meeting(meeting=meeting, reason=reason, by=request.scope))

    @extend_schema(
        summary="Flytta träffen",
        request=serializers.MoveInput,
        responses=serializers.MeetingSerializer,
    )
    @action(detail=True, methods=["post"], url_path="move")
    def move(self, request, *args, **kwargs):
        meeting = self.get_object()
        data = read_body(self, serializers.MoveInput)
        moved = services.move_meeting(
            meeting=meeting, to=data["when"], reason=data["reason"], by=request.scope
        )
        return self.became(moved)

    @extend_schema(
        summary="Träffen är planerad igen",
        description="Tar tillbaka att den är inställd, eller att den har hållits.",
        request=serializers.NothingInput,
        responses=serializers.MeetingSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reopen")
    def reopen(self, request, *args, **kwargs):
        meeting = self.get_object()
        read_body(self, serializers.NothingInput)
        return self.became(services.reopen_meeting(meeting=meeting, by=request.scope))


# In which role and from which unit someone is at a meeting.
SEAT = frozenset({"role", "unit", "is_required"})


class AttendanceViewSet(DeleteMixin, WriteViewSet):
    queryset = Attendance.objects.all()
    serializer_class = serializers.AttendanceSerializer
    filterset_class = filters.AttendanceFilter
    ordering_fields = {"created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("created_at",)
    noun, nouns = "närvaro", "närvaro"
    about = "En person som väntades till eller var på en träff. Status null: inte antecknad."

    @property
    def input_serializer_class(self):
        return serializers.AttendanceInput if self.action == "create" else serializers.AttendanceChangeInput

    def for_list(self, queryset):
        return queryset.select_related("meeting", "huvudman", "person", "unit")

    def perform_create(self, serializer):
        return services.add_attendee.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        line, data = serializer.instance, serializer.validated_data
        if SEAT.intersection(data):
            seat = {name: data.get(name, getattr(line, name)) for name in SEAT}
            line = yield from services.change_attendee.steps(attendance=line, by=self.request.scope, **seat)
        status = data.get("status", line.status)
        kept = line.substitute_name if status == "substitute" else ""
        return (
            yield from services.record_attendance.steps(
                attendance=line,
                status=status,
                substitute_name=data.get("substitute_name", kept),
                by=self.request.scope,
            )
        )

    def perform_destroy(self, row):
        services.remove_attendee(attendance=row, by=self.request.scope)


class OutcomeViewSet(DeleteMixin, WriteViewSet):
    queryset = Outcome.objects.all()
    serializer_class = serializers.OutcomeSerializer
    filterset_class = filters.OutcomeFilter
    ordering_fields = {"created_at": "created_at", "updated_at": "updated_at", "due_on": "due_on"}
    ordering = ("created_at",)
    noun, nouns = "rad från träffen", "rader från träffar"
    about = "Det en träff kom fram till: information, ett beslut, eller en åtgärd med ansvarig och dag."

    @property
    def input_serializer_class(self):
        return serializers.OutcomeInput if self.action == "create" else serializers.OutcomeChangeInput

    def for_list(self, queryset):
        return queryset.select_related("meeting", "huvudman", "owner")

    def perform_create(self, serializer):
        return services.add_outcome.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        return services.change_outcome.steps(
            outcome=serializer.instance, by=self.request.scope, **serializer.validated_data
        )

    def perform_destroy(self, row):
        services.remove_outcome(outcome=row, by=self.request.scope)

    @extend_schema(
        summary="Åtgärden är klar",
        description="Får göras av den som får anteckna på träffen, och av den ansvariga.",
        request=serializers.CompleteInput,
        responses=serializers.OutcomeSerializer,
    )
    @action(detail=True, methods=["post"], url_path="complete")
    def complete(self, request, *args, **kwargs):
        line, data = self._own_or_writable(), read_body(self, serializers.CompleteInput)
        return self.became(services.complete_action(outcome=line, by=request.scope, **data))

    @extend_schema(
        summary="Åtgärden är inte klar",
        description="Tar tillbaka att åtgärden är klar.",
        request=serializers.NothingInput,
        responses=serializers.OutcomeSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reopen")
    def reopen(self, request, *args, **kwargs):
        line = self._own_or_writable()
        read_body(self, serializers.NothingInput)
        return self.became(services.reopen_action(outcome=line, by=request.scope))

    def _own_or_writable(self) -> Outcome:
        """The line of the address: the service knows who may tick it off, its owner among them."""
        line = self._visible(self.kwargs[self.lookup_url_kwarg])
        require_version(self.request, version_of(line), demanded=False)
        return line


ROUTES = (
    ("meeting-series", MeetingSeriesViewSet),
    ("meeting-series-attendees", SeriesAttendeeViewSet),
    ("meetings", MeetingViewSet),
    ("attendances", AttendanceViewSet),
    ("outcomes", OutcomeViewSet),
)
