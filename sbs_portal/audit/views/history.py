"""The history of one object: what was changed, by whom, field by field."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property

from sbs_portal.audit.entries import entries_of
from sbs_portal.audit.models import Change
from sbs_portal.audit.pages import history_page
from sbs_portal.rights import Action
from sbs_portal.scope import OUTSIDE
from sbs_portal.web.views import PageView

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
    found = list(changes[: rows + 1])
    if len(found) <= rows:
        return found, ""
    cut, found = found[rows], found[:rows]
    whole = [change for change in found if (change.request_id, change.at) != (cut.request_id, cut.at)]
    found = whole or found
    return found, str(found[-1].uuid)


class HistoryView(PageView):
    """What has happened to an object and its parts, for those who reach it now or did then.

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
        return Change.objects.visible_to(self.scope).of(self.model._meta.label, self.kwargs["uuid"])

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

    def get_title(self) -> str:
        return f"Historik: {self.object}" if self.object else f"Historik: {self.page.title.lower()}"

    def get_context_data(self, **kwargs):
        obj = self.object
        rows = LATEST_ROWS if self.is_latest else ROWS
        changes, cursor = page_of_changes(self.changes, self.request.GET.get("fore", ""), rows=rows)
        entries = entries_of(changes, self.scope)
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
