"""Addresses of saved views."""

from django.urls import path

from sbs_portal.lists import views

urlpatterns = [
    path("vyer/", views.SavedViewListView.as_view(), name="saved_view_list"),
    path("vyer/spara/", views.SaveView.as_view(), name="saved_view_save"),
    path("vyer/<uuid:uuid>/", views.ChangeView.as_view(), name="saved_view_change"),
    path("vyer/<uuid:uuid>/urval/", views.UpdateView.as_view(), name="saved_view_update"),
    path("vyer/<uuid:uuid>/ta-bort/", views.RemoveView.as_view(), name="saved_view_remove"),
    path("vyer/<uuid:uuid>/forval/", views.DefaultView.as_view(), name="saved_view_default"),
]
