from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sbs_portal.db import backup


class Command(BaseCommand):
    help = (
        "Writes the whole database to one file, also while it is used. The file holds personal data; the secret "
        "key is not in it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="default: backups/sbs-<time>.dump in SBS_DATA")
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="then remove all but the N newest beside it"
        )

    def handle(self, *, file, keep, **options):
        file = file or backup.default_file()
        try:
            backup.back_up(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The backup is {file} ({file.stat().st_size:,} bytes).")
        for path in backup.prune(file.parent, keep=keep):
            self.stdout.write(f"Removed {path}.")
