"""Saved views of lists."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "sbs_portal.lists"
    label = "lists"
    verbose_name = "Vyer"
