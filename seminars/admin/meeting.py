"""Meetings in the admin: series are set up here, minutes are written on the meeting's own page."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.scope import settle
from sbs_portal.time import today
from sbs_portal.web.admin_actions import PreviewedAction, ReasonForm
from sbs_portal.web.fields import ImpreciseDateFormField, ImpreciseDateModelFormMixin
from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedTabularInline, add_list_column
from schools.models import Huvudman
from seminars.models import Meeting, MeetingParticipation, MeetingSeries, MeetingStatus, SeriesAttendee
from seminars.overview import when_words
from seminars.services import meeting as services
from seminars.services import planning


class MeetingSeriesForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    starts = ImpreciseDateFormField(
        label="Från",
        required=False,
        help_text="Med en dag planeras träffarna när serien sparas första gången.",
    )
    ends = ImpreciseDateFormField(label="Till", required=False)

    class Meta:
        model = MeetingSeries
        fields = (
            "participation",
            "title",
            "interval_weeks",
            "skips_breaks",
            "starts",
            "ends",
            "start_time",
            "end_time",
            "place",
            "mode",
        )


class ScopedChoices:
    """Related rows are chosen among those the user may read."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", db_field.related_model.objects.visible_to(request.scope))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SeriesAttendeeInline(ScopedChoices, ScopedTabularInline):
    model = SeriesAttendee
    fields = ["person", "role", "unit", "is_required", "note"]
    autocomplete_fields = ["person", "unit"]
    can_delete = True


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(ScopedChoices, ScopedModelAdmin):
    form = MeetingSeriesForm
    list_display = ["title", "participation", "cadence", "starts_words", "place"]
    list_select_related = ["participation__huvudman", "participation__programme"]
    search_fields = ["title", "participation__huvudman__name"]
    autocomplete_fields = ["participation"]
    inlines = [SeriesAttendeeInline]

    @admin.display(description="hur ofta")
    def cadence(self, series):
        return series.cadence_words

    @admin.display(description="från", ordering="starts_date")
    def starts_words(self, series):
        return str(series.starts)

    def get_readonly_fields(self, request, obj=None):
        return ["participation"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        # A new series is made when its attendees are known too, so that they are expected at its meetings.

    def service_change(self, request, obj, form):
        row = services.change_series(
            series=obj, by=request.user, **{name: form.cleaned_data[name] for name in form.changed_data}
        )
        obj.version = row.version

    def save_related(self, request, form, formsets, change):
        attendees = formsets[0]
        attendees.save(commit=False)
        if not change:
            given = [part.cleaned_data for part in attendees.extra_forms if part.has_changed()]
            series = services.start_series(
                by=request.user, attendees=[_attendee(data) for data in given], **form.cleaned_data
            )
            form.instance.__dict__.update(series.__dict__)
            return
        for row in attendees.deleted_objects:
            services.remove_series_attendee(attendee=row, by=request.user)
        for row, _ in attendees.changed_objects:
            services.change_series_attendee(attendee=row, by=request.user)
        for part in attendees.extra_forms:
            if part.has_changed() and part not in attendees.deleted_forms:
                services.add_series_attendee(
                    series=form.instance, by=request.user, **_attendee(part.cleaned_data)
                )
        settle()


def _attendee(data: dict) -> dict:
    return {name: data[name] for name in ("person", "role", "unit", "is_required", "note")}


@admin.register(Meeting)
class MeetingAdmin(ScopedModelAdmin):
    """Read here; planned, written and cancelled on the meeting's own page."""

    list_display = ["heading", "huvudman_words", "shown_status", "place", "page"]
    list_filter = ["status", "kind"]
    date_hierarchy = "when_date"
    search_fields = ["title", "place"]
    search_help_text = "Rubrik, plats eller huvudman"
    fields = [
        "page",
        "huvudman_words",
        "when_words",
        "start_time",
        "end_time",
        "mode",
        "place",
        "kind",
        "title",
        "number",
        "status",
        "cancelled_reason",
        "agenda",
        "total_on_site",
    ]
    readonly_fields = fields
    previewed = (
        PreviewedAction(
            name="cancel",
            title="Ställ in valda träffar",
            button="Ställ in",
            service=lambda row, by, reason: planning.cancel_meeting(meeting=row, reason=reason, by=by),
            may=lambda request, model: request.scope.may(Action.MEETING_CHANGE),
            needless=lambda row: "Är redan inställd." if row.status == MeetingStatus.CANCELLED else "",
            form_class=ReasonForm,
            stand_in=(("reason", "förhandsvisning"),),
            note="Skälet syns på träffens sida. Åtgärder som skulle följas upp på en inställd träff "
            "väntar till träffen efter.",
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("participation_links__participation__huvudman")

    def get_search_results(self, request, queryset, search_term):
        """Also by the huvudman's name: found first, so that its meetings are looked up and not read one by one."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            named = Huvudman.objects.visible_to(request.scope).filter(name__icontains=search_term.strip())
            ids = list(named.values_list("pk", flat=True))
            found |= queryset.filter(huvudman_ids__overlap=ids)
        return found, may_repeat

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="träff", ordering="when_date")
    def heading(self, meeting):
        return f"{meeting.shown_title}, {when_words(meeting)}"

    @admin.display(description="status", ordering="status")
    def shown_status(self, meeting):
        return "skulle ha hållits" if meeting.is_overdue(today()) else meeting.get_status_display()

    @admin.display(description="när")
    def when_words(self, meeting):
        return str(meeting.when)

    @admin.display(description="med")
    def huvudman_words(self, meeting):
        return ", ".join(str(link.participation.huvudman) for link in meeting.participation_links.all())

    @admin.display(description="anteckningar")
    def page(self, meeting):
        return format_html(
            '<a href="{}">Öppna träffens sida</a>', reverse("meeting_detail", args=[meeting.uuid])
        )


@admin.display(description="senaste träff", ordering="last_meeting")
def last_meeting(participation):
    return participation.last_meeting


@admin.display(description="försenat")
def late(participation):
    number = participation.overdue_meetings
    if not number:
        return None
    return f"{number} {'träff' if number == 1 else 'träffar'} utan besked"


def _links():
    """A participation's meetings, as a subquery of its own row."""
    return (
        MeetingParticipation.objects.filter(participation=OuterRef("pk")).order_by().values("participation")
    )


def _with_last_meeting(participations):
    held = _links().filter(meeting__status=MeetingStatus.HELD)
    return participations.annotate(
        last_meeting=Subquery(held.annotate(day=Max("meeting__when_date")).values("day"))
    )


def _with_overdue_meetings(participations):
    overdue = _links().filter(meeting__in=Meeting.objects.overdue().order_by())
    return participations.annotate(
        overdue_meetings=Coalesce(Subquery(overdue.annotate(number=Count("pk")).values("number")), 0)
    )


add_list_column(Participation, last_meeting, annotate=_with_last_meeting)
add_list_column(Participation, late, annotate=_with_overdue_meetings)
