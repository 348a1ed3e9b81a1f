"""The start page, "Mitt arbete": it shows everything, so it lives in the topmost app."""

from sbs_portal.web.views import PageView
from seminars.work import Work, heading_of


class StartView(PageView):
    template_name = "seminars/start.html"
    title = "Mitt arbete"
    active = "start"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            work=Work(self.scope, self.request.GET), lede=heading_of(self.today), **kwargs
        )
