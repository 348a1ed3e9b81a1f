"""How participations are found."""

from django.db.models import Q, QuerySet

from programmes.models import Agreement, ParticipatingUnit, Participation
from sbs_portal.search.kinds import Found, Hit, Kind, register_kind
from sbs_portal.search.text import Seeking, given, holding
from schools.models import Huvudman, SchoolUnit


def _participations(seeking: Seeking) -> QuerySet:
    """By the name of the huvudman or of a unit that takes part, or by an agreement's diarienummer."""
    scope = seeking.scope
    huvudman = holding(Huvudman.objects.visible_to(scope), seeking, "name").values("pk")
    units = holding(SchoolUnit.objects.visible_to(scope), seeking, "name", "school_name").values("pk")
    taking_part = ParticipatingUnit.objects.visible_to(scope).filter(unit__in=units)
    agreements = Agreement.objects.visible_to(scope).filter(record_number__iexact=seeking.text)
    found = Q(huvudman__in=huvudman) | Q(pk__in=taking_part.values("participation_id"))
    found |= Q(pk__in=agreements.values("participation_id")) | given(uuid=seeking.id)
    rows = Participation.objects.visible_to(scope).in_use().filter(found)
    rows = rows.select_related("huvudman", "programme", "cohort")
    return rows.order_by("huvudman__sort_key", "pk")[: seeking.limit]


def _tell(rows: list[Participation], found: Found) -> list[Hit]:
    return [
        Hit(
            id=str(row.uuid),
            title=str(row.huvudman),
            note=f"{row.programme}, {_state(row)}",
            url=row.get_absolute_url(),
        )
        for row in rows
    ]


def _state(row: Participation) -> str:
    """ "pågår", or "väntar på samordnare" of what is not approved."""
    return row.get_status_display() if row.is_approved else row.get_registration_display()


def register() -> None:
    kind = Kind(
        "participation", "Deltaganden", 30, _participations, _tell, list_url_name="participation_list"
    )
    register_kind(kind)
