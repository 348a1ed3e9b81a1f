"""Participations in the admin: registered, changed and moved on by the same services as everywhere."""

from django.contrib import admin
from django.db.models import F, OuterRef, Subquery
from django.forms import CharField, Textarea

from programmes import words
from programmes.forms import admin as forms
from programmes.models import (
    Agreement,
    Cohort,
    FocusArea,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    ParticipationStatus,
    Programme,
    StatusChange,
    Support,
    TermExtension,
    TermPause,
)
from programmes.sections import who_changed
from programmes.services import assignments, parts, registration, terms
from programmes.services import participation as services
from sbs_portal.scope import current
from sbs_portal.time import today
from sbs_portal.web.admin_actions import PreviewedAction
from sbs_portal.web.forms import Form
from sbs_portal.web.model_admin import (
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
    add_list_column,
    told_at,
)
from schools.models import Huvudman

# What a formset's form holds beside the part itself.
NOT_FACTS = ("id", "participation", "DELETE")


@admin.register(Programme)
class ProgrammeAdmin(ScopedModelAdmin):
    list_display = ["name", "code", "terms"]
    search_fields = ["name", "code"]


@admin.register(Cohort)
class CohortAdmin(ScopedModelAdmin):
    list_display = ["__str__", "programme", "start_term"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["name", "programme__name"]


@admin.register(FocusArea)
class FocusAreaAdmin(ScopedModelAdmin):
    list_display = ["name", "code", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]


def _only(facts: dict, names: tuple[str, ...]) -> dict:
    return {name: value for name, value in facts.items() if name in names}


class PartInline:
    """A part is saved by a service: ``add`` for a new row, ``alter`` for a changed one, ``take_away``."""

    can_delete = False
    # What a changed row can no longer be about: a wrong one is ended, and a new one made.
    settled: tuple[str, ...] = ()

    def add(self, participation, facts: dict, by):
        raise NotImplementedError

    def alter(self, row, facts: dict, by):
        raise NotImplementedError

    def take_away(self, row, by):
        raise NotImplementedError

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
            **_only(facts, parts.PHASE_DATES),
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
    can_delete = True
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


class AssignmentInline(PartInline, ScopedTabularInline):
    model = ParticipationAssignment
    form = forms.AssignmentForm
    autocomplete_fields = ["person"]
    settled = ("person", "role")

    def add(self, participation, facts, by):
        return assignments.assign_person(participation=participation, by=by, **facts)

    def alter(self, row, facts, by):
        return assignments.change_assignment(assignment=row, by=by, **_only(facts, assignments.CHANGEABLE))


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


class CommentForm(Form):
    comment = CharField(
        label="Kommentar", required=False, max_length=1000, widget=Textarea(attrs={"rows": 2})
    )


class RequiredCommentForm(Form):
    comment = CharField(
        label="Vad förvaltningen behöver rätta", max_length=1000, widget=Textarea(attrs={"rows": 2})
    )


def _may_decide(request, model) -> bool:
    return request.scope.may(model.scoping.change)


@admin.register(Participation)
class ParticipationAdmin(ScopedModelAdmin):
    form = forms.ParticipationForm
    list_display = ["huvudman", "start_term", "term", "phase", "shown_status"]
    list_display_links = ["huvudman"]
    list_filter = ["status", "registration", "programme", "cohort"]
    search_fields = ["huvudman__name", "agreements__record_number", "units__unit__name"]
    autocomplete_fields = ["huvudman", "administration", "cohort", "previous"]
    fieldsets = [
        (None, {"fields": ["huvudman", "programme", "cohort", "administration"]}),
        ("Status", {"fields": ["status_now", "new_status", "effective", "reason"]}),
        ("Terminer", {"fields": ["start_term", "started", "total_terms", "known_through"]}),
        ("Bakgrund", {"fields": ["decided", "selection_basis", "aims", "previous"]}),
    ]
    inlines = [
        UnitInline,
        PhaseInline,
        FocusInline,
        SupportInline,
        AgreementInline,
        AssignmentInline,
        PauseInline,
        ExtensionInline,
        StatusChangeInline,
    ]

    previewed = (
        PreviewedAction(
            name="approve",
            title="Godkänn valda deltaganden",
            button="Godkänn",
            service=lambda row, by, comment: registration.approve_registration(
                participation=row, comment=comment, by=by
            ),
            may=_may_decide,
            form_class=CommentForm,
            stand_in=(("comment", ""),),
            note="Förvaltningen har lagt in deltagandena själv. Godkända deltaganden ändras sedan av samordnare.",
        ),
        PreviewedAction(
            name="send_back",
            title="Skicka tillbaka valda deltaganden",
            button="Skicka tillbaka",
            service=lambda row, by, comment: registration.return_registration(
                participation=row, comment=comment, by=by
            ),
            may=_may_decide,
            form_class=RequiredCommentForm,
            stand_in=(("comment", "förhandsvisning"),),
            note="Förvaltningen ser kommentaren och kan rätta. Allt som är ifyllt står kvar.",
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_head()

    def for_list(self, rows):
        return rows.prefetch_related("phases")

    @admin.display(description="termin", ordering="start_term")
    def term(self, participation):
        return words.term_words(participation, today())

    @admin.display(description="fas")
    def phase(self, participation):
        joint = [row for row in participation.phases.all() if not row.participating_unit_id]
        row = words.current_phase(joint, words.known_day(participation, today()))
        return row.get_phase_display() if row else None

    @admin.display(description="status", ordering="status")
    def shown_status(self, participation):
        return words.status_badge(participation, today())[1]

    @admin.display(description="status nu")
    def status_now(self, participation):
        return services.next_steps(participation.status) if participation.pk else "Inte inlagt än"

    def get_readonly_fields(self, request, obj=None):
        return ["status_now", *(["huvudman", "programme"] if obj else [])]

    def get_inlines(self, request, obj):
        # The parts need their participation: they are added when it is there.
        return self.inlines if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", db_field.related_model.objects.visible_to(request.scope))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _facts(self, form) -> dict:
        return _only(form.cleaned_data, services.CHANGEABLE)

    def service_create(self, request, obj, form):
        data = form.cleaned_data
        made = services.register_participation(
            huvudman=data["huvudman"],
            programme=data["programme"],
            status=data["new_status"] or "selected",
            effective=data["effective"],
            reason=data["reason"],
            by=request.user,
            **self._facts(form),
        )
        obj.pk, obj.uuid = made.pk, made.uuid
        obj._state.adding = False

    def service_change(self, request, obj, form):
        data = form.cleaned_data
        services.change_participation(participation=obj, by=request.user, **self._facts(form))
        if data["new_status"]:
            services.change_status(
                participation=obj,
                to=data["new_status"],
                effective=data["effective"] if data["effective"].is_known else None,
                reason=data["reason"],
                by=request.user,
            )

    def save_formset(self, request, form, formset, change):
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        inline = getattr(formset, "part_inline", None)
        for part in formset.forms if inline else ():
            if not part.has_changed() or not getattr(part, "cleaned_data", None):
                continue
            facts = {name: value for name, value in part.cleaned_data.items() if name not in NOT_FACTS}
            with told_at(part):
                self._save_part(request, form.instance, formset, inline, part, facts)

    def _save_part(self, request, participation, formset, inline, part, facts):
        if part.cleaned_data.get("DELETE"):
            inline.take_away(part.instance, request.user)
            formset.deleted_objects.append(part.instance)
        elif part.instance.pk:
            inline.alter(part.instance, facts, request.user)
            formset.changed_objects.append((part.instance, part.changed_data))
        else:
            formset.new_objects.append(inline.add(participation, facts, request.user))


@admin.display(description="deltagande")
def participation_now(huvudman):
    status = huvudman.participation_status
    return ParticipationStatus(status).label if status else None


def _with_participation(huvudmen):
    latest = Participation.objects.in_use().filter(huvudman=OuterRef("pk"))
    latest = latest.order_by(F("start_term").desc(nulls_last=True), "-pk")
    return huvudmen.annotate(participation_status=Subquery(latest.values("status")[:1]))


add_list_column(Huvudman, participation_now, annotate=_with_participation)
