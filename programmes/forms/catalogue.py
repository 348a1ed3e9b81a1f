"""Forms of the catalogues: programmes, intake rounds and focus areas."""

from programmes.forms.base import RowForm
from programmes.models import Cohort, FocusArea, Programme
from programmes.services.catalogue import FIELDS

CODE = "Kort, med små bokstäver, siffror och bindestreck. Står i API:et och ändras helst inte."


class ProgrammeForm(RowForm):
    class Meta:
        model = Programme
        fields = FIELDS[Programme]
        help_texts = {"code": CODE}


class CohortForm(RowForm):
    class Meta:
        model = Cohort
        fields = FIELDS[Cohort]
        help_texts = {"name": "Tomt betyder ”Omgång” och starttermin."}


class FocusAreaForm(RowForm):
    class Meta:
        model = FocusArea
        fields = FIELDS[FocusArea]
        help_texts = {
            "code": CODE,
            "is_active": "Utan kryss står det kvar där det används, men går inte att välja på nytt.",
        }
