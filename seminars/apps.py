"""Process-leader meetings and seminars: who came, what was decided, what came of it."""

from django.apps import AppConfig

from sbs_portal.rights import Action


class SeminarsConfig(AppConfig):
    name = "seminars"
    verbose_name = "Träffar och seminarier"

    def ready(self):
        from programmes.reasons import register_reasons
        from sbs_portal.audit.pages import register_history
        from sbs_portal.web.navigation import register_item
        from seminars import lateness, search, sections, seminar_sections, seminar_subjects
        from seminars.api import last_meeting
        from seminars.models import Meeting, MeetingSeries, Seminar, SeriesAttendee

        register_reasons(lateness.facts, lateness.reasons)
        last_meeting.register()
        sections.register()
        search.register()
        seminar_sections.register()
        seminar_subjects.register()
        register_history(Meeting, kind="meeting", page="meeting")
        register_history(
            MeetingSeries, kind="meeting-series", page="series", parts=((SeriesAttendee, "series"),)
        )
        register_history(Seminar, kind="seminar", page="seminar")
        register_item(name="start", title="Mitt arbete", url_name="start", order=10)
        register_item(name="meetings", title="Träffar", url_name="meeting_list", order=30)
        register_item(
            name="actions", title="Åtgärder", url_name="action_list", order=35, visible=_reads_actions
        )
        register_item(name="seminars", title="Seminarier", url_name="seminar_list", order=40)


def _reads_actions(request) -> bool:
    """Who is to do what is told to those who read who was at a meeting."""
    return request.scope.may(Action.ATTENDANCE_READ)
