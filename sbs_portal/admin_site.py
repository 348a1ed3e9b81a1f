"""The admin, arranged by the coordinators' work. Part of the composition: it names models of every app."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.shortcuts import redirect
from django.urls import reverse

# Group (its anchor on the first page, its name) → its models, in the order they stand.
GROUPS = {
    ("deltaganden", "Deltaganden"): (
        "programmes.Participation",
        "audit.Statement",
        "audit.Source",
    ),
    ("register", "Register"): (
        "schools.Huvudman",
        "schools.Administration",
        "schools.SchoolUnit",
        "schools.UnitSuccession",
        "schools.Person",
        "schools.SchoolCalendar",
    ),
    ("traffar", "Träffar och seminarier"): (
        "seminars.Meeting",
        "seminars.MeetingSeries",
        "seminars.Seminar",
        "seminars.Delegation",
    ),
    ("kataloger", "Kataloger"): (
        "programmes.Programme",
        "programmes.Cohort",
        "programmes.FocusArea",
        "schools.Provider",
        "schools.Municipality",
        "schools.County",
    ),
    ("behorighet", "Behörighet"): (
        "schools.Access",
        "schools.Invitation",
        "accounts.User",
        "accounts.ApiToken",
    ),
    ("loggar", "Loggar"): ("audit.JournalEntry", "schools.PersonReveal"),
    ("system", "System"): ("web.AccessibilityReport",),
}


class PortalAdminSite(AdminSite):
    site_header = "SBS-portalen"
    site_title = "SBS-portalen, admin"
    index_title = "Admin"

    def has_permission(self, request):
        """Open no longer than the access lasts: a period runs out without anything being saved."""
        # The site is made before there are models.
        from schools.services.access import close_admin_when_over

        if not super().has_permission(request):
            return False
        if not request.scope.is_coordinator:
            close_admin_when_over(self, request.user)
        return request.user.is_staff

    def get_app_list(self, request, app_label=None):
        """The groups with what the user may see of them, in the shape of Django's apps."""
        shown = {
            entry["model"]._meta.label: entry
            for app in self._build_app_dict(request).values()
            for entry in app["models"]
        }
        index = self.index_address
        groups = [
            {
                "name": name,
                "app_label": anchor,
                "app_url": f"{index}#{anchor}",
                "has_module_perms": True,
                "models": [shown[label] for label in labels if label in shown],
            }
            for (anchor, name), labels in GROUPS.items()
        ]
        return [group for group in groups if group["models"]]

    def group_of(self, label: str) -> dict | None:
        """The group's name and address, for the trail of a model's pages."""
        for (anchor, name), labels in GROUPS.items():
            if label in labels:
                return {"name": name, "url": f"{self.index_address}#{anchor}"}
        return None

    @property
    def index_address(self) -> str:
        return reverse("admin:index", current_app=self.name)

    def app_index(self, request, app_label, extra_context=None):
        """Apps are the makers' division; all there is stands on the first page."""
        return redirect(self.index_address)


class PortalAdminConfig(AdminConfig):
    default_site = "sbs_portal.admin_site.PortalAdminSite"
