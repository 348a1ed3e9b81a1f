"""Seminars made and changed: the facts, who is invited, the parts of the programme, and how it ended."""

from django.urls import reverse
from django.utils.functional import cached_property

from programmes.models import Participation, Programme
from sbs_portal.filters import as_uuid
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.forms import Form
from sbs_portal.web.views import (
    ScopedFormView,
    ScopedObjectMixin,
    ScopedServiceView,
    ServiceFormView,
)
from seminars.forms import seminar_pages as forms
from seminars.models import (
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    Session,
)
from seminars.seminar_overview import SeminarOverview
from seminars.services import seminar as services

FACTS = tuple(name for name in services.SEMINAR_FIELDS if name != "status")


def under_way(scope):
    """Participations that can be invited: those the writer plans seminars for, that are not over."""
    rows = Participation.objects.visible_to(scope).editable_by(scope, Action.SEMINAR_CHANGE).in_use()
    rows = rows.approved().select_related("huvudman", "programme").order_by("huvudman__sort_key", "pk")
    return rows.filter(pk__in=[one.pk for one in rows if not one.is_over])


class SeminarNewView(ServiceFormView):
    title = "Nytt seminarium"
    active = "seminars"
    submit_label = "Lägg upp seminariet"
    success_message = "Seminariet är upplagt."
    template_name = "seminars/seminar_form.html"

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.SEMINAR_CHANGE)
        return super().dispatch(request, *args, **kwargs)

    form_class = forms.SeminarNewForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "programmes": Programme.objects.visible_to(self.scope).in_use().order_by("pk"),
            "participations": under_way(self.scope),
        }

    def get_initial(self):
        """``?deltagande=``: the one whose page it began on stands chosen, with its programme."""
        asked = as_uuid(self.request.GET.get("deltagande", ""))
        found = next((one for one in under_way(self.scope) if one.uuid == asked), None) if asked else None
        return {"programme": found.programme.uuid, "participations": [found.uuid]} if found else {}

    def perform(self, form):
        return services.plan_seminar(by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return reverse("seminar_list")


class SeminarMixin(ScopedObjectMixin):
    """A page about one seminar. What was done leads back to the part of its page it was done on."""

    model = Seminar
    object_name = "seminar"
    active = "seminars"
    template_name = "seminars/seminar_form.html"
    tab = "oversikt"

    def narrow(self, queryset):
        return queryset.select_related("programme")

    @property
    def seminar(self) -> Seminar:
        return self.object

    @cached_property
    def overview(self) -> SeminarOverview:
        return SeminarOverview(self.seminar, self.scope, self.today)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"seminar": self.seminar} | kwargs)

    def get_success_url(self):
        return f"{self.seminar.get_absolute_url()}?flik={self.tab}"

    def get_cancel_url(self):
        return self.get_success_url()


class SeminarChangeView(SeminarMixin, ScopedFormView):
    form_class = forms.SeminarFactsForm
    title = "Ändra seminariet"
    success_message = "Seminariet är ändrat."

    def get_initial(self):
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form):
        return services.change_seminar(seminar=self.object, by=self.request.user, **form.cleaned_data)


class SeminarCancelView(SeminarMixin, ScopedFormView):
    form_class = forms.CancelSeminarForm
    title = "Ställ in seminariet"
    submit_label = "Ställ in seminariet"
    success_message = "Seminariet är inställt."

    def perform(self, form):
        return services.cancel_seminar(
            seminar=self.object, reason=form.cleaned_data["cancelled_reason"], by=self.request.user
        )


class SeminarFinishView(SeminarMixin, ScopedServiceView):
    """The seminar has been held."""

    tab = "efterat"
    success_message = "Seminariet är hållet. Här kan du skriva in orden och lärdomarna."

    def perform(self):
        return services.finish_seminar(seminar=self.object, by=self.request.user)


class SeminarReopenView(SeminarMixin, ScopedServiceView):
    """Take back that the seminar is cancelled, or that it has been held."""

    success_message = "Seminariet är planerat igen."

    def perform(self):
        return services.reopen_seminar(seminar=self.object, by=self.request.user)


# Who is invited


class InviteView(SeminarMixin, ScopedFormView):
    title = "Bjud in fler"
    submit_label = "Bjud in"
    tab = "delegationer"

    form_class = forms.InviteForm

    def get_form_kwargs(self):
        here = SeminarHuvudman.objects.visible_to(self.scope).filter(seminar=self.object)
        rows = under_way(self.scope).filter(programme=self.object.programme_id)
        rows = rows.exclude(huvudman__in=here.values("huvudman_id"))
        return super().get_form_kwargs() | {"participations": rows}

    def perform(self, form):
        return [
            services.add_huvudman(
                seminar=self.object, huvudman=one.huvudman, participation=one, by=self.request.user
            )
            for one in form.cleaned_data["participations"]
        ]

    def get_success_message(self):
        number = len(self.result)
        return "En huvudman till är med." if number == 1 else f"{number} huvudmän till är med."


class PartMixin(SeminarMixin):
    """A page about a row of a seminar."""

    @property
    def seminar(self) -> Seminar:
        return self.object.seminar

    def narrow(self, queryset):
        return queryset.select_related("seminar__programme")


class UninviteView(PartMixin, ScopedFormView):
    model = SeminarHuvudman
    object_name = "link"
    form_class = Form
    submit_label = "Ta bort"
    tab = "delegationer"

    def get_title(self):
        return f"Ta bort {self.object.name} från seminariet?"

    def perform(self, form):
        services.remove_huvudman(link=self.object, by=self.request.user)

    def get_success_message(self):
        return f"{self.object.name} är inte med längre."


# The parts of the programme, each with a page to add, change and take away


class PartNewView(SeminarMixin, ScopedFormView):
    add = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"overview": self.overview}

    def perform(self, form):
        facts = {name: value for name, value in form.cleaned_data.items() if value is not None}
        return type(self).add(seminar=self.object, by=self.request.user, **facts)


class PartChangeView(PartMixin, ScopedFormView):
    object_name = "part"

    def get_initial(self):
        return self.form_class.facts(self.object)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"overview": self.overview}

    def perform(self, form):
        data = dict(form.cleaned_data)
        if data.get("position", ...) is None:
            data.pop("position")
        return services.change_part(part=self.object, by=self.request.user, **data)


class PartRemoveView(PartMixin, ScopedFormView):
    object_name = "part"
    form_class = Form
    submit_label = "Ta bort"
    success_message = "Borttaget."

    def get_title(self):
        return f"Ta bort ”{self.object}”?"

    def perform(self, form):
        services.remove_part(part=self.object, by=self.request.user)


class SessionNewView(PartNewView):
    form_class, add, tab = forms.SessionForm, services.add_session, "program"
    title = "Ny programpunkt"


class SessionChangeView(PartChangeView):
    model, form_class, tab = Session, forms.SessionForm, "program"
    title = "Ändra programpunkten"


class SessionRemoveView(PartRemoveView):
    model, tab = Session, "program"


class PresentationNewView(PartNewView):
    form_class, add, tab = forms.PresentationForm, services.add_presentation, "presentationer"
    title = "Ny presentation"


class PresentationChangeView(PartChangeView):
    model, form_class, tab = Presentation, forms.PresentationForm, "presentationer"
    title = "Ändra presentationen"

    def narrow(self, queryset):
        return super().narrow(queryset).select_related("session", "huvudman")


class PresentationRemoveView(PartRemoveView):
    model, tab = Presentation, "presentationer"


class WordNewView(PartNewView):
    form_class, add, tab = forms.WordForm, services.add_word, "efterat"
    title = "Nytt ord"


class WordChangeView(PartChangeView):
    model, form_class, tab = ReflectionWord, forms.WordForm, "efterat"
    title = "Ändra ordet"


class WordRemoveView(PartRemoveView):
    model, tab = ReflectionWord, "efterat"


class LessonNewView(PartNewView):
    form_class, add, tab = forms.LessonForm, services.add_lesson, "efterat"
    title = "Ny lärdom"


class LessonChangeView(PartChangeView):
    model, form_class, tab = Lesson, forms.LessonForm, "efterat"
    title = "Ändra lärdomen"


class LessonRemoveView(PartRemoveView):
    model, tab = Lesson, "efterat"
