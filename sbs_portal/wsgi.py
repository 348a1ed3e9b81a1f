"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbs_portal.settings")

application = get_wsgi_application()

# All views, forms and serializers are read now, and not by the first who asks. They live as long as the process:
# the garbage collector goes through what requests leave, and not through all of them again and again.
get_resolver().url_patterns  # noqa: B018  (reads them)
gc.collect()
gc.freeze()
# A page leaves tens of thousands of objects, nearly all of them gone with it.
gc.set_threshold(20_000, 20, 100)
