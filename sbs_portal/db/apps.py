from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DbConfig(AppConfig):
    name = "sbs_portal.db"
    label = "db"

    def ready(self):
        from sbs_portal.db.security import apply_security

        # After every migrate, once: the tables of all apps are there by then.
        post_migrate.connect(apply_security, sender=self)
