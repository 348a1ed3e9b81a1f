"""The start page, "Mitt arbete": it shows everything, so it lives in the topmost app."""

from datetime import date

from sbs_portal.web.views import PageView
from sbs_portal.web.words import long_day
from seminars.work import work_of


class StartView(PageView):
    template_name = "seminars/start.html"
    title = "Mitt arbete"
    active = "start"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            work=work_of(self.scope, self.request.GET), lede=heading_of(self.today), **kwargs
        )


def heading_of(day: date) -> str:
    """ "Tisdag 3 november 2026, vecka 45"."""
    text = long_day(day)
    return f"{text[:1].upper()}{text[1:]}, vecka {day.isocalendar().week}"
