"""What was changed by whom, and where a fact comes from."""

from django.apps import AppConfig

from sbs_portal.rights import Action


class AuditConfig(AppConfig):
    name = "sbs_portal.audit"
    label = "audit"
    verbose_name = "Källor och historik"

    def ready(self):
        from sbs_portal.audit import search
        from sbs_portal.web.navigation import register_item

        search.register()
        register_item(
            name="changes",
            title="Ändringar",
            url_name="change_list",
            order=75,
            visible=lambda request: request.scope.may_everywhere(Action.NATIONAL_HISTORY_READ),
            seldom=True,
        )
        register_item(
            name="statements",
            title="Uppgifter",
            url_name="statement_list",
            order=70,
            visible=lambda request: request.scope.may(Action.STATEMENT_REVIEW),
            seldom=True,
        )
