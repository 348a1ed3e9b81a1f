"""The parts of a participation in the admin: a line each, saved and taken away by services."""

from django.contrib import admin

from programmes.forms import admin as forms
from programmes.models import (
    Agreement,
    ParticipatingUnit,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    StatusChange,
    Support,
    TermExtension,
    TermPause,
)
from programmes.sections.steps import who_changed
from programmes.services import assignments, parts, terms
from sbs_portal import removal
from sbs_portal.scope import current
from sbs_portal.web.model_admin import ScopedStackedInline, ScopedTabularInline


def only(facts: dict, names: tuple[str, ...]) -> dict:
    return {name: value for name, value in facts.items() if name in names}


class PartInline:
    """A part is saved by a service: ``add`` for a new row, ``alter`` for a changed one, ``take_away``."""

    can_delete = True
    # What a changed row can no longer be about: a wrong one is ended, and a new one made.
    settled: tuple[str, ...] = ()

    def add(self, participation, facts: dict, by):
        raise NotImplementedError

    def alter(self, row, facts: dict, by):
        raise NotImplementedError

    def take_away(self, row, by):
        removal.delete_if_unused(row=row, by=by)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", db_field.related_model.objects.visible_to(request.scope))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.part_inline = self
        settled = self.settled

        class PartForm(formset.form):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                if self.instance.pk:
                    for name in settled:
                        self.fields[name].disabled = True

        formset.form = PartForm
        return formset


class UnitInline(PartInline, ScopedTabularInline):
    model = ParticipatingUnit
    form = forms.ParticipatingUnitForm
    autocomplete_fields = ["unit"]
    settled = ("unit",)

    def add(self, participation, facts, by):
        return parts.add_unit(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        facts.pop("unit", None)
        return parts.change_unit(participating_unit=row, by=by, **facts)


class PhaseInline(PartInline, ScopedTabularInline):
    model = ParticipationPhase
    form = forms.ParticipationPhaseForm
    settled = ("phase", "participating_unit")

    def add(self, participation, facts, by):
        return parts.add_phase(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return parts.set_phase(
            participation=row.participation,
            phase=row.phase,
            participating_unit=row.participating_unit,
            by=by,
            **only(facts, parts.PHASE_DATES),
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "participating_unit":
            asked = request.resolver_match.kwargs.get("object_id")
            own = ParticipatingUnit.objects.visible_to(request.scope).select_related("unit")
            kwargs["queryset"] = own.filter(participation_id=asked) if asked else own.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FocusInline(PartInline, ScopedTabularInline):
    model = ParticipationFocus
    fields = ["focus_area", "note"]
    settled = ("focus_area",)

    def add(self, participation, facts, by):
        return parts.add_focus(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return parts.change_focus(focus=row, note=facts["note"], by=by)

    def take_away(self, row, by):
        parts.remove_focus(focus=row, by=by)


class AgreementInline(PartInline, ScopedStackedInline):
    model = Agreement
    form = forms.AgreementForm

    def add(self, participation, facts, by):
        return parts.record_agreement(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return parts.change_agreement(agreement=row, by=by, **facts)


class SupportInline(PartInline, ScopedStackedInline):
    model = Support
    form = forms.SupportForm

    def add(self, participation, facts, by):
        return parts.propose_support(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return parts.change_support(support=row, by=by, **facts)

    def take_away(self, row, by):
        parts.delete_support(row=row, by=by)


class AssignmentInline(PartInline, ScopedTabularInline):
    model = ParticipationAssignment
    form = forms.AssignmentForm
    autocomplete_fields = ["person"]
    settled = ("person", "role")

    def add(self, participation, facts, by):
        return assignments.assign_person(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return assignments.change_assignment(assignment=row, by=by, **only(facts, assignments.CHANGEABLE))

    def take_away(self, row, by):
        assignments.delete_assignment(row=row, by=by)


class PauseInline(PartInline, ScopedTabularInline):
    model = TermPause
    fields = ["first_term", "last_term", "counts", "decided_on", "reason"]

    def add(self, participation, facts, by):
        return terms.pause_terms(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return terms.change_pause(pause=row, by=by, **facts)


class ExtensionInline(PartInline, ScopedTabularInline):
    model = TermExtension
    fields = ["terms", "decided_on", "reason"]

    def add(self, participation, facts, by):
        return terms.extend_terms(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return terms.change_extension(extension=row, by=by, **facts)


class StatusChangeInline(ScopedTabularInline):
    """The steps so far; a new one is taken above."""

    model = StatusChange
    fields = readonly_fields = ["to_status", "effective", "reason", "shown_by", "created_at"]

    @admin.display(description="av")
    def shown_by(self, step):
        return who_changed(step.by, current(), step.participation.huvudman_id)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
