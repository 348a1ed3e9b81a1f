"""What every page knows."""

from django.conf import settings
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from sbs_portal.addressing import address
from sbs_portal.time import today
from sbs_portal.web import navigation

RIBBON = "Övningsmiljö. Personer och Exempelby kommun är påhittade."


def portal(request) -> dict:
    """Context processor: navigation, the user's role in words, the ribbon and the time of the page."""
    return {
        "navigation": _Navigation(request),
        "role_line": role_line(request),
        "ribbon": RIBBON if is_practice() else "",
        "today": today(),
        "shown_at": timezone.localtime(),
        "search_url": search_url(),
        "operator": settings.OPERATOR,
        "contact_email": settings.CONTACT_EMAIL,
        "sends_mail": settings.SENDS_MAIL,
    }


def is_practice() -> bool:
    """Whether what is shown is the demo: its own embedded database, or told so."""
    return bool(settings.EMBEDDED or settings.DEMO)


def role_line(request) -> str:
    """The user's role in words, "" for someone without one."""
    return getattr(getattr(request, "scope", None), "description", "")


def search_url() -> str:
    try:
        return address("search")
    except NoReverseMatch:
        return ""


class _Navigation:
    """The navigation, made when a template asks, since only the view knows which item is current."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def links(self) -> list[navigation.Link]:
        if not getattr(self.request, "user", None) or not self.request.user.is_authenticated:
            return []
        return navigation.links(self.request, getattr(self.request, "active_item", ""))

    @property
    def main(self) -> SafeString:
        return navigation.drawn([link for link in self.links if not link.under_more])

    @property
    def more(self) -> SafeString:
        return navigation.drawn([link for link in self.links if link.under_more])

    @property
    def whole(self) -> SafeString:
        return navigation.drawn(self.links)

    @property
    def is_under_more(self) -> bool:
        return any(link.current for link in self.links if link.under_more)
