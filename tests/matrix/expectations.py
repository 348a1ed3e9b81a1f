"""Who reaches what, as the domain says it. Written out, and not derived from the code it tests.

A cell is a set of rows (World.reach): all; own = the own huvudman's and what it shares; unit = the rektor's
unit's; held = of meetings that were held; decided = decisions of those; alone = the own, nothing shared; other = the stranger's own; none.
"""

ROLES = ("coordinator", "process_leader", "editor", "rektor", "reader", "stranger", "integration")


def cells(leader: str, editor: str, rektor: str, reader: str, *, integration: str = "all") -> dict[str, str]:
    """A row of the table. A coordinator reaches all; a stranger is the other huvudman's editor."""
    return {
        "coordinator": "all",
        "process_leader": leader,
        "editor": editor,
        "rektor": rektor,
        "reader": reader,
        "stranger": "other" if editor == "own" else "none",
        "integration": integration,
    }


EVERYONE = cells("own", "own", "own", "own")
STAFF_ONLY = cells("own", "own", "own", "none")
COORDINATORS = cells("none", "none", "none", "none")
EDITORS = cells("none", "own", "none", "none")
MEETING_WRITERS = cells("own", "own", "none", "none")
RECORDERS = cells("own", "own", "unit", "none")
OWN_UNIT = cells("none", "own", "unit", "none")
# What lays aside or takes away a shared row needs the right at all it is shared with.
ALONE = cells("alone", "alone", "none", "none") | {"stranger": "other alone"}
REVIEW = cells("none", "none", "none", "none", integration="none")
REVEALERS = cells("none", "own", "none", "none", integration="none")

READ = {
    "audit.JournalEntry": STAFF_ONLY,
    "audit.Source": EVERYONE,
    "audit.Statement": EVERYONE,
    "programmes.Agreement": EVERYONE,
    "programmes.ParticipatingUnit": EVERYONE,
    "programmes.Participation": EVERYONE,
    "programmes.ParticipationAssignment": STAFF_ONLY,
    "programmes.ParticipationFocus": EVERYONE,
    "programmes.ParticipationPhase": EVERYONE,
    "programmes.RegistrationStep": EVERYONE,
    "programmes.StatusChange": EVERYONE,
    "programmes.Support": EVERYONE,
    "programmes.TermExtension": EVERYONE,
    "programmes.TermPause": EVERYONE,
    "schools.Administration": EVERYONE,
    "schools.Huvudman": EVERYONE,
    "schools.Person": STAFF_ONLY,
    "schools.PersonReveal": REVEALERS,
    "schools.RoleAssignment": STAFF_ONLY,
    "schools.SchoolUnit": EVERYONE,
    "schools.SchoolUnitVersion": EVERYONE,
    "schools.UnitAlias": EVERYONE,
    "schools.UnitSuccession": EVERYONE,
    "seminars.Attendance": STAFF_ONLY,
    "seminars.Delegate": STAFF_ONLY,
    "seminars.Delegation": STAFF_ONLY,
    "seminars.Lesson": EVERYONE,
    "seminars.Meeting": cells("own", "own", "own", "held"),
    "seminars.MeetingParticipation": cells("own", "own", "own", "held"),
    "seminars.MeetingSeries": EVERYONE,
    "seminars.MeetingUnit": cells("own", "own", "own", "held"),
    "seminars.Outcome": cells("own", "own", "own", "decided"),
    "seminars.Presentation": EVERYONE,
    "seminars.ReflectionWord": EVERYONE,
    "seminars.Seminar": EVERYONE,
    "seminars.SeminarHuvudman": EVERYONE,
    "seminars.SeminarUnit": STAFF_ONLY,
    "seminars.SeriesAttendee": STAFF_ONLY,
    "seminars.Session": EVERYONE,
}

CHANGE = {
    # Withdrawn by who wrote it, and by coordinators: those of the world are nobody's in the cast.
    "audit.JournalEntry": REVIEW,
    "audit.Source": REVIEW,
    "audit.Statement": REVIEW,
    "programmes.Agreement": EDITORS,
    "programmes.ParticipatingUnit": COORDINATORS,
    "programmes.Participation": COORDINATORS,
    "programmes.ParticipationAssignment": EDITORS,
    "programmes.ParticipationFocus": EDITORS,
    "programmes.ParticipationPhase": COORDINATORS,
    "programmes.RegistrationStep": COORDINATORS,
    "programmes.StatusChange": COORDINATORS,
    "programmes.Support": COORDINATORS,
    "programmes.TermExtension": COORDINATORS,
    "programmes.TermPause": COORDINATORS,
    "schools.Administration": EDITORS,
    "schools.Huvudman": EDITORS,
    "schools.Person": OWN_UNIT,
    "schools.PersonReveal": REVEALERS,
    "schools.RoleAssignment": OWN_UNIT,
    "schools.SchoolUnit": EDITORS,
    "schools.SchoolUnitVersion": EDITORS,
    "schools.UnitAlias": EDITORS,
    "schools.UnitSuccession": EDITORS,
    "seminars.Attendance": RECORDERS,
    "seminars.Delegate": OWN_UNIT,
    "seminars.Delegation": OWN_UNIT,
    "seminars.Lesson": COORDINATORS,
    "seminars.Meeting": MEETING_WRITERS,
    "seminars.MeetingParticipation": MEETING_WRITERS,
    "seminars.MeetingSeries": MEETING_WRITERS,
    "seminars.MeetingUnit": MEETING_WRITERS,
    "seminars.Outcome": RECORDERS,
    "seminars.Presentation": COORDINATORS,
    "seminars.ReflectionWord": COORDINATORS,
    "seminars.Seminar": COORDINATORS,
    "seminars.SeminarHuvudman": COORDINATORS,
    "seminars.SeminarUnit": OWN_UNIT,
    "seminars.SeriesAttendee": MEETING_WRITERS,
    "seminars.Session": COORDINATORS,
}

# Who may write in the journal of an object.
JOURNAL = {
    "schools.Huvudman": MEETING_WRITERS,
    "schools.Person": RECORDERS,
    "schools.SchoolUnit": RECORDERS,
    "programmes.Participation": MEETING_WRITERS,
    "seminars.Meeting": RECORDERS,
    "seminars.MeetingSeries": MEETING_WRITERS,
    "seminars.Seminar": MEETING_WRITERS,
}

# Who changes the resource, where it takes more than to change rows of its model: a rektor names people of the
# own unit in a delegation, and the delegation as a whole is its huvudman's.
CHANGE_OF_RESOURCE = {"delegations": EDITORS}
