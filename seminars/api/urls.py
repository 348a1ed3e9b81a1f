"""The API's resources of this app."""

from seminars.api import meeting_views, seminar_views

ROUTES = (*meeting_views.ROUTES, *seminar_views.ROUTES)
