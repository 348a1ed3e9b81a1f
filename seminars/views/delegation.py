"""Delegations: registered by each huvudman's own, named, cancelled, noted on the day; and which units are there."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from sbs_portal.rights import Action
from sbs_portal.scope import require
from sbs_portal.web.forms import Form
from sbs_portal.web.views import ScopedFormView, ScopedServiceView
from schools.models import Huvudman, Person, SchoolUnit
from seminars.forms import seminar_pages as forms
from seminars.models import Delegate, Delegation
from seminars.services import seminar as services
from seminars.views.seminar_change import PartMixin, SeminarMixin

NOBODY = "Du anmäler inte för någon på seminariet."


def units_of(huvudman_id: int, scope):
    """The huvudman's units that the writer speaks for."""
    own = [grant.unit_id for grant in scope.grants if grant.unit_id is not None]
    rows = SchoolUnit.objects.visible_to(scope).in_use().filter(huvudman_ids__contains=[huvudman_id])
    if not scope.may(Action.DELEGATION_CHANGE, huvudman_id=huvudman_id, unit_ids=[]):
        rows = rows.filter(pk__in=own)
    return rows.order_by("sort_key", "pk")


class DelegationNewView(SeminarMixin, ScopedFormView):
    """A seminar one reads, and a huvudman of one's own there: the right is asked of each of them."""

    for_change = False
    title = "Anmäl delegation"
    submit_label = "Anmäl"
    success_message = "Delegationen är anmäld. Lägg till namn när ni vet vilka som kommer."
    tab = "delegationer"

    def dispatch(self, request, *args, **kwargs):
        if not any(map(self._may, self.object.huvudman_ids)):
            raise PermissionDenied(NOBODY)
        return super().dispatch(request, *args, **kwargs)

    def _may(self, huvudman_id: int) -> bool:
        return self.scope.may(Action.DELEGATION_CHANGE, huvudman_id=huvudman_id, unit_ids=[])

    form_class = forms.DelegationNewForm

    def get_form_kwargs(self):
        whose = [link.huvudman_id for link in self.overview.without_delegation if self._may(link.huvudman_id)]
        rows = Huvudman.objects.visible_to(self.scope).filter(pk__in=whose).order_by("sort_key", "pk")
        return super().get_form_kwargs() | {"huvudman_list": rows}

    def perform(self, form):
        return services.register_delegation(seminar=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        address = f"{self.object.get_absolute_url()}?flik=delegationer"
        return f"{address}#delegation-{self.result.uuid}" if hasattr(self, "result") else address


class DelegationMixin(PartMixin):
    """A page about one delegation. ``whole`` pages are for who speaks for all of it, not for one unit."""

    model = Delegation
    object_name = "delegation"
    tab = "delegationer"
    whole = True

    @property
    def delegation(self) -> Delegation:
        return self.object

    def narrow(self, queryset):
        return super().narrow(queryset).select_related("huvudman")

    def dispatch(self, request, *args, **kwargs):
        if self.whole:
            require(
                self.scope,
                Action.DELEGATION_CHANGE,
                huvudman_id=self.delegation.huvudman_id,
                unit_ids=[],
            )
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self):
        return f"{super().get_success_url()}#delegation-{self.delegation.uuid}"


class DelegationChangeView(DelegationMixin, ScopedFormView):
    form_class = forms.DelegationForm
    title = "Ändra delegationen"
    success_message = "Delegationen är ändrad."

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ("head_count", "roles", "note")}

    def perform(self, form):
        return services.change_delegation(delegation=self.object, by=self.request.user, **form.cleaned_data)


class DelegationCancelView(DelegationMixin, ScopedFormView):
    form_class = forms.CancelDelegationForm
    title = "Lämna återbud för delegationen"
    submit_label = "Lämna återbud"
    success_message = "Återbudet är lämnat."

    def perform(self, form):
        return services.cancel_delegation(
            delegation=self.object, reason=form.cleaned_data["cancelled_reason"], by=self.request.user
        )


class DelegationRestoreView(DelegationMixin, ScopedServiceView):
    success_message = "Återbudet är borttaget. Delegationen kommer."

    def perform(self):
        return services.restore_delegation(delegation=self.object, by=self.request.user)


class DelegationRemoveView(DelegationMixin, ScopedFormView):
    form_class = Form
    submit_label = "Ta bort"
    success_message = "Delegationen är borttagen."

    def get_title(self):
        return f"Ta bort delegationen från {self.object.huvudman}?"

    def perform(self, form):
        services.remove_delegation(delegation=self.object, by=self.request.user)


class DelegateNewView(DelegationMixin, ScopedFormView):
    title = "Lägg till en namngiven"
    submit_label = "Lägg till"
    success_message = "Tillagd i delegationen."
    whole = False

    form_class = forms.DelegateForm

    def get_form_kwargs(self):
        named = Delegate.objects.visible_to(self.scope).filter(delegation=self.object)
        people = (
            Person.objects.visible_to(self.scope)
            .in_use()
            .filter(huvudman_ids__contains=[self.object.huvudman_id])
        )
        return super().get_form_kwargs() | {
            "people": people.exclude(pk__in=named.values("person_id")).order_by("name", "pk"),
            "units": units_of(self.object.huvudman_id, self.scope),
        }

    def perform(self, form):
        return services.add_delegate(delegation=self.object, by=self.request.user, **form.cleaned_data)


class DelegateMixin(DelegationMixin):
    """A page about one named person."""

    model = Delegate
    object_name = "delegate"
    whole = False

    @property
    def delegation(self) -> Delegation:
        return self.object.delegation

    @property
    def seminar(self):
        return self.delegation.seminar

    def narrow(self, queryset):
        return queryset.select_related("person", "unit", "delegation__seminar__programme")


class DelegateChangeView(DelegateMixin, ScopedFormView):
    success_message = "Ändrat."

    def get_title(self):
        return f"Ändra {self.object.person}"

    form_class = forms.DelegateForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_of(self.delegation.huvudman_id, self.scope)}

    def get_initial(self):
        return {"role": self.object.role, "unit": self.object.unit.uuid if self.object.unit else None}

    def perform(self, form):
        return services.change_delegate(delegate=self.object, by=self.request.user, **form.cleaned_data)


class DelegateRemoveView(DelegateMixin, ScopedFormView):
    form_class = Form
    submit_label = "Ta bort"
    success_message = "Borttagen ur delegationen."

    def get_title(self):
        return f"Ta bort {self.object.person} ur delegationen?"

    def perform(self, form):
        services.remove_delegate(delegate=self.object, by=self.request.user)


class ArrivalsView(DelegationMixin, ScopedFormView):
    """Who came on the day: a rektor notes those of the own unit."""

    title = "Vilka är här?"
    success_message = "Närvaron är sparad."
    whole = False

    form_class = forms.ArrivalsForm

    def get_form_kwargs(self):
        rows = Delegate.objects.editable_by(self.scope).filter(delegation=self.object)
        owner = self.object.huvudman_id
        return super().get_form_kwargs() | {
            "delegation": self.object,
            "delegates": rows.select_related("person", "unit"),
            "whole": self.scope.may(Action.DELEGATION_CHANGE, huvudman_id=owner, unit_ids=[]),
        }

    def perform(self, form):
        total = {"came_count": form.cleaned_data["came_count"]} if "came_count" in form.fields else {}
        return services.record_arrivals(
            delegation=self.object, statuses=form.statuses(), by=self.request.user, **total
        )


class UnitsOnSiteView(SeminarMixin, ScopedFormView):
    """Which of one's units have someone on site."""

    for_change = False
    title = "Enheter på plats"
    success_message = "Sparat."
    tab = "enheter"

    def dispatch(self, request, *args, **kwargs):
        if not self.rows:
            raise PermissionDenied(NOBODY)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def rows(self) -> list:
        """The units the writer speaks for at the seminar."""
        may = self.scope.may
        owners = [pk for pk in self.object.huvudman_ids if may(Action.DELEGATION_CHANGE, huvudman_id=pk)]
        spoken_for = set()
        for pk in owners:
            spoken_for |= set(units_of(pk, self.scope).values_list("pk", flat=True))
        return [row for row in self.overview.units if row.unit.pk in spoken_for]

    form_class = forms.UnitsOnSiteForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": self.rows}

    def perform(self, form):
        return [
            services.mark_unit(
                seminar=self.object, unit=unit, is_represented=is_represented, by=self.request.user
            )
            for unit, is_represented in form.changed()
        ]
