"""Sources and statements: recorded as they stand, attached, accepted or rejected, never corrected."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from sbs_portal.audit.models import Review, Source, SourceKind, Statement, Trust, What
from sbs_portal.audit.subjects import owner_ids
from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of, settle
from sbs_portal.time import ImpreciseDate

UNKNOWN = ImpreciseDate.unknown()


@transaction.atomic
def record_source(
    *,
    title: str,
    kind: SourceKind,
    by,
    publisher: str = "",
    published: ImpreciseDate = UNKNOWN,
    updated: ImpreciseDate = UNKNOWN,
    address: str = "",
    note: str = "",
    huvudman_ids: Iterable[int] = (),
) -> Source:
    """Keep a source. With no huvudman it is for coordinators only."""
    require(by, Action.STATEMENT_REVIEW)
    source = Source(
        title=title,
        kind=kind,
        publisher=publisher,
        published=published,
        updated=updated,
        address=address,
        note=note,
        huvudman_ids=sorted(huvudman_ids),
    )
    source.full_clean()
    source.save()
    settle()
    return source


@transaction.atomic
def record_statement(
    *,
    source: Source,
    what: What,
    text: str,
    by,
    subject=None,
    value: dict | None = None,
    as_of: ImpreciseDate = UNKNOWN,
    trust: Trust = Trust.STATED,
    reasoning: str = "",
) -> Statement:
    """Keep what a source states, in its own words or shortened, waiting for review."""
    require(by, Action.STATEMENT_REVIEW)
    statement = Statement(
        source=source,
        what=what,
        text=text,
        value=value or {},
        as_of=as_of,
        trust=trust,
        reasoning=reasoning,
        huvudman_ids=owner_ids(subject) if subject is not None else [],
    )
    if subject is not None:
        statement.subject = subject
    statement.full_clean()
    statement.save()
    _open_source(statement)
    settle()
    return statement


def _locked(statement: Statement) -> Statement:
    return Statement.objects.select_for_update(of=("self",)).select_related("source").get(pk=statement.pk)


@transaction.atomic
def attach_statement(*, statement: Statement, subject, by) -> Statement:
    """Say what the statement is about. Its huvudmän may then read it, and its source."""
    require(by, Action.STATEMENT_REVIEW)
    statement = _locked(statement)
    statement.subject = subject
    statement.huvudman_ids = owner_ids(subject)
    statement.full_clean()
    statement.save()
    _open_source(statement)
    settle()
    return statement


def _open_source(statement: Statement) -> None:
    """Who may read the statement may read its source: a statement is shown with it or not at all."""
    source = statement.source
    # A collected page without a known sender stays with the coordinators, also when a line of it fits.
    if source.kind != SourceKind.SCRAPED and not {*statement.huvudman_ids} <= {*source.huvudman_ids}:
        source.huvudman_ids = sorted({*source.huvudman_ids, *statement.huvudman_ids})
        source.save()


@transaction.atomic
def accept_statement(*, statement: Statement, by, trust: Trust | None = None, reason: str = "") -> Statement:
    """The statement stands. It must be about something first; its trust may be raised."""
    require(by, Action.STATEMENT_REVIEW)
    statement = _locked(statement)
    if statement.subject_id is None:
        raise ValidationError("Knyt uppgiften till det den gäller innan du godtar den.")
    if trust:
        statement.trust = trust
    return _reviewed(statement, Review.ACCEPTED, reason, by)


@transaction.atomic
def reject_statement(*, statement: Statement, reason: str, by) -> Statement:
    """The statement is kept with the reason, and shown nowhere but on the review list."""
    require(by, Action.STATEMENT_REVIEW)
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför uppgiften avvisas."})
    return _reviewed(_locked(statement), Review.REJECTED, reason.strip(), by)


@transaction.atomic
def reopen_statement(*, statement: Statement, by) -> Statement:
    """Back to the review list: the undo of accepting and rejecting."""
    require(by, Action.STATEMENT_REVIEW)
    return _reviewed(_locked(statement), Review.WAITING, "", by)


def _reviewed(statement: Statement, review: Review, reason: str, by) -> Statement:
    statement.review = review
    statement.review_reason = reason
    waiting = review == Review.WAITING
    statement.reviewed_by = None if waiting else scope_of(by).user
    statement.reviewed_at = None if waiting else timezone.now()
    statement.full_clean()
    statement.save()
    settle()
    return statement
