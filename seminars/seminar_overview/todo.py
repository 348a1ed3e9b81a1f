"""A seminar's page as a whole, with what is left to arrange."""

from dataclasses import dataclass

from seminars.seminar_overview.units import UnitsOnSite
from seminars.seminar_overview.words import counted


@dataclass(frozen=True)
class Todo:
    """Something left to arrange: what, why, and where."""

    title: str
    detail: str
    tab: str


class SeminarOverview(UnitsOnSite):
    """A seminar on a day, as one reader may see it."""

    @property
    def todos(self) -> list[Todo]:
        """For those who can do something about it, until the seminar is over."""
        if self.is_over or self.is_cancelled or not self.sees_delegations:
            return []
        return [
            todo for todo in (self._todo_delegations(), self._todo_units(), self._todo_programme()) if todo
        ]

    def _todo_delegations(self) -> Todo | None:
        lacking = [link.name for link in self.without_delegation]
        if not lacking:
            return None
        if len(lacking) == 1:
            return Todo(f"{lacking[0]} har inte anmält någon delegation", "", "delegationer")
        title = f"{counted(len(lacking))} huvudmän har inte anmält någon delegation"
        names = (
            f"{', '.join(lacking[:4])} och {len(lacking) - 4} till"
            if len(lacking) > 5
            else ", ".join(lacking)
        )
        return Todo(title, f"{names}.", "delegationer")

    def _todo_units(self) -> Todo | None:
        nobody = [row for row in self.units_lacking if not row.registered]
        if not nobody:
            return None
        one = len(nobody) == 1
        title = f"{counted(len(nobody))} {'enhet' if one else 'enheter'} har ingen namngiven deltagare"
        names = [row.name for row in nobody]
        more = f" och {len(names) - 4} till" if len(names) > 4 else ""
        return Todo(title, f"{', '.join(names[:4])}{more}.", "enheter")

    def _todo_programme(self) -> Todo | None:
        if self.sessions or not self.may_change:
            return None
        return Todo("Programmet är inte inlagt", "Deltagarna ser det så fort det finns.", "program")
