"""People, their roles over time, and providers. Person, role and employer are three things."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)

from sbs_portal.accounts.models import MASKED_NAME
from sbs_portal.addressing import address_of
from sbs_portal.audit.history import tracked
from sbs_portal.db.archive import Archivable, Removal
from sbs_portal.db.constraints import one_of, ordered
from sbs_portal.db.links import ScopeLink
from sbs_portal.db.models import Model, VersionedModel, sort_key
from sbs_portal.db.security import domain_models
from sbs_portal.rights import Action
from sbs_portal.scope import Scope, ScopedQuerySet, Scoping, scope_of, scoping_path
from sbs_portal.search import text as search
from sbs_portal.time import today
from schools.models.huvudman import Administration, Huvudman
from schools.models.unit import SchoolUnit


class SecurityMarking(models.TextChoices):
    """Protected personal data, in SS 12000's terms."""

    NONE = "none", "ingen"
    CONFIDENTIAL = "confidential", "sekretessmarkering"
    PROTECTED = "protected", "skyddad folkbokföring"


class ProviderKind(models.TextChoices):
    UNIVERSITY = "university", "lärosäte"
    AUTHORITY = "authority", "myndighet"
    COMPANY = "company", "företag"
    OTHER = "other", "annan"


@tracked
class Provider(Archivable, Model):
    """Gives support or employs process leaders: a lärosäte, Skolverket, SPSM, a company."""

    scoping = Scoping(kind="reference", change=Action.CATALOGUE_CHANGE)
    removal = Removal("aktören")

    name = models.CharField("namn", max_length=200, unique=True)
    short_name = models.CharField("kort namn", max_length=60, blank=True)
    kind = models.CharField("slag", max_length=12, choices=ProviderKind.choices)
    is_fictional = models.BooleanField("påhittad", default=False)
    sort_key = sort_key("name")

    class Meta:
        verbose_name = "lärosäte eller annan aktör"
        verbose_name_plural = "lärosäten och andra aktörer"
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["sort_key", "uuid"], name="provider_order")]
        constraints = [one_of("kind", ProviderKind, name="provider_kind_known")]

    def __str__(self):
        return self.short_name or self.name


def protects_account():
    """A person's protection is their account's and their invitations' too, also when written past the services."""
    return pgtrigger.Trigger(
        name="protect_account",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            UPDATE accounts_user SET is_protected = (NEW.security_marking <> 'none')
             WHERE id = NEW.user_id AND is_protected <> (NEW.security_marking <> 'none');
            UPDATE schools_invitation SET person_is_protected = (NEW.security_marking <> 'none')
             WHERE person_id = NEW.id AND person_is_protected <> (NEW.security_marking <> 'none');
            RETURN NULL;
        """,
    )


CONTACT_FIELDS = ("email", "phone", "user")


def _tied_now(huvudman_ids) -> Q:
    """People with a role, or anything else that makes them a huvudman's, there today or later.

    ``huvudman_ids`` of a person holds the former ones too: they see whom they had, and not where and how the
    person is reached today.
    """
    found = Q(pk__in=[])
    for model in domain_models():
        for link in getattr(model, "scope_links", ()):
            if link.parent == "schools.Person":
                here = {link.column: OuterRef("pk"), f"{scoping_path(model)}__in": huvudman_ids}
                lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
                found |= Q(Exists(model._base_manager.filter(lasting, **here)))
    return found


def shown_name(path: str = "") -> Case:
    """The name of the person at the path as ``Person.shown_name`` says it, as an expression; NULL where there is
    no person. Without a path it is the row itself.
    """
    prefix = path and f"{path}__"
    marking = f"{prefix}security_marking"
    told = When(**{marking: SecurityMarking.NONE}, then=F(f"{prefix}name"))
    return Case(told, When(**{f"{marking}__isnull": False}, then=Value(MASKED_NAME)), default=None)


def _huvudmen(scope: Scope, action: Action) -> list[int]:
    return sorted(pk for pk in scope.huvudman_ids if scope.may(action, huvudman_id=pk))


def contact_shown(scope: Scope) -> Q:
    """People of whom the scope may read how they are reached."""
    everywhere = not scope.q(Person, Action.PEOPLE_READ)
    return Q(Value(True)) if everywhere else _tied_now(_huvudmen(scope, Action.PEOPLE_READ))


class PersonQuerySet(ScopedQuerySet):
    def editable_by(self, who, action=None):
        """A person is changed where they are now: by the huvudmän of present and coming roles."""
        scope, action = scope_of(who), action or Action.PEOPLE_CHANGE
        rows = super().editable_by(scope, action)
        return rows if not scope.q(self.model, action) else rows.filter(_tied_now(_huvudmen(scope, action)))

    def with_contact(self, who):
        """With ``shows_contact``: whether who may read how the person is reached. Without it nobody may."""
        shown = contact_shown(scope_of(who))
        return self.annotate(shows_contact=ExpressionWrapper(shown, BooleanField()))

    def untold_fields(self, who) -> dict[int, tuple[str, ...]]:
        """Visible person → the fields that are not told to who, of now or before."""
        found = {}
        for person in self.visible_to(who).with_contact(who):
            if person.is_protected:
                found[person.pk] = Person.masked_fields
            else:
                found[person.pk] = () if person.shows_contact else CONTACT_FIELDS
        return found

    def unprotected(self):
        return self.filter(security_marking=SecurityMarking.NONE)

    def with_shown_key(self):
        """With ``shown_key``: the sort key of the name that is shown. A protected name sorts nothing: last."""
        return self.annotate(
            shown_key=Case(When(security_marking=SecurityMarking.NONE, then=F("sort_key")), default=None)
        )

    def with_roles_now(self, who):
        """With ``roles_now``, those of today that who may read, and ``place_key`` of the first of their huvudmän."""
        roles = RoleAssignment.objects.visible_to(who).active_on()
        first = roles.filter(person=OuterRef("pk"), huvudman__isnull=False).order_by("huvudman__sort_key")
        told = roles.select_related("unit", "administration", "huvudman", "provider")
        return self.annotate(place_key=Subquery(first.values("huvudman__sort_key")[:1])).prefetch_related(
            Prefetch("roles", queryset=told, to_attr="roles_now")
        )

    def matching(self, text: str):
        """Those whose name holds the text; a protected person is found by no search."""
        return self.unprotected().filter(name__icontains=text.strip())


@tracked
class Person(Archivable, VersionedModel):
    """Someone with a role in the work; few of them log in. Always shown through ``shown_name``.

    A person with protected identity is masked for everyone, in every outlet: ``str`` is the masked form. How a
    person is reached is shown to the huvudmän where they are now, and only on rows read ``with_contact``.
    """

    scoping = Scoping(
        kind="shared",
        path="huvudman_ids",
        read=Action.PEOPLE_READ,
        change=Action.PEOPLE_CHANGE,
        units="roles__unit_id",
    )
    removal = Removal("personen", parts=("roles",))
    masked_fields = ("name", "email", "phone", "user")

    name = models.CharField("namn", max_length=200)
    email = models.EmailField("e-postadress", blank=True)
    phone = models.CharField("telefon", max_length=40, blank=True)
    security_marking = models.CharField(
        "skyddade personuppgifter",
        max_length=12,
        choices=SecurityMarking.choices,
        default=SecurityMarking.NONE,
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="konto",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )
    huvudman_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    sort_key = sort_key("name")

    # Set by ``with_contact``.
    shows_contact = False

    objects = PersonQuerySet.as_manager()

    class Meta(VersionedModel.Meta):
        verbose_name = "person"
        verbose_name_plural = "personer"
        triggers = [*VersionedModel.Meta.triggers, protects_account()]
        ordering = ["sort_key", "pk"]
        indexes = [
            GinIndex(fields=["huvudman_ids"], name="person_huvudman_ids"),
            models.Index(fields=["sort_key", "id"], name="person_order"),
            search.index("name", name="person_words"),
        ]
        constraints = [
            one_of("security_marking", SecurityMarking, name="person_marking_known"),
            models.CheckConstraint(
                name="person_name_given",
                condition=~Q(name=""),
                violation_error_message="Skriv personens namn.",
            ),
        ]

    def __str__(self):
        return self.shown_name

    def get_absolute_url(self):
        return address_of("person_detail", self.uuid)

    @property
    def is_protected(self) -> bool:
        return self.security_marking != SecurityMarking.NONE

    @property
    def shown_name(self) -> str:
        return MASKED_NAME if self.is_protected else self.name

    @property
    def shown_email(self) -> str:
        return self.email if self.shows_contact and not self.is_protected else ""

    @property
    def shown_phone(self) -> str:
        return self.phone if self.shows_contact and not self.is_protected else ""


class StaffRole(models.TextChoices):
    """What a person does somewhere, as the field says it."""

    REKTOR = "rektor", "rektor"
    PRESCHOOL_HEAD = "preschool_head", "förskolechef"
    DEPUTY_REKTOR = "deputy_rektor", "biträdande rektor"
    LEAD_TEACHER = "lead_teacher", "förstelärare"
    TEACHER = "teacher", "lärare"
    SPECIAL_EDUCATOR = "special_educator", "specialpedagog"
    HEALTH_LEAD = "health_lead", "elevhälsochef"
    HEAD_OF_ADMINISTRATION = "head_of_administration", "förvaltningschef"
    HEAD_OF_SCHOOLS = "head_of_schools", "skolchef"
    HEAD_OF_OPERATIONS = "head_of_operations", "verksamhetschef"
    DEPUTY_HEAD_OF_DEPARTMENT = "deputy_head_of_department", "biträdande avdelningschef"
    DEVELOPER = "developer", "utvecklingsledare"
    PROCESS_LEADER = "process_leader", "processledare"
    COORDINATOR = "coordinator", "samordnare"
    EDUCATION_LEADER = "education_leader", "utbildningsledare"
    POLITICIAN = "politician", "politiker"
    NOT_STATED = "not_stated", "ej angiven"


def in_role(day) -> Q:
    """Roles that cover the day; the rows can be asked too (sbs_portal.db.checking.holds)."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class RoleAssignmentQuerySet(ScopedQuerySet):
    def active_on(self, day=None):
        return self.filter(in_role(day or today()))


@tracked
class RoleAssignment(Model):
    """A person in a role at a place in a period: at a unit, an administration, a huvudman or a provider."""

    scoping = Scoping(
        kind="owned",
        path="huvudman_id",
        or_parent="person",
        read=Action.PEOPLE_READ,
        change=Action.PEOPLE_CHANGE,
        units="unit_id",
    )
    scope_links = [ScopeLink(parent="schools.Person", column="person_id")]
    removal = Removal("rollen", root="person")

    person = models.ForeignKey(Person, verbose_name="person", on_delete=models.CASCADE, related_name="roles")
    role = models.CharField("roll", max_length=30, choices=StaffRole.choices)
    title = models.CharField(
        "titel", max_length=120, blank=True, help_text="Som det står på platsen, om rollen inte räcker."
    )
    huvudman = models.ForeignKey(
        Huvudman,
        verbose_name="huvudman",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    administration = models.ForeignKey(
        Administration,
        verbose_name="förvaltning",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    unit = models.ForeignKey(
        SchoolUnit,
        verbose_name="enhet",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    provider = models.ForeignKey(
        Provider,
        verbose_name="arbetsgivare",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    valid_from = models.DateField("från", null=True, blank=True)
    valid_to = models.DateField("till och med", null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "roll"
        verbose_name_plural = "roller"
        ordering = ["person_id", models.F("valid_from").desc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["valid_from", "id"], name="role_assignment_from")]
        constraints = [
            one_of("role", StaffRole, name="role_assignment_role_known"),
            ordered(
                "valid_from",
                "valid_to",
                name="role_assignment_period_ordered",
                message="Slutdatum kan inte vara före startdatum.",
            ),
            models.CheckConstraint(
                name="role_assignment_one_employer",
                condition=(Q(huvudman__isnull=False) & Q(provider__isnull=True))
                | (Q(huvudman__isnull=True) & Q(provider__isnull=False)),
                violation_error_message="Ange antingen en huvudman eller en annan arbetsgivare.",
            ),
            models.CheckConstraint(
                name="role_assignment_place_has_huvudman",
                condition=Q(huvudman__isnull=False) | Q(unit__isnull=True, administration__isnull=True),
                violation_error_message="En enhet eller förvaltning hör till en huvudman: ange den.",
            ),
        ]

    def __str__(self):
        return f"{self.shown_role}, {self.place}" if self.place else self.shown_role

    @property
    def shown_role(self) -> str:
        return self.title or self.get_role_display()

    @property
    def place(self) -> str:
        """Where: the unit, else the administration, the huvudman or the provider."""
        return str(self.unit or self.administration or self.huvudman or self.provider or "")
