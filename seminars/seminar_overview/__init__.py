"""Everything a seminar's page says, as one reader may see it; and what other pages say of seminars.

All who take part see the programme, the presentations and which huvudmän are there. Delegations and units
are the own huvudman's, or everyone's for a coordinator. Names of staff are for those who may see people.
"""

from seminars.seminar_overview.seen import CONFIRMED
from seminars.seminar_overview.todo import SeminarOverview
from seminars.seminar_overview.words import short_when, status_on, when_words

__all__ = ["CONFIRMED", "SeminarOverview", "short_when", "status_on", "when_words"]
