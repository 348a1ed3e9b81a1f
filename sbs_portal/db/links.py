"""Which link rows decide whose a shared row is.

A shared row (a meeting, a person) carries the ids of its huvudmän in ``huvudman_ids``. The link tables that
decide them declare ``scope_links``; sbs_portal.db.security makes the triggers that keep the array.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScopeLink:
    """Rows of the declaring model make their huvudman one of the parent's.

    parent: "app.Model" with a ``huvudman_ids`` array; column: this table's foreign key to it;
    huvudman: SQL over the link row ``l`` that gives a huvudman id or null.
    """

    parent: str
    column: str
    huvudman: str = "l.huvudman_id"
