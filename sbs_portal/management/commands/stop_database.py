import os
import signal
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from sbs_portal.db import embedded


class Command(BaseCommand):
    help = (
        "Stops the embedded PostgreSQL in good order, whoever uses it, and first the web servers that `make run` "
        "started in this checkout, which would start it again. Another PostgreSQL is left alone."
    )
    requires_system_checks = ()

    def handle(self, *args, **options):
        for pid_file in sorted(settings.BASE_DIR.glob(".venv/web-*.pid")):
            port = pid_file.stem.removeprefix("web-")
            if self._stop_web(pid_file):
                self.stdout.write(f"The web server on port {port} has stopped.")
        if not settings.EMBEDDED:
            self.stdout.write("DATABASE_URL is set: that server is not the portal's to stop.")
        elif embedded.stop(settings.DATA_DIR):
            self.stdout.write("PostgreSQL has stopped.")
        else:
            self.stdout.write("PostgreSQL was not running.")

    def _stop_web(self, pid_file: Path) -> bool:
        """Whether there was one to stop. A stale file may name any process: only ours is signalled."""
        try:
            pid = int(pid_file.read_text())
            if not self._serves(pid):
                return False
            os.kill(pid, signal.SIGTERM)
        except (ValueError, OSError):
            return False
        while self._serves(pid):
            time.sleep(0.05)
        return True

    def _serves(self, pid: int) -> bool:
        process = Path("/proc") / str(pid)
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            return b"sbs_portal.wsgi" in words and (process / "cwd").samefile(settings.BASE_DIR)
        except OSError:
            return False
