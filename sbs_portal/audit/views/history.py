"""The history of one object: what was changed, by whom, field by field, and what was written about why."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.utils.functional import cached_property

from sbs_portal.audit.entries import entries_of
from sbs_portal.audit.forms import JournalForm
from sbs_portal.audit.journal import add_journal_entry, notes_of, unnamed, withdraw_journal_entry
from sbs_portal.audit.models import Change, JournalEntry
from sbs_portal.audit.pages import history_page
from sbs_portal.rights import Action
from sbs_portal.scope import OUTSIDE
from sbs_portal.web.views import UNPROCESSABLE, PageView, ScopedServiceView

# Changed rows to a page; an entry that would be cut is left for the next one.
ROWS, LATEST_ROWS, LATEST = 80, 40, 5


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def page_of_changes(changes, asked: str, *, rows: int = ROWS) -> tuple[list[Change], str]:
    """The changes after the one asked for, newest first, and the cursor to the next page ("" on the last).

    Requests are kept whole where one page holds them.
    """
    changes = changes.newest_first()
    if (cursor := as_uuid(asked)) is not None and (start := changes.filter(uuid=cursor).first()):
        changes = changes.before(start)
    return _cut(changes, rows)


def page_with_journal(changes, journal, asked: str, *, rows: int = ROWS):
    """The changes and the lines of the journal after the one asked for, and the cursor to the next page.

    A page ends with a change where there are more of them, else with a line.
    """
    changes, journal = changes.newest_first(), journal.newest_first()
    if (cursor := as_uuid(asked)) is not None:
        if start := changes.filter(uuid=cursor).first():
            changes, journal = changes.before(start), journal.filter(created_at__lt=start.at)
        elif start := journal.filter(uuid=cursor).first():
            changes = changes.filter(at__lte=start.created_at)
            journal = journal.filter(created_at__lte=start.created_at).exclude(pk=start.pk)
    found, next_page = _cut(changes, rows)
    if next_page:
        journal = journal.filter(created_at__gte=found[-1].at)
    written = list(journal[: rows + 1])
    if len(written) > rows:
        written = written[:rows]
        next_page = str(written[-1].uuid)
        found = [change for change in found if change.at > written[-1].created_at]
    return found, written, next_page


def _cut(changes, rows: int) -> tuple[list[Change], str]:
    found = list(changes[: rows + 1])
    if len(found) <= rows:
        return found, ""
    cut, found = found[rows], found[:rows]
    whole = [change for change in found if (change.request_id, change.at) != (cut.request_id, cut.at)]
    found = whole or found
    return found, str(found[-1].uuid)


class HistoryView(PageView):
    """What has happened to an object and its parts, for those who reach it now or did then, and what was written
    about why. POST writes a line.

    ``?senaste=1`` gives the latest alone, for the section on the object's own page.
    """

    model = None
    takes_date = False
    template_name = "audit/history.html"

    def dispatch(self, request, *args, **kwargs):
        self.request = request
        if not self.scope.may(Action.HISTORY_READ):
            # Who may not read history learns nothing of what exists either.
            self.model.objects.get_for(self.scope, uuid=kwargs["uuid"])
            raise PermissionDenied("Du saknar behörighet att läsa historik.")
        return super().dispatch(request, *args, **kwargs)

    @property
    def page(self):
        return history_page(self.model._meta.label)

    @cached_property
    def changes(self):
        return self.page.of(Change.objects.visible_to(self.scope), self.kwargs["uuid"])

    @cached_property
    def object(self):
        """The object, None where it is gone or has left the reader's reach; 404 where it never was within it."""
        found = self.model.objects.visible_to(self.scope).filter(uuid=self.kwargs["uuid"]).first()
        if found is None and not self.changes.filter(model=self.model._meta.label).exists():
            raise Http404(OUTSIDE)
        return found

    def get_template_names(self):
        return ["audit/_history_latest.html"] if self.is_latest else [self.template_name]

    @property
    def is_latest(self) -> bool:
        return self.request.GET.get("senaste") == "1"

    @cached_property
    def may_write(self) -> bool:
        """Whether the reader may write a line here: of someone protected nobody does."""
        if self.object is None or not self.scope.may(Action.JOURNAL_WRITE):
            return False
        rows = self.model.objects.filter(pk=self.object.pk).editable_by(self.scope, Action.JOURNAL_WRITE)
        return rows.exists() and not unnamed(self.model, [self.object.uuid], self.scope)

    def post(self, request, *args, **kwargs):
        if self.object is None:
            raise PermissionDenied("Det som är borttaget får inga anteckningar.")
        self.model.objects.get_for_change(self.scope, Action.JOURNAL_WRITE, pk=self.object.pk)
        form = JournalForm(request.POST)
        if form.is_valid():
            try:
                add_journal_entry(subject=self.object, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_validation_error(error)
            else:
                messages.success(request, "Anteckningen är sparad.")
                return HttpResponseRedirect(self.page.url(self.object.uuid))
        return self.render_to_response(self.get_context_data(journal_form=form), status=UNPROCESSABLE)

    def get_title(self) -> str:
        return f"Historik: {self.object}" if self.object else f"Historik: {self.page.title.lower()}"

    def get_context_data(self, **kwargs):
        obj = self.object
        rows = LATEST_ROWS if self.is_latest else ROWS
        journal = JournalEntry.objects.visible_to(self.scope).of(self.page.label, self.kwargs["uuid"])
        changes, written, cursor = page_with_journal(
            self.changes, journal, self.request.GET.get("fore", ""), rows=rows
        )
        told = [*notes_of(written, self.scope), *entries_of(changes, self.scope)]
        entries = sorted(told, key=lambda entry: entry.at, reverse=True)
        if self.may_write:
            kwargs.setdefault("journal_form", JournalForm())
        return super().get_context_data(
            object=obj,
            kind=self.page.title,
            entries=entries[:LATEST] if self.is_latest else entries,
            cursor=cursor,
            is_first=not self.request.GET.get("fore"),
            more=bool(cursor) or len(entries) > LATEST,
            history_url=self.page.url(self.kwargs["uuid"]),
            shows_request=self.scope.is_coordinator,
            **kwargs,
        )


class WithdrawView(ScopedServiceView):
    """Takes back a line of the journal."""

    model = JournalEntry
    success_message = "Anteckningen är återkallad."

    def perform(self):
        withdraw_journal_entry(entry=self.object, by=self.request.user)

    def get_success_url(self):
        return history_page(self.object.subject_model).url(self.object.subject_uuid)
