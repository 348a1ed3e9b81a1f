from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sbs_portal.db import backup


class Command(BaseCommand):
    help = (
        "Puts a backup in the database's place. The present database is kept under another name; if anything "
        "fails before the change of places, nothing has changed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a file that backup has written")

    def handle(self, *, file, **options):
        try:
            before = backup.restore(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} is restored. What was there before is kept as the database {before}.")
