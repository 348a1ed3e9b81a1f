"""The routes of sources and statements."""

from sbs_portal.audit.api import views

ROUTES = (
    ("sources", views.SourceViewSet),
    ("statements", views.StatementViewSet),
)
