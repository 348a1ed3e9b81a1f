"""The admin's base: the same scope, rights and services as every other face."""

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from sbs_portal.scope import settle


def _with_error(form_class, error: ValidationError):
    """The form class, failing with a service's error at the fields it names."""

    class RefusedForm(form_class):
        def _post_clean(self):
            super()._post_clean()
            by_field = (
                error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            )
            for field, messages in by_field.items():
                for message in messages:
                    self.add_error(field if field in self.fields else None, message)

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
        return False

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
        return form_class if error is None else _with_error(form_class, error)

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
