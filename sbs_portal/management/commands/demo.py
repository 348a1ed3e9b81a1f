"""Loads the demo and prints who can log in. Repeatable: what is there is left as it is."""

from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from programmes.models import Participation
from sbs_portal.demo import accounts, catalogue
from sbs_portal.demo.cases import alvdalen, collected, exempelby, haparanda, trollhattan, uddevalla
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman

CASES = (haparanda, uddevalla, trollhattan, alvdalen, collected, exempelby)


class Command(BaseCommand):
    help = "Läser in övningsmiljöns fall och konton. Går att köra om."

    def handle(self, *args, **options):
        if not (settings.EMBEDDED or settings.DEMO):
            raise CommandError(
                "The demo loads only into the embedded database. Set SBS_DEMO=1 to load it into this one."
            )
        self.load()
        self.stdout.write(self.accounts())

    def load(self) -> None:
        with bound(NATIONAL):
            catalogue.sibling_programme()
            accounts.give("samordnare", Role.COORDINATOR)
            accounts.give("integration", Role.INTEGRATION)
        for case in CASES:
            with bound(NATIONAL):
                if not Huvudman.objects.filter(name=case.NAME).exists():
                    case.load()

    def accounts(self) -> str:
        """The accounts, and the page a new rektor in Uddevalla would have read."""
        with bound(NATIONAL):
            participation = Participation.objects.get(huvudman__name=uddevalla.NAME)
        width = max(len(account.email) for account in accounts.ACCOUNTS)
        address = f"http://localhost:{settings.PORT}"
        page = reverse("participation_detail", args=[participation.uuid])
        lines = [
            "",
            *(f"  {account.email:<{width}}  {account.purpose}" for account in accounts.ACCOUNTS),
            "",
            f"  Lösenord för alla som kan logga in: {accounts.PASSWORD}",
            "  API-nyckel: python manage.py create_api_token integration@demo.example",
            "",
            f"  Uddevalla den 23 april 2018: {address}{page}?datum={date(2018, 4, 23)}",
            "",
        ]
        return "\n".join(lines)
