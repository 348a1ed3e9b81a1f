"""The form of a saved view: its name, and who it is for."""

from django import forms

from sbs_portal.lists.models import Audience, SavedView
from sbs_portal.lists.services import huvudman_choices
from sbs_portal.rights import Role
from sbs_portal.web.forms import Form


def audience_choices(scope) -> list[tuple[str, str]]:
    """Whom the user may share with, each group as one choice: "huvudman:12", "role:rektor"."""
    choices = [(Audience.MINE.value, "Bara jag")]
    choices += [(f"huvudman:{row.pk}", f"Alla hos {row}") for row in huvudman_choices(scope)]
    if scope.is_coordinator:
        choices += [(f"role:{role.value}", f"Alla med rollen {role.label}") for role in Role]
        choices.append((Audience.EVERYONE.value, "Alla i portalen"))
    return choices


class SavedViewForm(Form):
    name = forms.CharField(label="Vyns namn", max_length=80)
    audience = forms.ChoiceField(label="För vem")
    is_default = forms.BooleanField(
        label="Förval för rollen",
        required=False,
        help_text="Listan öppnas så för den som inte valt något eget.",
    )

    def __init__(self, *args, scope, view: SavedView | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = audience_choices(scope)
        if view is None or not scope.is_coordinator:
            del self.fields["is_default"]

    @property
    def group(self) -> dict:
        """The chosen group as the service takes it."""
        audience, _, which = self.cleaned_data["audience"].partition(":")
        if audience == Audience.HUVUDMAN:
            return {"audience": audience, "huvudman_id": int(which)}
        return {"audience": audience, "role": which}


def chosen_audience(view: SavedView) -> str:
    """A view's group as a choice of the form."""
    return {
        Audience.HUVUDMAN: f"huvudman:{view.huvudman_id}",
        Audience.ROLE: f"role:{view.role}",
    }.get(view.audience, view.audience)
