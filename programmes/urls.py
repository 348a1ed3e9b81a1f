"""Addresses of the participations' pages."""

from django.urls import path

from programmes.models import Participation
from programmes.views import catalogue, parts, registration
from programmes.views.participation import ParticipationDetailView, ParticipationListView
from sbs_portal.audit.views.history import HistoryView
from sbs_portal.web.bulk import bulk_path
from sbs_portal.web.removal_views import removal_paths

ONE = "deltaganden/<uuid:uuid>/"

urlpatterns = [
    path("deltaganden/", ParticipationListView.as_view(), name="participation_list"),
    bulk_path("deltaganden", ParticipationListView, back="participation_list"),
    path("deltaganden/nytt/", registration.RegisterView.as_view(), name="participation_new"),
    path(
        "deltaganden/nytt/<uuid:uuid>/",
        registration.ParticipationRegisterView.as_view(),
        name="participation_register",
    ),
    path(ONE, ParticipationDetailView.as_view(), name="participation_detail"),
    path(f"{ONE}andra/", registration.ParticipationChangeView.as_view(), name="participation_change"),
    path(f"{ONE}status/", registration.StatusView.as_view(), name="participation_status"),
    path(f"{ONE}godkann/", registration.ApproveView.as_view(), name="participation_approve"),
    path(f"{ONE}skicka-tillbaka/", registration.ReturnView.as_view(), name="participation_return"),
    path(f"{ONE}dra-tillbaka/", registration.WithdrawView.as_view(), name="participation_withdraw"),
    path(f"{ONE}med-sedan/", registration.JoinedView.as_view(), name="participation_joined"),
    path(f"{ONE}historik/", HistoryView.as_view(model=Participation), name="participation_history"),
    *removal_paths(
        "deltaganden", "participation", Participation, back="participation_list", active="participations"
    ),
    *parts.urlpatterns,
    *catalogue.urlpatterns,
]
