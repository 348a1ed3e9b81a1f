"""Who has access, who is invited, and the keys to the API, as tables."""

from django.utils import timezone

from sbs_portal.addressing import address_of
from sbs_portal.time import today
from sbs_portal.web.tables import Column, Table
from schools.periods import in_words

EVERYWHERE = "Hela landet"


def period_of(row) -> str:
    return in_words(row.valid_from, row.valid_to, today())


def seen(row):
    """The day the account was last used."""
    moment = getattr(row, "last_here", None)
    return timezone.localtime(moment).date() if moment else None


class AccessTable(Table):
    caption = "Vilka som har behörighet"
    default_sort = "name"
    columns = (
        Column(
            "name",
            "Namn",
            accessor="user.shown_name",
            sort=("user__is_protected", "user__name", "user__email"),
            link=lambda row: address_of("access_account", row.user.uuid),
        ),
        Column("email", "E-post", accessor="user.shown_email", phone="line"),
        Column("role", "Roll", accessor="get_role_display", sort="role", phone="fact"),
        Column(
            "huvudman",
            "Huvudman",
            accessor="huvudman.name",
            sort="huvudman__sort_key",
            phone="fact",
            empty=EVERYWHERE,
        ),
        Column("unit", "Enhet", accessor="unit.name", sort="unit__sort_key", phone="fact"),
        Column("period", "Period", accessor=period_of, sort="valid_from", phone="fact", short=True),
        Column("seen", "Senast här", accessor=seen, sort="last_here", empty="aldrig", short=True),
        Column(
            "second_step",
            "Tvåstegsinloggning",
            accessor=lambda row: "inlagd" if row.second_step else "saknas",
            sort=("second_step", "user__name"),
            extra=True,
        ),
        Column("state", "Läge", template="schools/access/_state.html", phone="line"),
    )


class InvitationTable(Table):
    caption = "Vilka som är inbjudna"
    default_sort = "-sent"
    columns = (
        Column(
            "email",
            "Inbjuden",
            accessor=lambda row: row.shown_email or row.shown_name,
            link=lambda row: address_of("access_invitation", row.uuid),
        ),
        Column("role", "Roll", accessor="get_role_display", sort="role", phone="fact"),
        Column(
            "huvudman",
            "Huvudman",
            accessor="huvudman.name",
            sort="huvudman__sort_key",
            phone="fact",
            empty=EVERYWHERE,
        ),
        Column("sent", "Inbjuden den", accessor="created_at", sort="created_at", phone="fact"),
        Column("by", "Av", accessor="invited_by", empty="kommandoraden", phone="hide"),
        Column("expires", "Gäller till", accessor="expires_at", sort="expires_at"),
        Column("state", "Läge", template="schools/access/_invitation_state.html", phone="line"),
    )


_KEY = (
    Column("name", "Nyckel", sort="name", link=lambda row: address_of("key", row.uuid)),
    Column("prefix", "Börjar med", accessor=lambda row: f"{row.prefix}…", phone="fact"),
    Column("rights", "Får", accessor="rights_in_words", sort="can_write", phone="fact"),
    Column("reach", "Når", accessor="reach_in_words", phone="fact"),
    Column("created", "Utfärdad", accessor="created_at", sort="created_at"),
    Column("used", "Senast använd", accessor="last_used_at", sort="last_used_at", empty="aldrig"),
    Column("expires", "Gäller till", accessor="expires_at", sort="expires_at"),
    Column("state", "Läge", template="schools/access/_key_state.html", phone="line"),
)


class OwnKeyTable(Table):
    caption = "Dina API-nycklar"
    default_sort = "-created"
    columns = _KEY


class KeyTable(Table):
    caption = "API-nycklar"
    default_sort = "-created"
    columns = (
        *_KEY[:1],
        Column(
            "user",
            "Konto",
            accessor="user.shown_name",
            sort=("user__is_protected", "user__name", "user__email"),
            phone="fact",
        ),
        *_KEY[1:],
        Column("issued_by", "Utfärdad av", accessor="issued_by", empty="okänt", extra=True),
    )
