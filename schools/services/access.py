"""Gives, changes and ends access. Coordinators grant any; an editor grants within their own huvudman."""

from collections import defaultdict
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.accounts.models import User
from sbs_portal.rights import GIVEN_BY_EDITORS, Action, Role
from sbs_portal.rows import checked, locked, removed, saved, seen
from sbs_portal.scope import require, scope_of
from sbs_portal.time import today
from sbs_portal.together import Steps, Turn, asked, service
from schools.models import Access, Huvudman, SchoolUnit
from schools.services.unit import shared_days, versions_of

UNKNOWN_USER = "Kontot finns inte, eller så saknar du behörighet. Bjud in personen i stället."
OWN_ACCESS = "Ingen ger sig själv behörighet. Be någon annan som får ge den."


@service
def grant_access(
    *,
    user,
    role: str,
    huvudman: Huvudman | None = None,
    unit: SchoolUnit | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    by,
) -> Steps[Access]:
    """An access row in the period, from today where no first day is given; no last day = until it is ended.

    The account is one that ``by`` knows already: whoever is new to the huvudman is invited, and says yes.
    Raises PermissionDenied where ``by`` may not give it and ValidationError by field where it cannot stand.
    """
    require_grant(by, role, huvudman.pk if huvudman else None)
    _require_other(by, user)
    if not (yield seen(user, by)):
        raise ValidationError({"user": UNKNOWN_USER})
    access = Access(
        user=user,
        role=role,
        huvudman=huvudman,
        unit=unit,
        valid_from=valid_from or today(),
        valid_to=valid_to,
        reason=reason.strip(),
        granted_by=scope_of(by).user,
    )
    return (yield from save_access.steps(access))


@service
def save_access(access: Access) -> Steps[Access]:
    """The row as it is to stand, held to every rule but whose it is to give."""
    yield checked(access)
    yield from check_unit(access)
    if (yield is_given(access)):
        raise ValidationError("Användaren har redan den behörigheten under perioden.")
    yield saved(access)
    return (yield admin_follows(access))


@service
def change_access(*, access: Access, by, **period) -> Steps[Access]:
    """Change ``valid_from`` or ``valid_to`` of access that is not over.

    What someone had stays as it was: the first day can be moved until it has come, and the last day not into
    the past. To take access away now there is ``end_access``.
    """
    if unknown := period.keys() - {"valid_from", "valid_to"}:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    row = yield from _for_change(access, by)
    _require_other(by, row.user)
    if row.is_over:
        raise ValidationError("Behörigheten är avslutad. Ge en ny i stället.")
    first = period.get("valid_from", row.valid_from) or today()
    last = period.get("valid_to", row.valid_to)
    if first != row.valid_from and (not row.is_coming or first < today()):
        raise ValidationError(
            {"valid_from": "Första dagen kan bara flyttas framåt i tiden, innan den kommit."}
        )
    if last is not None and last != row.valid_to and last < today():
        raise ValidationError({"valid_to": "Dagen har varit. Avsluta behörigheten i stället."})
    row.valid_from, row.valid_to = first, last
    if row.role == Role.COORDINATOR and (last is not None or row.is_coming):
        # Of two in one request the second must see what became of the first.
        yield Turn(Role.COORDINATOR)
        keep_a_coordinator(without=row.user)
    return (yield from save_access.steps(row))


@service
def end_access(*, access: Access, by, reason: str = "") -> Steps[Access | None]:
    """Ends the access now: yesterday becomes its last day. Returns the row.

    One that would then have no day left (it began today, or has not begun) is removed and None returned;
    history keeps it. The last coordinator cannot be ended: no one could give access again.
    """
    row = yield from _for_change(access, by)
    if row.role == Role.COORDINATOR:
        yield Turn(Role.COORDINATOR)
        keep_a_coordinator(without=row.user)
    yesterday = today() - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= yesterday:
        return row
    row.end_reason, row.ended_by = reason.strip(), scope_of(by).user
    has_a_day = row.valid_from <= yesterday
    if has_a_day:
        row.valid_to = yesterday
        yield checked(row)
    # Also where it then goes: history tells who ended it, and why.
    yield saved(row)
    if not has_a_day:
        yield removed(row)
    yield admin_follows(row)
    return row if has_a_day else None


def _for_change(access: Access, by) -> Steps[Access]:
    row = yield locked(access)
    require_grant(by, row.role, row.huvudman_id)
    return row


def require_grant(by, role: str, huvudman_id: int | None) -> None:
    """Raise PermissionDenied unless ``by`` may give the role there: nobody gives more than they reach."""
    require(by, Action.ACCESS_GRANT, huvudman_id=huvudman_id)
    scope = scope_of(by)
    if scope.system:
        return
    if (huvudman_id is None and not (scope.is_coordinator and scope.national)) or (
        not scope.is_coordinator and role not in GIVEN_BY_EDITORS
    ):
        raise PermissionDenied("Den behörigheten ger en samordnare.")


def _require_other(by, user) -> None:
    if scope_of(by).user == user:
        raise PermissionDenied(OWN_ACCESS)


def keep_a_coordinator(*, without: User) -> None:
    """Raise ValidationError unless somebody else stays coordinator, with no last day.

    The rows are locked, so that two who end each other do not both find the other one.
    """
    rows = Access.objects.in_force().filter(role=Role.COORDINATOR, valid_to=None)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not rows.filter(user__is_active=True).exclude(user=without).exists():
        raise ValidationError("Det här är den enda samordnaren. Ge någon annan rollen först.")


@asked
def admin_follows(rows):
    """The access, with the admin opened to a coordinator, and closed when the last such access ends."""
    coordinators = {row.user_id for row in rows if row.role == Role.COORDINATOR}
    if coordinators:
        held = Access.objects.not_over().filter(user__in=coordinators, role=Role.COORDINATOR)
        let_in = set(held.values_list("user_id", flat=True))
        accounts = User.objects.filter(pk__in=coordinators)
        accounts.filter(pk__in=let_in, is_staff=False).update(is_staff=True)
        accounts.exclude(pk__in=let_in).filter(is_staff=True).update(is_staff=False)
        for row in rows:
            if row.user_id in coordinators:
                row.user.is_staff = row.user_id in let_in
    return rows


def close_admin_when_over(sender, user, **kwargs) -> None:
    """At log-in and in the admin: a coordinator whose last period has run out since is let in no longer."""
    rows = Access.objects.filter(user=user, role=Role.COORDINATOR)
    if user.is_staff and rows.exists() and not rows.not_over().exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])


def check_unit(access: Access) -> Steps:
    """A rektor's unit is the huvudman's in the period."""
    if access.unit is None:
        return
    versions = yield versions_of(access.unit)
    if not any(
        version.huvudman_id == access.huvudman_id and shared_days(access, version) for version in versions
    ):
        raise ValidationError({"unit": "Enheten hör inte till den huvudmannen under perioden."})


@asked
def is_given(rows):
    """Whether the user has the same access already some day of the period, or is given it by an earlier row."""
    there = Access.objects.filter(user__in={row.user_id for row in rows}).exclude(
        pk__in={row.pk for row in rows} - {None}
    )
    known = defaultdict(list)
    for other in there.order_by():
        known[_what(other)].append(other)
    answers = []
    for row in rows:
        others = known[_what(row)]
        answers.append(any(shared_days(row, other) for other in others))
        others.append(row)
    return answers


def _what(access: Access) -> tuple:
    return access.user_id, access.role, access.huvudman_id, access.unit_id
