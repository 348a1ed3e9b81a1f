"""Who has access, and who is invited, in the admin."""

from django.contrib import admin
from django.urls import reverse

from sbs_portal.web.admin_actions import PreviewedAction, ReasonForm
from sbs_portal.web.model_admin import ScopedModelAdmin
from schools.admin.parts import adopt
from schools.models import Access, Invitation
from schools.services import access as access_services
from schools.services import invitation as invitation_services


@admin.register(Access)
class AccessAdmin(ScopedModelAdmin):
    """Given and ended, never edited: what someone had and when stays as it was."""

    list_display = ["user", "role", "huvudman", "unit", "valid_from", "valid_to", "granted_by"]
    list_filter = ["role"]
    ordering = ["user__is_protected", "user__email", "pk"]
    sortable_by = ["role", "huvudman", "valid_from", "valid_to"]
    list_select_related = ["user", "huvudman", "unit", "granted_by"]
    search_fields = ["user__email", "user__name", "huvudman__name"]
    autocomplete_fields = ["user", "huvudman", "unit"]
    fields = ["user", "role", "huvudman", "unit", "valid_from", "valid_to", "reason"]
    previewed = (
        PreviewedAction(
            name="end_now",
            title="Avsluta valda behörigheter nu",
            button="Avsluta",
            service=lambda row, by, reason: access_services.end_access(access=row, reason=reason, by=by),
            may=lambda request, model: request.scope.is_coordinator,
            needless=lambda row: "Är redan avslutad." if row.is_over else "",
            form_class=ReasonForm,
            stand_in=(("reason", "förhandsvisning"),),
            note="Gårdagen blir sista dagen. Den som är inloggad förlorar behörigheten direkt.",
        ),
    )

    def portal_url(self, access):
        return reverse("access_account", args=[access.user.uuid])

    def get_queryset(self, request):
        rows = Access.objects.all()
        return rows if request.scope.is_coordinator else rows.none()

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator

    def has_add_permission(self, request):
        return request.scope.is_coordinator

    def has_change_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        rows, several = super().get_search_results(request, queryset, search_term)
        return (rows.filter(user__is_protected=False) if search_term else rows), several

    def service_create(self, request, obj, form):
        adopt(obj, access_services.grant_access(**form.cleaned_data, by=request.user))


@admin.register(Invitation)
class InvitationAdmin(ScopedModelAdmin):
    """Read and taken back here; sent on the page of who has access, which can show the link."""

    list_display = ["__str__", "huvudman", "invited_by", "created_at", "expires_at", "shown_state"]
    list_filter = ["role"]
    list_select_related = ["huvudman", "invited_by", "accepted_by"]
    sortable_by = ["huvudman", "created_at", "expires_at"]
    fields = [
        "shown_email",
        "shown_name",
        "role",
        "huvudman",
        "valid_from",
        "valid_to",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ]
    previewed = (
        PreviewedAction(
            name="take_back",
            title="Återkalla valda inbjudningar",
            button="Återkalla",
            service=lambda row, by: invitation_services.revoke(invitation=row, by=by),
            may=lambda request, model: request.scope.is_coordinator,
            needless=lambda row: f"Är redan {row.state.label}." if row.accepted_at or row.revoked_at else "",
            note="Länken i brevet slutar gälla.",
        ),
    )

    def portal_url(self, invitation):
        return reverse("access_invitation", args=[invitation.uuid])

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="läge")
    def shown_state(self, invitation):
        return invitation.state.label
