"""Gives, changes and ends access. Coordinators grant any; an editor grants within their own huvudman."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from sbs_portal.accounts.models import User
from sbs_portal.rights import GIVEN_BY_EDITORS, Action, Role
from sbs_portal.scope import require, scope_of, settle
from sbs_portal.time import today
from schools.models import Access, Huvudman, SchoolUnit

UNKNOWN_USER = "Kontot finns inte, eller så saknar du behörighet. Bjud in personen i stället."
OWN_ACCESS = "Ingen ger sig själv behörighet. Be någon annan som får ge den."


@transaction.atomic
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
) -> Access:
    """An access row in the period, from today where no first day is given; no last day = until it is ended.

    The account is one that ``by`` knows already: whoever is new to the huvudman is invited, and says yes.
    Raises PermissionDenied where ``by`` may not give it and ValidationError by field where it cannot stand.
    """
    require_grant(by, role, huvudman.pk if huvudman else None)
    _require_other(by, user)
    if not User.objects.visible_to(by).filter(pk=user.pk).exists():
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
    save_access(access)
    return access


def save_access(access: Access) -> None:
    """The row as it is to stand, held to every rule but whose it is to give."""
    access.full_clean()
    check_unit(access)
    if is_given(access):
        raise ValidationError("Användaren har redan den behörigheten under perioden.")
    access.save()
    _follow_admin(access)
    settle()


@transaction.atomic
def change_access(*, access: Access, by, **period) -> Access:
    """Change ``valid_from`` or ``valid_to`` of access that is not over.

    What someone had stays as it was: the first day can be moved until it has come, and the last day not into
    the past. To take access away now there is ``end_access``.
    """
    if unknown := period.keys() - {"valid_from", "valid_to"}:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    row = _locked(access, by)
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
    if last is not None or row.is_coming:
        _keep_a_coordinator(row)
    save_access(row)
    return row


@transaction.atomic
def end_access(*, access: Access, by, reason: str = "") -> Access | None:
    """Ends the access now: yesterday becomes its last day. Returns the row.

    One that would then have no day left (it began today, or has not begun) is removed and None returned;
    history keeps it. The last coordinator cannot be ended: no one could give access again.
    """
    row = _locked(access, by)
    _keep_a_coordinator(row)
    yesterday = today() - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= yesterday:
        return row
    row.end_reason, row.ended_by = reason.strip(), scope_of(by).user
    has_a_day = row.valid_from <= yesterday
    if has_a_day:
        row.valid_to = yesterday
        row.full_clean()
    row.save()
    if not has_a_day:
        row.delete()
    _follow_admin(row)
    settle()
    return row if has_a_day else None


def _locked(access: Access, by) -> Access:
    row = Access.objects.select_for_update(of=("self",)).select_related("user").get(pk=access.pk)
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


def _keep_a_coordinator(row: Access) -> None:
    if row.role == Role.COORDINATOR:
        keep_a_coordinator(without=row.user)


def keep_a_coordinator(*, without: User) -> None:
    """Raise ValidationError unless somebody else stays coordinator, with no last day.

    The rows are locked, so that two who end each other do not both find the other one.
    """
    rows = Access.objects.in_force().filter(role=Role.COORDINATOR, valid_to=None)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not rows.filter(user__is_active=True).exclude(user=without).exists():
        raise ValidationError("Det här är den enda samordnaren. Ge någon annan rollen först.")


def _follow_admin(access: Access) -> None:
    """The admin is opened to coordinators, and closed when the last such access ends."""
    if access.role == Role.COORDINATOR:
        user = access.user
        user.is_staff = Access.objects.not_over().filter(user=user, role=Role.COORDINATOR).exists()
        user.save(update_fields=["is_staff"])


def close_admin_when_over(sender, user, **kwargs) -> None:
    """At log-in and in the admin: a coordinator whose last period has run out since is let in no longer."""
    rows = Access.objects.filter(user=user, role=Role.COORDINATOR)
    if user.is_staff and rows.exists() and not rows.not_over().exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])


def check_unit(access: Access) -> None:
    """A rektor's unit is the huvudman's in the period."""
    if access.unit is None:
        return
    last = Q() if access.valid_to is None else Q(valid_from__isnull=True) | Q(valid_from__lte=access.valid_to)
    first = Q(valid_to__isnull=True) | Q(valid_to__gte=access.valid_from)
    if not access.unit.versions.filter(last, first, huvudman_id=access.huvudman_id).exists():
        raise ValidationError({"unit": "Enheten hör inte till den huvudmannen under perioden."})


def is_given(access: Access) -> bool:
    """Whether the user has the same access already, some day of the period."""
    same = Access.objects.not_over(access.valid_from).filter(
        user=access.user, role=access.role, huvudman=access.huvudman, unit=access.unit
    )
    if access.valid_to is not None:
        same = same.filter(valid_from__lte=access.valid_to)
    return same.exclude(pk=access.pk).exists()
