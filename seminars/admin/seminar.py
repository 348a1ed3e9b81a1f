"""Seminars in the admin: planned and changed by the same services as everywhere."""

from django.contrib import admin

from sbs_portal.web.model_admin import (
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
    told_at,
)
from seminars.filters.seminar import matching
from seminars.forms.seminar import DelegationForm, SeminarForm
from seminars.models import (
    Delegate,
    Delegation,
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarUnit,
    Session,
)
from seminars.services import seminar as services


class ServiceInline:
    """Rows saved by a service: ``add`` a new one, ``alter`` a changed one, ``take_away`` one."""

    # What a row stays about once it is there: a wrong one is taken away, and a new one made.
    settled: tuple[str, ...] = ()

    def add(self, root, facts: dict, by):
        raise NotImplementedError

    def alter(self, row, by):
        return services.save_part(part=row, by=by)

    def take_away(self, row, by):
        services.remove_part(part=row, by=by)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        settled = self.settled

        class RowForm(formset.form):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                for name in settled if self.instance.pk else ():
                    self.fields[name].disabled = True

        formset.form, formset.service_inline = RowForm, self
        return formset

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = db_field.related_model
        queryset = related.objects.visible_to(request.scope)
        if related is Session:
            queryset = queryset.filter(seminar_id=request.resolver_match.kwargs.get("object_id"))
        kwargs.setdefault("queryset", queryset)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class HuvudmanInline(ServiceInline, ScopedTabularInline):
    model = SeminarHuvudman
    fields = ["huvudman", "participation"]
    autocomplete_fields = ["huvudman", "participation"]
    settled = ("huvudman", "participation")

    def add(self, root, facts, by):
        return services.add_huvudman(seminar=root, by=by, **facts)

    def take_away(self, row, by):
        services.remove_huvudman(link=row, by=by)


class SessionInline(ServiceInline, ScopedStackedInline):
    model = Session
    fields = ["position", "kind", "title", "time_words", "room", "leaders", "listeners_stated", "description"]

    def add(self, root, facts, by):
        if not facts["position"]:
            facts.pop("position")
        return services.add_session(seminar=root, by=by, **facts)


class PresentationInline(ServiceInline, ScopedStackedInline):
    model = Presentation
    fields = [
        "session",
        "huvudman",
        "presented_by",
        "title",
        "group_words",
        "listeners_stated",
        "description",
    ]
    autocomplete_fields = ["huvudman"]

    def add(self, root, facts, by):
        return services.add_presentation(seminar=root, by=by, **facts)


class UnitInline(ServiceInline, ScopedTabularInline):
    model = SeminarUnit
    fields = ["unit", "is_represented", "trust"]
    autocomplete_fields = ["unit"]
    settled = ("unit",)
    can_delete = False

    def add(self, root, facts, by):
        return services.mark_unit(seminar=root, by=by, **facts)

    def alter(self, row, by):
        return services.mark_unit(
            seminar=row.seminar, unit=row.unit, is_represented=row.is_represented, trust=row.trust, by=by
        )


class WordInline(ServiceInline, ScopedTabularInline):
    model = ReflectionWord
    fields = ["word", "count"]

    def add(self, root, facts, by):
        return services.add_word(seminar=root, by=by, **facts)


class LessonInline(ServiceInline, ScopedTabularInline):
    model = Lesson
    fields = ["text", "from_whom"]

    def add(self, root, facts, by):
        return services.add_lesson(seminar=root, by=by, **facts)


class DelegateInline(ServiceInline, ScopedTabularInline):
    model = Delegate
    fields = ["person", "role", "unit"]
    autocomplete_fields = ["person", "unit"]
    settled = ("person", "role", "unit")

    def add(self, root, facts, by):
        return services.add_delegate(delegation=root, by=by, **facts)

    def take_away(self, row, by):
        services.remove_delegate(delegate=row, by=by)


class ServiceRootAdmin(ScopedModelAdmin):
    """A root whose parts are lines that services save; they are added when the root is there."""

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", db_field.related_model.objects.visible_to(request.scope))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _made(self, obj, made) -> None:
        obj.pk, obj.uuid = made.pk, made.uuid
        obj._state.adding = False

    def save_formset(self, request, form, formset, change):
        inline = formset.service_inline
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for line in formset.forms:
            if not line.has_changed() or not getattr(line, "cleaned_data", None):
                continue
            with told_at(line):
                self._save_line(request, form.instance, formset, inline, line)

    def _save_line(self, request, root, formset, inline, line):
        if line.cleaned_data.get("DELETE"):
            inline.take_away(line.instance, request.user)
            formset.deleted_objects.append(line.instance)
        elif line.instance.pk:
            inline.alter(line.instance, request.user)
            formset.changed_objects.append((line.instance, line.changed_data))
        else:
            facts = {name: line.cleaned_data[name] for name in inline.fields}
            formset.new_objects.append(inline.add(root, facts, request.user))


@admin.register(Seminar)
class SeminarAdmin(ServiceRootAdmin):
    form = SeminarForm
    list_display = ["shown_title", "starts", "place", "status", "huvudman_count"]
    list_filter = ["status", "kind", "programme"]
    search_fields = ["title"]
    search_help_text = "Sök rubrik, slag, ämne, plats eller huvudman"
    inlines = [HuvudmanInline, SessionInline, PresentationInline, UnitInline, WordInline, LessonInline]

    def get_search_results(self, request, queryset, search_term):
        return (matching(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description="seminarium")
    def shown_title(self, seminar):
        return seminar.shown_title

    @admin.display(description="huvudmän")
    def huvudman_count(self, seminar):
        return len(seminar.huvudman_ids)

    def get_readonly_fields(self, request, obj=None):
        return ["programme"] if obj else []

    def _facts(self, form) -> dict:
        return {name: form.cleaned_data[name] for name in services.SEMINAR_FIELDS}

    def service_create(self, request, obj, form):
        programme = form.cleaned_data["programme"]
        self._made(obj, services.plan_seminar(programme=programme, by=request.user, **self._facts(form)))

    def service_change(self, request, obj, form):
        services.change_seminar(seminar=obj, by=request.user, **self._facts(form))


@admin.register(Delegation)
class DelegationAdmin(ServiceRootAdmin):
    form = DelegationForm
    list_display = ["huvudman", "seminar", "head_count", "trust"]
    list_filter = ["trust"]
    list_select_related = ["huvudman", "seminar"]
    search_fields = ["huvudman__name", "seminar__title"]
    autocomplete_fields = ["huvudman", "seminar"]
    inlines = [DelegateInline]

    def portal_url(self, delegation):
        return delegation.seminar.get_absolute_url()

    def get_readonly_fields(self, request, obj=None):
        return ["seminar", "huvudman"] if obj else []

    def _facts(self, form) -> dict:
        return {name: form.cleaned_data[name] for name in services.DELEGATION_FIELDS}

    def service_create(self, request, obj, form):
        data = form.cleaned_data
        self._made(
            obj,
            services.register_delegation(
                seminar=data["seminar"], huvudman=data["huvudman"], by=request.user, **self._facts(form)
            ),
        )

    def service_change(self, request, obj, form):
        services.change_delegation(delegation=obj, by=request.user, **self._facts(form))
