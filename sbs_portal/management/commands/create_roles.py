import contextlib

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sbs_portal import config
from sbs_portal.db import embedded, roles


class Command(BaseCommand):
    help = (
        "Makes the roles sbs_owner, sbs_app and sbs_national and the portal's database; may be run again. "
        "With DATABASE_URL set, DATABASE_ADMIN_URL says who may: postgres://admin:password@host/postgres. "
        "The passwords are those in DATABASE_OWNER_URL and DATABASE_URL."
    )
    requires_system_checks = ()

    def handle(self, *args, **options):
        database = settings.DATABASES["default"]["NAME"]
        try:
            with contextlib.closing(self._admin()) as admin:
                roles.create_roles(admin, database=database, passwords=self._passwords())
        except (psycopg2.Error, roles.TooOld, embedded.EmbeddedError) as error:
            raise CommandError(f"The roles could not be made: {error}") from error
        self.stdout.write(f"Roles {', '.join(roles.ROLES)} and database {database} are in place.")

    def _admin(self):
        if settings.EMBEDDED:
            embedded.ensure_running(settings.DATA_DIR)
            return embedded.connect_as_admin(settings.DATA_DIR)
        address = config.database("DATABASE_ADMIN_URL")
        if address is None:
            raise CommandError("Set DATABASE_ADMIN_URL: someone who may create roles on that server.")
        return roles.connect(address)

    def _passwords(self) -> dict[str, str]:
        connecting = {roles.APP: settings.DATABASES["default"], roles.OWNER: roles.owner_address()}
        for role, address in connecting.items():
            if address["USER"] != role:
                raise CommandError(f"The portal connects as {role}; the address says {address['USER']!r}.")
        if connecting[roles.OWNER]["NAME"] != connecting[roles.APP]["NAME"]:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL name different databases.")
        return {role: address["PASSWORD"] for role, address in connecting.items()}
