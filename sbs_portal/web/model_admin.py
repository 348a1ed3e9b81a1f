"""The admin's base: the same scope, rights and services as every other face."""

from contextlib import contextmanager

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction

from sbs_portal import removal
from sbs_portal.db.archive import is_archivable
from sbs_portal.scope import settle


@contextmanager
def told_at(line):
    """What a service refuses within is told at the inline's line (its form) that it was about."""
    try:
        yield
    except ValidationError as error:
        error.line = line.prefix
        raise


def _add_error(form, error: ValidationError) -> None:
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for field, reasons in by_field.items():
        for message in reasons:
            form.add_error(field if field in form.fields else None, message)


def _with_error(form_class, error: ValidationError):
    """The form class, failing with a service's error at the fields it names."""

    class RefusedForm(form_class):
        def _post_clean(self):
            super()._post_clean()
            _add_error(self, error)

    return RefusedForm


class ScopedInlineMixin:
    """Inlines are read and changed by their own model's rights."""

    extra = 0
    show_change_link = False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=self.model.objects.visible_to(request.scope).values("pk"))
        )

    def has_view_permission(self, request, obj=None):
        read = self.model.scoping.read
        return read is None or request.scope.may(read)

    def has_change_permission(self, request, obj=None):
        return request.scope.may(self.model.scoping.change)

    has_add_permission = has_change_permission

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and self.has_change_permission(request, obj)


class ScopedTabularInline(ScopedInlineMixin, admin.TabularInline):
    """A table of parts on their root's page."""


class ScopedStackedInline(ScopedInlineMixin, admin.StackedInline):
    """Parts on their root's page, one below the other."""


class ArchivedFilter(admin.EmptyFieldListFilter):
    """What is laid aside, or not."""

    def choices(self, changelist):
        words = ("Alla", "Arkiverade", "Inte arkiverade")
        for choice, word in zip(super().choices(changelist), words, strict=True):
            yield choice | {"display": word}


def _each(service):
    """An action on the chosen rows, one by one: what is refused is told, the others are done."""

    def act(model_admin, request, queryset):
        done = 0
        for row in queryset:
            try:
                with transaction.atomic():
                    service(row=row, by=request.user)
                done += 1
            except (ValidationError, PermissionDenied) as error:
                reasons = getattr(error, "messages", [str(error)])
                model_admin.message_user(request, f"{row}: {' '.join(reasons)}", messages.ERROR)
        if done:
            model_admin.message_user(request, f"Klart: {done}.", messages.SUCCESS)

    return act


class ScopedModelAdmin(admin.ModelAdmin):
    """Rows within scope, rights by the role × action table, and saving through services.

    A subclass defines ``service_create(request, obj, form)`` and ``service_change(request, obj, form)`` where
    meaning changes; a ValidationError they raise lands on the form with everything typed still in it.
    """

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.scope)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        scoping = self.model.scoping
        return request.scope.is_coordinator or (scoping.read is not None and request.scope.may(scoping.read))

    def has_change_permission(self, request, obj=None):
        """Of one row: whether it is the user's to change, and not only within reach."""
        change = self.model.scoping.change
        if change is None or not request.scope.may(change):
            return False
        rows = self.model._default_manager.all()
        return obj is None or obj.pk is None or rows.filter(pk=obj.pk).editable_by(request.scope).exists()

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def lookup_allowed(self, lookup, value, request):
        """Only what the list offers as a filter: ``?name__startswith=A`` would spell out what is masked."""
        named = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        offered = [name for name in named if isinstance(name, str)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered) and (
            super().lookup_allowed(lookup, value, request)
        )

    def has_delete_permission(self, request, obj=None):
        """One row at a time, and only what nothing depends on."""
        return (
            obj is not None
            and hasattr(self.model, "removal")
            and self.has_change_permission(request, obj)
            and removal.may_remove(request.scope, obj)
            and not removal.ties_of(obj, request.scope).in_use
        )

    def get_deleted_objects(self, objs, request):
        """What goes: the rows and, in words, their parts."""
        parts = [removal.ties_of(obj, request.scope).parts_in_words for obj in objs]
        return [str(obj) for obj in objs] + [part for part in parts if part], {}, set(), []

    def delete_model(self, request, obj):
        removal.delete_if_unused(row=obj, by=request.user)

    def get_actions(self, request):
        actions = super().get_actions(request)
        if is_archivable(self.model) and self.has_change_permission(request):
            for verb, words in (("archive", "Arkivera valda"), ("restore", "Ta tillbaka valda ur arkivet")):
                actions[verb] = (_each(getattr(removal, verb)), verb, words)
        return actions

    def get_list_filter(self, request):
        listed = list(super().get_list_filter(request))
        return [*listed, ("archived_at", ArchivedFilter)] if is_archivable(self.model) else listed

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A new row is linked to nothing that is laid aside; an old one keeps what it has."""
        rows = kwargs.get("queryset", db_field.related_model._default_manager.all())
        if not request.resolver_match.kwargs.get("object_id") and is_archivable(db_field.related_model):
            kwargs["queryset"] = rows.in_use()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.in_use()
        return super().get_search_results(request, queryset, search_term)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            # Shown again with what was typed; the savepoint has taken back what was half saved.
            request.service_error = error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form_class = super().get_form(request, obj, change=change, **kwargs)
        error = getattr(request, "service_error", None)
        return form_class if error is None or hasattr(error, "line") else _with_error(form_class, error)

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        error = getattr(request, "service_error", None)
        for line in (form for formset in formsets for form in formset.forms if hasattr(error, "line")):
            if line.prefix == error.line and line.errors is not None:
                _add_error(line, error)
        return formsets, inlines

    def save_model(self, request, obj, form, change):
        if change:
            self.service_change(request, obj, form)
        else:
            self.service_create(request, obj, form)
        settle()

    def service_create(self, request, obj, form):
        """Save a new row. A service that makes its own row copies its pk to ``obj``."""
        obj.save()

    def service_change(self, request, obj, form):
        """Save a changed row."""
        obj.save()
