"""The first step of what is with several participations: which."""

from django import forms
from django.db.models import Q

from programmes.models import Participation
from sbs_portal.filters import as_uuid
from sbs_portal.web.forms import Form

CHOSEN, SEARCHED = "deltagande", "sok"
# So many are seen at a glance; of more one searches.
SEEN_AT_ONCE = 15


class ChooseParticipationsForm(Form):
    """One or several to tick, among those that match what is searched for; what is ticked stays in the list."""

    deltagande = forms.ModelMultipleChoiceField(
        Participation.objects.none(),
        to_field_name="uuid",
        label="Vilka deltaganden?",
        help_text="Kryssa i flera om träffarna är gemensamma.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj minst ett deltagande."},
    )
    sok = forms.CharField(label="Sök huvudman", required=False, max_length=100)
    field_order = ("sok", "deltagande")
    marks_optional = False

    def __init__(self, *args, rows, searched: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if rows[SEEN_AT_ONCE : SEEN_AT_ONCE + 1]:
            words = searched.strip()
            ticked = [one for one in map(as_uuid, self.initial.get(CHOSEN, ())) if one]
            rows = rows.filter(Q(huvudman__name__icontains=words) | Q(uuid__in=ticked)) if words else rows
        else:
            del self.fields["sok"]
        self.fields["deltagande"].queryset = rows
