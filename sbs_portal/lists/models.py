"""Saved views: what a list was asked for, under a name, for oneself, a group or everyone."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from sbs_portal.audit.history import tracked
from sbs_portal.db.constraints import one_of
from sbs_portal.db.models import Model
from sbs_portal.rights import Action, Role
from sbs_portal.scope import Scope, ScopedQuerySet, Scoping, scope_of


class Audience(models.TextChoices):
    """Who a view is for."""

    MINE = "mine", "bara jag"
    HUVUDMAN = "huvudman", "alla hos en huvudman"
    ROLE = "role", "alla med en roll"
    EVERYONE = "everyone", "alla i portalen"


class SavedViewQuerySet(ScopedQuerySet):
    def _within(self, scope: Scope, action: Action | None):
        """A view holds no rows of a list, only what to ask it for: it is reached by owning it or by the group
        one is in now, and changed by its owner; by a coordinator where it is for a role or everyone."""
        if scope.system:
            return self.all()
        if scope.user is None or not scope.grants:
            return self.none()
        own = Q(owner=scope.user)
        if action is not None:
            if scope.read_only:
                return self.none()
            shared = Q(audience__in=(Audience.ROLE, Audience.EVERYONE))
            return self.filter(own | shared if scope.is_coordinator else own)
        return self.filter(
            own
            | Q(audience=Audience.EVERYONE)
            | Q(audience=Audience.ROLE, role__in=scope.roles)
            | Q(audience=Audience.HUVUDMAN, huvudman_id__in=scope.huvudman_ids)
        )

    def visible_to(self, who):
        return self._within(scope_of(who), None)

    def editable_by(self, who, action: Action | None = None):
        return self._within(scope_of(who), action or Action.REGISTER_READ)

    def with_own_default(self, user):
        """With ``is_own_default``."""
        chosen = OwnDefault.objects.filter(user=user, view=OuterRef("pk"))
        return self.annotate(is_own_default=Exists(chosen))


@tracked
class SavedView(Model):
    """Kernel: it points at no huvudman's rows and is under no policy; ``visible_to`` is its one wall.

    ``query`` is a list's address in its one form. ``huvudman_id`` is a number only: the kernel knows no huvudman.
    """

    scoping = Scoping(kind="kernel")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ägare", on_delete=models.CASCADE, related_name="saved_views"
    )
    list_name = models.CharField("lista", max_length=40)
    name = models.CharField("namn", max_length=80)
    query = models.CharField("urval", max_length=2000, blank=True)
    audience = models.CharField("för", max_length=10, choices=Audience.choices, default=Audience.MINE)
    role = models.CharField("roll", max_length=20, choices=Role.choices, blank=True)
    huvudman_id = models.BigIntegerField("huvudman", null=True, blank=True, editable=False)
    is_default = models.BooleanField("förval för rollen", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "sparad vy"
        verbose_name_plural = "sparade vyer"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["list_name", "audience"], name="saved_view_list")]
        constraints = [
            one_of("audience", Audience, name="saved_view_audience_known"),
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                name="saved_view_name_once",
                violation_error_message="Du har redan en vy med det namnet i listan.",
            ),
            models.UniqueConstraint(
                fields=["list_name", "role"],
                condition=Q(is_default=True),
                name="saved_view_one_default_a_role",
                violation_error_message="Rollen har redan en annan vy som förval i listan.",
            ),
            models.CheckConstraint(
                name="saved_view_says_which_group",
                condition=Q(audience="role", huvudman_id__isnull=True) & ~Q(role="")
                | Q(audience="huvudman", huvudman_id__isnull=False, role="")
                | Q(audience__in=("mine", "everyone"), huvudman_id__isnull=True, role=""),
                violation_error_message="Välj vilken roll eller huvudman vyn är för.",
            ),
            models.CheckConstraint(
                name="saved_view_default_is_a_roles",
                condition=Q(is_default=False) | Q(audience="role"),
                violation_error_message="Bara en vy för en roll kan vara rollens förval.",
            ),
        ]

    def __str__(self):
        return self.name


@tracked
class OwnDefault(Model):
    """The view that a user's list opens with."""

    scoping = Scoping(kind="kernel")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField("lista", max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="own_defaults")

    class Meta:
        verbose_name = "eget förval"
        verbose_name_plural = "egna förval"
        constraints = [models.UniqueConstraint(fields=["user", "list_name"], name="own_default_once")]
