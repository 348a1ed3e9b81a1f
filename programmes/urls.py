"""Addresses of the participations' pages."""

from django.urls import path

from programmes.views import ParticipationDetailView, ParticipationListView

urlpatterns = [
    path("deltaganden/", ParticipationListView.as_view(), name="participation_list"),
    path("deltaganden/<uuid:uuid>/", ParticipationDetailView.as_view(), name="participation_detail"),
]
