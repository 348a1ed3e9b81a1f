"""A world where everything could leak: two huvudmän, each with a row of every kind, and what they share.

Words tell whose a text is: everything free of the one huvudman's holds OWN, of the other's OTHER. Names of
staff hold STAFF beside it, names and addresses of protected people hold SECRET.
"""

from collections import defaultdict
from datetime import date, timedelta

from programmes.models import (
    Agreement,
    FocusArea,
    ParticipatingUnit,
    ParticipationFocus,
    ParticipationPhase,
    RegistrationStep,
    Support,
    TermExtension,
    TermPause,
)
from sbs_portal.audit.models import JournalEntry, Source, Statement
from sbs_portal.db.security import domain_models
from sbs_portal.lists.models import SavedView
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, Term, today
from schools.models import Administration, PersonReveal, StaffRole, UnitAlias, UnitSuccession
from seminars.models import (
    Attendance,
    Delegate,
    Delegation,
    Lesson,
    MeetingSeries,
    MeetingUnit,
    Presentation,
    ReflectionWord,
    SeminarUnit,
    SeriesAttendee,
    Session,
)
from tests import factories

OWN, OTHER, STAFF, SECRET = "Ekvik", "Fjärdhult", "Personsson", "Döljdsson"
NAME_OF_OTHER = f"{OTHER} kommun"
UNITS_OF_OTHER = (f"{OTHER} norra skola", f"{OTHER} södra skola")
SCOPED = [model for model in domain_models() if model.scoping.kind in ("owned", "shared")]


class Side:
    """One huvudman with a row of every kind. ``marked`` holds rows that a role reaches though not all."""

    def __init__(self, word: str, marked: dict):
        self.word = word
        self.marked = marked
        self.huvudman = factories.make_huvudman(f"{word} kommun")
        self.unit = factories.make_unit(self.huvudman, f"{word} norra skola", street_address=f"{word}gatan 1")
        self.mark("unit", self.unit)
        self.second_unit = factories.make_unit(self.huvudman, f"{word} södra skola")
        self._people()
        self._participation()
        self._meetings()
        self._seminar()
        self._provenance()

    def mark(self, name: str, *rows):
        for row in rows:
            self.marked[name, type(row)].add(row.pk)
        return rows[0]

    def staff(self, first: str, role, **fields):
        person = factories.make_person(
            self.huvudman,
            f"{first} {self.word}s {STAFF}",
            role,
            email=f"{first.lower()}@{self.word.lower()}.example",
            phone="0500-12 34 56",
            **fields,
        )
        if fields.get("unit") == self.unit:
            self.mark("unit", person, person.roles.get())
        return person

    def _people(self):
        Administration.objects.create(
            huvudman=self.huvudman, name=f"{self.word} förvaltning", committee_name=f"{self.word} nämnd"
        )
        UnitAlias.objects.create(unit=self.unit, name=f"{self.word} gamla skola")
        UnitSuccession.objects.create(
            huvudman=self.huvudman,
            predecessor=self.second_unit,
            successor=self.unit,
            kind="merge",
            day=date(2019, 7, 1),
            note=f"{self.word} sammanslagning",
        )
        self.rektor = self.staff("Rita", StaffRole.REKTOR, unit=self.unit)
        self.second_rektor = self.staff("Rolf", StaffRole.REKTOR, unit=self.second_unit)
        self.editor = self.staff("Edit", StaffRole.DEVELOPER)
        self.protected = factories.make_person(
            self.huvudman,
            f"Hjördis {SECRET}",
            StaffRole.TEACHER,
            unit=self.unit,
            security_marking="protected",
            email=f"{SECRET.lower()}@example.se",
            phone=f"070-{SECRET}",
        )
        self.mark("unit", self.protected, self.protected.roles.get())
        PersonReveal.objects.create(
            person=self.protected, by=factories.make_user(), reason=f"{self.word} lönesamtal"
        )
        self.leader = factories.make_person(
            name=f"Pia {self.word}s {STAFF}",
            role=StaffRole.PROCESS_LEADER,
            provider=factories.make_provider("Skolverket", "authority"),
        )

    def _participation(self):
        self.participation = factories.make_participation(
            self.huvudman, aims=f"{self.word} syfte", selection_basis=f"{self.word} urval"
        )
        part = {"participation": self.participation}
        term = self.participation.start_term
        for unit in (self.unit, self.second_unit):
            ParticipatingUnit.objects.create(unit=unit, joined=ImpreciseDate.day(term.start), **part)
        TermPause.objects.create(
            first_term=Term.parse("VT2020"),
            last_term=Term.parse("VT2020"),
            reason=f"{self.word} paus",
            **part,
        )
        TermExtension.objects.create(
            terms=1, decided_on=date(2020, 5, 5), reason=f"{self.word} längre", **part
        )
        ParticipationPhase.objects.create(
            phase="analysis", actual_start=ImpreciseDate.day(term.start), **part
        )
        area, _ = FocusArea.objects.get_or_create(code="ledarskap", defaults={"name": "Ledarskap"})
        ParticipationFocus.objects.create(focus_area=area, note=f"{self.word} fokus", **part)
        Agreement.objects.create(kind="agreement", title=f"{self.word} överenskommelse", **part)
        Support.objects.create(
            provider=factories.make_provider("Högskolan i Norr"), description=f"{self.word} stöd", **part
        )
        RegistrationStep.objects.create(to_state="approved", comment=f"{self.word} godkänt", **part)
        factories.make_assignment(self.participation, self.leader)
        factories.make_assignment(self.participation, self.protected, role="contact")

    def _meetings(self):
        self.series = MeetingSeries.objects.create(
            participation=self.participation, title=f"{self.word} träffar"
        )
        SeriesAttendee.objects.create(series=self.series, person=self.rektor, role=StaffRole.REKTOR)
        self.held = self._meeting("hållen", today() - timedelta(days=21), "held", self.unit)
        self.planned = self._meeting("kommande", today() + timedelta(days=3), "planned", self.unit)
        self.elsewhere = self._meeting("annan", today() + timedelta(days=9), "planned", self.second_unit)

    def _meeting(self, title: str, when: date, status: str, unit):
        meeting = factories.make_meeting(
            self.participation,
            when=when,
            status=status,
            units=[unit],
            title=f"{self.word} {title}",
            series=self.series,
            place=f"{self.word} sal",
            agenda=f"{self.word} dagordning",
        )
        lines = [
            Attendance.objects.create(
                meeting=meeting, huvudman=self.huvudman, person=person, unit=unit, role=StaffRole.REKTOR
            )
            for person in (self.rektor if unit == self.unit else self.second_rektor, self.protected)
        ]
        leader = Attendance.objects.create(meeting=meeting, person=self.leader, role=StaffRole.PROCESS_LEADER)
        outcomes = [
            factories.make_outcome(meeting, kind, f"{self.word} {kind}", huvudman=self.huvudman, **fields)
            for kind, fields in (
                ("information", {}),
                ("decision", {}),
                ("action", {"owner": self.rektor, "due_on": when + timedelta(days=14)}),
                ("action", {"owner": self.protected, "due_on": when + timedelta(days=14)}),
            )
        ]
        if unit == self.unit:
            self.mark("unit", meeting, *lines, *outcomes)
            self.mark("unit", *meeting.unit_links.all())
        if status == "held":
            self.mark("held", meeting, *meeting.unit_links.all(), *meeting.participation_links.all())
            self.mark("held", *lines, leader)
            self.mark("decided", outcomes[1])
        return meeting

    def _seminar(self):
        self.seminar = factories.make_seminar(
            self.participation, title=f"{self.word} seminarium", place=f"{self.word} hotell"
        )
        self.parts_of_seminar(self.seminar)

    def parts_of_seminar(self, seminar):
        """What the huvudman has at a seminar: what all its participants see holds no word of theirs."""
        delegation = Delegation.objects.create(
            seminar=seminar,
            huvudman=self.huvudman,
            participation=self.participation,
            head_count=7,
            note=f"{self.word} delegation",
        )
        self.mark("unit", delegation)
        for person, unit in (
            (self.rektor, self.unit),
            (self.second_rektor, self.second_unit),
            (self.protected, self.unit),
        ):
            delegate = Delegate.objects.create(delegation=delegation, person=person, unit=unit)
            if unit == self.unit:
                self.mark("unit", delegate)
        for unit in (self.unit, self.second_unit):
            presence = SeminarUnit.objects.create(seminar=seminar, huvudman=self.huvudman, unit=unit)
            if unit == self.unit:
                self.mark("unit", presence)
        if seminar == getattr(self, "seminar", None):
            Session.objects.create(seminar=seminar, kind="lecture", title=f"{self.word} föreläsning")
            Presentation.objects.create(
                seminar=seminar,
                huvudman=self.huvudman,
                presented_by=f"{self.word} talare",
                title=f"{self.word} tal",
            )
            ReflectionWord.objects.create(seminar=seminar, word=f"{self.word}", count=3)
            Lesson.objects.create(seminar=seminar, text=f"{self.word} lärdom")

    def _provenance(self):
        owners = {"huvudman_ids": [self.huvudman.pk]}
        self.source = Source.objects.create(
            title=f"{self.word} sida", publisher=self.word, kind="news", **owners
        )
        self.statement = Statement.objects.create(
            source=self.source,
            subject=self.participation,
            what="purpose",
            text=f"{self.word} uppgift",
            trust="stated",
            **owners,
        )
        for row in (self.huvudman, self.unit, self.rektor, self.participation, self.held):
            JournalEntry.objects.create(
                subject_model=row._meta.label, subject_uuid=row.uuid, text=f"{self.word} varför", **owners
            )


class World:
    """The two sides, what they share, and a cast. Rows are told apart by who made them, not by their scope."""

    def __init__(self):
        self.marked = defaultdict(set)
        with bound(NATIONAL):
            self.rows = {}
            self.own = self._made("own", lambda: Side(OWN, self.marked))
            self.other = self._made("other", lambda: Side(OTHER, defaultdict(set)))
            self._share()
        self._cast()
        view = SavedView.objects.create(owner=self.editor, list_name="meeting", name="Vår vy", query="q=hej")
        self.rows["own", SavedView] = {view.pk}

    def _made(self, name: str, make):
        before = _ids()
        made = make()
        self.rows |= {(name, model): ids - before[model] for model, ids in _ids().items()}
        return made

    def _share(self):
        """A seminar and a meeting of both. Each side's lines are its own; what is for all has no owner."""
        sides = (self.own, self.other)
        before = _ids()
        self.seminar = factories.make_seminar(
            *(side.participation for side in sides), title="Gemensamt seminarium"
        )
        Session.objects.create(seminar=self.seminar, kind="dialogue", title="Gemensam dialog")
        ReflectionWord.objects.create(seminar=self.seminar, word="Hopp", count=2)
        Lesson.objects.create(seminar=self.seminar, text="Gemensam lärdom")
        for side in sides:
            Presentation.objects.create(
                seminar=self.seminar,
                huvudman=side.huvudman,
                presented_by="En rektor",
                title="Gemensam presentation",
            )
        self.meeting = factories.make_meeting(
            *(side.participation for side in sides), when=today() - timedelta(days=7), status="held",
            title="Gemensam träff",
        )  # fmt: skip
        for side in sides:
            MeetingUnit.objects.create(meeting=self.meeting, unit=side.unit)
        common = factories.make_outcome(self.meeting, "decision", "Gemensamt beslut")
        for row in (self.meeting, self.seminar):
            JournalEntry.objects.create(
                subject_model=row._meta.label,
                subject_uuid=row.uuid,
                text="Gemensamt varför",
                huvudman_ids=sorted(side.huvudman.pk for side in sides),
            )
        self.rows |= {("shared", model): ids - before[model] for model, ids in _ids().items()}
        for side, name in ((self.own, "own"), (self.other, "other")):
            before = _ids()
            side.parts_of_seminar(self.seminar)
            Attendance.objects.create(
                meeting=self.meeting, huvudman=side.huvudman, person=side.second_rektor, unit=side.second_unit
            )
            decision = factories.make_outcome(
                self.meeting, "decision", f"{side.word} eget beslut", huvudman=side.huvudman
            )
            for model, ids in _ids().items():
                self.rows[name, model] |= ids - before[model]
            side.mark("decided", decision, common)
            links = self.meeting.participation_links.filter(participation=side.participation)
            # The link is its participation's, not the meeting's.
            self.rows[name, type(links[0])] |= {link.pk for link in links}
            self.rows["shared", type(links[0])] -= {link.pk for link in links}
            side.mark("held", self.meeting, *links, *self.meeting.unit_links.all())
            side.mark("unit", self.meeting, *self.meeting.unit_links.filter(unit=side.unit))
            side.mark("unit", decision, common)

    def _cast(self):
        own, other = self.own, self.other
        with bound(NATIONAL):
            own.leader.refresh_from_db()
        self.coordinator = factories.make_user("samordnare@example.se", role=Role.COORDINATOR, is_staff=True)
        at_own = {"huvudman": own.huvudman}
        self.process_leader = factories.make_user(
            "ledare@example.se", role=Role.PROCESS_LEADER, person=own.leader, **at_own
        )
        self.editor = factories.make_user(
            "redigerar@example.se", role=Role.EDITOR, person=own.editor, **at_own
        )
        self.rektor = factories.make_user(
            "rektor@example.se", role=Role.REKTOR, unit=own.unit, person=own.rektor, **at_own
        )
        self.reader = factories.make_user("namnd@example.se", role=Role.READER, **at_own)
        self.stranger = factories.make_user("frammande@example.se", role=Role.EDITOR, huvudman=other.huvudman)
        self.integration = factories.make_user("integration@example.se", role=Role.INTEGRATION)

    def reach(self, code: str, model) -> set[int]:
        """The rows a cell of the tables means."""
        own, other = self.rows["own", model], self.rows["other", model]
        shared = self.rows["shared", model]
        sets = {
            "all": own | other | shared,
            "own": own | shared,
            "other": other | shared,
            "none": set(),
            "alone": own,
            "other alone": other,
        }
        return sets[code] if code in sets else set(self.marked[code, model])

    def all_rows(self, model):
        """Every row of the world, foreign ones too."""
        return model._base_manager.filter(pk__in=self.reach("all", model)).order_by("pk")

    def unlike_rows(self, model) -> list:
        """Of the rows of the world, one of each kind that a rule could tell apart.

        Two rows are alike where they are of the same side, are marked the same and have the same choices made
        (status, kind, marking) on them and on whom they are about.
        """
        codes = {key: ids for key, ids in {**self.rows, **self.marked}.items() if key[1] is model}
        unlike = {}
        for row in self.all_rows(model):
            within = tuple(code for (code, _), ids in codes.items() if row.pk in ids)
            about = [getattr(row, name, None) for name in ("person", "owner")]
            unlike.setdefault((within, *map(_choices, (row, *about))), row)
        return list(unlike.values())


def _choices(row) -> tuple:
    return tuple(getattr(row, one.attname) for one in row._meta.fields if one.choices) if row else ()


def _ids() -> dict:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in SCOPED}
