"""Programmes: participations, their units, phases, support and agreements."""

from django.apps import AppConfig
from django.db.models import Q


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Deltaganden"

    def ready(self):
        from programmes import part_sections, search, sections
        from programmes.models import Participation
        from programmes.services import assignment_access
        from sbs_portal.audit.pages import register_history
        from sbs_portal.audit.subjects import register_subject
        from sbs_portal.web.navigation import register_item
        from schools.services.person import register_access_by_task

        sections.register()
        register_access_by_task(gives=assignment_access.gives_access, follow=assignment_access.follow_account)
        part_sections.register()
        search.register()
        register_item(name="participations", title="Deltaganden", url_name="participation_list", order=20)
        register_history(Participation, kind="participation", page="participation")
        register_subject(
            Participation,
            name="participation",
            named_by=("huvudman", "programme"),
            search=lambda rows, asked: rows.filter(
                Q(huvudman__name__icontains=asked) | Q(programme__name__icontains=asked)
            ).select_related("huvudman", "programme"),
        )
