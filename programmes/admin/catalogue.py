"""Programmes, intake rounds and focus areas in the admin."""

from django.contrib import admin

from programmes.models import Cohort, FocusArea, Programme
from sbs_portal.web.model_admin import ScopedModelAdmin


@admin.register(Programme)
class ProgrammeAdmin(ScopedModelAdmin):
    list_display = ["name", "code", "terms"]
    search_fields = ["name", "code"]


@admin.register(Cohort)
class CohortAdmin(ScopedModelAdmin):
    list_display = ["__str__", "programme", "start_term"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["name", "programme__name"]


@admin.register(FocusArea)
class FocusAreaAdmin(ScopedModelAdmin):
    list_display = ["name", "code", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]
