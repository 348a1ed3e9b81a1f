"""The base of every list: what is asked for in its address, and the page, file or change made of it."""

from django.http import Http404, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.views.generic.base import TemplateResponseMixin, View

from sbs_portal.db.archive import is_archivable
from sbs_portal.filters import archived_as
from sbs_portal.web import exports
from sbs_portal.web.addresses import EXPORT, PAGE, ListAddress, tidied
from sbs_portal.web.filters import ShownPill, shown_pills
from sbs_portal.web.page import PageMixin
from sbs_portal.web.paging import PER_PAGE, SIZES, page_of

ARCHIVED = "archived"


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

    def get(self, request, *args, **kwargs):
        if self.address.query != self.as_sent:
            return HttpResponseRedirect(request.path + self.address.url(**self.passing).removesuffix("?"))
        if kind := request.GET.get(EXPORT):
            return self.export(kind)
        return self.render_to_response(self.get_context_data(**kwargs))

    @cached_property
    def table(self):
        """The table's class, once a request: some lists put theirs together."""
        return self.table_class

    @cached_property
    def as_sent(self) -> QueryDict:
        return self.request.GET

    @cached_property
    def address(self) -> ListAddress:
        return ListAddress(
            tidied(
                self.as_sent,
                table=self.table,
                filterset_class=self.filterset_class,
                sizes=SIZES,
                per_page=self.paginate_by,
            )
        )

    @property
    def passing(self) -> dict[str, str]:
        """What an address tidied up keeps, though links on the page leave it."""
        return {name: self.as_sent[name] for name in (PAGE, EXPORT) if self.as_sent.get(name)}

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.scope)
        return self.narrow(archived_as(rows, self.address.query.get(ARCHIVED)))

    def narrow(self, queryset):
        """Join and annotate what the table shows."""
        return queryset

    def get_pills(self) -> list[ShownPill]:
        pills = shown_pills(self.pills, self.address, self.everything)
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
        return self.filterset_class(self.address.query, queryset=self.everything, request=self.request)

    @property
    def rows(self):
        """The rows asked for, in the order asked for."""
        found = self.filterset.qs if self.filterset is not None else self.everything
        return self.table.ordered(found, self.address.query)

    def export(self, kind: str):
        """The list as a file: the rows, columns and order of the page, all pages of it."""
        if kind not in exports.KINDS:
            raise Http404
        return exports.response(
            kind,
            title=self.get_title(),
            columns=self.table.shown_columns(self.address.query),
            rows=self.rows,
            day=self.asked_day,
        )

    def get_lede(self) -> str:
        return ""

    def empty_url(self) -> str:
        """Where the first step of an empty list leads; "" offers none."""
        return ""

    def get_context_data(self, **kwargs):
        page = page_of(self.rows, self.address.query, per_page=self.paginate_by)
        shown = set(self.filterset.form.fields) if self.filterset is not None else set()
        return super().get_context_data(
            table=self.table(page.object_list, request=self.request, address=self.address),
            page_obj=page,
            page_size=page.paginator.per_page,
            page_sizes=sorted({*SIZES, self.paginate_by}),
            filterset=self.filterset,
            chosen=[
                (one, self.address.url(**{one.name: None}))
                for one in (self.filterset.chosen if self.filterset is not None else ())
            ],
            searching=bool(shown.intersection(self.address.query)),
            cleared=self.address.url(**dict.fromkeys(shown)),
            pills=self.get_pills(),
            kept=[
                (name, value)
                for name, values in self.address.query.lists()
                if name not in shown and name not in (PAGE, "ordning", "kolumner", "antal")
                for value in values
            ],
            exports=[
                (label, self.address.url(**{EXPORT: kind})) for kind, (label, _, _) in exports.KINDS.items()
            ],
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
