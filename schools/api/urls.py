"""The register's routes."""

from schools.api import views

ROUTES = (
    ("administrations", views.AdministrationViewSet),
    ("counties", views.CountyViewSet),
    ("huvudman", views.HuvudmanViewSet),
    ("municipalities", views.MunicipalityViewSet),
    ("people", views.PersonViewSet),
    ("person-reveals", views.PersonRevealViewSet),
    ("providers", views.ProviderViewSet),
    ("role-assignments", views.RoleAssignmentViewSet),
    ("school-breaks", views.SchoolBreakViewSet),
    ("school-calendars", views.SchoolCalendarViewSet),
    ("school-unit-aliases", views.UnitAliasViewSet),
    ("school-unit-successions", views.UnitSuccessionViewSet),
    ("school-unit-versions", views.SchoolUnitVersionViewSet),
    ("school-units", views.SchoolUnitViewSet),
)
