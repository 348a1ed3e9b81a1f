"""What every page has."""

from contextlib import nullcontext
from datetime import date

from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin

from sbs_portal import time

ASKED_YEARS = range(time.FIRST_YEAR + 20, time.LAST_YEAR - 20)


class PageMixin(ContextMixin):
    """What every page has: its title, its place in the navigation, the user's scope, the day it shows.

    A reading page is asked about another day by ``?datum=2018-04-23``. The whole page is then made with
    that as today; ``asked_day`` says so on the page. A date that cannot be read is told on the page, which
    shows today. A page that writes takes no date.
    """

    title = ""
    active = ""
    takes_date = True

    def dispatch(self, request, *args, **kwargs):
        request.active_item = self.active
        with time.frozen(self.asked_day) if self.asked_day else nullcontext():
            response = super().dispatch(request, *args, **kwargs)
            if self.asked_day and isinstance(response, TemplateResponse):
                response.render()
        return response

    @cached_property
    def asked_day(self) -> date | None:
        """The day in ``?datum=``, None when there is none to be read."""
        if not self.takes_date or self.request.method not in ("GET", "HEAD"):
            return None
        try:
            asked = date.fromisoformat(self.request.GET.get("datum", ""))
        except ValueError:
            return None
        # A page reckons some terms and years to either side, and the calendar has ends.
        return asked if asked.year in ASKED_YEARS else None

    @property
    def unread_date(self) -> str:
        """What stands in ``?datum=`` when it is no date."""
        asked = self.request.GET.get("datum", "") if self.takes_date else ""
        return asked if asked and not self.asked_day else ""

    @property
    def today(self) -> date:
        return time.today()

    @property
    def scope(self):
        """The scope bound for this request."""
        return self.request.scope

    def get_title(self) -> str:
        return self.title

    def get_context_data(self, **kwargs):
        without = self.request.GET.copy()
        without.pop("datum", None)
        return super().get_context_data(
            today=self.today,
            page_title=self.get_title(),
            asked_day=self.asked_day,
            unread_date=self.unread_date,
            url_without_date=f"{self.request.path}?{without.urlencode()}" if without else self.request.path,
            **kwargs,
        )
