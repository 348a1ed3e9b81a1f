"""The parts of a participation that are its own: phases, agreements, support, what is stated, its clock, its journal."""

from datetime import date, timedelta

from sbs_portal.db.fields import columns
from sbs_portal.synthetic import words
from sbs_portal.synthetic.plan import Wave
from sbs_portal.time import ImpreciseDate, Term

REASON = "Påhittad uppgift."


def day(name: str, value: date | None) -> dict:
    """The three columns of a day, or of one that is not known."""
    return columns(name, ImpreciseDate.of(value))


def term(name: str, value: Term) -> dict:
    """The three columns of a term."""
    return columns(name, ImpreciseDate.term(value))


def phases(country, pk, start: Term, by, rng) -> None:
    """Planned by terms; begun and done as far as the day has come."""
    rows = country.rows
    for phase, first, last in (
        ("selection", -1, -1),
        ("analysis", 0, 1),
        ("plan", 1, 1),
        ("implementation", 2, 5),
        ("closing", 5, 5),
    ):
        begins = (start + first).start + timedelta(days=20 + rng.randrange(30))
        ends = (start + last).end - timedelta(days=rng.randrange(20))
        rows.add(
            "programmes.ParticipationPhase",
            rng,
            at=rows.moment(start.start, rng),
            by=by,
            participation_id=pk,
            phase=phase,
            **term("planned_start", start + first),
            **term("planned_end", start + last),
            **day("actual_start", begins if begins < country.day else None),
            **day("actual_end", ends if ends < country.day else None),
        )


def agreements(country, pk, dates, by, rng) -> None:
    signed = dates["active"]
    for kind, title, amount in (
        ("decision", "Beslut om att delta", None),
        ("agreement", "Överenskommelse om insatser", 50_000 * rng.randint(4, 40)),
    ):
        country.rows.add(
            "programmes.Agreement",
            rng,
            at=country.rows.moment(signed, rng),
            by=by,
            participation_id=pk,
            kind=kind,
            title=title,
            decided_by="Nämnden" if kind == "decision" else "",
            record_number=f"PÅ-{signed.year}-{pk}",
            amount=amount,
            target_count=rng.randint(20, 200) if amount else None,
            target_group="lärare" if amount else "",
            **day("signed", signed),
        )


def support(country, pk, start: Term, over: bool, by, rng) -> None:
    for number, provider in enumerate(rng.sample(country.providers, rng.randint(1, 3))):
        status = "ended" if over else ("active", "agreed", "proposed")[number]
        country.rows.add(
            "programmes.Support",
            rng,
            at=country.rows.moment((start + 1).start, rng),
            by=by,
            participation_id=pk,
            provider_id=provider,
            status=status,
            description=words.task(rng),
            levels=["unit"] if number else ["unit", "administration"],
            process_leader_count=rng.randint(1, 7),
            **term("starts", start + 1),
            **term("ends", start + 4),
        )


def statements(country, pk, huvudman, body, start: Term, by, rng) -> None:
    rows = country.rows
    at = rows.moment(start.start + timedelta(days=60), rng)
    source = rows.add(
        "audit.Source",
        rng,
        at=at,
        by=by,
        publisher=body.name,
        title="Vi deltar i Samverkan för bästa skola (påhittat)",
        kind="news",
        huvudman_ids=[huvudman],
        **columns("published", ImpreciseDate.month(start.year, start.start.month + 1)),
    )
    for number, (what, text, value) in enumerate(
        (
            ("cadence", "Träffarna hålls var tredje vecka.", {"weeks": 3}),
            ("duration", "Arbetet pågår i tre år.", {"years": 3}),
        )
    ):
        accepted = (pk + number) % 7 != 0
        rows.add(
            "audit.Statement",
            rng,
            at=at,
            by=by,
            source_id=source,
            subject_type_id=country.subject_types["programmes.Participation"],
            subject_id=pk,
            what=what,
            value=value,
            text=text,
            trust="stated",
            review="accepted" if accepted else "waiting",
            reviewed_by_id=by if accepted else None,
            reviewed_at=at if accepted else None,
            huvudman_ids=[huvudman],
        )


def clock(country, pk, wave: Wave, by, rng) -> None:
    """Pauses and extensions, each by a decision."""
    rows, start = country.rows, wave.start
    common = {"at": rows.moment((start + 2).start, rng), "by": by, "participation_id": pk}
    if wave.status == "paused":
        first = Term.of(min(country.day, start.start + timedelta(days=300)))
        rows.add("programmes.TermPause", rng, **common, first_term=first.index, reason=REASON)
    elif wave.leader % 33 == 1:
        pause = start + 2
        rows.add(
            "programmes.TermPause",
            rng,
            **common,
            first_term=pause.index,
            last_term=pause.index,
            counts=True,
            reason=REASON,
        )
    if wave.leader % 25 == 1:
        decided = min(country.day, (start + 4).start)
        rows.add("programmes.TermExtension", rng, **common, terms=1, decided_on=decided, reason=REASON)


def journal(country, subject, huvudman, start: Term, by, rng) -> None:
    country.rows.add(
        "audit.JournalEntry",
        rng,
        at=country.rows.moment((start + 1).start, rng),
        by=by,
        subject_model="programmes.Participation",
        subject_uuid=subject,
        text=words.sentence(rng),
        author_id=by,
        huvudman_ids=[huvudman],
    )
