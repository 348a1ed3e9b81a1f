"""The portal's template library; built in, so no template loads it."""

from datetime import date, datetime

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from sbs_portal.time import today
from sbs_portal.web import words
from sbs_portal.web.badges import badge as draw_badge
from sbs_portal.web.drawing import escaped
from sbs_portal.web.icons import icon as draw_icon

register = template.Library()

TRUST = {
    "confirmed": ("ring-check", "bekräftad", "bekräftad"),
    "stated": ("ring-dashed", "enligt {source}, ej bekräftat", "uppgiven, ej bekräftad"),
    "derived": ("ring-lines", "härledd: {source}", "härledd"),
    "unverified": ("ring-question", "{source}, ej granskad", "okänd källa, ej granskad"),
}


@register.simple_tag
def icon(name, css="icon"):
    """An icon beside a word: ``{% icon "check" %} Klar``."""
    return draw_icon(name, css)


@register.simple_tag
def badge(kind, text):
    """A status in a badge. ``kind`` is a meaning of BADGES or a model's status value; else neutral."""
    return draw_badge(kind, text)


@register.simple_tag
def status_badge(obj):
    """The badge of an object that has ``status`` and its choices."""
    return draw_badge(obj.status, obj.get_status_display())


@register.simple_tag
def provenance(trust, source="", href=""):
    """How sure a fact is: ring, words, underline. Source is words ("kommunen"), or nothing."""
    glyph, with_source, alone = TRUST.get(str(trust), TRUST["unverified"])
    source = str(source or "")
    text = with_source.format(source=source) if source else alone
    if str(trust) == "confirmed" and source:
        text = f"bekräftad av {source}"
    css = f"provenance provenance--{trust if str(trust) in TRUST else 'unverified'}"
    mark = draw_icon(glyph, "provenance__mark")
    if href:
        return format_html('<a class="{}" href="{}">{}{}</a>', css, href, mark, text)
    return format_html('<span class="{}">{}{}</span>', css, mark, text)


@register.simple_tag
def masked(text="Skyddad person"):
    """What stands where a protected person's name would."""
    return format_html('<span class="masked">{}</span>', text)


@register.simple_tag
def person_name(person, none="ingen"):
    """A person's name as it may be shown; a protected person is a grey block."""
    if person is None:
        return none
    name = str(getattr(person, "display_name", None) or person)
    return masked(name) if name.startswith("Skyddad") else name


@register.filter
def day(value):
    """ "tis 24 apr" within two weeks, else "24 apr" or "24 apr 2018"; other values as they are."""
    found = words.as_day(value)
    return words.short_day(found, today()) if found else _text(value)


@register.filter
def longdate(value):
    """ "23 april 2018"."""
    found = words.as_day(value)
    return words.long_date(found) if found else _text(value)


@register.filter
def longday(value):
    """ "måndag 23 april 2018"."""
    found = words.as_day(value)
    return words.long_day(found) if found else _text(value)


@register.filter
def clock(value):
    """ "13.42"."""
    return words.clock(value) if value else ""


@register.filter
def week(value):
    """The ISO week of a date."""
    found = words.as_day(value)
    return found.isocalendar().week if found else ""


@register.filter
def imprecise(value):
    """A date known to a day, month, term or year, in words; "uppgift saknas" for nothing."""
    return str(value) if value else "uppgift saknas"


@register.filter
def thousands(value):
    """ "12 345"; other values as they are."""
    return words.thousands(value) if isinstance(value, int | float) else _text(value)


@register.filter
def capfirst_sv(value):
    """The first letter large, the rest untouched."""
    text = str(value)
    return text[:1].upper() + text[1:]


def _text(value):
    return "" if value is None else value


@register.simple_tag
def when(value):
    """ "tis 24 apr, om 3 dagar" as a time element."""
    found = words.as_day(value)
    if found is None:
        return _text(value)
    return format_html('<time datetime="{}">{}</time>', found.isoformat(), words.when(found, today()))


@register.simple_tag
def late_since(value):
    """ "Skulle vara klar fre 30 okt, 4 dagar sen" in red, for a day that has passed."""
    found = words.as_day(value)
    if found is None or found >= today():
        return ""
    days = (today() - found).days
    said = "i går" if days == 1 else f"{words.thousands(days)} dagar sen"
    return format_html(
        '<span class="late">Skulle vara klar {}, {}</span>', words.short_day(found, today()), said
    )


@register.simple_tag
def moment(value):
    """ "i dag 13.42", "i går 16.20", "fre 30 okt": when something was written."""
    if not isinstance(value, datetime):
        return day(value) if isinstance(value, date) else ""
    found = words.as_day(value)
    if (today() - found).days in (0, 1):
        said = f"{words.distance(found, today())} {words.clock(value)}"
    else:
        said = words.short_day(found, today())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), said)


@register.simple_tag(takes_context=True)
def table(context, table):
    """A web.tables.Table as rows on a wide screen and cards on a phone."""
    return _part(context, "components/table.html", {"table": table, "today": today()})


@register.simple_tag(takes_context=True)
def section_body(context, section):
    """The inside of a page section, with the page's object and what the section loaded."""
    flat = {"object": context.get("object"), "section": section, "today": today(), **section.context}
    return _part(context, section.template, flat)


@register.simple_tag(takes_context=True)
def page_section(context, section, open):
    """A section of a page, folded where it is not open; what one may do stands after its title and not in it."""
    count, action = section.count, section.action
    counted = "" if count is None else f'<span class="count">{escaped(str(count))}</span>'
    acts = ""
    if action:
        link = f'<a href="{escaped(action["url"])}">{escaped(action["label"])}</a>'
        acts = f'<p class="section__action">{link}</p>'
    return mark_safe(
        f'<details class="section fold" id="{section.name}"{" open" if open else ""}>\n'
        f"<summary><h2>{escaped(section.title)}</h2>{counted}</summary>\n"
        f"{acts}\n"
        f'<div class="fold__body">{section_body(context, section)}</div>\n</details>'
    )


@register.simple_tag
def side_index(sections):
    """The way to each section of a page, beside them."""
    links = []
    for section in sections:
        number = section.context.get("index_count")
        counted = "" if number is None else f'<span class="count">{escaped(str(number))}</span>'
        links.append(f'<li><a href="#{section.name}">{escaped(section.title)}{counted}</a></li>')
    return mark_safe(
        f'<nav class="side-index no-print" aria-label="På sidan"><ul>{"".join(links)}</ul></nav>'
    )


def _part(context, template_name: str, values: dict) -> str:
    """A part of a page: it knows what every page knows, as the context processors have told the page already,
    and its own values, and nothing else of the page."""
    place = getattr(context, "_processors_index", None)
    inner = context.new(context.dicts[place] if place is not None else {})
    inner._processors_index = 1
    with inner.push(**values):
        return mark_safe(context.template.engine.get_template(template_name).render(inner))


@register.filter
def undo_url(message) -> str:
    """Where a message's "Ångra" leads, "" for one that cannot be undone."""
    word, _, address = (message.extra_tags or "").partition(" ")
    return address if word == "undo" else ""


@register.filter
def error_links(form: BaseForm):
    """The fields' errors as (id of the field, label, message), for the summary on top; hidden ones have no id."""
    found = []
    for bound in form:
        target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
        found += [("" if bound.is_hidden else target, bound.label, message) for message in bound.errors]
    return found


@register.filter
def with_class(bound_field, css):
    """A form field's widget with a CSS class."""
    return bound_field.as_widget(attrs={"class": css})


@register.simple_tag
def logo():
    """The portal's mark: a doorway, planned in outline and filled with what has happened."""
    return mark_safe(
        '<svg class="logo" viewBox="0 0 28 28" aria-hidden="true" focusable="false">'
        '<path fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" '
        'd="M4 24.5V14a10 10 0 0 1 20 0v10.5"/>'
        '<path fill="currentColor" d="M9 25.7V14a5 5 0 0 1 5-5v16.7z"/>'
        '<path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'd="M18.5 14v.1M18.5 19v.1M18.5 24v.1"/></svg>'
    )


@register.filter
def fields_but(form, name):
    """The visible fields of a form (or nothing) without the named one."""
    return [bound for bound in form.visible_fields() if bound.name != name] if form else []


@register.filter
def without_prompts(form):
    """A library's form without placeholders and hints: the label says it once. A new password's hint is ours."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = words.PASSWORD_HINT if name == "password1" else ""
    return form
