"""Who: users, log-in and API tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sbs_portal.accounts"
    label = "accounts"
    verbose_name = "Konton"
