"""The search page's address. Included at the root."""

from django.urls import path

from sbs_portal.search.views import SearchView

urlpatterns = [path("sok/", SearchView.as_view(), name="search")]
