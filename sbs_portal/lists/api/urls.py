"""Routes of saved views."""

from sbs_portal.lists.api import views

ROUTES = (("saved-views", views.SavedViewViewSet),)
