"""The search page."""

from sbs_portal.search.kinds import find, suggestions
from sbs_portal.search.text import LONGEST, Asked
from sbs_portal.web.views import PageView

SHOWN = 6
OF_ONE_KIND = 50


class SearchView(PageView):
    """``?q=`` in everything, ``?i=`` in one kind only. htmx asks for the hits alone."""

    template_name = "search/search.html"
    title = "Sök"

    def get_template_names(self):
        if self.request.headers.get("HX-Request") == "true":
            return ["search/_hits.html"]
        return [self.template_name]

    def get_title(self):
        text = self.asked.text
        return f"Sök: {text}" if text else self.title

    @property
    def asked(self) -> Asked:
        return Asked.of(self.request.GET.get("q", ""))

    def get_context_data(self, **kwargs):
        asked, only = self.asked, [name for name in [self.request.GET.get("i", "")] if name]
        groups = find(self.scope, asked, limit=OF_ONE_KIND if only else SHOWN, only=only)
        return super().get_context_data(
            asked=asked,
            only=only[0] if only else "",
            groups=groups,
            number=sum(len(group.hits) for group in groups),
            has_more=any(group.has_more for group in groups),
            suggestions=suggestions(self.scope, asked) if not groups else [],
            longest=LONGEST,
            **kwargs,
        )
