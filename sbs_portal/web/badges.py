"""A status in words, with a glyph for its meaning: colour is never alone."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sbs_portal.web.icons import icon

# kind: (glyph, colour class). A kind is a meaning; several words may share it.
BADGES = {
    "neutral": ("", ""),
    "new": ("ring", ""),
    "half": ("half", ""),
    "paused": ("bars", ""),
    "cancelled": ("struck", ""),
    "yes": ("check", "badge--way"),
    "active": ("dot", "badge--way"),
    "submitted": ("ring", "badge--way"),
    "no": ("cross", "badge--over"),
    "ended": ("square", "badge--over"),
    "done": ("check", "badge--done"),
    "returned": ("return", "badge--risk"),
    "risk": ("warning", "badge--risk"),
    "late": ("warning", "badge--late"),
}
# Models' own status values, so that a template can hand over obj.status as it is.
STATUS_KINDS = {
    "selected": "new",
    "not_started": "new",
    "planned": "new",
    "proposed": "new",
    "open": "new",
    "pending": "new",
    "invited": "new",
    "offered": "half",
    "draft": "half",
    "partly": "half",
    "accepted": "yes",
    "confirmed": "yes",
    "registered": "yes",
    "declined": "no",
    "aborted": "no",
    "withdrawn": "no",
    "rejected": "no",
    "interrupted": "no",
    "ongoing": "active",
    "started": "active",
    "in_progress": "active",
    "held": "active",
    "in_force": "active",
    "closed": "ended",
    "completed": "ended",
    "ceased": "ended",
    "finished": "ended",
    "approved": "done",
    "attended": "done",
    "overdue": "late",
    "at_risk": "risk",
    "delayed": "late",
    "absent": "cancelled",
    "dropped": "cancelled",
}


@lru_cache(maxsize=1024, typed=True)
def badge(kind, text) -> SafeString:
    """A status in a badge. ``kind`` is a meaning of BADGES or a model's status value; else neutral."""
    glyph, opening = _look(str(kind))
    return format_html("{}{}{}</span>", opening, glyph, text)


@lru_cache(maxsize=256)
def _look(kind: str) -> tuple[SafeString, SafeString]:
    """The glyph and the opening tag of a kind."""
    glyph, colour = BADGES.get(kind) or BADGES[STATUS_KINDS.get(kind, "neutral")]
    opening = format_html('<span class="badge{}">', f" {colour}" if colour else "")
    return icon(glyph, css="") if glyph else SafeString(""), opening
