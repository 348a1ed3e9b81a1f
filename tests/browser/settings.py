"""The portal's settings as the browser tests serve it: another database, and files that need no collecting."""

import os

from sbs_portal.settings import *  # noqa: F403
from sbs_portal.settings import DATABASES, STORAGES

for _alias in DATABASES.values():
    _alias["NAME"] = os.environ["SBS_BROWSER_DATABASE"]

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
