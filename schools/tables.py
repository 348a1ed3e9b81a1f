"""The register's lists as tables."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from sbs_portal.addressing import address_of
from sbs_portal.web.badges import badge
from sbs_portal.web.tables import Column, Table
from schools.models import UnitStatus, shown_forms


class HuvudmanTable(Table):
    caption = "Huvudmän"
    default_sort = "name"
    columns = (
        Column("name", "Namn", sort="sort_key", link="get_absolute_url"),
        Column("kind", "Slag", accessor="get_kind_display", sort="kind", phone="fact"),
        Column(
            "municipality",
            "Kommun",
            accessor="municipality.name",
            sort="municipality__sort_key",
            phone="hide",
        ),
        Column(
            "organisation_number",
            "Organisationsnummer",
            accessor="shown_organisation_number",
            sort="organisation_number",
            phone="fact",
            empty="uppgift saknas",
        ),
        Column("units", "Enheter", accessor="unit_count", sort="unit_count", numeric=True),
        Column(
            "county",
            "Län",
            accessor="municipality.county.name",
            sort="municipality__county__code",
            phone="hide",
            extra=True,
        ),
        Column(
            "municipality_code",
            "Kommunkod",
            accessor="municipality.code",
            sort="municipality__code",
            phone="hide",
            extra=True,
        ),
    )


class UnitTable(Table):
    caption = "Enheter"
    default_sort = "name"
    columns = (
        Column(
            "name",
            "Namn",
            accessor=lambda unit: unit.name_now or unit.name,
            sort="sort_key",
            link="get_absolute_url",
        ),
        Column(
            "huvudman",
            "Huvudman",
            accessor="huvudman_name_now",
            sort="huvudman_sort_key_now",
            phone="fact",
            empty="uppgift saknas",
        ),
        Column(
            "forms",
            "Skolformer och verksamheter",
            accessor=lambda unit: shown_forms(unit.school_forms_now),
            phone="line",
            empty="uppgift saknas",
        ),
        Column("unit_code", "Skolenhetskod", sort="unit_code", phone="hide", empty="saknas"),
        Column(
            "status",
            "Status",
            accessor=lambda unit: UnitStatus(unit.status_now) if unit.status_now else None,
            draw=lambda row, value: badge(*(value.badge if value else ("neutral", "Uppgift saknas"))),
            phone="line",
            export=lambda unit: UnitStatus(unit.status_now).label if unit.status_now else None,
        ),
    )


class ProviderTable(Table):
    caption = "Lärosäten och andra aktörer"
    default_sort = "name"
    columns = (
        Column("name", "Namn", sort="sort_key", link=lambda row: address_of("provider_change", row.uuid)),
        Column("short_name", "Kort namn", phone="fact"),
        Column("kind", "Slag", accessor="get_kind_display", sort="kind", phone="fact"),
    )


class SchoolCalendarTable(Table):
    caption = "Läsår och lov"
    default_sort = "-school_year"
    columns = (
        Column(
            "school_year",
            "Läsår",
            accessor=str,
            sort=("school_year", "-municipality__sort_key"),
            link="get_absolute_url",
            export="school_year",
        ),
        Column("place", "Gäller", sort="municipality__sort_key", phone="hide", extra=True),
        Column("breaks", "Lov", accessor="breaks_in_words", phone="line", empty="inget är inlagt"),
        Column("source", "Källa", accessor="source.title", phone="hide", extra=True),
    )


def _places(person) -> str:
    """The huvudmän, or else the employers, of the roles of today, each once."""
    return ", ".join(dict.fromkeys(str(role.huvudman or role.provider) for role in person.roles_now))


def _draw_roles(row, roles: list[str]) -> str:
    if not roles:
        return mark_safe('<span class="muted">ingen roll i dag</span>')
    return format_html_join(mark_safe("<br>"), "{}", ((role,) for role in roles))


def _draw_email(row, email: str) -> str:
    return format_html('<a href="mailto:{0}">{0}</a>', email) if email else ""


class PersonTable(Table):
    """Of people with ``shown_key``, ``place_key`` and ``roles_now``, read with their contact details."""

    caption = "Personer"
    default_sort = "name"
    columns = (
        Column("name", "Namn", accessor="shown_name", sort="shown_key", link="get_absolute_url"),
        Column(
            "roles",
            "Roller i dag",
            accessor=lambda person: [str(role) for role in person.roles_now],
            draw=_draw_roles,
            phone="line",
            export=lambda person: "; ".join(str(role) for role in person.roles_now),
        ),
        Column("place", "Huvudman eller arbetsgivare", accessor=_places, sort="place_key", phone="fact"),
        Column("email", "E-post", accessor="shown_email", draw=_draw_email, phone="line"),
        Column("phone", "Telefon", accessor="shown_phone", phone="line"),
    )


class PersonRevealTable(Table):
    """Of reveals with their person, whose ``roles_now`` are read, and whom it was shown to."""

    caption = "Visningar av skyddade uppgifter"
    default_sort = "-created_at"
    columns = (
        Column(
            "created_at",
            "När",
            sort="created_at",
            template="schools/_moment.html",
            link=lambda row: row.person.get_absolute_url(),
        ),
        Column("shown_to", "Visad för", accessor="by", phone="fact"),
        Column("person", "Vems uppgifter", accessor="person", phone="fact"),
        Column("place", "Hos", accessor=lambda row: _places(row.person), phone="fact"),
        Column("reason", "Skäl", phone="line"),
    )
