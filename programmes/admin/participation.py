"""Participations in the admin: registered, changed and moved on."""

from django.contrib import admin
from django.db.models import F, OuterRef, Subquery
from django.forms import CharField, Textarea

from programmes import words
from programmes.admin.parts import (
    AgreementInline,
    AssignmentInline,
    ExtensionInline,
    FocusInline,
    PauseInline,
    PhaseInline,
    StatusChangeInline,
    SupportInline,
    UnitInline,
    only,
)
from programmes.forms import admin as forms
from programmes.models import Participation, ParticipationStatus
from programmes.services import participation as services
from programmes.services import registration
from sbs_portal.time import today
from sbs_portal.web.admin_actions import PreviewedAction
from sbs_portal.web.forms import Form
from sbs_portal.web.model_admin import ScopedModelAdmin, add_list_column, told_at
from schools.models import Huvudman

# What a formset's form holds beside the part itself.
NOT_FACTS = ("id", "participation", "DELETE")


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
        return only(form.cleaned_data, services.CHANGEABLE)

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
    latest = Participation.objects.in_use().approved().filter(huvudman=OuterRef("pk"))
    latest = latest.order_by(F("start_term").desc(nulls_last=True), "-pk")
    return huvudmen.annotate(participation_status=Subquery(latest.values("status")[:1]))


add_list_column(Huvudman, participation_now, annotate=_with_participation)
