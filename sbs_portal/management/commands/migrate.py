"""Django's migrate, as the owner of the schema: the portal's own role may not change it."""

from django.core.management.commands import migrate

from sbs_portal.db.roles import as_owner


class Command(migrate.Command):
    """Django's migrate, as the owner."""

    def handle(self, *args, **options):
        with as_owner():
            return super().handle(*args, **options)
