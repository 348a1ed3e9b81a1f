"""The list of participations, and the page a new rektor reads."""

from functools import lru_cache

from django.db.models import F, Prefetch, UUIDField
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from programmes import bulk, columns, strip, strip_sources
from programmes.filters import STATUS_PILLS, ParticipationFilter, cohort_pills
from programmes.models import Participation, ParticipationPhase, TermExtension, TermPause, last_known_day
from programmes.overview import is_uncertain, overview_of
from programmes.reasons import tell_reasons
from programmes.sections import ACTION, HEAD, PAGE
from programmes.sections.head import lede
from sbs_portal.db.questions import Given, Statement, kept
from sbs_portal.db.statements import Together, counting, hang
from sbs_portal.filters import archived_as
from sbs_portal.rights import Action
from sbs_portal.scope import OUTSIDE, Scope
from sbs_portal.time import Term
from sbs_portal.web.lists import ARCHIVED
from sbs_portal.web.paging import COUNTED
from sbs_portal.web.sections import sections_for
from sbs_portal.web.views import ScopedDetailView, ScopedListView


class ParticipationListView(ScopedListView):
    """Every participation the user may read."""

    model = Participation
    filterset_class = ParticipationFilter
    template_name = "programmes/participation_list.html"
    title = "Deltaganden"
    active = "participations"
    search_placeholder = "Sök huvudman, enhet eller dnr"
    empty_title = "Inga deltaganden ännu"
    bulk_actions = bulk.ACTIONS
    empty_text = "Här står huvudmannens deltaganden, från urval till avslut, när de är inlagda."

    @property
    def table_class(self):
        return columns.participation_table()

    @property
    def pills(self):
        return (*STATUS_PILLS, *cohort_pills(self.start_terms)) if len(self.start_terms) > 1 else STATUS_PILLS

    @property
    def start_terms(self):
        if not hasattr(self, "_start_terms"):
            asked = kept((type(self), "start terms", self.scope), self._asked_start_terms)
            self._start_terms = [Term.from_index(index) for (index,) in asked.asked()]
        return self._start_terms

    def _asked_start_terms(self) -> Statement:
        found = self.model.objects.visible_to(self.scope).approved().exclude(start_term=None)
        return Statement.of(found.order_by().values_list("start_term").distinct())

    def get_lede(self) -> str:
        archived = self.address.query.get(ARCHIVED)
        asked = kept((type(self), "lede", self.scope, archived), lambda: self._asked_counts(archived))
        ((count, every),) = asked.asked() or [(0, 0)]
        others = every - count
        return columns.count_words(count, len(self.start_terms), others) if count or others else ""

    def _asked_counts(self, archived: str | None) -> Statement:
        rows = archived_as(self.readable(self.scope), archived)
        return counting([rows.approved(), rows], most=COUNTED)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_register=self.scope.may(Action.PARTICIPATION_REGISTER),
            may_change_catalogues=self.scope.may(Action.CATALOGUE_CHANGE),
            **kwargs,
        )

    def empty_url(self) -> str:
        return reverse("participation_new") if self.scope.may(Action.PARTICIPATION_REGISTER) else ""

    empty_label = "Lägg till deltagande"

    def narrow(self, queryset):
        day = last_known_day(self.today, lambda name: F(f"participation__{name}"))
        # Most phases are done, and a row shows the one under way.
        phases = ParticipationPhase.objects.filter(participating_unit=None).under_way_on(day)
        return columns.annotated(
            queryset.with_head().prefetch_related(Prefetch("phases", phases)), self.today
        )

    def tell(self, rows):
        if any(column.name == "late" for column in self.table.shown_columns(self.address.query)):
            tell_reasons(rows, self.scope, self.today)


@lru_cache(maxsize=64)
def _head_of(scope: Scope) -> Together:
    """One participation among those of the scope; what else its page tells of is read by its overview."""
    uuid = Given("uuid", UUIDField())
    rows = Participation.objects.visible_to(scope).filter(uuid=uuid)
    return Together(
        {
            "participation": rows.select_related("huvudman", "programme", "cohort", "administration"),
            "pauses": TermPause.objects.filter(participation__uuid=uuid),
            "extensions": TermExtension.objects.filter(participation__uuid=uuid),
        }
    )


class ParticipationDetailView(ScopedDetailView):
    """One participation on a day: head, term strip and sections."""

    model = Participation
    template_name = "programmes/participation_detail.html"
    page = PAGE
    active = "participations"
    object_name = "participation"

    @cached_property
    def object(self):
        read = _head_of(self.scope).read(uuid=self.kwargs["uuid"])
        if not read["participation"]:
            raise Http404(OUTSIDE)
        (found,) = read["participation"]
        hang([found], "term_pauses", read["pauses"], by="participation_id")
        hang([found], "term_extensions", read["extensions"], by="participation_id")
        return found

    def get_title(self) -> str:
        return str(self.object.huvudman)

    def get_strip(self, overview) -> strip.Strip | None:
        """The term strip; None where neither a start term nor a dated claim gives it anything to draw."""
        data = strip_sources.strip_data(overview)
        if not data.terms and not data.claims:
            return None
        others = self.request.GET.copy()
        position, as_table = (others.pop(name, [""])[-1] for name in ("termin", "tabell"))
        query = f"{others.urlencode()}&" if others else ""
        return strip.build(data, key="remsa", position=position, query=query, with_table=bool(as_table))

    def get_context_data(self, **kwargs):
        self.request.is_asked_about_another_day = self.asked_day is not None
        overview = overview_of(self.request, self.object)
        context = super().get_context_data(
            overview=overview,
            badge=overview.badge,
            lede=lede(overview),
            head_facts=sections_for(HEAD, self.request, self.object),
            page_actions=sections_for(ACTION, self.request, self.object),
            strip=self.get_strip(overview),
            **kwargs,
        )
        if is_uncertain(overview.position):
            # Without a start term, what the sources say is the first thing to read.
            context["sections"].sort(key=lambda section: section.name not in ("motsagelser", "uppgifter"))
        return context
