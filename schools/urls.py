"""The register's pages."""

from django.urls import include, path

from schools import views

urlpatterns = [
    path("", include("schools.access.urls")),
    path("huvudman/", views.HuvudmanListView.as_view(), name="huvudman_list"),
    path("huvudman/<uuid:uuid>/", views.HuvudmanDetailView.as_view(), name="huvudman_detail"),
    path("enheter/", views.UnitListView.as_view(), name="unit_list"),
    path("enheter/<uuid:uuid>/", views.UnitDetailView.as_view(), name="unit_detail"),
    path("personer/<uuid:uuid>/", views.PersonDetailView.as_view(), name="person_detail"),
]
