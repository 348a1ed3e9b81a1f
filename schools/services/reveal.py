"""Shows a protected person's details to one who has a reason, and writes down that it did."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.scope import scope_of, settle
from schools.models import Person, PersonReveal

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Revealed:
    """What is protected, for one answer only. Its repr holds none of it, so that no log can."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)


@transaction.atomic
def reveal_person(*, person: Person, reason: str, by) -> Revealed:
    """The details of a protected person. Raises ValidationError on ``reason`` where none worth the name is given."""
    row = Person.objects.get_for_change(by, Action.PERSON_REVEAL, pk=person.pk)
    user = scope_of(by).user
    if user is None:
        raise PermissionDenied("Uppgifterna visas bara för någon som är inloggad.")
    if not row.is_protected:
        raise ValidationError("Personens uppgifter är inte skyddade.")
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": f"Skriv varför du behöver uppgifterna, minst {SHORTEST_REASON} tecken."}
        )
    log = PersonReveal(person=row, by=user, reason=reason)
    log.full_clean()
    log.save()
    settle()
    return Revealed(name=row.name, email=row.email, phone=row.phone)
