"""Calendar files: one meeting, a series, and one's own work at a secret address."""

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from programmes.models import Participation
from sbs_portal.accounts import feeds
from sbs_portal.scope import Scope, bound
from sbs_portal.time import today
from sbs_portal.web.views import PageMixin, PageView, ScopedDetailView, ServiceView
from seminars.calendar import CONTENT_TYPE, calendar_of
from seminars.models import Meeting, MeetingSeries, Seminar
from seminars.overview import with_head

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 1000


def _file(request, rows, *, name: str, file_name: str) -> HttpResponse:
    content = calendar_of(rows, name=name, address=request.build_absolute_uri)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


class MeetingCalendarView(ScopedDetailView):
    model = Meeting
    takes_date = False

    def narrow(self, queryset):
        return with_head(queryset, self.scope)

    def get(self, request, *args, **kwargs):
        return _file(request, [self.object], name=self.object.shown_title, file_name="traff")


class SeriesCalendarView(ScopedDetailView):
    model = MeetingSeries
    takes_date = False

    def get(self, request, *args, **kwargs):
        rows = Meeting.objects.visible_to(self.scope).in_use().filter(series=self.object)
        rows = with_head(rows, self.scope).order_by("when_date", "pk")[:MOST]
        return _file(request, rows, name=self.object.title, file_name="traffar")


class CalendarView(PageView):
    """How to have one's work in a calendar of one's own. The address itself is shown once, when it is made."""

    template_name = "seminars/calendar.html"
    title = "Träffar och seminarier i din kalender"
    takes_date = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(feed=feeds.feed_of(self.request.user), **kwargs)


class CalendarOpenView(CalendarView):
    """Makes the address, and shows it on the answer to the click: it is in no page that can be opened again."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        secret = feeds.open_feed(by=request.user)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
        response = TemplateResponse(request, self.template_name, self.get_context_data(address=address))
        response["Cache-Control"] = "no-store"
        return response


class CalendarCloseView(ServiceView):
    success_message = "Adressen är återkallad. Kalendrar som har den uppdateras inte längre."

    def perform(self):
        feeds.close_feed(by=self.request.user)

    def get_success_url(self):
        return reverse("calendar")


@method_decorator(login_not_required, name="dispatch")
class CalendarFeedView(PageMixin, View):
    """What a calendar program reads, knowing nothing but the address: its owner's scope, reading only."""

    http_method_names = ["get", "head", "options"]
    takes_date = False

    def get(self, request, secret):
        user = feeds.reader_of(secret)
        if user is None:
            raise Http404
        scope = replace(Scope.of(user), read_only=True)
        with bound(scope, face="feed", request_id=request.request_id):
            rows = [*meetings_of(scope), *seminars_of(scope)]
            response = _file(request, rows, name="SBS-portalen", file_name="mitt-arbete")
        # The secret is part of the address and must not be told to whom a link leads.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


def _own(scope: Scope):
    """The participations whose dates stand in the reader's calendar; None for all that the scope reaches.

    Who reaches the whole country has those of their own tasks.
    """
    if not scope.national:
        return None
    return Participation.objects.visible_to(scope).in_use().filter(assignments__person__user=scope.user)


def meetings_of(scope: Scope):
    """The reader's meetings of the last months and the coming year, cancelled ones too; at most MOST."""
    rows = Meeting.objects.visible_to(scope).in_use().filter(when_date__range=_window())
    if (own := _own(scope)) is not None:
        rows = rows.filter(participation_links__participation__in=own).distinct()
    return with_head(rows, scope).order_by("when_date", "pk")[:MOST]


def seminars_of(scope: Scope):
    """The reader's seminars of the same days; at most MOST."""
    rows = Seminar.objects.visible_to(scope).in_use().filter(starts_date__range=_window())
    if (own := _own(scope)) is not None:
        rows = rows.filter(huvudman_links__participation__in=own).distinct()
    return rows.order_by("starts_date", "pk")[:MOST]


def _window():
    return today() - BACK, today() + AHEAD
