"""The routes of sources, statements, history and the journal."""

from sbs_portal.audit.api import history, views

ROUTES = (
    ("history", history.HistoryViewSet),
    ("journal-entries", views.JournalEntryViewSet),
    ("sources", views.SourceViewSet),
    ("statements", views.StatementViewSet),
)
