"""The base of every list: what is asked for in its address, and the page, file or change made of it."""

from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.generic.base import TemplateResponseMixin, View

from sbs_portal.db.archive import is_archivable
from sbs_portal.db.questions import kept
from sbs_portal.db.statements import Run
from sbs_portal.filters import archived_as
from sbs_portal.lists.saved import SavedViews
from sbs_portal.web import exports
from sbs_portal.web.addresses import (
    COLUMNS,
    EVERYTHING,
    EXPORT,
    PAGE,
    PASSING,
    SIZE,
    SORT,
    VIEW,
    ListAddress,
    tidied,
)
from sbs_portal.web.bulk import BulkAction
from sbs_portal.web.drawing import escaped, select
from sbs_portal.web.filters import Pill, ShownPill, drawn_pills, shown_pills
from sbs_portal.web.page import PageMixin
from sbs_portal.web.paging import PER_PAGE, SIZES, Reading, page_of, size_of
from sbs_portal.web.words import thousands

ARCHIVED = "archived"
BULK_FORM = "flera"
# Every list by its name, for what is saved of them.
LISTS: dict[str, type["ScopedListView"]] = {}


class ScopedListView(PageMixin, TemplateResponseMixin, View):
    """A list of the rows the user may read.

    Set ``model`` and ``table_class``; ``filterset_class`` and ``pills`` for filters. The count, the pages, the
    filters and the exported files all start from ``visible_to``.
    """

    model = None
    table_class = None
    filterset_class = None
    pills = ()
    paginate_by = PER_PAGE
    template_name = "web/list.html"
    search_placeholder = "Sök"
    empty_title = "Här finns inget ännu"
    empty_text = ""
    empty_label = ""

    # What can be done with many rows at once, at the address ``bulk_path`` gives.
    bulk_actions: tuple[BulkAction, ...] = ()

    # The list's name among saved views; the model's own unless said otherwise.
    list_name = ""
    # What every row of it has, where the list is of some of the model's rows only.
    fixed: dict[str, str] = {}
    # What its rows are called, one and several; the model's own names unless said otherwise.
    noun: tuple[str, str] | None = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.model is not None:
            cls.list_name = cls.__dict__.get("list_name") or cls.model._meta.model_name
            LISTS[cls.list_name] = cls
            cls.bulk_name = f"{cls.list_name}_bulk"

    def get(self, request, *args, **kwargs):
        tidy = self.tidy(request.GET)
        if self.filterset_class is not None:
            for name, key in self.filterset_class.by_name(tidy, self.scope).items():
                tidy[name] = key
        if tidy != request.GET:
            return self.moved(tidy)
        if self.saved.opens and not ListAddress(tidy).names and not tidy.get(VIEW):
            tidy[VIEW] = str(self.saved.opens.uuid)
            return self.moved(tidy)
        if kind := request.GET.get(EXPORT):
            return self.export(kind)
        return self.render_to_response(self.get_context_data(**kwargs))

    @cached_property
    def table(self):
        """The table's class, once a request: some lists put theirs together."""
        return self.table_class

    def tidy(self, query: QueryDict) -> QueryDict:
        return tidied(
            query,
            table=self.table,
            filterset_class=self.filterset_class,
            sizes=SIZES,
            per_page=self.paginate_by,
        )

    def moved(self, query: QueryDict) -> HttpResponseRedirect:
        asked = query.urlencode(safe=",")
        return HttpResponseRedirect(f"{self.request.path}?{asked}" if asked else self.request.path)

    @classmethod
    def canonical(cls, query: QueryDict, scope) -> str:
        """What makes up a view of this list, in its one form; filters that cannot be read are refused."""
        view = cls()
        tidy = view.tidy(query)
        for name in PASSING:
            tidy.pop(name, None)
        if cls.filterset_class is not None:
            asking = SimpleNamespace(scope=scope)
            filterset = cls.filterset_class(tidy, queryset=cls.model.objects.none(), request=asking)
            if not filterset.is_valid():
                labels = [str(filterset.form.fields[name].label) for name in filterset.form.errors]
                raise ValidationError(f"Det går inte att läsa: {', '.join(labels)}.")
            known = {*filterset.filters, SORT, COLUMNS, SIZE}
            for name in [name for name in tidy if name not in known]:
                del tidy[name]
        return tidy.urlencode(safe=",")

    @cached_property
    def saved(self) -> SavedViews:
        return SavedViews(self.list_name, self.request.GET, self.scope)

    @cached_property
    def address(self) -> ListAddress:
        query = self.tidy(self.request.GET)
        view = self.saved.current
        if view is not None and not ListAddress(query).names:
            stored = self.tidy(QueryDict(view.query))
            stored.update(query)
            query = stored
        return ListAddress(query, bare=EVERYTHING if self.saved.needs_saying else "")

    @classmethod
    def readable(cls, scope):
        """The list's rows within the reader's scope, archived ones too."""
        return cls.model.objects.visible_to(scope).filter(**cls.fixed)

    @classmethod
    def counted(cls, number: int) -> str:
        """ "1 träff", "312 träffar"."""
        meta = cls.model._meta
        one, several = cls.noun or (meta.verbose_name, meta.verbose_name_plural)
        return f"{thousands(number)} {one if number == 1 else several}"

    def get_queryset(self):
        rows = self.readable(self.scope)
        if is_archivable(self.model):
            rows = archived_as(rows, self.address.query.get(ARCHIVED))
        else:
            rows = rows.in_use()
        return self.narrow(rows)

    def narrow(self, queryset):
        """Join and annotate what the table shows."""
        return queryset

    def get_runs(self) -> tuple[Run, ...]:
        """The list's own order as runs, where no index has it as a whole."""
        return ()

    def tell(self, rows: list) -> None:
        """Give the rows that are shown, or some of a file's, what takes more than their own query."""

    def get_pills(self) -> list[ShownPill]:
        pills = shown_pills(self.pills, self.address, self.counts)
        if not is_archivable(self.model):
            return pills
        shows = self.address.query.get(ARCHIVED) == "only"
        url = self.address.url(**{ARCHIVED: None if shows else "only"})
        return [*pills, ShownPill("Visa arkiverade", url, shows, None)]

    @cached_property
    def everything(self):
        return self.get_queryset()

    @cached_property
    def filterset(self):
        """The filters as asked for; None for a list that has none."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.address.query, queryset=QuerySet(self.model), request=self.request)

    @property
    def found(self):
        """The rows asked for."""
        return self.filterset.of(self.everything) if self.filterset is not None else self.everything

    @property
    def rows(self):
        """The rows asked for, in the order asked for."""
        return self.table.ordered(self.found, self.address.query)

    def reading(self, number: int) -> Reading:
        """How the page of that number is asked for: kept for who asks, what is asked for and the day."""
        size = size_of(self.address.query, self.paginate_by)
        first = (number - 1) * size
        key = (type(self), self.scope, self.address.state, self.today, first, size)
        return kept(key, lambda: self._reading(first, first + size))

    def _reading(self, first: int, last: int) -> Reading:
        # What they ask the database, they are to ask now: then the reading is not kept.
        for name in ("everything", "filterset"):
            self.__dict__.pop(name, None)
        runs = () if self.table.sort_keys(self.address.query) else self.get_runs()
        counted = [self.found, *(pill.rows(self.everything) for pill in self.pills if pill.rows)]
        return Reading.of(self.rows, first, last, counted=counted, runs=runs)

    @cached_property
    def counts(self) -> dict[Pill | None, int]:
        """How many rows are found (at None), and how many each pill gives that says so: one statement, and never
        further than the pages reach."""
        counted = [None, *(pill for pill in self.pills if pill.rows)]
        (numbers,) = self.reading(self.asked_page).counts.asked() or [[0] * len(counted)]
        return dict(zip(counted, numbers, strict=True))

    @property
    def asked_page(self) -> int:
        asked = self.address.query.get(PAGE, "")
        return max(int(asked), 1) if asked.isdecimal() and asked.isascii() and len(asked) < 7 else 1

    def read_page(self) -> Page:
        """The page asked for, with its rows."""
        page = page_of((), self.address.query, per_page=self.paginate_by, counted=self.counts[None])
        page.object_list = self.reading(page.number).read() if page.paginator.count else []
        self.tell(page.object_list)
        return page

    def export(self, kind: str):
        """The list as a file: the rows, columns and order of the page, all pages of it."""
        if kind not in exports.KINDS:
            raise Http404
        return exports.response(
            kind,
            title=self.get_title(),
            columns=self.table.shown_columns(self.address.query),
            rows=self.rows,
            tell=self.tell,
            day=self.asked_day,
        )

    def get_bulk(self, page) -> dict | None:
        """The bar that changes many rows, for who may; a list shown as of another day changes nothing."""
        query = self.address.query
        actions = [one for one in self.bulk_actions if one.may(self.scope) and one.offered(query)]
        if not actions or self.asked_day:
            return None
        return {
            "actions": actions,
            "url": reverse(self.bulk_name),
            "query": query.urlencode(safe=","),
            "page_ids": ",".join(str(row.uuid) for row in page.object_list),
        }

    def get_lede(self) -> str:
        return ""

    def empty_url(self) -> str:
        """Where the first step of an empty list leads; "" offers none."""
        return ""

    def size_choice(self, size: int) -> SafeString:
        """How many rows a page has, as a choice."""
        sizes = [(str(one), str(one)) for one in sorted({*SIZES, self.paginate_by})]
        return SafeString(select({"id": SIZE, "name": SIZE}, sizes, str(size)))

    def export_links(self) -> SafeString:
        links = ((self.address.url(**{EXPORT: kind}), label) for kind, (label, _, _) in exports.KINDS.items())
        return SafeString(
            "".join(
                f'<a class="btn" href="{escaped(url)}" download>{escaped(label)}</a>' for url, label in links
            )
        )

    def get_context_data(self, **kwargs):
        page = self.read_page()
        shown = set(self.filterset.form.fields) if self.filterset is not None else set()
        table = self.table(page.object_list, request=self.request, address=self.address)
        bulk = self.get_bulk(page)
        table.select_for = BULK_FORM if bulk else ""
        return super().get_context_data(
            table=table,
            bulk=bulk,
            page_obj=page,
            size_choice=self.size_choice(page.paginator.per_page),
            saved=self.saved,
            view_tabs=self.saved.tabs(self.address),
            view_query=ListAddress(self.address.query).state,
            list_name=self.list_name,
            filterset=self.filterset,
            chosen=[
                (one, self.address.url(**{one.name: None}))
                for one in (self.filterset.chosen if self.filterset is not None else ())
            ],
            searching=bool(shown.intersection(self.address.query)),
            cleared=self.address.url(**dict.fromkeys(shown)),
            pills=drawn_pills(self.get_pills()),
            kept=[
                (name, value)
                for name, values in self.address.query.lists()
                if name not in shown and name not in (PAGE, SORT, COLUMNS, SIZE)
                for value in values
            ],
            exports=self.export_links(),
            lede=self.get_lede(),
            search_placeholder=self.search_placeholder,
            empty={
                "title": self.empty_title,
                "text": self.empty_text,
                "url": self.empty_url(),
                "label": self.empty_label,
            },
            **kwargs,
        )
