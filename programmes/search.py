"""How participations are found."""

from django.db.models import Q

from programmes.models import Agreement, ParticipatingUnit, Participation
from sbs_portal.scope import Scope
from sbs_portal.search.kinds import Hit, Kind, register_kind
from sbs_portal.search.text import Asked, given, holding
from schools.models import Huvudman, SchoolUnit


def find_participations(scope: Scope, asked: Asked, limit: int) -> list[Hit]:
    """By the name of the huvudman or of a unit that takes part, or by an agreement's diarienummer."""
    huvudman = holding(Huvudman.objects.visible_to(scope), asked, "name").values("pk")
    units = holding(SchoolUnit.objects.visible_to(scope), asked, "name", "school_name").values("pk")
    taking_part = ParticipatingUnit.objects.visible_to(scope).filter(unit__in=units)
    agreements = Agreement.objects.visible_to(scope).filter(record_number__iexact=asked.text)
    found = Q(huvudman__in=huvudman) | Q(pk__in=taking_part.values("participation_id"))
    found |= Q(pk__in=agreements.values("participation_id")) | given(uuid=asked.id)
    rows = (
        Participation.objects.visible_to(scope)
        .in_use()
        .filter(found)
        .select_related("huvudman", "programme", "cohort")
    )
    return [
        Hit(
            id=str(row.uuid),
            title=str(row.huvudman),
            note=f"{row.programme}, {_state(row)}",
            url=row.get_absolute_url(),
        )
        for row in rows.order_by("huvudman__sort_key", "pk")[:limit]
    ]


def _state(row: Participation) -> str:
    """ "pågår", or "väntar på samordnare" of what is not approved."""
    return row.get_status_display() if row.is_approved else row.get_registration_display()


def register() -> None:
    register_kind(Kind("participation", "Deltaganden", 30, find_participations, "participation_list"))
