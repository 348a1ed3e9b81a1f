"""The saved views of one list, for one reader: which there are, which is asked for, which it opens with."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import cached_property

from sbs_portal.db.questions import Question, kept
from sbs_portal.lists.models import Audience, SavedView
from sbs_portal.scope import Scope
from sbs_portal.web.addresses import EVERYTHING, VIEW, ListAddress


@dataclass(frozen=True)
class ViewTab:
    label: str
    url: str
    current: bool


class SavedViews:
    """Read in one query. A view the reader does not reach (any longer) is as one that is not there."""

    def __init__(self, list_name: str, asked: QueryDict, scope: Scope):
        self.list_name, self.scope = list_name, scope
        self.asked = asked.get(VIEW, "")

    @cached_property
    def views(self) -> list[SavedView]:
        if self.scope.user is None:
            return []
        return kept((type(self), self.list_name, self.scope), self._question).asked()

    def _question(self) -> Question:
        rows = SavedView.objects.visible_to(self.scope).filter(list_name=self.list_name)
        return Question(rows.with_own_default(self.scope.user).order_by("name", "pk"))

    @cached_property
    def opens(self) -> SavedView | None:
        """What the list opens with: the reader's own choice, else a role's."""
        return next(
            (view for view in self.views if view.is_own_default),
            next((view for view in self.views if view.is_default), None),
        )

    @property
    def current(self) -> SavedView | None:
        return next((view for view in self.views if str(view.uuid) == self.asked), None)

    @property
    def is_lost(self) -> bool:
        """Whether a view is asked for that is not there, or no longer for this reader."""
        return bool(self.asked) and self.asked != EVERYTHING and self.current is None

    @property
    def needs_saying(self) -> bool:
        """Whether an address without anything would show another list than the whole."""
        return self.opens is not None or self.current is not None

    @property
    def may_save(self) -> bool:
        return bool(self.scope.grants) and not self.scope.read_only and self.scope.user is not None

    @property
    def may_update(self) -> bool:
        return self.current is not None and self.current.owner_id == self.scope.user.pk

    def is_changed(self, address: ListAddress) -> bool:
        return self.current is not None and address.state != self.current.query

    def tabs(self, address: ListAddress) -> list[ViewTab]:
        """One for the whole list and one a view; none where nothing is saved."""
        if not self.views:
            return []
        whole = f"?{VIEW}={EVERYTHING}" if self.opens else "?"
        changed = " (ändrad)" if self.is_changed(address) else ""
        return [
            ViewTab("Hela listan", whole, self.current is None and not address.names),
            *(
                ViewTab(
                    f"{view.name}{changed if view is self.current else ''}",
                    f"?{VIEW}={view.uuid}",
                    view is self.current,
                )
                for view in self.views
            ),
        ]

    @property
    def said(self) -> str:
        """Whose the view that is shown is."""
        view = self.current
        if view is None or view.owner_id == self.scope.user.pk:
            return ""
        return {Audience.EVERYONE: "Vyn är till för alla.", Audience.ROLE: "Vyn är till för din roll."}.get(
            view.audience, "Vyn delas hos er."
        )
