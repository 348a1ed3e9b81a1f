"""python manage.py seed_scale [--factor 0.01|0.1|1|10] [--seed N] [--day DATE] [--beside-real-data]"""

import time
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sbs_portal.accounts.models import User
from sbs_portal.db.roles import as_owner
from sbs_portal.demo.accounts import PASSWORD
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.synthetic.loading import load
from sbs_portal.synthetic.register import CAST, DOMAIN
from sbs_portal.time import today
from sbs_portal.web.words import thousands
from schools.models import Huvudman


class Command(BaseCommand):
    help = "Läser in ett helt påhittat land: 2 800 huvudmän och 60 000 träffar, med historik, gånger faktorn."

    def add_arguments(self, parser):
        parser.add_argument("--factor", type=float, default=1.0, help="1 är hela Sverige (1)")
        parser.add_argument("--seed", type=int, default=1, help="samma tal ger samma land (1)")
        parser.add_argument("--day", type=date.fromisoformat, default=None, help="landets i dag (i dag)")
        parser.add_argument(
            "--beside-real-data", action="store_true", help="läs in fast det finns riktiga huvudmän"
        )

    def handle(self, *, factor, seed, day, beside_real_data, **options):
        if not 0 < factor <= 20:
            raise CommandError("Ange --factor över 0 och högst 20.")
        self.refuse(beside_real_data)
        began = time.monotonic()
        with as_owner():
            made = load(factor=factor, seed=seed, day=day or today())
        cast = [f"{name}@{DOMAIN}" for name in CAST]
        for user in User.objects.filter(email__in=cast[:-1]):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        rows = sorted(made.items(), key=lambda item: -item[1])
        self.stdout.write("\n".join(f"  {thousands(number):>11}  {label}" for label, number in rows))
        self.stdout.write(f"  {thousands(sum(made.values()))} rader på {time.monotonic() - began:.0f} s.")
        self.stdout.write(f"  Lösenordet är {PASSWORD} för {', '.join(cast[:-1])}.")

    def refuse(self, beside_real_data: bool) -> None:
        """Invented rows do not mix with anybody's: not by mistake, and no second country beside the first."""
        if not (settings.EMBEDDED or settings.DEMO):
            raise CommandError("Landet läses bara in i den inbyggda databasen. Sätt SBS_DEMO=1 för en annan.")
        if User.objects.filter(email=f"{CAST[0]}@{DOMAIN}").exists():
            raise CommandError("Ett påhittat land är redan inläst. Ta en tom databas för ett nytt.")
        with bound(NATIONAL):
            real = Huvudman.objects.filter(is_fictional=False).count()
        if real and not beside_real_data:
            raise CommandError(
                f"Databasen har {thousands(real)} huvudmän som inte är påhittade."
                " Läs in i en tom databas, eller lägg till --beside-real-data."
            )
