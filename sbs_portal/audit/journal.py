"""The journal: lines written, withdrawn, and told as far as a reader may know."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from sbs_portal.audit.models import JournalEntry, JournalKind
from sbs_portal.audit.pages import history_page
from sbs_portal.audit.people import names_of, who
from sbs_portal.audit.subjects import owner_ids
from sbs_portal.audit.wording import naming_field
from sbs_portal.rights import Action
from sbs_portal.rows import checked, permitted, saved
from sbs_portal.scope import Scope, scope_of, settle
from sbs_portal.together import Steps, asked, service

PROTECTED = "Om någon med skyddade personuppgifter skrivs ingen anteckning."


@service
def add_journal_entry(
    *, subject: models.Model, text: str, by, kind: JournalKind = JournalKind.INFO
) -> Steps[JournalEntry]:
    """Write a line beside an object's history. It is read by those who read that history, as it stands today.

    Raises ValidationError on ``text`` where there is none, and about someone protected, whose lines are not
    shown to anyone.
    """
    if history_page(subject._meta.label) is None:
        raise ValidationError("Här förs ingen journal.")
    yield permitted(subject, by, Action.JOURNAL_WRITE)
    scope = scope_of(by)
    if scope.user is None and not scope.system:
        raise PermissionDenied("Du saknar behörighet att skriva i journalen.")
    if not (yield _is_named(subject, scope)):
        raise ValidationError(PROTECTED)
    entry = JournalEntry(
        subject_model=subject._meta.label,
        subject_uuid=subject.uuid,
        kind=kind,
        text=text.strip(),
        author=scope.user,
        huvudman_ids=owner_ids(subject),
    )
    yield checked(entry)
    return (yield saved(entry))


@asked
def _is_named(pairs):
    """Of (object, scope): whether the object's name is told to the reader."""
    uuids = defaultdict(set)
    for subject, scope in pairs:
        uuids[type(subject), scope].add(subject.uuid)
    untold = {(model, scope): unnamed(model, some, scope) for (model, scope), some in uuids.items()}
    return [subject.uuid not in untold[type(subject), scope] for subject, scope in pairs]


@transaction.atomic
def withdraw_journal_entry(*, entry: JournalEntry, by) -> JournalEntry:
    """Take a line back. It stays, without its text for all but coordinators."""
    JournalEntry.objects.get_for_change(by, pk=entry.pk)
    entry = JournalEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.is_withdrawn:
        raise ValidationError("Anteckningen är redan återkallad.")
    entry.withdrawn_at = timezone.now()
    entry.withdrawn_by = scope_of(by).user
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    settle()
    return entry


def unnamed(model: type[models.Model], uuids: Iterable[UUID], scope: Scope) -> set[UUID]:
    """Those of the objects whose name is not told: what is written about them is not either.

    An object that is gone, or out of reach, of a kind that may be protected counts as protected.
    """
    naming = naming_field(model)
    if naming is None or naming.name not in getattr(model, "masked_fields", ()):
        return set()
    uuids = set(uuids)
    rows = model.objects.filter(uuid__in=uuids)
    untold = rows.untold_fields(scope)
    told = {
        row.pk: row.uuid for row in rows.only("uuid") if naming.name not in untold.get(row.pk, (naming.name,))
    }
    return uuids - set(told.values())


@dataclass
class Note:
    """A line as a reader sees it. ``text`` is "" where it is withdrawn or hidden."""

    is_note: ClassVar[bool] = True

    entry: JournalEntry
    at: datetime
    who: str
    text: str
    is_hidden: bool
    withdrawn_by: str
    may_withdraw: bool
    # Of lists of several objects: which kind, called what, and where its history is.
    kind: str = ""
    about: str = ""
    url: str = ""

    @property
    def root_model(self) -> str:
        return self.entry.subject_model

    @property
    def root_uuid(self) -> UUID:
        return self.entry.subject_uuid


def notes_of(entries: Iterable[JournalEntry], scope: Scope) -> list[Note]:
    """The lines told, in the order they come; a number of statements that does not follow theirs."""
    entries = list(entries)
    if not entries:
        return []
    subjects = defaultdict(set)
    for entry in entries:
        subjects[entry.subject_model].add(entry.subject_uuid)
    hidden = {
        (label, one)
        for label, uuids in subjects.items()
        for one in unnamed(apps.get_model(label), uuids, scope)
    }
    names = names_of([user for entry in entries for user in (entry.author_id, entry.withdrawn_by_id)], scope)
    everywhere = scope.may_everywhere(Action.JOURNAL_WRITE)
    writes = scope.may(Action.JOURNAL_WRITE)
    own = scope.user.pk if scope.user else None

    def told(entry: JournalEntry) -> Note:
        is_hidden = (entry.subject_model, entry.subject_uuid) in hidden
        shown = not is_hidden and (not entry.is_withdrawn or scope.is_coordinator)
        return Note(
            entry=entry,
            at=entry.created_at,
            who=who(entry.author_id, "", names),
            text=entry.text if shown else "",
            is_hidden=is_hidden,
            withdrawn_by=who(entry.withdrawn_by_id, "", names) if entry.is_withdrawn else "",
            may_withdraw=writes and not entry.is_withdrawn and (everywhere or entry.author_id == own),
        )

    return [told(entry) for entry in entries]
