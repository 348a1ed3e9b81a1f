"""What gunicorn serves in the bench: the portal as it is, or the plain comparison, by the settings."""

from contextlib import ExitStack

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from bench.serving import COUNT, COUNTED

ASKED = f"HTTP_{COUNT.upper().replace('-', '_')}"

_application = get_wsgi_application()


def application(environ, start_response):
    """The application. Asked to by a header, it also tells in one how many statements it took."""
    if ASKED not in environ:
        return _application(environ, start_response)
    number = 0

    def count(execute, sql, params, many, context):
        nonlocal number
        number += 1
        return execute(sql, params, many, context)

    def answered(status, headers, *rest):
        return start_response(status, [*headers, (COUNTED, str(number))], *rest)

    with ExitStack() as counting:
        for alias in settings.DATABASES:
            counting.enter_context(connections[alias].execute_wrapper(count))
        return _application(environ, answered)
