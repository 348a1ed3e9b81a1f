"""How ``make run`` serves the portal. Named by the Makefile as its configuration."""

import contextlib
import socket

from sbs_portal.config import number

port = number("PORT", 8000, low=1, high=65535)


def addresses() -> list[str]:
    """Loopback only, and both kinds of it where the system has both: a browser tries ::1 for localhost first."""
    found = [f"127.0.0.1:{port}"]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as attempt:
        attempt.bind(("::1", 0))
        found.append(f"[::1]:{port}")
    return found


bind = addresses()
worker_class = "gthread"
workers = 2
threads = 4
keepalive = 30
graceful_timeout = 10
control_socket_disable = True
loglevel = "warning"


def when_ready(server):
    print(f"\nPortalen: http://localhost:{port}   (Ctrl-C avslutar)\n", flush=True)
