"""Pages where units are merged and split."""

from sbs_portal.time import today
from schools.forms.succession import MergeForm, SplitForm
from schools.services import succession as services
from schools.views.unit import UnitPage


class SuccessionPage(UnitPage):
    template_name = "schools/unit_succession.html"

    def find_conflicts(self, form):
        return []

    def get_success_url(self):
        return self.object.get_absolute_url() + "#samband"


class UnitMergeView(SuccessionPage):
    title = "Slå ihop med en annan enhet"
    form_class = MergeForm
    submit_label = "Slå ihop enheterna"
    success_message = "Enheterna är sammanslagna. Se över personernas roller, de ändras inte av sig själva."

    def get_form_kwargs(self):
        version = self.object.version_on(today()) or self.object.versions.last()
        return super().get_form_kwargs() | {
            "scope": self.scope,
            "unit": self.object,
            "huvudman": version.huvudman if version else None,
        }

    def perform(self, form):
        fields = {name: form.cleaned_data[name] for name in ("other", "day", "name", "unit_code", "note")}
        return services.merge_units(unit=self.object, **fields, by=self.request.user)

    def get_success_url(self):
        return self.result.get_absolute_url() + "#samband"


class UnitSplitView(SuccessionPage):
    title = "Dela enheten"
    form_class = SplitForm
    submit_label = "Dela enheten"
    success_message = "Enheten är delad. Se över personernas roller, de ändras inte av sig själva."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.object}

    def perform(self, form):
        return services.split_unit(
            unit=self.object,
            day=form.cleaned_data["day"],
            parts=form.parts,
            note=form.cleaned_data["note"],
            by=self.request.user,
        )
