"""python manage.py invite_coordinator E-MAIL --site https://portal.example.se"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.services.invitation import invite


class Command(BaseCommand):
    help = "Bjuder in en samordnare, till exempel den första, och visar länken en enda gång."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL", help="den som har adressen kan använda länken")
        parser.add_argument("--site", default="http://localhost:8000", help="portalens adress")

    def handle(self, *, email, site, **options):
        with bound(NATIONAL, face="command"):
            try:
                _, key = invite(email=email, role=Role.COORDINATOR, by=NATIONAL)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        self.stderr.write("Länken gäller i sju dagar, en gång. Den visas bara nu:")
        self.stdout.write(f"{site.rstrip('/')}{reverse('invitation', args=[key])}")
