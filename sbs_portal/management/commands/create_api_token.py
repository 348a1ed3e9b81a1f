"""python manage.py create_api_token USERNAME [--write] [--days N] [--huvudman UUID_OR_NAME …] [--name NAME]"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.api.tokens import issue_token
from sbs_portal.filters import as_uuid
from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman


class Command(BaseCommand):
    help = "Skapar en API-nyckel och visar den en enda gång."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USERNAME", help="kontots e-postadress")
        parser.add_argument("--write", action="store_true", help="nyckeln får också skriva")
        parser.add_argument("--days", type=int, default=365, help="hur länge nyckeln gäller (365)")
        parser.add_argument(
            "--huvudman",
            nargs="+",
            action="extend",
            metavar="UUID_OR_NAME",
            help="begränsa nyckeln till dessa huvudmän",
        )
        parser.add_argument("--name", default="kommandoraden", help="namn som visas i listan över nycklar")

    def handle(self, *, username, write, days, huvudman, name, **options):
        user = User.objects.filter(email=username.strip().lower()).first()
        if user is None:
            raise CommandError(f"Det finns inget konto med e-postadressen {username}.")
        if not user.is_active:
            raise CommandError(f"Kontot {username} är avstängt.")
        if not 1 <= days <= 731:
            raise CommandError("Ange --days från 1 till 731.")
        with bound(NATIONAL, face="command"):
            huvudman_ids = [self._huvudman_id(value) for value in huvudman] if huvudman else None
            try:
                token, key = issue_token(
                    user=user,
                    name=name,
                    can_write=write,
                    expires_at=timezone.now() + timedelta(days=days),
                    huvudman_ids=huvudman_ids,
                )
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        expires = timezone.localtime(token.expires_at)
        rights = "läsa och skriva" if write else "läsa"
        self.stderr.write(f"Nyckeln får {rights} och gäller till {expires:%Y-%m-%d}. Den visas bara nu:")
        self.stdout.write(key)

    def _huvudman_id(self, value: str) -> int:
        found = as_uuid(value)
        rows = Huvudman.objects.filter(uuid=found) if found else Huvudman.objects.filter(name__iexact=value)
        ids = list(rows.values_list("pk", flat=True)[:2])
        if not ids:
            raise CommandError(f"Det finns ingen huvudman {value}.")
        if len(ids) > 1:
            raise CommandError(f"Flera huvudmän heter {value}. Ange id i stället.")
        return ids[0]
