"""A protected person's details, shown once to one who writes why."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from sbs_portal.rights import Action
from sbs_portal.web.forms import Form
from sbs_portal.web.views import ScopedFormView
from schools.models import Person
from schools.services.reveal import reveal_person


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
