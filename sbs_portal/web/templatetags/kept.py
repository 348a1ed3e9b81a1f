"""A piece of a page that is the same for everybody, drawn once."""

from django import template
from django.urls import get_script_prefix, get_urlconf

register = template.Library()


class KeptNode(template.Node):
    """Drawn in an empty context: nothing of whom it is drawn for first can be in it."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.drawn = {}

    def render(self, context):
        place = get_urlconf(), get_script_prefix()
        if place not in self.drawn:
            empty = template.Context()
            with empty.bind_template(context.template):
                self.drawn[place] = self.nodelist.render(empty)
        return self.drawn[place]


@register.tag
def kept(parser, token):
    """``{% kept %}…{% endkept %}``: addresses, files and words; what is of the request or the reader is empty here."""
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist)
