"""School calendars: the lov of each läsår, which meetings step around. Everyone reads, coordinators keep them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property

from sbs_portal.filters import as_uuid
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.time import SchoolYear, today
from sbs_portal.web.filters import Pill
from sbs_portal.web.removal import removal_links
from sbs_portal.web.views import ScopedDetailView, ScopedFormView, ScopedListView, ServiceFormView
from schools.calendar import Break, days_without_school, weeks_in_words
from schools.filters import SchoolCalendarFilter
from schools.forms.calendar import CalendarForm, LovForm
from schools.lov_text import write_lov
from schools.models import SchoolCalendar
from schools.services import calendar as services
from schools.tables import SchoolCalendarTable

ACTIVE = "participations"
SHOW = "visa"


@dataclass(frozen=True)
class LovRow:
    """A lov as a page tells it."""

    lov: Break

    @property
    def weeks(self) -> str:
        return weeks_in_words(self.lov)

    @property
    def days(self) -> int:
        """How many school days it takes; a weekend and a public holiday are free anyhow."""
        return days_without_school(self.lov)


def rows_of(calendar: SchoolCalendar) -> list[LovRow]:
    return [LovRow(lov.as_value()) for lov in calendar.breaks.all()]


class CalendarListView(ScopedListView):
    model = SchoolCalendar
    table_class = SchoolCalendarTable
    filterset_class = SchoolCalendarFilter
    title = "Läsår och lov"
    active = ACTIVE
    template_name = "schools/school_calendar_list.html"
    takes_date = False
    empty_title = "Inga läsår är inlagda ännu"
    empty_text = "Här står vilka veckor som är lov. Träffserier hoppar över dem."
    empty_label = "Lägg in ett läsår"

    @property
    def pills(self):
        year = SchoolYear.of(today())
        return (
            Pill("Alla"),
            *(Pill(one.code, (("school_year", one.code),)) for one in (year, year + 1)),
        )

    def get_lede(self):
        return "Träffserier räknar i skolveckor. Här står vilka veckor som är lov."

    def narrow(self, queryset):
        return queryset.select_related("municipality", "source").prefetch_related("breaks")

    def empty_url(self):
        return reverse("school_calendar_add") if self.scope.may(Action.CATALOGUE_CHANGE) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(add_url=self.empty_url(), **kwargs)


class CalendarDetailView(ScopedDetailView):
    model = SchoolCalendar
    template_name = "schools/school_calendar_detail.html"
    active = ACTIVE
    takes_date = False
    object_name = "calendar"

    def narrow(self, queryset):
        return queryset.select_related("municipality", "source").prefetch_related("breaks")

    def get_context_data(self, **kwargs):
        may_change = self.scope.may(Action.CATALOGUE_CHANGE)
        return super().get_context_data(rows=rows_of(self.object), may_change=may_change, **kwargs)


class KeeperMixin:
    """A form for those who keep the calendars, with a button that shows what was read and saves nothing."""

    active = ACTIVE
    template_name = "schools/school_calendar_form.html"
    read: list[LovRow] | None = None

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.CATALOGUE_CHANGE)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope}

    def form_valid(self, form):
        if self.request.POST.get("gor") != SHOW:
            return super().form_valid(form)
        self.read = [LovRow(lov) for lov in form.cleaned_data["breaks"]]
        return self.render_to_response(self.get_context_data(form=form))

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(read=self.read, **kwargs)


class CalendarAddView(KeeperMixin, ServiceFormView):
    """A new läsår; ``?fran=`` starts it from the lov of another calendar, a kommun's from the whole country's."""

    form_class = CalendarForm
    title = "Lägg in ett läsår"
    submit_label = "Lägg in läsåret"
    success_message = "Läsåret är inlagt. Nya träffserier räknar med det."

    @cached_property
    def origin(self) -> SchoolCalendar | None:
        asked = as_uuid(self.request.GET.get("fran", ""))
        rows = SchoolCalendar.objects.visible_to(self.scope).prefetch_related("breaks")
        return rows.filter(uuid=asked).first() if asked else None

    def get_initial(self):
        if self.origin is None:
            return {"school_year": SchoolYear.of(today())}
        lov = [row.lov for row in rows_of(self.origin)]
        return {"school_year": self.origin.school_year, "breaks": write_lov(lov)}

    def perform(self, form):
        return services.add_calendar(**form.values(), by=self.request.user)

    def get_cancel_url(self):
        return reverse("school_calendar_list")


class CalendarChangeView(KeeperMixin, ScopedFormView):
    model = SchoolCalendar
    form_class = LovForm
    success_message = "Lovet är ändrat. Träffar som redan är planerade står kvar."

    def narrow(self, queryset):
        return queryset.select_related("municipality", "source").prefetch_related("breaks")

    def get_title(self):
        return f"Ändra lov, {self.object}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"school_year": self.object.school_year}

    @property
    def text(self) -> str:
        return write_lov(row.lov for row in rows_of(self.object))

    def get_initial(self):
        source = self.object.source
        return {"breaks": self.text, "source": source.uuid if source else None}

    def find_conflicts(self, form):
        list(SchoolCalendar.objects.filter(pk=self.object.pk).select_for_update())
        del self.object
        return form.conflicts_with(self.text)

    def perform(self, form):
        return services.change_calendar(calendar=self.object, **form.values(), by=self.request.user)

    def get_cancel_url(self):
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(removal=removal_links(self.scope, self.object), **kwargs)
