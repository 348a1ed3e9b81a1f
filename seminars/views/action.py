"""The list of actions: everything that someone is to do after a meeting."""

from django.db.models import Case, F, Prefetch, When

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.filters import Pill
from sbs_portal.web.views import ScopedListView
from schools.models import SecurityMarking
from seminars import action_bulk
from seminars.filters.meeting import OutcomeFilter
from seminars.models import MeetingParticipation, Outcome
from seminars.tables.action import ActionTable


class ActionListView(ScopedListView):
    """Open actions first, the latest of them on top. For those who read who is to do what."""

    model = Outcome
    list_name = "action"
    fixed = {"kind": "action"}
    noun = ("åtgärd", "åtgärder")
    table_class = ActionTable
    filterset_class = OutcomeFilter
    title = "Åtgärder"
    active = "actions"
    search_placeholder = "Sök åtgärd, ansvarig eller huvudman"
    pills = (
        Pill("Alla"),
        Pill("Mina", (("mine", "true"),), group="whose"),
        Pill("Öppna", (("state", "open"),), lambda rows: rows.open_actions()),
        Pill("Sena", (("state", "late"),), lambda rows: rows.late()),
        Pill("Klara", (("state", "done"),)),
    )
    bulk_actions = action_bulk.ACTIONS
    empty_title = "Inga åtgärder ännu"
    empty_text = "Här står det som någon ska göra efter en träff, med vem och till när."

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.ATTENDANCE_READ)
        return super().dispatch(request, *args, **kwargs)

    def narrow(self, queryset):
        links = MeetingParticipation.objects.visible_to(self.scope)
        named = When(owner__security_marking=SecurityMarking.NONE, then=F("owner__sort_key"))
        return (
            queryset.select_related("owner", "meeting")
            .prefetch_related(
                Prefetch(
                    "meeting__participation_links",
                    queryset=links.select_related("participation__huvudman"),
                )
            )
            .annotate(owner_key=Case(named, default=None))
            .order_by(F("done_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
        )
