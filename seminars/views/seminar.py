"""The seminars' pages: the list, and one seminar with its parts under tabs."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.urls import reverse

from sbs_portal.rights import Action
from sbs_portal.web.bulk import archive_actions
from sbs_portal.web.views import ScopedDetailView, ScopedListView
from seminars.filters.seminar import PILLS, SeminarFilter
from seminars.models import Seminar, SeminarHuvudman
from seminars.seminar_overview import SeminarOverview
from seminars.tables.seminar import SeminarTable


class SeminarListView(ScopedListView):
    model = Seminar
    table_class = SeminarTable
    filterset_class = SeminarFilter
    pills = PILLS
    template_name = "seminars/seminar_list.html"
    title = "Seminarier"
    active = "seminars"
    search_placeholder = "Sök seminarium, plats eller huvudman"
    empty_title = "Inga seminarier ännu"
    bulk_actions = archive_actions(Seminar)
    empty_text = "Här samlas uppstarter, uppföljningar, utvecklingsdagar och avslutningar."
    empty_label = "Lägg upp det första seminariet"

    def empty_url(self):
        return reverse("seminar_new") if self.scope.may(Action.SEMINAR_CHANGE) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_plan=self.scope.may(Action.SEMINAR_CHANGE), **kwargs)

    def narrow(self, queryset):
        links = SeminarHuvudman.objects.visible_to(self.scope)
        return queryset.select_related("programme").prefetch_related(
            Prefetch("huvudman_links", queryset=links)
        )


@dataclass(frozen=True)
class Tab:
    """A part of a seminar's page: its word in the address, its label and whether it is shown."""

    name: str
    label: str
    url: str
    current: bool

    @property
    def template(self) -> str:
        return f"seminars/_seminar_{self.name}.html"


TABS = (
    ("oversikt", "Översikt"),
    ("program", "Program"),
    ("delegationer", "Delegationer"),
    ("presentationer", "Presentationer"),
    ("enheter", "Enheter på plats"),
    ("efterat", "Efteråt"),
)


class SeminarDetailView(ScopedDetailView):
    model = Seminar
    template_name = "seminars/seminar_detail.html"
    page = "seminar"
    object_name = "seminar"
    active = "seminars"

    def narrow(self, queryset):
        return queryset.select_related("programme")

    def get_title(self):
        return self.object.shown_title

    @cached_property
    def overview(self) -> SeminarOverview:
        return SeminarOverview(self.object, self.scope, self.today)

    def tabs(self) -> list[Tab]:
        """The tabs the reader is shown; a word in the address that is none of theirs is the first."""
        hidden = () if self.overview.sees_delegations else ("enheter",)
        shown = [tab for tab in TABS if tab[0] not in hidden]
        asked = self.request.GET.get("flik", "")
        current = asked if asked in dict(shown) else shown[0][0]
        return [Tab(name, label, self._address(name), name == current) for name, label in shown]

    def _address(self, name: str) -> str:
        query = self.request.GET.copy()
        query["flik"] = name
        return f"{self.request.path}?{query.urlencode()}"

    def get_context_data(self, **kwargs):
        tabs = self.tabs()
        urls = {tab.name: tab.url for tab in tabs}
        return super().get_context_data(
            overview=self.overview,
            tabs=tabs,
            tab=next(tab for tab in tabs if tab.current),
            tab_urls=urls,
            todos=[(todo, urls[todo.tab]) for todo in self.overview.todos] if tabs[0].current else [],
            may_review=self.scope.may(Action.STATEMENT_REVIEW),
            **kwargs,
        )
