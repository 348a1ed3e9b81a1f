"""python manage.py reencrypt_secrets: after a new SECRET_KEY, before the former one is taken away."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from sbs_portal.accounts.second_step import reencrypt_secrets


class Command(BaseCommand):
    help = "Krypterar om det som sparas under SECRET_KEY (appar och engångskoder) med den nya nyckeln."

    def handle(self, **options):
        try:
            count = reencrypt_secrets()
        except ImproperlyConfigured as error:
            raise CommandError(
                "Något är krypterat med en nyckel som varken är SECRET_KEY eller en av SECRET_KEY_FALLBACKS."
                " Inget är ändrat."
            ) from error
        self.stdout.write(f"Omkrypterade: {count}. Ta nu bort den gamla nyckeln ur SECRET_KEY_FALLBACKS.")
