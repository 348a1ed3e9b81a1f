"""Prints the table of environment variables that docs/configuration.md holds."""

from django.core.management.base import BaseCommand

from sbs_portal.config import VARIABLES


def table() -> str:
    """The page, as Markdown."""
    rows = [f"| `{each.name}` | {each.default or '–'} | {each.purpose} |" for each in VARIABLES]
    return "\n".join(
        (
            "# Configuration",
            "",
            "Everything is read from the environment. A value that cannot be used stops the start with a sentence",
            "that says which variable, what was found and what would do. This page is made by",
            "`python manage.py configuration` and held to it by a test.",
            "",
            "| variable | default | what it is for |",
            "| --- | --- | --- |",
            *rows,
            "",
        )
    )


class Command(BaseCommand):
    help = "Skriver tabellen över miljövariabler."

    def handle(self, *args, **options):
        self.stdout.write(table(), ending="")
