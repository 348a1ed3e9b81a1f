"""The API's pages for people: how to begin, each resource, and what its errors mean. Readable without log-in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator

from sbs_portal.api import reading
from sbs_portal.api.conf import API_VERSION
from sbs_portal.web.views import PageView

# The first page's sections: anchor and heading.
PARTS = (
    ("borja", "Kom igång"),
    ("lasa", "Läsa"),
    ("skriva", "Skriva"),
    ("granser", "Gränser och villkor"),
    ("resurser", "Resurser"),
)


@method_decorator(login_not_required, name="dispatch")
class DeveloperPage(PageView):
    takes_date = False

    @property
    def origin(self) -> str:
        return self.request.build_absolute_uri("/").rstrip("/")

    @property
    def resources(self) -> dict[str, reading.Resource]:
        return reading.resources(settings.ROOT_URLCONF, self.origin)

    def get_context_data(self, **kwargs):
        return super().get_context_data(origin=self.origin, api_version=API_VERSION, **kwargs)


class DevelopersView(DeveloperPage):
    title = "API för utvecklare"
    template_name = "developers/home.html"

    def get_context_data(self, **kwargs):
        rate = settings.API_RATE
        return super().get_context_data(resources=self.resources.values(), rate=rate, parts=PARTS, **kwargs)


class ProblemsView(DeveloperPage):
    title = "Fel från API:et"
    template_name = "developers/problems.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(problems=reading.problems(), **kwargs)


class ResourceView(DeveloperPage):
    template_name = "developers/resource.html"

    @property
    def resource(self) -> reading.Resource:
        try:
            return self.resources[self.kwargs["slug"]]
        except KeyError as error:
            raise Http404 from error

    def get_title(self):
        return self.resource.title

    def get_context_data(self, **kwargs):
        return super().get_context_data(resource=self.resource, **kwargs)
