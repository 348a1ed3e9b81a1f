"""A list's address: which rows, in which order, under which columns. The same view has the same address.

Filters have the API's names; what a page has of its own is in Swedish: ``ordning=huvudman,-start``,
``kolumner=status,termin``, ``antal=100``, ``sida=2``, ``vy=<id>``, ``exportera=csv``.
"""

from urllib.parse import quote

from django.http import QueryDict

SORT, COLUMNS, SIZE, PAGE, DAY, VIEW, EXPORT = (
    "ordning",
    "kolumner",
    "antal",
    "sida",
    "datum",
    "vy",
    "exportera",
)
# What says where one is or what is made of the list, and not which list it is.
PASSING = (PAGE, DAY, VIEW, EXPORT)
EVERYTHING = "alla"
FORMER = {"arkiverade": ("archived", {"1": "only"})}


class ListAddress:
    """What a list is asked for. ``bare`` is what stands in the address when nothing is: a default view may
    be what an empty address shows."""

    def __init__(self, query: QueryDict, *, bare: str = ""):
        self.query = query
        self.bare = bare

    def url(self, **changes: str | None) -> str:
        """The address with some parameters set, or taken away (None); always of the first page."""
        asked = {
            name: values
            for name, values in self.query.lists()
            if name not in (PAGE, EXPORT) and name not in changes
        }
        asked |= {name: [value] for name, value in changes.items() if value is not None}
        if self.bare and not set(asked) - {*PASSING}:
            asked[VIEW] = [self.bare]
        return f"?{_encoded(asked)}"

    @property
    def state(self) -> str:
        """The address without what is passing: what a saved view keeps."""
        return _encoded({name: values for name, values in self.query.lists() if name not in PASSING})

    @property
    def names(self) -> set[str]:
        """The parameters that make this list another than the whole."""
        return set(self.query) - {*PASSING}


def _encoded(asked: dict[str, list[str]]) -> str:
    """As QueryDict.urlencode(safe=","), without the deep copy that changing one takes: a list has many links."""
    pairs = ((name, value) for name, values in asked.items() for value in values)
    return "&".join(f"{quote(name, safe=',')}={quote(value, safe=',')}" for name, value in pairs)


def tidied(query: QueryDict, *, table, filterset_class, sizes: tuple[int, ...], per_page: int) -> QueryDict:
    """The same view in its one form: no empty parameters, none twice, former names by the names of now."""
    former = FORMER | (filterset_class.former if filterset_class else {})
    tidy = QueryDict(mutable=True)
    for name, values in query.lists():
        values = [value for value in values if value.strip()]
        name, renamed = former.get(name, (name, {}))
        if values and name not in (SORT, COLUMNS, SIZE) and name not in tidy:
            tidy.setlist(name, [renamed.get(value, value) for value in values])
    order = ",".join(table.sort_keys(query))
    if order and order != ",".join(table.default_keys()):
        tidy[SORT] = order
    shown = [column.name for column in table.shown_columns(query) if not column.link]
    if shown != [column.name for column in table.shown_columns(QueryDict()) if not column.link]:
        tidy[COLUMNS] = ",".join(shown)
    size = query.get(SIZE, "")
    if size.isdecimal() and int(size) in sizes and int(size) != per_page:
        tidy[SIZE] = str(int(size))
    return tidy


def listed(query: QueryDict, name: str) -> list[str]:
    """A parameter of several values, given with commas or several times; each once."""
    values = ",".join(query.getlist(name)).split(",")
    return list(dict.fromkeys(value.strip() for value in values if value.strip()))
