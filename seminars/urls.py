"""Addresses of the start page, meetings and seminars. Included at the root."""

from django.urls import path

from seminars.views import meeting, seminar, start

urlpatterns = [
    path("", start.StartView.as_view(), name="start"),
    path("traffar/", meeting.MeetingListView.as_view(), name="meeting_list"),
    path("traffar/ny/", meeting.MeetingPlanView.as_view(), name="meeting_plan"),
    path("traffar/anteckna/", meeting.WriteNowView.as_view(), name="meeting_write_now"),
    path("traffar/<uuid:uuid>/", meeting.MeetingDetailView.as_view(), name="meeting_detail"),
    path("traffar/<uuid:uuid>/andra/", meeting.MeetingChangeView.as_view(), name="meeting_change"),
    path("traffar/<uuid:uuid>/stall-in/", meeting.MeetingCancelView.as_view(), name="meeting_cancel"),
    path("traffar/<uuid:uuid>/anteckna/", meeting.MeetingWriteView.as_view(), name="meeting_write"),
    path("traffar/<uuid:uuid>/alla-har/", meeting.AllPresentView.as_view(), name="meeting_all_present"),
    path("traffar/<uuid:uuid>/antal/", meeting.TotalRecordView.as_view(), name="meeting_total"),
    path("traffar/<uuid:uuid>/rader/", meeting.OutcomeAddView.as_view(), name="outcome_add"),
    path("seminarier/", seminar.SeminarListView.as_view(), name="seminar_list"),
    path("seminarier/<uuid:uuid>/", seminar.SeminarDetailView.as_view(), name="seminar_detail"),
    path("narvaro/<uuid:uuid>/", meeting.AttendanceRecordView.as_view(), name="attendance_record"),
    path("rader/<uuid:uuid>/", meeting.OutcomeSaveView.as_view(), name="outcome_save"),
    path("atgarder/<uuid:uuid>/klar/", meeting.ActionTickView.as_view(), name="action_done"),
    path("atgarder/<uuid:uuid>/oppna/", meeting.ActionTickView.as_view(done=False), name="action_open"),
    path("atgarder/<uuid:uuid>/varfor/", meeting.ActionExplainView.as_view(), name="action_explain"),
]
