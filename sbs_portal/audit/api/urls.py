"""The routes of sources, statements and the journal."""

from sbs_portal.audit.api import views

ROUTES = (
    ("journal-entries", views.JournalEntryViewSet),
    ("sources", views.SourceViewSet),
    ("statements", views.StatementViewSet),
)
