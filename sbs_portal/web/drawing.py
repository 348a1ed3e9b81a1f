"""Form fields and widgets drawn without templates.

A list's filters and a form of many lines are hundreds of small pieces, and a template costs more to enter than
a piece is to draw. What stands here draws what the template of the same name does, and a test holds the two
together; a widget that is not here is drawn by its template.
"""

import re
from collections.abc import Callable, Iterable
from html import escape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_SPECIAL = re.compile("[&<>\"']").search


def attributes(attrs: dict) -> str:
    """' class="num" required': None of those that are False."""
    return "".join(
        f" {name}" if value is True else f' {name}="{said(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def escaped(value) -> str:
    """A value as HTML has it, unless it is safe already: ``conditional_escape``, which most words need not."""
    if isinstance(value, SafeString) or (type(value) is str and not _SPECIAL(value)):
        return value
    return conditional_escape(value)


def said(value) -> str:
    """A value as text, escaped unless it is safe already."""
    return value if isinstance(value, SafeString) else escape(str(value))


def select(attrs: dict, choices: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """A choice of (value, words)."""
    options = "".join(
        f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(words)}</option>'
        for value, words in choices
    )
    return f"<select{attributes(attrs)}>{options}</select>"


def _capital(label) -> str:
    text = str(label)
    return escape(text[:1].upper() + text[1:])


def _value(widget: dict) -> str:
    return "" if widget["value"] is None else f' value="{said(widget["value"])}"'


def _input(context: dict) -> str:
    widget = context["widget"]
    opening = f'<input type="{said(widget["type"])}" name="{said(widget["name"])}"'
    return f"{opening}{_value(widget)}{attributes(widget['attrs'])}>"


def _textarea(context: dict) -> str:
    widget = context["widget"]
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{said(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(context: dict) -> str:
    widget = context["widget"]
    parts = [f'<select name="{said(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{said(group)}">')
        parts += [
            f'<option value="{said(option["value"])}"{attributes(option["attrs"])}>{_capital(option["label"])}</option>'
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "\n".join(parts)


def _options(widget: dict):
    for _, options, _ in widget["optgroups"]:
        yield from options


def _for(option: dict) -> str:
    return f' for="{said(option["attrs"]["id"])}"' if option["attrs"].get("id") else ""


def _group(css: str, widget: dict) -> str:
    own = f' id="{said(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f'<div class="{css}"{own}>'


def _pills(context: dict) -> str:
    widget = context["widget"]
    pills = [
        f'<label class="pill"{_for(option)}><input type="{option["type"]}" name="{said(option["name"])}"'
        f"{_value(option)}{attributes(option['attrs'])}>{conditional_escape(option['label'])}</label>"
        for option in _options(widget)
    ]
    return f"{_group('pills', widget)}{''.join(pills)}</div>"


def _segmented(context: dict) -> str:
    widget = context["widget"]
    parts = [
        f'<label{_for(option)}><input type="radio" name="{said(option["name"])}"'
        f"{_value(option)}{attributes(option['attrs'])}><span>{_capital(option['label'])}</span></label>"
        for option in _options(widget)
    ]
    return f"{_group('segmented', widget)}{''.join(parts)}</div>"


def _errors(context: dict) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    own = f' id="{said(errors.field_id)}_error"' if getattr(errors, "field_id", "") else ""
    lines = "".join(f"<li>{conditional_escape(error)}</li>" for error in errors)
    return f'<ul class="{said(context["error_class"])}"{own}>{lines}</ul>'


def _label(context: dict) -> str:
    label = conditional_escape(context["label"])
    if not context["use_tag"]:
        return label
    tag = said(context["tag"])
    return f"<{tag}{attributes(context['attrs'] or {})}>{label}</{tag}>"


def _field(context: dict) -> str:
    """Label, hint, error and widget in that order; a box to tick has its label after it."""
    field = context["field"]
    failed = field.errors
    css = f"field{' field--error' if failed else ''}"
    hint = ""
    if field.help_text:
        hint = f'<div class="field__hint" id="{said(field.auto_id)}_helptext">{field.help_text}</div>'
    errors = str(failed) if failed else ""
    label = conditional_escape(field.label) if field.label else ""
    if field.widget_type == "checkbox":
        css = css.replace("field", "field field--check", 1)
        opening = f'<label for="{said(field.id_for_label)}">{label}</label>'
        return f'<div class="{css}">{field}{opening}{hint}{errors}</div>'
    if label and not field.field.required and getattr(field.form, "marks_optional", False):
        label += ' <span class="field__optional">(frivilligt)</span>'
    if field.use_fieldset:
        about = field.aria_describedby
        about = f' aria-describedby="{said(about)}"' if about else ""
        legend = f"<legend>{label}</legend>" if label else ""
        return f'<fieldset class="{css}"{about}>{legend}{hint}{errors}{field}</fieldset>'
    if label:
        label = f'<label class="field__label" for="{said(field.id_for_label)}">{label}</label>'
    return f'<div class="{css}">{label}{hint}{errors}{field}</div>'


_W = "django/forms/widgets/"
DRAWN: dict[str, Callable[[dict], str]] = {
    **{
        f"{_W}{name}.html": _input
        for name in (
            "text",
            "number",
            "email",
            "url",
            "hidden",
            "password",
            "date",
            "time",
            "datetime",
            "checkbox",
            "input",
        )
    },
    f"{_W}select.html": _select,
    f"{_W}textarea.html": _textarea,
    "components/widgets/pills.html": _pills,
    "components/widgets/segmented.html": _segmented,
    "django/forms/field.html": _field,
    "django/forms/label.html": _label,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/errors/list/ul.html": _errors,
}
