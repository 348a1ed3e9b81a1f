"""Process-leader meetings and seminars: who came, what was decided, what came of it."""

from django.apps import AppConfig


class SeminarsConfig(AppConfig):
    name = "seminars"
    verbose_name = "Träffar och seminarier"

    def ready(self):
        from sbs_portal.audit.pages import register_history
        from sbs_portal.web.navigation import register_item
        from seminars import search, sections, seminar_sections, seminar_subjects
        from seminars.models import Meeting, Seminar

        sections.register()
        search.register()
        seminar_sections.register()
        seminar_subjects.register()
        register_history(Meeting, kind="meeting", page="meeting")
        register_history(Seminar, kind="seminar", page="seminar")
        register_item(name="start", title="Mitt arbete", url_name="start", order=10)
        register_item(name="meetings", title="Träffar", url_name="meeting_list", order=30)
        register_item(name="seminars", title="Seminarier", url_name="seminar_list", order=40)
