"""Sources in the admin; statements are reviewed on their own pages."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from sbs_portal.audit.journal import notes_of
from sbs_portal.audit.models import JournalEntry, Source, Statement
from sbs_portal.audit.pages import history_page
from sbs_portal.web.model_admin import LogAdmin, ScopedModelAdmin


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


@admin.register(JournalEntry)
class JournalEntryAdmin(LogAdmin):
    """Lines of the journal, told as on the pages of what they are about."""

    list_display = fields = ["created_at", "about", "kind", "written_by", "shown_text", "withdrawn_at"]
    list_filter = ["kind", "created_at", ("withdrawn_at", admin.EmptyFieldListFilter)]

    def tell(self, rows, scope):
        for row, note in zip(rows, notes_of(rows, scope), strict=True):
            row.note = note

    @admin.display(description="gäller")
    def about(self, row):
        page = history_page(row.subject_model)
        return format_html('<a href="{}">{}</a>', page.url(row.subject_uuid), page.title)

    @admin.display(description="skriven av")
    def written_by(self, row):
        return row.note.who

    @admin.display(description="text")
    def shown_text(self, row):
        return row.note.text or "visas inte"

    def portal_url(self, obj):
        return history_page(obj.subject_model).url(obj.subject_uuid)
