"""Django's PostgreSQL backend, which starts the embedded server before its first connection."""

from django.conf import settings
from django.db.backends.postgresql import base

from sbs_portal.db import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        if not settings.EMBEDDED:
            return super().get_new_connection(conn_params)
        embedded.ensure_running(settings.DATA_DIR)
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            # It ran when this process first asked and may have been killed since: once more, from the start.
            embedded.ensure_running(settings.DATA_DIR, again=True)
            return super().get_new_connection(conn_params)
