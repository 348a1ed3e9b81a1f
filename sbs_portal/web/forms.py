"""Forms: one renderer for every form in the portal, and the base classes pages build on."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import TemplatesSetting

from sbs_portal.web.drawing import DRAWN


class FormRenderer(TemplatesSetting):
    """Draws label, hint, error and field in that order, with a summary of errors on top.

    The templates are overrides of Django's own (templates/django/forms), so a form of a library is drawn
    the same way. The commonest are drawn by functions that say the same (sbs_portal.web.drawing).
    """

    def render(self, template_name, context, request=None):
        draw = DRAWN.get(template_name)
        return draw(context) if draw else super().render(template_name, context, request)


class Segmented(forms.RadioSelect):
    """A few choices drawn as one control. Still a radio group: arrows and labels work as they should."""

    template_name = "components/widgets/segmented.html"
    option_template_name = "django/forms/widgets/radio_option.html"


class PillRadio(forms.RadioSelect):
    """Choices as filter pills, one of them chosen."""

    template_name = "components/widgets/pills.html"


class PillCheckboxes(forms.CheckboxSelectMultiple):
    """Choices as filter pills, any number of them chosen."""

    template_name = "components/widgets/pills.html"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


_OURS = {
    forms.DateField: (forms.DateInput, DateInput),
    forms.TimeField: (forms.TimeInput, TimeInput),
    forms.DateTimeField: (forms.DateTimeInput, DateTimeInput),
}


class FormMixin:
    """What every form of the portal does.

    Optional fields say so. Date and time fields use the browser's own pickers. An error of a service lands
    on its field, and one of a field the form does not show lands on top, so that no reason is lost.
    """

    marks_optional = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            plain, ours = _OURS.get(type(field), (None, None))
            if plain is not None and type(field.widget) is plain:
                field.widget = ours(attrs=field.widget.attrs)

    def add_validation_error(self, error: ValidationError) -> None:
        """Put a service's ValidationError on the fields it names; what they are not here goes on top."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                known = name in self.fields and name != NON_FIELD_ERRORS
                self.add_error(name if known else None, errors)
        else:
            self.add_error(None, error)


class Form(FormMixin, forms.Form):
    """Base of the portal's forms."""


class ModelForm(FormMixin, forms.ModelForm):
    """Base of the portal's forms on a model. Saving is the service's work, not the form's."""
