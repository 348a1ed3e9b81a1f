"""Admin for the web's own tables."""

from django.contrib import admin

from sbs_portal.web.model_admin import PortalModelAdmin
from sbs_portal.web.models import AccessibilityReport
from sbs_portal.web.services import answer_report


@admin.register(AccessibilityReport)
class AccessibilityReportAdmin(PortalModelAdmin):
    """What has been reported; the answer is written here."""

    list_display = ["reference", "created_at", "page", "is_handled"]
    list_filter = [("handled_at", admin.EmptyFieldListFilter)]
    search_fields = ["description", "page"]
    fields = [
        "reference",
        "created_at",
        "description",
        "page",
        "technology",
        "email",
        "answer",
        "handled_at",
        "handled_by",
    ]
    readonly_fields = [name for name in fields if name != "answer"]

    @admin.display(description="nummer")
    def reference(self, report):
        return report.reference

    @admin.display(description="hanterad", boolean=True)
    def is_handled(self, report):
        return report.handled_at is not None

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator

    has_module_permission = has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        answer_report(report=obj, answer=form.cleaned_data["answer"], by=request.user)
