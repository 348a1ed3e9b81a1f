"""Meetings: the list, the page one reads, planning and changing."""

from django.urls import reverse
from django.utils.functional import cached_property

from sbs_portal.rights import Action
from sbs_portal.web.filters import Pill
from sbs_portal.web.forms import Form
from sbs_portal.web.views import (
    ScopedDetailView,
    ScopedFormView,
    ScopedListView,
    ScopedObjectMixin,
    ScopedServiceView,
    ServiceFormView,
)
from schools.models import SchoolUnit
from seminars import bulk
from seminars.filters.meeting import MeetingFilter
from seminars.forms.meeting import CancelForm, ExpectedForm, MeetingForm, MoveForm, PlanMeetingForm
from seminars.models import Attendance, Meeting, MeetingSeries
from seminars.models.meeting import nearest_runs
from seminars.overview import MeetingOverview, whose_of, with_counts, with_head
from seminars.services import meeting as services
from seminars.tables.meeting import MeetingTable
from seminars.views.choosing import ChosenParticipations, units_of


class MeetingListView(ScopedListView):
    model = Meeting
    table_class = MeetingTable
    filterset_class = MeetingFilter
    template_name = "seminars/meeting_list.html"
    title = "Träffar"
    active = "meetings"
    search_placeholder = "Sök på plats, rubrik eller huvudman"
    pills = (
        Pill("Alla"),
        Pill("Kommande", (("state", "upcoming"),), lambda rows: rows.upcoming()),
        Pill("Hållna", (("state", "held"),), lambda rows: rows.held()),
        Pill("Saknar anteckningar", (("state", "unrecorded"),), lambda rows: rows.overdue()),
        Pill("Inställda", (("state", "cancelled"),), lambda rows: rows.filter(status="cancelled")),
    )
    empty_title = "Inga träffar ännu"
    bulk_actions = bulk.ACTIONS

    def narrow(self, queryset):
        rows = with_counts(queryset.prefetch_related(whose_of(self.scope)), self.scope)
        return rows.nearest_first(self.today)

    def get_runs(self):
        return nearest_runs(self.today)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_plan=self.scope.may(Action.MEETING_CHANGE), **kwargs)

    @property
    def empty_text(self):
        if self.scope.may(Action.MEETING_CHANGE):
            return "Här står träffarna mellan processledare och skolor, planerade och hållna."
        return "Här står träffarna när de har hållits."

    def empty_url(self):
        return reverse("meeting_plan") if self.scope.may(Action.MEETING_CHANGE) else ""

    empty_label = "Planera första träffen"


class MeetingPageMixin(ScopedObjectMixin):
    """A page about one meeting, with its overview."""

    model = Meeting
    active = "meetings"

    def narrow(self, queryset):
        return with_head(queryset.select_related("series"), self.scope)

    @cached_property
    def overview(self) -> MeetingOverview:
        return MeetingOverview(self.object, self.scope)

    def get_title(self):
        return self.title or self.overview.heading

    def get_context_data(self, **kwargs):
        return super().get_context_data(overview=self.overview, **kwargs)


class MeetingDetailView(MeetingPageMixin, ScopedDetailView):
    template_name = "seminars/meeting_detail.html"
    page = "meeting"


class MeetingPlanView(ChosenParticipations, ServiceFormView):
    """A meeting with one participation or several; in the series of one of them, where there is one."""

    form_class = PlanMeetingForm
    title = "Planera en träff"
    crumb = "Träffar"
    active = "meetings"
    template_name = "seminars/meeting_plan.html"
    submit_label = "Planera träffen"
    success_message = "Träffen är planerad."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_of(self.participations, self.scope)}

    def perform(self, form):
        data = dict(form.cleaned_data)
        units = list(data.pop("units")) or None
        series = MeetingSeries.objects.visible_to(self.scope).filter(participation__in=self.participations)
        return services.plan_meeting(
            participations=self.participations,
            series=series.order_by("-pk").first(),
            units=units,
            by=self.request.user,
            **data,
        )

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return reverse("meeting_list")


class MeetingChangeView(MeetingPageMixin, ScopedFormView):
    form_class = MeetingForm
    title = "Ändra träffen"
    change_action = Action.MEETING_CHANGE
    template_name = "seminars/meeting_form.html"

    def get_form_kwargs(self):
        rows = (
            SchoolUnit.objects.visible_to(self.scope)
            .in_use()
            .filter(participating__participation__in=[one.pk for one in self.overview.participations])
        )
        return super().get_form_kwargs() | {"units": rows.distinct()}

    def get_initial(self):
        names = ("when", "start_time", "end_time", "mode", "place", "kind", "title", "agenda")
        return {name: getattr(self.object, name) for name in names} | {
            "units": [unit.uuid for unit in self.overview.units]
        }

    def perform(self, form):
        data = dict(form.cleaned_data)
        # Units the writer does not see are not in the list, and stay.
        shown = {unit.pk for unit in form.fields["units"].queryset}
        kept = [unit for unit in self.overview.units if unit.pk not in shown]
        units = [*data.pop("units"), *kept]
        return services.change_meeting(meeting=self.object, units=units, by=self.request.user, **data)

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class MeetingCancelView(MeetingPageMixin, ScopedFormView):
    form_class = CancelForm
    title = "Ställ in träffen"
    change_action = Action.MEETING_CHANGE
    submit_label = "Ställ in träffen"
    template_name = "seminars/meeting_cancel.html"
    success_message = "Träffen är inställd."

    def perform(self, form):
        return services.cancel_meeting(
            meeting=self.object, reason=form.cleaned_data["cancelled_reason"], by=self.request.user
        )

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class MeetingMoveView(MeetingPageMixin, ScopedFormView):
    form_class = MoveForm
    title = "Flytta träffen"
    change_action = Action.MEETING_CHANGE
    submit_label = "Flytta träffen"
    template_name = "seminars/meeting_act.html"
    success_message = "Träffen är flyttad."

    def perform(self, form):
        data = form.cleaned_data
        return services.move_meeting(
            meeting=self.object, to=data["when"], reason=data["moved_reason"], by=self.request.user
        )

    def get_success_url(self):
        return self.object.get_absolute_url()

    get_cancel_url = get_success_url


class MeetingReopenView(MeetingPageMixin, ScopedServiceView):
    """Take back that a meeting is cancelled, or that it has been held."""

    change_action = Action.MEETING_CHANGE
    success_message = "Träffen är planerad igen."

    def perform(self):
        return services.reopen_meeting(meeting=self.object, by=self.request.user)

    def get_success_url(self):
        return self.object.get_absolute_url()


class ExpectedView(MeetingPageMixin, ScopedFormView):
    """Who should be at a meeting, and a form to add one more."""

    title = "Vilka som ska vara med"
    change_action = Action.MEETING_RECORD
    submit_label = "Lägg till"
    success_message = "Tillagd."
    template_name = "seminars/meeting_expected.html"

    form_class = ExpectedForm

    def get_form_kwargs(self):
        here = [line.person_id for line in self.overview.attendances]
        people = self.overview.people.exclude(pk__in=here).order_by("name", "pk")
        return super().get_form_kwargs() | {"people": people, "units": self.overview.own_units}

    def perform(self, form):
        return services.add_attendee(meeting=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("meeting_expected", args=[self.object.uuid])

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class ExpectedLineMixin(ScopedObjectMixin):
    """A page about one person's line at a meeting."""

    model = Attendance
    active = "meetings"
    template_name = "seminars/meeting_act.html"

    def narrow(self, queryset):
        return queryset.select_related("meeting", "person", "unit")

    @cached_property
    def overview(self) -> MeetingOverview:
        meeting = with_head(Meeting.objects.all(), self.scope).get_for(self.scope, pk=self.object.meeting_id)
        return MeetingOverview(meeting, self.scope)

    def get_context_data(self, **kwargs):
        return super().get_context_data(overview=self.overview, object=self.overview.meeting, **kwargs)

    def get_success_url(self):
        return reverse("meeting_expected", args=[self.object.meeting.uuid])

    get_cancel_url = get_success_url


class ExpectedChangeView(ExpectedLineMixin, ScopedFormView):
    success_message = "Ändrat."

    def get_title(self):
        return f"Ändra {self.object.person}"

    form_class = ExpectedForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": self.overview.own_units}

    def get_initial(self):
        line = self.object
        return {
            "role": line.role,
            "unit": line.unit.uuid if line.unit else None,
            "is_required": line.is_required,
        }

    def perform(self, form):
        return services.change_attendee(attendance=self.object, by=self.request.user, **form.cleaned_data)


class ExpectedRemoveView(ExpectedLineMixin, ScopedFormView):
    form_class = Form
    submit_label = "Ta bort"
    success_message = "Borttagen från träffen."

    def get_title(self):
        return f"Ta bort {self.object.person} från träffen?"

    def perform(self, form):
        services.remove_attendee(attendance=self.object, by=self.request.user)
