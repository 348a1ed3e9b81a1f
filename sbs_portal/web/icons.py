"""The drawings used beside words: 16 × 16, drawn in the text's own colour."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_LINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
_THIN = 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'
_RING = 'fill="none" stroke="currentColor" stroke-width="1.5"'

ICONS = {
    "check": f'<path {_LINE} d="M3 8.5l3.2 3.2L13 4.6"/>',
    "cross": f'<path {_LINE} d="M4 4l8 8M12 4l-8 8"/>',
    "plus": f'<path {_LINE} d="M8 3v10M3 8h10"/>',
    "minus": f'<path {_LINE} d="M3 8h10"/>',
    "search": f'<circle {_LINE} cx="7" cy="7" r="4.5"/><path {_LINE} d="M10.5 10.5L14 14"/>',
    "menu": f'<path {_LINE} d="M2 4h12M2 8h12M2 12h12"/>',
    "arrow-left": f'<path {_LINE} d="M10 3L5 8l5 5"/>',
    "arrow-right": f'<path {_LINE} d="M6 3l5 5-5 5"/>',
    "arrow-up": f'<path {_LINE} d="M3 10l5-5 5 5"/>',
    "arrow-down": f'<path {_LINE} d="M3 6l5 5 5-5"/>',
    "print": f'<path {_THIN} d="M4.5 6V2h7v4M4.5 12H2V6h12v6h-2.5M4.5 9.5h7V14h-7z"/>',
    "download": f'<path {_LINE} d="M8 2v8M4.5 7L8 10.5 11.5 7M2.5 14h11"/>',
    "calendar": f'<path {_THIN} d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3"/>',
    "person": f'<circle {_THIN} cx="8" cy="5" r="3"/><path {_THIN} d="M2.5 14c.6-3 2.7-4.5 5.5-4.5s4.9 1.5 5.5 4.5"/>',
    "lock": f'<path {_THIN} d="M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2"/>',
    "external": f'<path {_THIN} d="M9 2h5v5M14 2L7.5 8.5M12 9v5H2V4h5"/>',
    "undo": f'<path {_LINE} d="M6 3L2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 7.5H7"/>',
    "info": f'<circle {_THIN} cx="8" cy="8" r="6.2"/><path {_LINE} d="M8 7.5v3.5M8 4.9v.1"/>',
    "warning": '<path fill="currentColor" d="M8 2l7 12H1z"/>',
    "edit": f'<path {_THIN} d="M2.5 13.5l.8-3.2 7.7-7.7 2.4 2.4-7.7 7.7z"/>',
    # Glyphs of the badges: one shape for each meaning, so that colour is never alone.
    "ring": f'<circle {_LINE} cx="8" cy="8" r="5.5"/>',
    "half": f'<circle {_LINE} cx="8" cy="8" r="5.5"/><path fill="currentColor" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/>',
    "dot": '<circle fill="currentColor" cx="8" cy="8" r="6"/>',
    "bars": '<path fill="currentColor" d="M3 2h3.5v12H3zM9.5 2H13v12H9.5z"/>',
    "square": '<path fill="currentColor" d="M2.5 2.5h11v11h-11z"/>',
    "return": f'<path {_LINE} d="M6.5 2L2.5 6l4 4M3 6h6.5a4 4 0 0 1 4 4v4"/>',
    "struck": f'<circle {_LINE} cx="8" cy="8" r="6"/><path {_LINE} d="M4 12l8-8"/>',
    # Provenance: a ring that says how sure.
    "ring-check": f'<circle {_RING} cx="8" cy="8" r="6.5"/><path {_THIN} d="M5 8.3l2.2 2.2L11 6"/>',
    "ring-dashed": f'<circle {_RING} cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.5"/>',
    "ring-lines": f'<circle {_RING} cx="8" cy="8" r="6.5"/><path {_THIN} d="M5.5 6.7h5M5.5 9.3h5"/>',
    "ring-question": f'<circle {_RING} cx="8" cy="8" r="6.5" stroke-dasharray="1.2 2"/>'
    f'<path {_THIN} d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1.1M8 11.4v.1"/>',
}


@cache
def icon(name: str, css: str = "icon") -> SafeString:
    """The drawing as an inline svg, hidden from screen readers: the word beside it is its name.

    Raises KeyError for a name that is not drawn.
    """
    return format_html(
        '<svg{} viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        format_html(' class="{}"', css) if css else "",
        mark_safe(ICONS[name]),
    )
