"""The settings of the plain comparison: Django REST framework with little around it: lengths, and what allauth demands."""

from bench.settings import *  # noqa: F403

ROOT_URLCONF = "bench.plain"
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
