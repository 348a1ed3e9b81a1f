"""How ``make run`` serves the portal. Named by the Makefile as its configuration."""

import contextlib
import socket

from sbs_portal import logs
from sbs_portal.config import number, one_of, text

port = number("PORT", 8000, low=1, high=65535)


def addresses() -> list[str]:
    """Loopback only unless told: both kinds of it where the system has both, since a browser tries ::1 first."""
    listen = text("SBS_LISTEN", "localhost")
    if listen != "localhost":
        return [f"{listen}:{port}"]
    found = [f"127.0.0.1:{port}"]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as attempt:
        attempt.bind(("::1", 0))
        found.append(f"[::1]:{port}")
    return found


bind = addresses()
worker_class = "sbs_portal.worker.Worker"
workers = number("WEB_CONCURRENCY", 2, low=1, high=64)
threads = 4
keepalive = 30
graceful_timeout = 10
control_socket_disable = True
loglevel = "warning"
logconfig_dict = logs.configuration(form=one_of("SBS_LOG", ("plain", "json")), debug=False)


def when_ready(server):
    print(f"\nPortalen: http://localhost:{port}   (Ctrl-C avslutar)\n", flush=True)
