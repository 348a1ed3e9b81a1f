"""The parts of a participation, each added, changed and deleted in one way."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property

from programmes.forms import parts as forms
from programmes.models import (
    Agreement,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Support,
    TermExtension,
    TermPause,
)
from programmes.services import assignments, entries, terms
from programmes.services import parts as services
from programmes.views.registration import ParticipationPageMixin, RowFormMixin
from sbs_portal.scope import require
from sbs_portal.web.removal import removal_links
from sbs_portal.web.removal_views import removal_paths
from sbs_portal.web.views import ScopedFormView


@dataclass(frozen=True)
class Part:
    """How a kind of part is written in the browser.

    name: of its addresses: ``<name>_add``, ``<name>_change``, ``<name>_delete``. path: its word in them.
    noun: "Lägg till <noun>", in the indefinite form; section: where on the page one comes back to.
    subject: what the change service calls the row. remove: its own service where deleting means more.
    """

    name: str
    path: str
    model: type[Model]
    form: type[forms.PartForm]
    noun: str
    section: str
    add: Callable
    change: Callable
    subject: str
    related: tuple[str, ...] = ()
    remove: Callable | None = None
    may_change: Callable = lambda scope, row: True


PARTS = (
    Part(
        "participating_unit",
        "enheter",
        ParticipatingUnit,
        forms.UnitForm,
        "enhet",
        "enheter",
        services.add_unit,
        services.change_unit,
        "participating_unit",
        ("unit",),
    ),
    Part(
        "phase",
        "faser",
        ParticipationPhase,
        forms.PhaseForm,
        "fas",
        "faser",
        services.add_phase,
        services.change_phase,
        "phase",
        ("participating_unit__unit",),
    ),
    Part(
        "focus",
        "fokus",
        ParticipationFocus,
        forms.FocusForm,
        "fokusområde",
        "fokus",
        services.add_focus,
        services.change_focus,
        "focus",
        ("focus_area",),
    ),
    Part(
        "support",
        "stod",
        Support,
        forms.SupportForm,
        "stöd",
        "stod",
        services.propose_support,
        services.change_support,
        "support",
        ("provider",),
        services.delete_support,
    ),
    Part(
        "agreement",
        "overenskommelser",
        Agreement,
        forms.AgreementForm,
        "överenskommelse eller beslut",
        "overenskommelser",
        services.record_agreement,
        services.change_agreement,
        "agreement",
    ),
    Part(
        "assignment",
        "uppdrag",
        ParticipationAssignment,
        forms.AssignmentForm,
        "person med uppdrag",
        "personer",
        assignments.assign_person,
        assignments.change_assignment,
        "assignment",
        ("person", "employer"),
        assignments.delete_assignment,
        assignments.may_change,
    ),
    Part(
        "pause",
        "pauser",
        TermPause,
        forms.PauseForm,
        "paus",
        "pauser",
        terms.pause_terms,
        terms.change_pause,
        "pause",
    ),
    Part(
        "extension",
        "forlangningar",
        TermExtension,
        forms.ExtensionForm,
        "förlängning",
        "pauser",
        terms.extend_terms,
        terms.change_extension,
        "extension",
    ),
)


def writable(scope, participation: Participation, part: Part) -> Participation:
    """The participation, where the reader writes this kind of part in it; else a 403."""
    if not entries.may_write(scope, participation, part.model):
        require(scope, part.model.scoping.change, huvudman_id=participation.huvudman_id)
    return participation


class PartAddView(RowFormMixin, ParticipationPageMixin, ScopedFormView):
    """A new part of a participation."""

    part: Part
    model = Participation
    for_change = False

    @cached_property
    def object(self):
        return writable(self.scope, super().object, self.part)

    def get_title(self) -> str:
        return f"Lägg till {self.part.noun}"

    def get_form_class(self):
        return self.part.form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.part.model(participation=self.object)}

    def perform(self, form):
        return self.part.add(participation=self.object, by=self.scope, **form.values())

    def get_success_url(self):
        return f"{self.object.get_absolute_url()}#{self.part.section}"

    get_cancel_url = get_success_url


class PartChangeView(RowFormMixin, ScopedFormView):
    """A part, changed; ending it is one of its fields."""

    part: Part
    active = "participations"
    for_change = False

    @property
    def model(self):
        return self.part.model

    @cached_property
    def object(self):
        row = super().object
        writable(self.scope, row.participation, self.part)
        if not self.part.may_change(self.scope, row):
            raise PermissionDenied
        return row

    def narrow(self, queryset):
        return queryset.select_related(
            "participation__huvudman", "participation__programme", *self.part.related
        )

    def get_title(self) -> str:
        return f"Ändra {self.object}"

    def get_form_class(self):
        return self.part.form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, form):
        return self.part.change(**{self.part.subject: self.object}, by=self.scope, **form.values())

    def get_success_url(self):
        return back_to_section(self.part)(self.object)

    get_cancel_url = get_success_url

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            participation=self.object.participation, removal=removal_links(self.scope, self.object), **kwargs
        )


def back_to_section(part: Part) -> Callable:
    """Where one comes back to: the part's section on the participation's page."""

    def address(row) -> str:
        return f"{reverse('participation_detail', args=[row.participation.uuid])}#{part.section}"

    return address


def part_paths(part: Part) -> list[URLPattern]:
    """The addresses of a kind of part."""
    own = f"deltaganden/{part.path}"
    return [
        path(
            f"deltaganden/<uuid:uuid>/{part.path}/ny/",
            type("Add", (PartAddView,), {"part": part}).as_view(),
            name=f"{part.name}_add",
        ),
        path(
            f"{own}/<uuid:uuid>/andra/",
            type("Change", (PartChangeView,), {"part": part}).as_view(),
            name=f"{part.name}_change",
        ),
        *removal_paths(
            own,
            part.name,
            part.model,
            back=back_to_section(part),
            active="participations",
            remove=part.remove,
        ),
    ]


urlpatterns = [address for part in PARTS for address in part_paths(part)]
