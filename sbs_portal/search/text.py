"""What was asked for, and how a text column is looked in.

Names are looked in word by word as they are written (PostgreSQL's ``simple`` configuration: no word of a name
is too common), running text also by its stems (``swedish``: "beslutade" finds "beslut", but "upp" is too
common a word to find "uppföljning"). A word is found by its beginning. The same expressions are the GIN indexes.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import add, and_, or_
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, Q, QuerySet, TextField, UUIDField
from django.db.models.expressions import RawSQL

from sbs_portal.db.questions import Given
from sbs_portal.scope import Scope
from sbs_portal.time import today

LONGEST = 200
SHORTEST = 2
NAMES: tuple[str, ...] = ("simple",)
WORDS: tuple[str, ...] = ("simple", "swedish")
# Of a word that thousands of rows hold, so many are looked at.
LOOKED_AT = 400


@dataclass(frozen=True)
class Asked:
    """The words of a search, at most LONGEST characters."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Asked":
        return cls(" ".join(text[:LONGEST].split()))

    @property
    def is_too_short(self) -> bool:
        return len("".join(self.words)) < SHORTEST

    @cached_property
    def words(self) -> list[str]:
        """Letters and digits only, so that nothing of it is read as an operator."""
        return re.findall(r"[^\W_]+", self.text)

    @cached_property
    def digits(self) -> str:
        """The digits, where there is nothing else but hyphens and spaces; else ""."""
        bare = re.sub(r"[\s-]", "", self.text)
        return bare if bare.isascii() and bare.isdecimal() else ""

    @cached_property
    def id(self) -> UUID | None:
        try:
            return UUID(self.text)
        except ValueError:
            return None

    @property
    def values(self) -> dict[str, str]:
        """What a statement made of ``Seeking`` is asked with; a word is found by its beginning."""
        words = {f"word_{number}": f"'{word}':*" for number, word in enumerate(self.words)}
        return {"text": self.text, "digits": self.digits, "id": str(self.id), **words}


@dataclass(frozen=True)
class Seeking:
    """Who searches, on which day, and how many words of what kind: all that a search's statement is made of.

    The words themselves are told when it is asked, so that what is compiled can be kept.
    """

    scope: Scope
    day: date
    limit: int
    number: int
    has_digits: bool = False
    has_id: bool = False

    @classmethod
    def of(cls, scope: Scope, asked: Asked, limit: int) -> "Seeking":
        return cls(scope, today(), limit, len(asked.words), bool(asked.digits), asked.id is not None)

    @property
    def text(self) -> Given:
        return Given("text", TextField())

    @property
    def digits(self) -> Given | None:
        return Given("digits", TextField()) if self.has_digits else None

    @property
    def id(self) -> Given | None:
        return Given("id", UUIDField()) if self.has_id else None

    def query(self, read_as: tuple[str, ...]) -> SearchQuery:
        """Every word, in any of the readings, in any order."""

        def word_in(number: int) -> SearchQuery:
            word = Given(f"word_{number}", TextField())
            return reduce(or_, (SearchQuery(word, config=name, search_type="raw") for name in read_as))

        return reduce(and_, map(word_in, range(self.number)))


def vector(*fields: str, read_as: tuple[str, ...] = NAMES) -> SearchVector:
    return reduce(add, (SearchVector(*fields, config=name) for name in read_as))


def index(*fields: str, name: str, read_as: tuple[str, ...] = NAMES) -> GinIndex:
    """The index that ``holding`` uses for the same fields."""
    return GinIndex(vector(*fields, read_as=read_as), name=name)


def holding(rows: QuerySet, seeking: Seeking, *fields: str, read_as: tuple[str, ...] = NAMES) -> QuerySet:
    """The rows whose fields hold all the words."""
    if not seeking.number:
        return rows.none()
    found = rows.annotate(found_in=vector(*fields, read_as=read_as))
    return found.filter(found_in=seeking.query(read_as))


def found_by(*queries: QuerySet, most: int | None = None) -> RawSQL | list:
    """The ids that any of the queries gives, for ``pk__in``; at most so many where ``most`` is said.

    Each is run by itself first: the planner takes reading a text for cheap, and else reads thousands of rows one
    by one where their index would have told (measured: 200 ms against 10).
    """
    parts, params = [], []
    for query in queries:
        try:
            sql, values = query.order_by().query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(sql)
        params += values
    if not parts:
        return []
    limit = f" LIMIT {most:d}" if most else ""
    return RawSQL(
        f"WITH found AS MATERIALIZED ({' UNION ALL '.join(parts)}) SELECT * FROM found{limit}", params
    )


def given(**conditions) -> Q:
    """Any of the conditions that have a value; without one, nothing: a row that lacks a code is not found by none."""
    found = Q(pk__in=[])
    for lookup, value in conditions.items():
        if value:
            found |= Q(**{lookup: value})
    return found


def ids_given(name: str) -> RawSQL:
    """Ids that are told when the statement is asked, for ``__in``."""
    return RawSQL("SELECT unnest(%s::bigint[])", [Given(name, BigIntegerField())])
