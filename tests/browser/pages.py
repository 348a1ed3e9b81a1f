"""Every page of the portal, with an account that reads it."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

COORDINATOR, LEADER, EDITOR, REKTOR, READER = "samordnare", "processledare", "forvaltning", "rektor", "namnd"
OURS = ("sbs_portal.", "schools.", "programmes.", "seminars.", "allauth.")


@dataclass(frozen=True)
class Page:
    """An address, who opens it, and the row its uuid is (a key of data.rows)."""

    name: str
    account: str | None = COORDINATOR
    row: str = ""
    query: str = ""
    words: str = ""
    dark: bool = False

    def __str__(self):
        return "-".join(part for part in (self.name, self.row, self.words, self.account) if part)

    def path(self, rows: dict[str, str]) -> str:
        return reverse(self.name, args=[rows[self.row]] if self.row else []) + self.query


PAGES = (
    Page("account_login", account=None, dark=True),
    Page("accessibility", account=None),
    Page("accessibility_receipt", account=None),
    Page("privacy", account=None),
    Page("cookies", account=None),
    Page("account_reset_password", account=None),
    Page("account_reset_password_done", account=None),
    Page("account_reset_password_from_key_done", account=None),
    Page("account_inactive", account=None),
    Page("account_signup", account=None),
    Page("developers", account=None, dark=True),
    Page("developers_problems", account=None),
    Page("developers_resource", account=None, row="resource"),
    Page("account_logout"),
    Page("account_change_password"),
    Page("account_reauthenticate"),
    Page("account", dark=True),
    Page("log_ins"),
    Page("mfa_index"),
    Page("components", dark=True),
    Page("access_list"),
    Page("access_list", EDITOR),
    Page("access_invitations"),
    Page("access_invitation", EDITOR, row="invitation"),
    Page("access_invite"),
    Page("access_invite", EDITOR),
    Page("access_account", row="account"),
    Page("access_grant", EDITOR, row="account"),
    Page("access_change", EDITOR, row="access"),
    Page("access_end", EDITOR, row="access"),
    Page("account_close", row="account"),
    Page("search", query="?q=uppfölj"),
    Page("search", EDITOR, query="?q=Udevalla", words="empty"),
    Page("calendar", LEADER),
    Page("key_list"),
    Page("key", EDITOR, row="key"),
    Page("statement_list"),
    Page("change_list", dark=True),
    Page("change_list", query="?kind=meeting&face=job", words="filtered"),
    Page("statement_detail", row="waiting"),
    Page("statement_detail", row="rejected"),
    Page("huvudman_list", dark=True),
    Page("huvudman_detail", row="huvudman"),
    Page("huvudman_detail", EDITOR, row="huvudman"),
    Page("provider_list"),
    Page("provider_add"),
    Page("school_calendar_list", EDITOR),
    Page("school_calendar_detail", row="school_calendar"),
    Page("school_calendar_add"),
    Page("unit_list"),
    Page("unit_detail", row="unit"),
    Page("unit_detail", REKTOR, row="unit"),
    Page("person_list", EDITOR),
    Page("person_reveal_list"),
    Page("person_detail", row="person"),
    Page("unit_create", EDITOR),
    Page("unit_change_from", EDITOR, row="unit"),
    Page("unit_merge", EDITOR, row="unit"),
    Page("unit_split", EDITOR, row="unit"),
    Page("person_create", EDITOR),
    Page("participation_list"),
    Page("participation_detail", row="uddevalla", dark=True),
    Page("participation_detail", row="uddevalla", query="?datum=2018-04-23", words="2018"),
    Page("participation_detail", row="exempelby"),
    Page("participation_detail", row="unknown_start"),
    Page("participation_detail", READER, row="uddevalla"),
    Page("participation_register", EDITOR, row="huvudman"),
    Page("participation_change", row="exempelby"),
    Page("participation_status", row="exempelby"),
    Page("participation_return", row="exempelby"),
    Page("participation_joined", row="exempelby"),
    Page("participation_new"),
    Page("assignment_add", EDITOR, row="uddevalla"),
    Page("support_change", row="support"),
    Page("catalogue"),
    Page("start", COORDINATOR),
    Page("start", LEADER, dark=True),
    Page("start", REKTOR),
    Page("start", READER),
    Page("start", "exempelby"),
    Page("meeting_list", LEADER),
    Page("meeting_list", LEADER, query="?q=finns+inte", words="empty"),
    Page("meeting_bulk", LEADER, query="?atgard=cancel&vilka=alla"),
    Page("action_list", LEADER),
    Page("action_bulk", LEADER, query="?atgard=owner&vilka=alla&urval=state%3Dopen"),
    Page("meeting_plan", LEADER),
    Page("series_new", EDITOR),
    Page("meeting_detail", LEADER, row="held_meeting"),
    Page("meeting_detail", LEADER, row="next_meeting"),
    Page("meeting_detail", LEADER, row="month_meeting"),
    Page("meeting_write", LEADER, row="meeting_now", dark=True),
    Page("meeting_write", LEADER, row="next_meeting"),
    Page("meeting_write", LEADER, row="held_meeting"),
    Page("meeting_change", LEADER, row="next_meeting"),
    Page("meeting_move", LEADER, row="next_meeting"),
    Page("meeting_expected", LEADER, row="next_meeting"),
    Page("series_detail", LEADER, row="series"),
    Page("series_change", LEADER, row="series"),
    Page("series_several", LEADER, row="series"),
    Page("meeting_cancel", LEADER, row="next_meeting"),
    Page("action_explain", LEADER, row="action"),
    Page("huvudman_history", row="huvudman"),
    Page("unit_history", EDITOR, row="unit"),
    Page("person_reveal", EDITOR, row="person"),
    Page("person_history", EDITOR, row="person"),
    Page("participation_history", row="exempelby", dark=True),
    Page("meeting_history", LEADER, row="held_meeting"),
    Page("series_history", LEADER, row="series"),
    Page("seminar_history", row="seminar"),
    Page("seminar_list"),
    Page("saved_view_list", EDITOR),
    Page("saved_view_save", EDITOR, query="?lista=schoolunit&urval=school_form%3DGR"),
    Page("seminar_detail", row="seminar", dark=True),
    Page("seminar_detail", row="seminar", query="?flik=delegationer", words="delegations"),
    Page("seminar_detail", row="development_day"),
    Page("seminar_new"),
    Page("seminar_invite", row="seminar"),
    Page("session_new", row="seminar"),
    Page("delegation_change", row="delegation"),
    Page("seminar_archive", row="seminar"),
)

# Addresses that are no page of ours to look at, each with its reason.
NO_PAGE = {
    "healthz": "JSON for a probe",
    "readyz": "JSON for a probe",
    "invitation": "needs a key out of a letter",
    "account_set_password": "leads on to changing it: every account has a password",
    "account_reset_password_from_key": "needs a key out of a letter",
    "provider_answer": "needs a provider: tests/accounts/test_oidc.py",
    "provider_start": "the same",
    "mfa_authenticate": "needs a first step just taken: test_second_step looks at it",
    "mfa_login_webauthn": "options for passkey.js",
    "mfa_reauthenticate": "needs a second step set up: test_second_step looks at it",
    "mfa_reauthenticate_webauthn": "the same",
    "mfa_activate_totp": "asks for the password first: test_second_step looks at it",
    "mfa_deactivate_totp": "the same",
    "mfa_list_webauthn": "mfa_index under another name",
    "mfa_add_webauthn": "asks for the password first: test_second_step looks at it",
    "mfa_edit_webauthn": "the same",
    "mfa_remove_webauthn": "the same",
    "mfa_view_recovery_codes": "the same",
    "mfa_generate_recovery_codes": "the same",
    "meeting_calendar": "a file",
    "series_calendar": "a file",
    "calendar_feed": "a file",
    **{
        f"{rows}_bulk": "as meeting_bulk"
        for rows in ("huvudman", "schoolunit", "participation", "person", "seminar")
    },
    "saved_view_change": "the form of saved_view_save",
    "key_new": "asks for the password first: tests/schools/test_keys.py",
    **{
        f"{part}_add": "a form as assignment_add"
        for part in ("participating_unit", "phase", "focus", "support", "agreement", "pause", "extension")
    },
    **{
        f"{part}_change": "a form as support_change"
        for part in ("participating_unit", "phase", "focus", "agreement", "assignment", "pause", "extension")
    },
    **{
        f"{part}_delete": "the page that confirms, alike for every kind of row"
        for part in (
            "participation",
            "participating_unit",
            "phase",
            "focus",
            "support",
            "agreement",
            "assignment",
            "pause",
            "extension",
            "programme",
            "cohort",
            "focus_area",
            "school_calendar",
        )
    },
    **{
        f"{row}_archive": "as seminar_archive"
        for row in (
            "participation",
            "programme",
            "cohort",
            "provider",
            "huvudman",
            "unit",
            "person",
            "meeting",
        )
    },
    **{
        f"{row}_delete": "as seminar_archive"
        for row in (
            *(
                "huvudman",
                "administration",
                "unit",
                "period",
                "alias",
                "succession",
                "provider",
                "person",
                "role",
            ),
            *("meeting", "series", "seminar"),
        )
    },
    **{
        f"{row}_remove": "the same"
        for row in (
            *("expected", "series_attendee", "session", "presentation", "word", "lesson"),
            *("delegation", "delegate"),
        )
    },
    "seminar_uninvite": "the same",
    **{
        f"{row}_{verb}": "a form as unit_create"
        for row in ("administration", "role")
        for verb in ("add", "change")
    },
    **{f"{row}_change": "a form as unit_create" for row in ("huvudman", "unit", "person")},
    "huvudman_create": "the same",
    "provider_change": "a form as provider_add",
    "school_calendar_change": "a form as school_calendar_add",
    "participation_withdraw": "a form as participation_return",
    "unit_close": "the same",
    "period_add": "a form as unit_change_from",
    "period_correct": "the same",
    "alias_add": "the same",
    "expected_change": "a form as meeting_move",
    **{f"series_{act}": "a form as series_change" for act in ("end", "extend")},
    **{f"series_attendee_{act}": "the same" for act in ("new", "change")},
    **{
        f"{part}_{act}": "a form as session_new"
        for part in ("presentation", "word", "lesson", "delegate")
        for act in ("new", "change")
    },
    "session_change": "the same",
    "seminar_change": "a form as seminar_new",
    "seminar_cancel": "a form as meeting_cancel",
    "seminar_units": "a form as seminar_invite",
    "delegation_new": "a form as delegation_change",
    "delegation_cancel": "a form as meeting_cancel",
    "delegation_arrivals": "a form as seminar_invite",
    **{
        f"{row}_{verb}": "a form as support_change"
        for row in ("programme", "cohort", "focus_area")
        for verb in ("add", "change")
    },
    "meeting_write_now": "leads on to the meeting one most likely writes on",
}


def page_names() -> set[str]:
    """The names of our addresses that answer GET with a page."""
    return {pattern.name for pattern in _patterns(get_resolver()) if _is_page(pattern)}


def _patterns(resolver: URLResolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace not in ("admin", "api"):
            yield from _patterns(pattern)


def _is_page(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "view_class", None)
    if view is None:
        return pattern.callback.__module__.startswith(OURS)
    return view.__module__.startswith(OURS) and hasattr(view, "get") and "get" in view.http_method_names
