"""Addresses of the API's pages for people."""

from django.urls import path

from sbs_portal.api import pages

urlpatterns = [
    path("", pages.DevelopersView.as_view(), name="developers"),
    path("fel/", pages.ProblemsView.as_view(), name="developers_problems"),
    path("resurser/<slug:slug>/", pages.ResourceView.as_view(), name="developers_resource"),
]
