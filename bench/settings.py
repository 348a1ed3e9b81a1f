"""The portal's settings, on a database of the bench."""

import os

from sbs_portal.settings import *  # noqa: F403
from sbs_portal.settings import DATABASES

for _alias in DATABASES.values():
    _alias["NAME"] = os.environ["SBS_BENCH_DATABASE"]
