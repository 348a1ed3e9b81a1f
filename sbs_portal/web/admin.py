"""Admin for the web's own tables, and the admin site's Swedish names."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from sbs_portal.web.models import AccessibilityReport
from sbs_portal.web.services import answer_report

admin.site.site_header = "SBS-portalen"
admin.site.site_title = "SBS-portalen, admin"
admin.site.index_title = "Admin"
# One log-in for all: the admin's own would not count the failed attempts.
admin.site.login = secure_admin_login(admin.site.login)


@admin.register(AccessibilityReport)
class AccessibilityReportAdmin(admin.ModelAdmin):
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

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        answer_report(report=obj, answer=form.cleaned_data["answer"], by=request.user)
