"""The register's pages."""

from django.urls import include, path

from sbs_portal.audit.views.history import HistoryView
from sbs_portal.web.removal_views import removal_paths
from schools import views
from schools.models import Huvudman, Person, SchoolUnit
from schools.reveal_views import PersonRevealView

urlpatterns = [
    path("", include("schools.access.urls")),
    path("huvudman/", views.HuvudmanListView.as_view(), name="huvudman_list"),
    path("huvudman/<uuid:uuid>/", views.HuvudmanDetailView.as_view(), name="huvudman_detail"),
    path("enheter/", views.UnitListView.as_view(), name="unit_list"),
    path("enheter/<uuid:uuid>/", views.UnitDetailView.as_view(), name="unit_detail"),
    path("personer/<uuid:uuid>/", views.PersonDetailView.as_view(), name="person_detail"),
    *removal_paths("huvudman", "huvudman", Huvudman, back="huvudman_list", active="huvudman_list"),
    *removal_paths("enheter", "unit", SchoolUnit, back="unit_list", active="units"),
    *removal_paths("personer", "person", Person, back="huvudman_list"),
    path("huvudman/<uuid:uuid>/historik/", HistoryView.as_view(model=Huvudman), name="huvudman_history"),
    path("enheter/<uuid:uuid>/historik/", HistoryView.as_view(model=SchoolUnit), name="unit_history"),
    path("personer/<uuid:uuid>/historik/", HistoryView.as_view(model=Person), name="person_history"),
    path("personer/<uuid:uuid>/visa/", PersonRevealView.as_view(), name="person_reveal"),
]
