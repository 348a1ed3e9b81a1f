"""Who may do what: the one table of role × action, read by every face.

Scope comes first (whose rows), then right (what with them). A cell says how far a role reaches with an
action: everywhere, in its huvudmän, in its own units, or not at all.
"""

from enum import IntEnum

from django.db import models


class Role(models.TextChoices):
    """What an access row makes its user."""

    COORDINATOR = "coordinator", "Samordnare"
    PROCESS_LEADER = "process_leader", "Processledare"
    EDITOR = "editor", "Förvaltning, redigerar"
    REKTOR = "rektor", "Rektor"
    READER = "reader", "Läsare"
    INTEGRATION = "integration", "Integration"


class Reach(IntEnum):
    """How far a role reaches with an action."""

    NONE = 0
    UNITS = 1
    HUVUDMAN = 2
    ALL = 3


class Action(models.TextChoices):
    """What can be done, grouped as the law of the house groups it."""

    REGISTER_READ = "register_read", "läsa huvudmän och enheter"
    REGISTER_CHANGE = "register_change", "ändra huvudmän och enheter"
    CATALOGUE_CHANGE = "catalogue_change", "ändra kataloger"
    PARTICIPATION_READ = "participation_read", "läsa deltaganden"
    PARTICIPATION_REGISTER = "participation_register", "lägga in ett deltagande som huvudmannens uppgift"
    PARTICIPATION_CHANGE = "participation_change", "ändra deltagandets status, enheter, faser och stöd"
    AGREEMENT_CHANGE = "agreement_change", "ändra överenskommelser och kontakter"
    MEETING_READ = "meeting_read", "läsa träffar"
    MEETING_CHANGE = "meeting_change", "planera och ändra träffar"
    MEETING_RECORD = "meeting_record", "anteckna närvaro, beslut och åtgärder"
    ATTENDANCE_READ = "attendance_read", "läsa vilka som var med"
    DECISION_READ = "decision_read", "läsa hållna träffars beslut"
    SEMINAR_READ = "seminar_read", "läsa seminariers program"
    SEMINAR_CHANGE = "seminar_change", "ändra seminarier"
    DELEGATION_READ = "delegation_read", "läsa delegationer"
    DELEGATION_CHANGE = "delegation_change", "ändra delegationer"
    PEOPLE_READ = "people_read", "läsa personer och roller"
    PEOPLE_CHANGE = "people_change", "ändra personer och roller"
    STATEMENT_READ = "statement_read", "läsa uppgifter och källor"
    STATEMENT_REVIEW = "statement_review", "granska uppgifter"
    ACCESS_READ = "access_read", "läsa vilka som har behörighet"
    ACCESS_GRANT = "access_grant", "ge behörighet"
    HISTORY_READ = "history_read", "läsa historik"
    JOURNAL_WRITE = "journal_write", "skriva i journalen"
    NATIONAL_HISTORY_READ = "national_history_read", "läsa hela landets ändringar"
    PERSON_REVEAL = "person_reveal", "visa skyddade personuppgifter"
    REVEAL_READ = "reveal_read", "läsa vem som har visat skyddade personuppgifter"


_C, _P, _E, _K, _R, _I = (
    Role.COORDINATOR,
    Role.PROCESS_LEADER,
    Role.EDITOR,
    Role.REKTOR,
    Role.READER,
    Role.INTEGRATION,
)
_ALL, _HM, _UNITS = Reach.ALL, Reach.HUVUDMAN, Reach.UNITS

# Coordinators' access rows are national, so their reach is everywhere; an integration reaches what its
# access rows and token say, with write only where the token may write.
RIGHTS: dict[Action, dict[Role, Reach]] = {
    Action.REGISTER_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.REGISTER_CHANGE: {_C: _ALL, _E: _HM, _I: _HM},
    Action.CATALOGUE_CHANGE: {_C: _ALL},
    Action.PARTICIPATION_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.PARTICIPATION_REGISTER: {_C: _ALL, _E: _HM, _I: _HM},
    Action.PARTICIPATION_CHANGE: {_C: _ALL, _I: _HM},
    Action.AGREEMENT_CHANGE: {_C: _ALL, _E: _HM, _I: _HM},
    Action.MEETING_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.MEETING_CHANGE: {_C: _ALL, _P: _HM, _E: _HM, _I: _HM},
    Action.MEETING_RECORD: {_C: _ALL, _P: _HM, _E: _HM, _K: _UNITS, _I: _HM},
    Action.ATTENDANCE_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _I: _HM},
    Action.DECISION_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.SEMINAR_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.SEMINAR_CHANGE: {_C: _ALL, _I: _HM},
    Action.DELEGATION_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _I: _HM},
    Action.DELEGATION_CHANGE: {_C: _ALL, _E: _HM, _K: _UNITS, _I: _HM},
    Action.PEOPLE_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _I: _HM},
    Action.PEOPLE_CHANGE: {_C: _ALL, _E: _HM, _K: _UNITS, _I: _HM},
    Action.STATEMENT_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _R: _HM, _I: _HM},
    Action.STATEMENT_REVIEW: {_C: _ALL},
    Action.ACCESS_READ: {_C: _ALL, _E: _HM},
    Action.ACCESS_GRANT: {_C: _ALL, _E: _HM},
    # A reader (nämnd) sees what was held and decided, not how it came about.
    Action.HISTORY_READ: {_C: _ALL, _P: _HM, _E: _HM, _K: _HM, _I: _HM},
    # Whoever changes something there may say why.
    Action.JOURNAL_WRITE: {_C: _ALL, _P: _HM, _E: _HM, _K: _UNITS, _I: _HM},
    Action.NATIONAL_HISTORY_READ: {_C: _ALL},
    # People ask, by themselves or by a key of their own; an integration does not.
    Action.PERSON_REVEAL: {_C: _ALL, _E: _HM},
    Action.REVEAL_READ: {_C: _ALL, _E: _HM},
}

# Roles that someone who is no coordinator may give, and end, within their own huvudman.
GIVEN_BY_EDITORS = frozenset({_E, _K, _R})

READING = frozenset(action for action in Action if action.value.endswith("_read"))
