"""The register: huvudmän, units, people, school calendars and who has access."""

from django.apps import AppConfig

from sbs_portal.rights import Action


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Register"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from sbs_portal.audit.pages import register_history
        from sbs_portal.audit.subjects import register_subject
        from sbs_portal.web.navigation import register_item
        from schools import search, sections
        from schools.access import keys
        from schools.models import Huvudman, Person, SchoolUnit
        from schools.services.access import close_admin_when_over

        user_logged_in.connect(close_admin_when_over, dispatch_uid="close_admin_when_over")
        sections.register()
        search.register()
        keys.register()
        register_subject(Huvudman, name="huvudman", search=_matching)
        register_subject(SchoolUnit, name="school-unit", search=_matching)
        register_history(Huvudman, kind="huvudman", page="huvudman")
        register_history(SchoolUnit, kind="school-unit", page="unit")
        register_history(Person, kind="person", page="person")
        register_item(
            name="huvudman_list",
            title="Huvudmän",
            url_name="huvudman_list",
            order=50,
            visible=_reaches_several,
        )
        register_item(name="units", title="Enheter", url_name="unit_list", order=60)
        register_item(
            name="people",
            title="Personer",
            url_name="person_list",
            order=65,
            visible=_reads_people,
            seldom=True,
        )
        register_item(
            name="providers",
            title="Lärosäten",
            url_name="provider_list",
            order=78,
            visible=_keeps_catalogues,
            seldom=True,
        )
        register_item(
            name="access",
            title="Behörighet",
            url_name="access_list",
            order=80,
            visible=_gives_access,
            seldom=True,
        )


def _reaches_several(request) -> bool:
    """A list of one is no use: who has one huvudman comes to it from everywhere else."""
    return request.scope.national or len(request.scope.huvudman_ids) > 1


def _reads_people(request) -> bool:
    return request.scope.may(Action.PEOPLE_READ)


def _keeps_catalogues(request) -> bool:
    return request.scope.may(Action.CATALOGUE_CHANGE)


def _gives_access(request) -> bool:
    return request.scope.may(Action.ACCESS_GRANT)


def _matching(rows, text: str):
    return rows.matching(text)
