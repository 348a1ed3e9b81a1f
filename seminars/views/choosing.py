"""Which participations a meeting or a series is with: said in the address, or asked first.

Units, people and lov are theirs, so nothing else is asked before it is known. One may be with several, of one
huvudman or of more, for who may plan meetings at each of them.
"""

from django.http import HttpResponseRedirect
from django.utils.functional import cached_property

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.time import today
from schools.models import Person, SchoolUnit
from seminars.forms.choosing import CHOSEN, SEARCHED, ChooseParticipationsForm

# Asks again, with what is chosen ticked; and the button that goes on.
ASK, ON = "valj", "fortsatt"
MOST = 30


def units_of(participations: list[Participation], scope):
    """The participations' units today that the reader sees."""
    members = ParticipatingUnit.objects.visible_to(scope).filter(participation__in=participations)
    rows = (
        SchoolUnit.objects.visible_to(scope)
        .in_use()
        .filter(pk__in=members.with_us_on(today()).values("unit_id"))
    )
    return rows.order_by("sort_key", "pk")


def people_of(participations: list[Participation], scope):
    """People of the participations' huvudmän that the reader sees."""
    owners = [one.huvudman_id for one in participations]
    rows = Person.objects.visible_to(scope).in_use().filter(huvudman_ids__overlap=owners)
    return rows.order_by("name", "pk")


class ChosenParticipations:
    """Mixin for a form about new meetings with one or several participations."""

    choosing_template = "seminars/participations_choose.html"

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.MEETING_CHANGE)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def choices(self):
        rows = Participation.objects.editable_by(self.scope, Action.MEETING_CHANGE).in_use()
        return rows.select_related("huvudman__municipality", "programme").order_by("huvudman__sort_key", "pk")

    @cached_property
    def participations(self) -> list[Participation]:
        """Those of the address; the only one there is, where none is said."""
        wanted = list(dict.fromkeys(self.request.GET.getlist(CHOSEN)))[:MOST]
        if not wanted:
            only = list(self.choices[:2])
            return only if len(only) == 1 else []
        rows = Participation.objects.select_related("huvudman__municipality", "programme")
        return [rows.get_for_change(self.scope, Action.MEETING_CHANGE, uuid=one) for one in wanted]

    def get(self, request, *args, **kwargs):
        if ASK in request.GET or not self.participations:
            return self.ask()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not self.participations:
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def ask(self):
        asked = self.request.GET
        sent = ON in asked and CHOSEN not in asked
        form = ChooseParticipationsForm(
            {} if sent else None,
            rows=self.choices,
            searched=asked.get(SEARCHED, ""),
            initial={CHOSEN: asked.getlist(CHOSEN), SEARCHED: asked.get(SEARCHED, "")},
        )
        self.template_name = self.choosing_template
        return self.render_to_response(self.get_context_data(form=form), status=422 if sent else 200)

    def get_context_data(self, **kwargs):
        return super().get_context_data(participations=self.participations, **kwargs)
