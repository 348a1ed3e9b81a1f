"""Django's PostgreSQL backend, which starts the embedded server before its first connection."""

import select

from django.conf import settings
from django.db.backends.postgresql import base, features
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from sbs_portal.db import embedded


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = (15,)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

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

    def is_usable(self):
        """As Django's, without asking the server where nothing has come from it since the last answer: a connection
        that was closed meanwhile has its end to read.
        """
        return self._is_silent() or super().is_usable()

    def _is_silent(self) -> bool:
        if self.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)

    def chunked_cursor(self):
        # Outside a transaction a named cursor is the session's, and behind a pooler sessions are shared.
        return self.cursor() if self.get_autocommit() else super().chunked_cursor()
