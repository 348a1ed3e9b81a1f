"""What the admin's own templates ask for."""

from django import template
from django.contrib.admin import site

register = template.Library()


@register.simple_tag
def admin_group(opts):
    """The group of the first page that the model stands in; None where it stands in none."""
    return site.group_of(opts.label)
