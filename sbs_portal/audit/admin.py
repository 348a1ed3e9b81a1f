"""Sources in the admin; statements are reviewed on their own pages."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from sbs_portal.audit.models import Source, Statement
from sbs_portal.web.model_admin import ScopedModelAdmin


@admin.register(Source)
class SourceAdmin(ScopedModelAdmin):
    list_display = ["title", "publisher", "kind", "published"]
    list_filter = ["kind"]
    search_fields = ["title", "publisher"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Statement)
class StatementAdmin(ScopedModelAdmin):
    """Read here, decided on the review list."""

    list_display = ["text", "what", "trust", "review", "source", "review_page"]
    list_filter = ["review", "trust", "what"]
    list_select_related = ["source"]
    search_fields = ["text", "source__title"]

    @admin.display(description="granska")
    def review_page(self, statement):
        return format_html('<a href="{}">Granska</a>', reverse("statement_detail", args=[statement.uuid]))

    def portal_url(self, statement):
        return reverse("statement_detail", args=[statement.uuid])

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
