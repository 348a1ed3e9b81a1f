"""Addresses of the start page, meetings and seminars. Included at the root."""

from django.urls import path

from sbs_portal.audit.views.history import HistoryView
from sbs_portal.web.bulk import bulk_path
from sbs_portal.web.removal_views import removal_paths
from seminars.models import Meeting, MeetingSeries, Seminar
from seminars.views import (
    action,
    calendar,
    delegation,
    meeting,
    notes,
    seminar,
    seminar_change,
    series,
    start,
)

urlpatterns = [
    *removal_paths("traffar", "meeting", Meeting, back="meeting_list", active="meetings"),
    *removal_paths(
        "traffserier",
        "series",
        MeetingSeries,
        back=lambda row: row.participation.get_absolute_url(),
        active="meetings",
    ),
    *removal_paths("seminarier", "seminar", Seminar, back="seminar_list", active="seminars"),
    path("", start.StartView.as_view(), name="start"),
    path("traffar/", meeting.MeetingListView.as_view(), name="meeting_list"),
    bulk_path("traffar", meeting.MeetingListView, back="meeting_list"),
    path("traffar/ny/", meeting.MeetingPlanView.as_view(), name="meeting_plan"),
    path("traffar/anteckna/", notes.WriteNowView.as_view(), name="meeting_write_now"),
    path("traffar/<uuid:uuid>/", meeting.MeetingDetailView.as_view(), name="meeting_detail"),
    path("traffar/<uuid:uuid>/andra/", meeting.MeetingChangeView.as_view(), name="meeting_change"),
    path("traffar/<uuid:uuid>/stall-in/", meeting.MeetingCancelView.as_view(), name="meeting_cancel"),
    path("traffar/<uuid:uuid>/anteckna/", notes.MeetingWriteView.as_view(), name="meeting_write"),
    path("traffar/<uuid:uuid>/alla-har/", notes.AllPresentView.as_view(), name="meeting_all_present"),
    path("traffar/<uuid:uuid>/antal/", notes.TotalRecordView.as_view(), name="meeting_total"),
    path("traffar/<uuid:uuid>/rader/", notes.OutcomeAddView.as_view(), name="outcome_add"),
    path("traffar/<uuid:uuid>/flytta/", meeting.MeetingMoveView.as_view(), name="meeting_move"),
    path("traffar/<uuid:uuid>/ateruppta/", meeting.MeetingReopenView.as_view(), name="meeting_reopen"),
    path("traffar/<uuid:uuid>/deltagare/", meeting.ExpectedView.as_view(), name="meeting_expected"),
    path("narvaro/<uuid:uuid>/andra/", meeting.ExpectedChangeView.as_view(), name="expected_change"),
    path("narvaro/<uuid:uuid>/ta-bort/", meeting.ExpectedRemoveView.as_view(), name="expected_remove"),
    path("traffserier/ny/", series.SeriesNewView.as_view(), name="series_new"),
    path("traffserier/<uuid:uuid>/", series.SeriesDetailView.as_view(), name="series_detail"),
    path("traffserier/<uuid:uuid>/andra/", series.SeriesChangeView.as_view(), name="series_change"),
    path("traffserier/<uuid:uuid>/avsluta/", series.SeriesEndView.as_view(), name="series_end"),
    path("traffserier/<uuid:uuid>/fler/", series.SeriesExtendView.as_view(), name="series_extend"),
    path("traffserier/<uuid:uuid>/flera/", series.SeriesSeveralView.as_view(), name="series_several"),
    path(
        "traffserier/<uuid:uuid>/deltagare/",
        series.SeriesAttendeeNewView.as_view(),
        name="series_attendee_new",
    ),
    path(
        "seriedeltagare/<uuid:uuid>/andra/",
        series.SeriesAttendeeChangeView.as_view(),
        name="series_attendee_change",
    ),
    path(
        "seriedeltagare/<uuid:uuid>/ta-bort/",
        series.SeriesAttendeeRemoveView.as_view(),
        name="series_attendee_remove",
    ),
    path("traffar/<uuid:uuid>/kalender.ics", calendar.MeetingCalendarView.as_view(), name="meeting_calendar"),
    path(
        "traffserier/<uuid:uuid>/kalender.ics", calendar.SeriesCalendarView.as_view(), name="series_calendar"
    ),
    path("kalender/", calendar.CalendarView.as_view(), name="calendar"),
    path("kalender/ny/", calendar.CalendarOpenView.as_view(), name="calendar_open"),
    path("kalender/aterkalla/", calendar.CalendarCloseView.as_view(), name="calendar_close"),
    path("kalender/<str:secret>.ics", calendar.CalendarFeedView.as_view(), name="calendar_feed"),
    path("seminarier/", seminar.SeminarListView.as_view(), name="seminar_list"),
    bulk_path("seminarier", seminar.SeminarListView, back="seminar_list"),
    path("seminarier/<uuid:uuid>/", seminar.SeminarDetailView.as_view(), name="seminar_detail"),
    path("seminarier/ny/", seminar_change.SeminarNewView.as_view(), name="seminar_new"),
    path("seminarier/<uuid:uuid>/andra/", seminar_change.SeminarChangeView.as_view(), name="seminar_change"),
    path(
        "seminarier/<uuid:uuid>/stall-in/", seminar_change.SeminarCancelView.as_view(), name="seminar_cancel"
    ),
    path("seminarier/<uuid:uuid>/hallet/", seminar_change.SeminarFinishView.as_view(), name="seminar_finish"),
    path(
        "seminarier/<uuid:uuid>/ateruppta/", seminar_change.SeminarReopenView.as_view(), name="seminar_reopen"
    ),
    path("seminarier/<uuid:uuid>/bjud-in/", seminar_change.InviteView.as_view(), name="seminar_invite"),
    path("seminarier/<uuid:uuid>/program/ny/", seminar_change.SessionNewView.as_view(), name="session_new"),
    path(
        "seminarier/<uuid:uuid>/presentationer/ny/",
        seminar_change.PresentationNewView.as_view(),
        name="presentation_new",
    ),
    path("seminarier/<uuid:uuid>/ord/nytt/", seminar_change.WordNewView.as_view(), name="word_new"),
    path("seminarier/<uuid:uuid>/lardomar/ny/", seminar_change.LessonNewView.as_view(), name="lesson_new"),
    path("seminarier/<uuid:uuid>/delegation/", delegation.DelegationNewView.as_view(), name="delegation_new"),
    path("seminarier/<uuid:uuid>/enheter/", delegation.UnitsOnSiteView.as_view(), name="seminar_units"),
    path("inbjudna/<uuid:uuid>/ta-bort/", seminar_change.UninviteView.as_view(), name="seminar_uninvite"),
    path(
        "programpunkter/<uuid:uuid>/andra/", seminar_change.SessionChangeView.as_view(), name="session_change"
    ),
    path(
        "programpunkter/<uuid:uuid>/ta-bort/",
        seminar_change.SessionRemoveView.as_view(),
        name="session_remove",
    ),
    path(
        "presentationer/<uuid:uuid>/andra/",
        seminar_change.PresentationChangeView.as_view(),
        name="presentation_change",
    ),
    path(
        "presentationer/<uuid:uuid>/ta-bort/",
        seminar_change.PresentationRemoveView.as_view(),
        name="presentation_remove",
    ),
    path("ord/<uuid:uuid>/andra/", seminar_change.WordChangeView.as_view(), name="word_change"),
    path("ord/<uuid:uuid>/ta-bort/", seminar_change.WordRemoveView.as_view(), name="word_remove"),
    path("lardomar/<uuid:uuid>/andra/", seminar_change.LessonChangeView.as_view(), name="lesson_change"),
    path("lardomar/<uuid:uuid>/ta-bort/", seminar_change.LessonRemoveView.as_view(), name="lesson_remove"),
    path(
        "delegationer/<uuid:uuid>/andra/", delegation.DelegationChangeView.as_view(), name="delegation_change"
    ),
    path(
        "delegationer/<uuid:uuid>/aterbud/",
        delegation.DelegationCancelView.as_view(),
        name="delegation_cancel",
    ),
    path(
        "delegationer/<uuid:uuid>/kommer/",
        delegation.DelegationRestoreView.as_view(),
        name="delegation_restore",
    ),
    path(
        "delegationer/<uuid:uuid>/ta-bort/",
        delegation.DelegationRemoveView.as_view(),
        name="delegation_remove",
    ),
    path("delegationer/<uuid:uuid>/namn/", delegation.DelegateNewView.as_view(), name="delegate_new"),
    path("delegationer/<uuid:uuid>/narvaro/", delegation.ArrivalsView.as_view(), name="delegation_arrivals"),
    path("namngivna/<uuid:uuid>/andra/", delegation.DelegateChangeView.as_view(), name="delegate_change"),
    path("namngivna/<uuid:uuid>/ta-bort/", delegation.DelegateRemoveView.as_view(), name="delegate_remove"),
    path("narvaro/<uuid:uuid>/", notes.AttendanceRecordView.as_view(), name="attendance_record"),
    path("rader/<uuid:uuid>/", notes.OutcomeSaveView.as_view(), name="outcome_save"),
    path("atgarder/", action.ActionListView.as_view(), name="action_list"),
    bulk_path("atgarder", action.ActionListView, back="action_list"),
    path("atgarder/<uuid:uuid>/klar/", notes.ActionTickView.as_view(), name="action_done"),
    path("atgarder/<uuid:uuid>/oppna/", notes.ActionTickView.as_view(done=False), name="action_open"),
    path("atgarder/<uuid:uuid>/varfor/", notes.ActionExplainView.as_view(), name="action_explain"),
    path("traffar/<uuid:uuid>/historik/", HistoryView.as_view(model=Meeting), name="meeting_history"),
    path(
        "traffserier/<uuid:uuid>/historik/", HistoryView.as_view(model=MeetingSeries), name="series_history"
    ),
    path("seminarier/<uuid:uuid>/historik/", HistoryView.as_view(model=Seminar), name="seminar_history"),
]
