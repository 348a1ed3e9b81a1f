"""Entering a participation, changing it, and a coordinator's answer to a huvudman's own entry."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from programmes.forms.participation import (
    WHEN,
    HuvudmanForm,
    JoinedForm,
    ParticipationForm,
    RegistrationForm,
    ReturnForm,
    StatusForm,
    WithdrawForm,
)
from programmes.models import ParticipatingUnit, Participation
from programmes.services import entries, parts, registration
from programmes.services import participation as services
from programmes.services.changes import locked
from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.together import alone
from sbs_portal.web.views import PageView, ScopedFormView, ScopedServiceView
from schools.models import Huvudman

SENT = "Deltagandet är skickat. Det väntar nu på en samordnare, som godkänner det eller skickar tillbaka det."


class RegisterView(PageView):
    """Whose participation it is. Who has one huvudman only is led on at once."""

    title = "Lägg till deltagande"
    active = "participations"
    template_name = "programmes/registration_start.html"
    takes_date = False

    def dispatch(self, request, *args, **kwargs):
        require(request.scope, Action.PARTICIPATION_REGISTER)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        found = Huvudman.objects.visible_to(self.scope).editable_by(self.scope, Action.PARTICIPATION_REGISTER)
        asked = "huvudman" in request.GET
        self.form = HuvudmanForm(request.GET if asked else None, huvudman_list=found.order_by("sort_key"))
        only = list(found[:2]) if not asked else []
        if len(only) == 1:
            return HttpResponseRedirect(reverse("participation_register", args=[only[0].uuid]))
        if asked and self.form.is_valid():
            chosen = self.form.cleaned_data["huvudman"]
            return HttpResponseRedirect(reverse("participation_register", args=[chosen.uuid]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(form=self.form, **kwargs)


class RowFormMixin:
    """A RowForm in a view: it knows the scope, and tells what someone else has changed meanwhile."""

    template_name = "programmes/form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"scope": self.scope}

    def find_conflicts(self, form) -> list:
        """What others have changed of what the form shows; the row is locked until the answer."""
        if not form.cleaned_data["seen"]:
            return []
        locked(self.object)
        del self.object
        fresh = self.get_form_class()(**{**self.get_form_kwargs(), "data": None, "files": None})
        return form.conflicts_with(fresh)


class ParticipationRegisterView(RowFormMixin, ScopedFormView):
    """A new participation of one huvudman."""

    model = Huvudman
    change_action = Action.PARTICIPATION_REGISTER
    form_class = RegistrationForm
    title = "Lägg till deltagande"
    active = "participations"

    @property
    def is_own(self) -> bool:
        """Whether it will wait for a coordinator."""
        return not self.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=self.object.pk)

    @property
    def submit_label(self) -> str:
        return "Skicka till samordnare" if self.is_own else "Lägg till deltagandet"

    @property
    def success_message(self) -> str:
        return SENT if self.is_own else "Deltagandet är inlagt."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"huvudman": self.object}

    def perform(self, form):
        data = form.values()
        return services.register_participation(huvudman=self.object, by=self.scope, **data)

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_cancel_url(self):
        return reverse("participation_list")

    def get_context_data(self, **kwargs):
        intro = f"Huvudman: {self.object}."
        if self.is_own:
            intro += " Det du lägger in är er egen uppgift och väntar på en samordnare tills den är godkänd."
        return super().get_context_data(intro=intro, **kwargs)


class ParticipationPageMixin:
    """A form about one participation."""

    model = Participation
    active = "participations"
    template_name = "programmes/form.html"

    def narrow(self, queryset):
        return queryset.with_head()

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_cancel_url(self):
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(participation=self.object, **kwargs)


class ParticipationChangeView(RowFormMixin, ParticipationPageMixin, ScopedFormView):
    """The facts; of an entry that is not approved all of it, which its huvudman may change too."""

    for_change = False
    title = "Ändra deltagandet"

    @cached_property
    def object(self):
        found = self.narrow(Participation.objects.all()).get_for(self.scope, uuid=self.kwargs["uuid"])
        own = found.registration_steps.exists() if self.request.method == "POST" else not found.is_approved
        # What is sent in just as it was approved is answered in the form, where what was typed stays.
        needed = Action.PARTICIPATION_REGISTER if own else Action.PARTICIPATION_CHANGE
        require(self.scope, needed, huvudman_id=found.huvudman_id)
        return found

    @property
    def is_entry(self) -> bool:
        return not self.object.is_approved or not self.may_change

    @property
    def may_change(self) -> bool:
        return self.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=self.object.huvudman_id)

    @property
    def submit_label(self) -> str:
        return "Spara" if self.may_change else "Skicka till samordnare"

    @property
    def success_message(self) -> str:
        return "Deltagandet är ändrat." if self.may_change else SENT

    def get_form_class(self):
        return RegistrationForm if self.is_entry else ParticipationForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object, "huvudman": self.object.huvudman}

    def get_initial(self):
        if not self.is_entry:
            return {}
        stated = self.object.status_changes.order_by("pk").last()
        return {
            "status": self.object.status,
            "effective": stated.effective if stated else None,
            "units": [part.unit for part in self.object.units.select_related("unit")],
        }

    def perform(self, form):
        change = registration.change_registration if self.is_entry else services.change_participation
        return change(participation=self.object, by=self.scope, **form.values())

    def get_context_data(self, **kwargs):
        returned = self.object.registration_steps.last() if self.object.registration == "returned" else None
        return super().get_context_data(returned=returned, **kwargs)


class StatusView(ParticipationPageMixin, ScopedFormView):
    """The next step of the status."""

    form_class = StatusForm
    title = "Ändra status"
    submit_label = "Ändra status"
    success_message = "Statusen är ändrad."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"participation": self.object}

    def perform(self, form):
        data = form.cleaned_data
        return services.change_status(
            participation=self.object,
            to=data["status"],
            reason=data["reason"],
            effective=data["effective"] if data["effective"].is_known else None,
            by=self.scope,
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(intro=services.next_steps(self.object.status), **kwargs)


class ApproveView(ParticipationPageMixin, ScopedServiceView):
    """A coordinator's yes to a huvudman's own entry."""

    success_message = "Deltagandet är godkänt. Förvaltningen ser det."

    def perform(self):
        return registration.approve_registration(participation=self.object, by=self.scope)


class WithdrawView(ParticipationPageMixin, ScopedFormView):
    """A huvudman takes back what it has entered, before it is approved."""

    change_action = Action.PARTICIPATION_REGISTER
    form_class = WithdrawForm
    title = "Dra tillbaka deltagandet"
    submit_label = "Dra tillbaka"
    success_message = "Deltagandet är tillbakadraget. Samordnaren behöver inte göra något."

    def perform(self, form):
        return registration.withdraw_registration(
            participation=self.object, comment=form.cleaned_data["comment"], by=self.scope
        )

    def get_context_data(self, **kwargs):
        intro = "Det försvinner ur listor och val. Allt ni har lagt in finns kvar på sidan, och ni kan skicka det igen."
        return super().get_context_data(intro=intro, **kwargs)


class JoinedView(ParticipationPageMixin, ScopedFormView):
    """When the units came with, all at once."""

    for_change = False
    form_class = JoinedForm
    title = "När kom enheterna med?"
    success_message = "Sparat."

    @cached_property
    def object(self):
        found = self.narrow(Participation.objects.all()).get_for(self.scope, uuid=self.kwargs["uuid"])
        alone(entries.require_write(self.scope, found, ParticipatingUnit))
        return found

    def get_form_kwargs(self):
        rows = ParticipatingUnit.objects.visible_to(self.scope).filter(participation=self.object)
        rows = rows.select_related("unit", "participation").order_by("unit__sort_key", "pk")
        return super().get_form_kwargs() | {"parts": rows}

    def find_conflicts(self, form):
        return []

    def perform(self, form):
        for name, part, when in form.changed():
            try:
                parts.change_unit(participating_unit=part, joined=when, by=self.scope)
            except ValidationError as error:
                raise ValidationError({name: error.messages}) from error

    def get_success_url(self):
        return f"{self.object.get_absolute_url()}#enheter"

    def get_context_data(self, **kwargs):
        intro = f"Tomt betyder från början. {WHEN}"
        return super().get_context_data(intro=intro, **kwargs)


class ReturnView(ParticipationPageMixin, ScopedFormView):
    """An entry is sent back with what is to be put right."""

    form_class = ReturnForm
    title = "Skicka tillbaka"
    submit_label = "Skicka tillbaka"
    success_message = "Deltagandet är skickat tillbaka till förvaltningen med din kommentar."

    def perform(self, form):
        return registration.return_registration(
            participation=self.object, comment=form.cleaned_data["comment"], by=self.scope
        )
