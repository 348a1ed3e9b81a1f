"""Meetings in the admin: series are set up here, minutes are written on the meeting's own page."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from sbs_portal.scope import settle
from sbs_portal.web.fields import ImpreciseDateFormField, ImpreciseDateModelFormMixin
from sbs_portal.web.model_admin import ScopedModelAdmin, ScopedTabularInline
from seminars.models import Meeting, MeetingSeries, SeriesAttendee
from seminars.overview import when_words
from seminars.services import meeting as services


class MeetingSeriesForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    starts = ImpreciseDateFormField(
        label="från",
        required=False,
        help_text="Med en dag planeras träffarna när serien sparas första gången.",
    )
    ends = ImpreciseDateFormField(label="till", required=False)

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

    list_display = ["heading", "huvudman_words", "status", "place", "page"]
    list_filter = ["status", "kind"]
    search_fields = ["title", "place", "participation_links__participation__huvudman__name"]
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

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("participation_links__participation__huvudman")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="träff", ordering="when_date")
    def heading(self, meeting):
        return f"{meeting.shown_title}, {when_words(meeting)}"

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
