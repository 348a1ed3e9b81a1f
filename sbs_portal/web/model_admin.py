"""The admin's base: the same scope, rights and services as every other face."""

from collections.abc import Callable
from contextlib import contextmanager

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.forms import ModelChoiceField, Select
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property

from sbs_portal import removal
from sbs_portal.audit.entries import entries_of
from sbs_portal.audit.models import Change
from sbs_portal.audit.views.history import page_of_changes
from sbs_portal.db.archive import is_archivable
from sbs_portal.db.security import event_models
from sbs_portal.rights import Action
from sbs_portal.scope import settle
from sbs_portal.web.admin_actions import PreviewedAction
from sbs_portal.web.paging import CappedPaginator


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


def _add_line_error(formset, line, error: ValidationError) -> None:
    """At the line; of one that was to be deleted above the lines, since its own errors are not asked for."""
    told = formset.non_form_errors()
    if formset.can_delete and line.cleaned_data.get("DELETE"):
        told.extend(error.messages)
    else:
        _add_error(line, error)


def _with_error(form_class, error: ValidationError):
    """The form class, failing with a service's error at the fields it names."""

    class RefusedForm(form_class):
        def _post_clean(self):
            super()._post_clean()
            _add_error(self, error)

    return RefusedForm


class ChosenRows(BaseChoiceIterator):
    """The choices of an autocomplete field whose chosen rows are read already: of them, and of no others."""

    def __init__(self, field, rows: dict[str, models.Model]):
        self.field, self.queryset, self._rows = field, self, rows

    def __iter__(self):
        return iter(())

    def using(self, alias):
        return self

    def filter(self, **lookup):
        (wanted,) = lookup.values()
        return [self._rows[value] for value in wanted if value in self._rows]


class ForgivingSelect(AutocompleteSelect):
    """An autocomplete field that can show a form again where what was sent is no row's number."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(
            name, [one for one in value if str(one).isdecimal() and len(str(one)) < 19], attr
        )


class Forgiving:
    """Mixin: what one chooses from by typing is shown again also where what was sent is no row."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ForgivingSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadTogether:
    """Mixin of an inline's formset: what its lines choose from is read once, and not once a line.

    A form that comes back with errors reads as Django does: it may hold a choice that no line has.
    """

    @cached_property
    def forms(self):
        lines = super().forms
        if self.is_bound or not lines:
            return lines
        for name, field in lines[0].fields.items():
            if not isinstance(field, ModelChoiceField):
                continue
            inner = getattr(field.widget, "widget", field.widget)
            if isinstance(inner, AutocompleteSelect):
                ids = {getattr(line.instance, f"{name}_id", None) for line in lines} - {None}
                # With what a row is called by: a participation by its huvudman and programme.
                chosen = field.queryset.filter(pk__in=ids).select_related()
                rows = {str(row.pk): row for row in chosen} if ids else {}
                choices = ChosenRows(field, rows)
            elif isinstance(inner, Select):
                choices = list(field.choices)
            else:
                continue
            for line in lines:
                line.fields[name].widget.choices = choices
        return lines


class ScopedInlineMixin(Forgiving):
    """Inlines are read and changed by their own model's rights."""

    extra = 0
    show_change_link = False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        shown = [
            field.name
            for field in self.model._meta.concrete_fields
            if field.many_to_one and field.name in (self.fields or ())
        ]
        rows = rows.filter(pk__in=self.model.objects.visible_to(request.scope).values("pk"))
        return rows.select_related(*shown) if shown else rows

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (ReadTogether, formset), {})

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


ARCHIVING = (
    PreviewedAction(
        name="archive",
        title="Arkivera valda",
        button="Arkivera",
        service=lambda row, by: removal.archive(row=row, by=by),
        may=lambda request, model: request.scope.may(model.removal.action or model.scoping.change),
        needless=lambda row: "Är redan i arkivet." if row.is_archived else "",
        note="Det som arkiveras lämnar listor och val. Allt om det finns kvar, och det går att ta tillbaka.",
    ),
    PreviewedAction(
        name="restore",
        title="Ta tillbaka valda ur arkivet",
        button="Ta tillbaka",
        service=lambda row, by: removal.restore(row=row, by=by),
        may=lambda request, model: request.scope.may(model.removal.action or model.scoping.change),
        needless=lambda row: "" if row.is_archived else "Är inte arkiverat.",
    ),
)


_columns: dict[str, list[tuple[Callable, Callable]]] = {}


def add_list_column(model, column: Callable, *, annotate: Callable) -> None:
    """Give a model's list a column of an app above it. ``annotate(rows)`` adds what ``column(row)`` shows."""
    _columns.setdefault(model._meta.label, []).append((column, annotate))


class ListWithColumns(ChangeList):
    """Its rows carry what the columns show; a form's row does not."""

    has_columns = False

    def get_queryset(self, request, exclude_parameters=None):
        if not self.has_columns:
            rows = self.model_admin.for_list(self.root_queryset)
            for _, annotate in _columns.get(self.model._meta.label, ()):
                rows = annotate(rows)
            self.root_queryset, self.has_columns = rows, True
        return super().get_queryset(request, exclude_parameters)


class ToldList(ListWithColumns):
    """A list whose rows are told by what the reader may know, asked for all of a page at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.tell(self.result_list, request.scope)


class PortalModelAdmin(Forgiving, admin.ModelAdmin):
    """Lists that are fast at a million rows; from every object a way to its page, and its whole history."""

    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    previewed: tuple[PreviewedAction, ...] = ()

    def get_actions(self, request):
        """Django's own where there are any, then the previewed ones; a list to choose from offers none."""
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        archiving = ARCHIVING if is_archivable(self.model) else ()
        allowed = [action for action in (*self.previewed, *archiving) if action.may(request, self.model)]
        return actions | {action.name: (action, action.name, action.title) for action in allowed}

    def get_list_display(self, request):
        added = [column for column, _ in _columns.get(self.model._meta.label, ())]
        return [*super().get_list_display(request), *added]

    def get_changelist(self, request, **kwargs):
        return ListWithColumns

    def for_list(self, rows):
        """The rows of a list with what its columns show, in no statement a row."""
        return rows

    def get_view_on_site_url(self, obj=None):
        return self.portal_url(obj) if obj is not None and obj.pk else None

    def portal_url(self, obj) -> str | None:
        """The page in the portal that shows the object."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def history_view(self, request, object_id, extra_context=None):
        """What the history triggers have written of the object and its parts, by every face and not only here."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or self.model not in event_models():
            return super().history_view(request, object_id, extra_context)
        if not request.scope.may(Action.HISTORY_READ):
            raise PermissionDenied
        label = self.model._meta.label
        own = Q(root_model=label, root_uuid=obj.uuid) | Q(model=label, object_id=obj.pk)
        changes = Change.objects.visible_to(request.scope).filter(own)
        shown, cursor = page_of_changes(changes, request.GET.get("fore", ""))
        told = {
            "entries": entries_of(shown, request.scope),
            "cursor": cursor,
            "is_first": "fore" not in request.GET,
            "shows_request": request.scope.is_coordinator,
            "title": f"Historik: {obj}",
        }
        return super().history_view(request, object_id, told | (extra_context or {}))


class ScopedModelAdmin(PortalModelAdmin):
    """Rows within scope, rights by the role × action table, and saving through services.

    A subclass defines ``service_create(request, obj, form)`` and ``service_change(request, obj, form)`` where
    meaning changes; a ValidationError they raise lands on the form with everything typed still in it.
    """

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
        offered = [name for name in (*named, self.date_hierarchy) if isinstance(name, str)]
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
        for formset in formsets if hasattr(error, "line") else ():
            for line in formset.forms:
                if line.prefix == error.line:
                    _add_line_error(formset, line, error)
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


class LogAdmin(ScopedModelAdmin):
    """A log: read here and written by what it logs. ``tell(rows, scope)`` says what the reader may know of rows."""

    def get_changelist(self, request, **kwargs):
        return ToldList

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self.tell([row], request.scope)
        return row

    def tell(self, rows, scope):
        raise NotImplementedError

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
