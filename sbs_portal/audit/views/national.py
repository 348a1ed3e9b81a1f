"""What has been changed in the whole country, for coordinators."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from sbs_portal.audit.entries import entries_of
from sbs_portal.audit.journal import notes_of
from sbs_portal.audit.models import Change, ChangeKind, Face, JournalEntry
from sbs_portal.audit.pages import history_page, history_pages, page_of_kind
from sbs_portal.audit.views.history import page_with_journal
from sbs_portal.rights import Action
from sbs_portal.web.forms import Form
from sbs_portal.web.views import PageView

UNNAMED = "borttagen"


class ChangeFilterForm(Form):
    """What to show. All of it together narrows."""

    marks_optional = False

    huvudman = forms.CharField(
        label="Huvudman", required=False, max_length=200, help_text="Namnet, eller en del av det."
    )
    kind = forms.ChoiceField(label="Vad", required=False)
    who = forms.CharField(
        label="Vem", required=False, max_length=200, help_text="Namn eller e-postadress, eller en del av det."
    )
    only = forms.ChoiceField(
        label="Visa",
        required=False,
        choices=[("", "Ändringar och journal"), ("changes", "Bara ändringar"), ("journal", "Bara journal")],
    )
    face = forms.ChoiceField(label="Väg", required=False, choices=[("", "Alla"), *Face.choices])
    since = forms.DateField(label="Från och med", required=False)
    until = forms.DateField(label="Till och med", required=False)
    deleted = forms.BooleanField(label="Bara borttaget", required=False)

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        access = apps.get_model(settings.SBS_ACCESS_MODEL)
        owners = access._meta.get_field("huvudman").related_model.objects
        self.owners = owners.visible_to(scope)
        self.fields["kind"].choices = [("", "Alla"), *((page.kind, page.title) for page in history_pages())]

    @cached_property
    def users(self) -> list[int]:
        return _users_like(self.cleaned_data["who"].strip())

    def _named(self, text: str) -> list[int]:
        """The huvudmän that have the text in their name."""
        return list(self.owners.filter(name__icontains=text.strip()).values_list("pk", flat=True))

    def narrow(self, changes):
        """The changes that meet what is asked for; nothing of what cannot be read."""
        if not self.is_valid() or self.cleaned_data["only"] == "journal":
            return changes.none()
        given = self.cleaned_data
        if given["huvudman"].strip():
            ids = self._named(given["huvudman"])
            changes = changes.filter(Q(huvudman_ids__overlap=ids) | Q(now_ids__overlap=ids))
        if given["kind"]:
            changes = page_of_kind(given["kind"]).within(changes)
        if given["who"].strip():
            changes = changes.filter(user_id__in=self.users)
        if given["face"]:
            changes = changes.filter(face=given["face"])
        if given["since"]:
            changes = changes.filter(at__gte=_midnight(given["since"]))
        if given["until"]:
            changes = changes.filter(at__lt=_midnight(given["until"] + timedelta(days=1)))
        return changes.filter(kind=ChangeKind.DELETE) if given["deleted"] else changes

    def narrow_journal(self, lines):
        """The journal's lines that meet it. They come by no face, and are not what is deleted."""
        if not self.is_valid():
            return lines.none()
        given = self.cleaned_data
        if given["only"] == "changes" or given["face"] or given["deleted"]:
            return lines.none()
        if given["huvudman"].strip():
            lines = lines.filter(huvudman_ids__overlap=self._named(given["huvudman"]))
        if given["kind"]:
            lines = lines.filter(subject_model=page_of_kind(given["kind"]).label)
        if given["who"].strip():
            lines = lines.filter(author__in=self.users)
        if given["since"]:
            lines = lines.filter(created_at__gte=_midnight(given["since"]))
        if given["until"]:
            lines = lines.filter(created_at__lt=_midnight(given["until"] + timedelta(days=1)))
        return lines


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _users_like(text: str) -> list[int]:
    """Users by name or address. Someone protected is found by neither."""
    users = get_user_model().objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return list(users.filter(is_protected=False).values_list("pk", flat=True)[:200])


class ChangeListView(PageView):
    """Every change there is, newest first, by pages that count nothing: there may be millions."""

    title = "Ändringar"
    active = "changes"
    takes_date = False
    template_name = "audit/change_list.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.scope.may_everywhere(Action.NATIONAL_HISTORY_READ):
            raise PermissionDenied("Du saknar behörighet att läsa hela landets ändringar.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        form = ChangeFilterForm(asked, scope=self.scope)
        changes, written, cursor = page_with_journal(
            form.narrow(Change.objects.visible_to(self.scope)),
            form.narrow_journal(JournalEntry.objects.visible_to(self.scope)),
            asked.get("fore", ""),
        )
        told = [*notes_of(written, self.scope), *entries_of(changes, self.scope)]
        _name_roots(told, self.scope)
        entries = sorted(told, key=lambda entry: entry.at, reverse=True)
        query = asked.copy()
        query.pop("fore", None)
        older = query.copy()
        older["fore"] = cursor
        return super().get_context_data(
            form=form,
            filtered=any(asked.get(name) for name in form.fields),
            entries=entries,
            older=f"?{older.urlencode()}" if cursor else "",
            newest=f"?{query.urlencode()}" if asked.get("fore") else "",
            shows_request=True,
            **kwargs,
        )


def _name_roots(entries, scope) -> None:
    """Says of each entry which object it is about and where its history is: a statement per kind of object."""
    wanted = defaultdict(set)
    for entry in entries:
        wanted[entry.root_model].add(entry.root_uuid)
    names = {}
    for label, uuids in wanted.items():
        model = apps.get_model(label)
        if history_page(label):
            rows = model.objects.visible_to(scope).filter(uuid__in=uuids).select_related()
            names |= {(label, row.uuid): str(row) for row in rows}
    for entry in entries:
        page = history_page(entry.root_model)
        entry.about = names.get((entry.root_model, entry.root_uuid), UNNAMED) if page else ""
        entry.kind = str(apps.get_model(entry.root_model)._meta.verbose_name)
        entry.url = page.url(entry.root_uuid) if page and entry.root_uuid else ""
