"""Meeting series: agreeing on one with its days shown first, changing it from a meeting on, ending it, who comes."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.time import Precision, today
from sbs_portal.web.forms import Form
from sbs_portal.web.views import (
    ScopedDetailView,
    ScopedFormView,
    ScopedObjectMixin,
    ServiceFormView,
)
from schools.models import Person
from seminars.forms.series import (
    MOVE,
    SeriesChangeForm,
    SeriesEndForm,
    SeriesExtendForm,
    SeriesForm,
    SeveralForm,
    WhoForm,
)
from seminars.items import meeting_item
from seminars.models import Meeting, MeetingSeries, SeriesAttendee
from seminars.overview import time_words, with_head
from seminars.services import meeting as services
from seminars.services.series import calendar_is_missing
from seminars.views.choosing import ChosenParticipations, people_of, units_of

SHOW = "visa"
SHOWN_PAST = 10


class PreviewMixin:
    """A form with a button that shows the days first, and saves nothing."""

    template_name = "seminars/series_form.html"
    days = ()

    def form_valid(self, form):
        if self.request.POST.get("gor") != SHOW:
            return super().form_valid(form)
        try:
            self.days = self.preview(form.cleaned_data)
        except ValidationError as error:
            form.add_validation_error(error)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def preview(self, data: dict) -> list:
        """The days the form would give."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        days = self.days
        missing = bool(days) and calendar_is_missing(self.participations, days[0].day, days[-1].day)
        return super().get_context_data(days=days, calendar_missing=missing, **kwargs)


class SeriesNewView(ChosenParticipations, PreviewMixin, ServiceFormView):
    """A new series, of one participation or shared by several."""

    title = "Ny träffserie"
    active = "meetings"
    submit_label = "Lägg upp serien"
    success_message = "Serien är upplagd och träffarna är planerade."
    form_class = SeriesForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_of(self.participations, self.scope)}

    def preview(self, data):
        last = services.last_day_of(data["starts"], data["ends"], data["plan_through"])
        return services.preview(
            participations=self.participations,
            starts=data["starts"],
            interval_weeks=data["interval_weeks"],
            skips_breaks=data["skips_breaks"],
            through=last,
        )

    def perform(self, form):
        data = dict(form.cleaned_data)
        roles, units = data.pop("roles"), data.pop("units")
        own, *others = self.participations
        return services.start_series(
            participation=own,
            other_participations=others,
            attendees=[{"role": role, "is_required": True} for role in roles],
            units=list(units) or None,
            by=self.request.user,
            **data,
        )

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return self.participations[0].get_absolute_url() if self.participations else reverse("meeting_list")


class SeriesMixin(ScopedObjectMixin):
    """A page about one series."""

    model = MeetingSeries
    object_name = "series"
    active = "meetings"
    change_action = Action.MEETING_CHANGE

    def narrow(self, queryset):
        return queryset.select_related("participation__huvudman__municipality", "participation__programme")

    @cached_property
    def participations(self) -> list[Participation]:
        """Those its meetings are with, its own first."""
        return services.partners_of(self.object)

    @cached_property
    def meetings(self) -> list[Meeting]:
        """The series' meetings that the reader sees, the earliest first."""
        rows = Meeting.objects.visible_to(self.scope).in_use().filter(series=self.object)
        return sorted(with_head(rows, self.scope), key=lambda meeting: (meeting.when.sort_key, meeting.pk))

    @property
    def coming(self):
        """Planned meetings with a day, from today: a queryset for the forms to choose from."""
        rows = (
            Meeting.objects.editable_by(self.scope)
            .in_use()
            .filter(
                series=self.object, status="planned", when_precision=Precision.DAY, when_date__gte=today()
            )
        )
        return rows.order_by("when_date", "start_time", "pk")

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class SeriesDetailView(SeriesMixin, ScopedDetailView):
    page = "series"
    template_name = "seminars/series_detail.html"

    def get_context_data(self, **kwargs):
        scope, day = self.scope, self.today
        ahead = [one for one in self.meetings if one.when.last is None or one.when.last >= day]
        been = [one for one in reversed(self.meetings) if one not in ahead]
        attendees = SeriesAttendee.objects.visible_to(scope).filter(series=self.object)
        owner = self.object.participation.huvudman_id
        links = [link for one in self.meetings for link in one.participation_links.all()]
        others = {link.participation for link in links} - {self.object.participation}
        return super().get_context_data(
            ahead=[meeting_item(one) for one in ahead],
            been=[meeting_item(one) for one in been[:SHOWN_PAST]],
            been_count=len(been),
            others=sorted(others, key=lambda one: (one.huvudman.sort_key, one.pk)),
            attendees=attendees.select_related("person", "unit"),
            sees_people=scope.may(Action.ATTENDANCE_READ, huvudman_id=owner),
            may_change=scope.may(Action.MEETING_CHANGE, huvudman_id=owner),
            time_words=time_words(self.object),
            has_coming=any(one.status == "planned" for one in ahead),
            **kwargs,
        )


class SeriesChangeView(PreviewMixin, SeriesMixin, ScopedFormView):
    title = "Ändra träffserien"
    success_message = "Serien är ändrad."

    form_class = SeriesChangeForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"meetings": self.coming}

    def get_initial(self):
        names = ("interval_weeks", "skips_breaks", "start_time", "end_time", "mode", "place", "title")
        return {name: getattr(self.object, name) for name in names} | {
            "from_meeting": self.request.GET.get("fran")
        }

    def preview(self, data):
        meeting = data.pop("from_meeting", None)
        if meeting is None:
            return []
        starts = data["starts"] or meeting.when.date
        number = self.coming.filter(when_date__gte=meeting.when.date).count()
        return services.preview(
            participations=self.participations,
            starts=starts,
            interval_weeks=data["interval_weeks"],
            skips_breaks=data["skips_breaks"],
            through=starts + timedelta(weeks=2 * data["interval_weeks"] * number, days=366),
        )[:number]

    def perform(self, form):
        data = dict(form.cleaned_data)
        meeting, starts = data.pop("from_meeting", None), data.pop("starts", None)
        if meeting is None:
            return services.change_series(series=self.object, by=self.request.user, **data)
        return services.change_from(
            series=self.object,
            meeting=meeting,
            starts=starts,
            by=self.request.user,
            **data,
        )


class SeriesEndView(SeriesMixin, ScopedFormView):
    form_class = SeriesEndForm
    title = "Avsluta träffserien"
    submit_label = "Avsluta serien"
    success_message = "Serien är avslutad."
    template_name = "seminars/series_act.html"

    def get_initial(self):
        return {"on": today()}

    def perform(self, form):
        return services.end_series(series=self.object, by=self.request.user, **form.cleaned_data)


class SeriesExtendView(SeriesMixin, ScopedFormView):
    title = "Planera fler träffar"
    submit_label = "Planera träffarna"
    template_name = "seminars/series_act.html"

    form_class = SeriesExtendForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_of(self.participations, self.scope)}

    def get_initial(self):
        last = self.meetings[-1] if self.meetings else None
        return {"units": [link.unit.uuid for link in last.unit_links.all()] if last else []}

    def perform(self, form):
        return services.extend_series(
            series=self.object,
            through=form.cleaned_data["through"],
            units=list(form.cleaned_data["units"]) or None,
            by=self.request.user,
        )

    def get_success_message(self):
        number = len(self.result)
        return "En träff till är planerad." if number == 1 else f"{number} träffar till är planerade."


class SeriesSeveralView(SeriesMixin, ScopedFormView):
    title = "Flytta eller ställ in flera träffar"
    submit_label = "Genomför"
    template_name = "seminars/series_act.html"

    form_class = SeveralForm

    def get_form_kwargs(self):
        own = self.coming
        if not self.scope.may_everywhere(Action.MEETING_CHANGE):
            mine = [
                pk for pk in self.scope.huvudman_ids if self.scope.may(Action.MEETING_CHANGE, huvudman_id=pk)
            ]
            own = own.filter(huvudman_ids__contained_by=mine)
        return super().get_form_kwargs() | {
            "meetings": own,
            "some_are_shared": own.count() < self.coming.count(),
        }

    def perform(self, form):
        data = form.cleaned_data
        act, more = services.cancel_meetings, {}
        if data["what"] == MOVE:
            act, more = services.move_meetings, {"weeks": data["weeks"]}
        return act(
            series=self.object, meetings=data["meetings"], reason=data["reason"], by=self.request.user, **more
        )

    def get_success_message(self):
        number, done = len(self.result), "inställda"
        if self.result[0].status == "planned":
            done = "flyttade"
        return f"{number} {'träff' if number == 1 else 'träffar'} är {done}."


class SeriesAttendeeNewView(SeriesMixin, ScopedFormView):
    title = "Lägg till någon som ska vara med"
    submit_label = "Lägg till"
    success_message = "Tillagd i serien och på de planerade träffarna."
    template_name = "seminars/series_act.html"

    form_class = WhoForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "people": people_of(self.participations, self.scope),
            "units": units_of(self.participations, self.scope),
        }

    def perform(self, form):
        return services.add_series_attendee(series=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return f"{self.object.get_absolute_url()}#med"


class SeriesAttendeeMixin(ScopedObjectMixin):
    model = SeriesAttendee
    active = "meetings"
    template_name = "seminars/series_act.html"

    def narrow(self, queryset):
        return queryset.select_related(
            "person", "unit", "series__participation__huvudman", "series__participation__programme"
        )

    @property
    def series(self) -> MeetingSeries:
        return self.object.series

    def get_context_data(self, **kwargs):
        return super().get_context_data(series=self.series, **kwargs)

    def get_success_url(self):
        return f"{self.series.get_absolute_url()}#med"

    get_cancel_url = get_success_url


class SeriesAttendeeChangeView(SeriesAttendeeMixin, ScopedFormView):
    title = "Ändra vem som ska vara med"
    success_message = "Ändrat."

    form_class = WhoForm

    def get_form_kwargs(self):
        units = units_of(services.partners_of(self.series), self.scope)
        return super().get_form_kwargs() | {"people": Person.objects.none(), "units": units, "fixed": True}

    def get_initial(self):
        row = self.object
        return {
            "role": row.role,
            "unit": row.unit.uuid if row.unit else None,
            "is_required": row.is_required,
            "note": row.note,
        }

    def perform(self, form):
        row = self.object
        for name, value in form.cleaned_data.items():
            setattr(row, name, value)
        return services.change_series_attendee(attendee=row, by=self.request.user)


class SeriesAttendeeRemoveView(SeriesAttendeeMixin, ScopedFormView):
    form_class = Form
    submit_label = "Ta bort"
    success_message = "Borttagen ur serien."

    def get_title(self):
        return f"Ta bort {self.object} ur serien?"

    def perform(self, form):
        services.remove_series_attendee(attendee=self.object, by=self.request.user)
