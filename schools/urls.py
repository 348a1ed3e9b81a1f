"""The register's pages."""

from django.urls import include, path

from sbs_portal.audit.views.history import HistoryView
from sbs_portal.web.bulk import bulk_path
from sbs_portal.web.removal_views import removal_paths
from schools.models import (
    Administration,
    Huvudman,
    Person,
    Provider,
    RoleAssignment,
    SchoolCalendar,
    SchoolUnit,
    SchoolUnitVersion,
    UnitAlias,
    UnitSuccession,
)
from schools.reveal_views import PersonRevealListView, PersonRevealView
from schools.services.person import remove_role
from schools.services.unit import remove_version
from schools.views import calendar, huvudman, person, provider, succession, unit


def _to_huvudman(row):
    return row.huvudman.get_absolute_url()


def _to_unit(row):
    return row.unit.get_absolute_url()


def _to_successor(row):
    return row.successor.get_absolute_url()


def _to_person(row):
    return row.person.get_absolute_url()


urlpatterns = [
    path("", include("schools.access.urls")),
    path("huvudman/", huvudman.HuvudmanListView.as_view(), name="huvudman_list"),
    bulk_path("huvudman", huvudman.HuvudmanListView, back="huvudman_list"),
    path("huvudman/ny/", huvudman.HuvudmanCreateView.as_view(), name="huvudman_create"),
    path("huvudman/<uuid:uuid>/", huvudman.HuvudmanDetailView.as_view(), name="huvudman_detail"),
    path("huvudman/<uuid:uuid>/andra/", huvudman.HuvudmanChangeView.as_view(), name="huvudman_change"),
    path(
        "huvudman/<uuid:uuid>/forvaltning/",
        huvudman.AdministrationAddView.as_view(),
        name="administration_add",
    ),
    path(
        "forvaltningar/<uuid:uuid>/andra/",
        huvudman.AdministrationChangeView.as_view(),
        name="administration_change",
    ),
    path("enheter/", unit.UnitListView.as_view(), name="unit_list"),
    bulk_path("enheter", unit.UnitListView, back="unit_list"),
    path("enheter/ny/", unit.UnitCreateView.as_view(), name="unit_create"),
    path("enheter/<uuid:uuid>/", unit.UnitDetailView.as_view(), name="unit_detail"),
    path("enheter/<uuid:uuid>/andra/", unit.UnitChangeView.as_view(), name="unit_change"),
    path("enheter/<uuid:uuid>/andra-fran/", unit.UnitChangeFromView.as_view(), name="unit_change_from"),
    path("enheter/<uuid:uuid>/period/", unit.PeriodAddView.as_view(), name="period_add"),
    path("enheter/<uuid:uuid>/upphor/", unit.UnitCloseView.as_view(), name="unit_close"),
    path("enheter/<uuid:uuid>/sla-ihop/", succession.UnitMergeView.as_view(), name="unit_merge"),
    path("enheter/<uuid:uuid>/dela/", succession.UnitSplitView.as_view(), name="unit_split"),
    path("enheter/<uuid:uuid>/annat-namn/", unit.AliasAddView.as_view(), name="alias_add"),
    path("perioder/<uuid:uuid>/ratta/", unit.PeriodCorrectView.as_view(), name="period_correct"),
    path("personer/", person.PersonListView.as_view(), name="person_list"),
    bulk_path("personer", person.PersonListView, back="person_list"),
    path("personer/visningar/", PersonRevealListView.as_view(), name="person_reveal_list"),
    path("personer/ny/", person.PersonCreateView.as_view(), name="person_create"),
    path("personer/<uuid:uuid>/", person.PersonDetailView.as_view(), name="person_detail"),
    path("personer/<uuid:uuid>/andra/", person.PersonChangeView.as_view(), name="person_change"),
    path("personer/<uuid:uuid>/roll/", person.RoleAddView.as_view(), name="role_add"),
    path("roller/<uuid:uuid>/andra/", person.RoleChangeView.as_view(), name="role_change"),
    *removal_paths("huvudman", "huvudman", Huvudman, back="huvudman_list", active="huvudman_list"),
    *removal_paths("forvaltningar", "administration", Administration, back=_to_huvudman),
    *removal_paths("enheter", "unit", SchoolUnit, back="unit_list", active="units"),
    path("huvudman/<uuid:uuid>/historik/", HistoryView.as_view(model=Huvudman), name="huvudman_history"),
    path("enheter/<uuid:uuid>/historik/", HistoryView.as_view(model=SchoolUnit), name="unit_history"),
    path("personer/<uuid:uuid>/historik/", HistoryView.as_view(model=Person), name="person_history"),
    path("personer/<uuid:uuid>/visa/", PersonRevealView.as_view(), name="person_reveal"),
    *removal_paths("perioder", "period", SchoolUnitVersion, back=_to_unit, remove=remove_version),
    path("kataloger/aktorer/", provider.ProviderListView.as_view(), name="provider_list"),
    path("kataloger/aktorer/ny/", provider.ProviderAddView.as_view(), name="provider_add"),
    path(
        "kataloger/aktorer/<uuid:uuid>/andra/", provider.ProviderChangeView.as_view(), name="provider_change"
    ),
    *removal_paths("kataloger/aktorer", "provider", Provider, back="provider_list", active="providers"),
    path("kataloger/lasar/", calendar.CalendarListView.as_view(), name="school_calendar_list"),
    path("kataloger/lasar/nytt/", calendar.CalendarAddView.as_view(), name="school_calendar_add"),
    path(
        "kataloger/lasar/<uuid:uuid>/", calendar.CalendarDetailView.as_view(), name="school_calendar_detail"
    ),
    path(
        "kataloger/lasar/<uuid:uuid>/andra/",
        calendar.CalendarChangeView.as_view(),
        name="school_calendar_change",
    ),
    *removal_paths("kataloger/lasar", "school_calendar", SchoolCalendar, back="school_calendar_list"),
    *removal_paths("samband", "succession", UnitSuccession, back=_to_successor),
    *removal_paths("andra-namn", "alias", UnitAlias, back=_to_unit),
    *removal_paths("personer", "person", Person, back="person_list", active="people"),
    *removal_paths("roller", "role", RoleAssignment, back=_to_person, remove=remove_role),
]
