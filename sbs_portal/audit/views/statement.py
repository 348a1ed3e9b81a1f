"""The coordinator's review list: attach, accept, or reject with a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse

from sbs_portal.audit import services
from sbs_portal.audit.filters import PILLS, StatementFilter
from sbs_portal.audit.forms import AcceptForm, RejectForm
from sbs_portal.audit.models import Statement
from sbs_portal.audit.subjects import prefetched, subject_kind, subject_kinds
from sbs_portal.audit.tables import StatementTable
from sbs_portal.rights import Action
from sbs_portal.web.views import ScopedDetailView, ScopedListView, ScopedObjectMixin, ServiceView

SUGGESTIONS = 8


class ReviewerMixin:
    """The review is a coordinator's."""

    active = "statements"
    takes_date = False

    def dispatch(self, request, *args, **kwargs):
        if not request.scope.may(Action.STATEMENT_REVIEW):
            raise PermissionDenied("Du saknar behörighet att granska uppgifter.")
        return super().dispatch(request, *args, **kwargs)


class StatementListView(ReviewerMixin, ScopedListView):
    model = Statement
    table_class = StatementTable
    filterset_class = StatementFilter
    pills = PILLS
    title = "Uppgifter att granska"
    search_placeholder = "Sök i uppgifter och källor"
    empty_title = "Inga uppgifter"
    empty_text = "Här samlas det som källor säger och som någon behöver ta ställning till."

    def narrow(self, queryset):
        return queryset.select_related("source", "subject_type").prefetch_related(prefetched())


class StatementPage(ReviewerMixin, ScopedDetailView):
    """One statement: its words, its source, and what a coordinator can do with it."""

    model = Statement
    template_name = "audit/statement_detail.html"
    object_name = "statement"

    def narrow(self, queryset):
        return queryset.select_related("source", "reviewed_by", "subject_type")

    def suggestions(self, words: str) -> list[dict]:
        """Rows the words may mean, of every kind a statement can be about."""
        if len(words) < 2:
            return []
        return [
            {"kind": kind, "row": row}
            for kind in subject_kinds()
            for row in kind.search(kind.model.objects.visible_to(self.scope), words)[:SUGGESTIONS]
        ]

    def get_context_data(self, **kwargs):
        words = self.request.GET.get("sok", "").strip()
        kwargs.setdefault("accept_form", AcceptForm(initial={"trust": self.object.trust}))
        kwargs.setdefault("reject_form", RejectForm())
        return super().get_context_data(
            words=words, suggestions=self.suggestions(words), source=self.object.source, **kwargs
        )


class _Decide(StatementPage):
    """A form on the statement's page: the service is called, or the page shown again with what was typed."""

    http_method_names = ["post", "options"]
    form_class = None
    form_name = ""
    done = ""

    def perform(self, data):
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                self.perform(form.cleaned_data)
            except ValidationError as error:
                form.add_validation_error(error)
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(reverse("statement_detail", args=[self.object.uuid]))
        return self.render_to_response(self.get_context_data(**{self.form_name: form}), status=422)


class AcceptView(_Decide):
    form_class, form_name, done = AcceptForm, "accept_form", "Uppgiften är godtagen."

    def perform(self, data):
        services.accept_statement(statement=self.object, by=self.request.user, **data)


class RejectView(_Decide):
    form_class, form_name, done = RejectForm, "reject_form", "Uppgiften är avvisad."

    def perform(self, data):
        services.reject_statement(statement=self.object, by=self.request.user, **data)


class _StatementButton(ReviewerMixin, ScopedObjectMixin, ServiceView):
    model = Statement

    def get_success_url(self):
        return reverse("statement_detail", args=[self.object.uuid])


class ReopenView(_StatementButton):
    success_message = "Uppgiften väntar på granskning igen."

    def perform(self):
        services.reopen_statement(statement=self.object, by=self.request.user)


class AttachView(_StatementButton):
    success_message = "Uppgiften är knuten."

    def perform(self):
        kind = subject_kind(self.request.POST.get("kind", ""))
        if kind is None:
            raise ValidationError("Välj vad uppgiften gäller.")
        subject = kind.model.objects.get_for(self.scope, uuid=self.request.POST.get("id", ""))
        services.attach_statement(statement=self.object, subject=subject, by=self.request.user)
