"""A protected person's details, shown once to one who writes why; and the list of all such times."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from sbs_portal.rights import Action
from sbs_portal.web.forms import Form
from sbs_portal.web.views import ScopedFormView, ScopedListView
from schools.filters import PersonRevealFilter
from schools.models import Person, PersonReveal, RoleAssignment
from schools.services.reveal import reveal_person
from schools.tables import PersonRevealTable


class RevealForm(Form):
    reason = forms.CharField(
        label="Varför behöver du uppgifterna?",
        max_length=500,
        help_text="Skälet sparas med ditt namn och tiden, och syns för dem som får visa uppgifterna.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Skriv varför du behöver uppgifterna."},
    )


@method_decorator(never_cache, name="dispatch")
class PersonRevealView(ScopedFormView):
    """The form, and on POST the details themselves: on that one answer, which nothing may keep."""

    model = Person
    change_action = Action.PERSON_REVEAL
    form_class = RevealForm
    template_name = "schools/person_reveal.html"
    title = "Visa skyddade uppgifter"
    submit_label = "Visa uppgifterna"

    def form_valid(self, form):
        try:
            with transaction.atomic():
                revealed = reveal_person(person=self.object, by=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_validation_error(error)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, revealed=revealed))

    def get_cancel_url(self):
        return self.object.get_absolute_url()


class PersonRevealListView(ScopedListView):
    """Who has been shown whose protected details, when and why: for those who answer for the whole country."""

    model = PersonReveal
    table_class = PersonRevealTable
    filterset_class = PersonRevealFilter
    template_name = "schools/person_reveal_list.html"
    title = "Visningar av skyddade uppgifter"
    active = "people"
    takes_date = False
    search_placeholder = "Sök i skälen"
    empty_title = "Inga visningar ännu"
    empty_text = "Varje gång någon visar en skyddad persons uppgifter står det här, med skälet."

    def dispatch(self, request, *args, **kwargs):
        if not request.scope.may_everywhere(Action.REVEAL_READ):
            raise PermissionDenied("Du saknar behörighet att läsa hela landets visningar.")
        return super().dispatch(request, *args, **kwargs)

    def get_lede(self):
        return "Vem som har sett en skyddad persons uppgifter, när och varför."

    def narrow(self, queryset):
        roles = RoleAssignment.objects.visible_to(self.scope).active_on()
        roles = roles.select_related("huvudman", "provider")
        return queryset.select_related("person", "by").prefetch_related(
            Prefetch("person__roles", queryset=roles, to_attr="roles_now")
        )
