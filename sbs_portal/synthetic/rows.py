"""Rows as the country makes them: what each says, by whom, and what it said before it was changed."""

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(slots=True)
class Row:
    """One row of a table.

    values: by column, with id, uuid, created_at and updated_at; what is not said is the field's default.
    by: the user who entered it. before: what it said at first, where it was changed at ``updated_at``.
    """

    values: dict[str, object]
    by: int | None = None
    before: dict[str, object] | None = None


Batch = Mapping[str, list[Row]]


class Rows:
    """Collects rows by table ("schools.Huvudman") and numbers them from the first free id of each."""

    def __init__(self, first_ids: Mapping[str, int], today: date):
        self.today = today
        self._next = defaultdict(lambda: 1, first_ids)
        self._tables: dict[str, list[Row]] = defaultdict(list)
        self.count = 0

    def taken(self) -> Batch:
        """What has been collected since the last time."""
        tables, self._tables, self.count = self._tables, defaultdict(list), 0
        return tables

    def latest(self, table: str) -> Row:
        """The row last added to a table, to be completed before it is taken."""
        return self._tables[table][-1]

    def moment(self, day: date, rng: random.Random) -> datetime:
        """A time of the working day; nothing has been entered on a day that has not come."""
        day = min(day, self.today - timedelta(days=1))
        return datetime.combine(day, time(6 + rng.randrange(9), rng.randrange(60), rng.randrange(60)), UTC)

    def add(
        self,
        table: str,
        rng: random.Random,
        *,
        at: datetime,
        by: int | None = None,
        changed: datetime | None = None,
        before: dict[str, object] | None = None,
        **values,
    ) -> int:
        """A row entered at a time and, with ``before``, changed later. Returns its id."""
        number = self._next[table]
        self._next[table] = number + 1
        values["id"] = number
        values["uuid"] = uuid.UUID(int=rng.getrandbits(128), version=4)
        values["created_at"] = at
        values["updated_at"] = changed if before else at
        self._tables[table].append(Row(values, by, before))
        self.count += 1
        return number
