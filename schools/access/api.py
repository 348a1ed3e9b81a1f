"""Access and invitations outward, through the same services as the pages."""

import django_filters as df
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, OuterRef, Q, TextField, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from sbs_portal.accounts.models import MASKED_NAME, User
from sbs_portal.api.computed import Asked, Computed, where
from sbs_portal.api.filters import FilterSet, RelatedFilter
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from sbs_portal.api.views import CreateMixin, ReadViewSet, WriteViewSet
from sbs_portal.api.writing import done, read_body
from sbs_portal.rights import Role
from schools.access.filters import STATES, in_state
from schools.models import Access, Huvudman, Invitation, InvitationState, Person, SchoolUnit
from schools.services import access as access_services
from schools.services import invitation as invitation_services

ORGANISATION = ("organisation_number",)
UNIT = ("unit_code",)


def _place(**kwargs):
    return ScopedRelatedField(
        queryset=Huvudman.objects.all(),
        natural_keys=ORGANISATION,
        required=False,
        allow_null=True,
        help_text="Huvudmannens id, null för hela landet",
        **kwargs,
    )


def _user_name(asked: Asked) -> Case:
    """As ``User.shown_name`` says it."""
    return Case(
        When(user__is_protected=True, then=Value(MASKED_NAME)),
        When(user__name="", then=F("user__email")),
        default=F("user__name"),
        output_field=TextField(),
    )


class AccessSerializer(StrictModelSerializer):
    user = ScopedRelatedField(
        queryset=User.objects.all(), help_text="Kontots id. Den som inte har konto hos er bjuds in i stället"
    )
    user_name = Computed(_user_name, serializers.CharField(), help_text="Namn, eller Skyddad person")
    user_email = Computed(
        lambda asked: where(Q(user__is_protected=False), "user__email"),
        serializers.CharField(),
        help_text="E-postadress, tom för en skyddad person",
    )
    huvudman = _place()
    unit = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=UNIT,
        required=False,
        allow_null=True,
        help_text="Enhetens id, bara för en rektor",
    )

    class Meta:
        model = Access
        fields = (
            "id",
            "user",
            "user_name",
            "user_email",
            "role",
            "huvudman",
            "unit",
            "valid_from",
            "valid_to",
            "reason",
            "end_reason",
            "created_at",
        )
        read_only_fields = ("end_reason", "created_at")


class AccessPeriodInput(StrictSerializer):
    """The period of access that is not over."""

    valid_from = serializers.DateField(required=False, help_text="Första dag, så länge den inte har kommit")
    valid_to = serializers.DateField(
        required=False, allow_null=True, help_text="Sista dag, null för tills vidare"
    )


class AccessEndInput(StrictSerializer):
    """Why access is taken away."""

    reason = serializers.CharField(max_length=200, help_text="Varför den avslutas")


class NothingInput(StrictSerializer):
    """Nothing to say."""


class AccessFilter(FilterSet):
    user = RelatedFilter("user", label="Kontots id")
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )
    state = df.ChoiceFilter(method="with_state", choices=STATES, label="Om den gäller nu")

    class Meta:
        model = Access
        fields = ("role",)

    def with_state(self, queryset, name, value):
        return in_state(queryset, value)


class InvitationFilter(FilterSet):
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )
    state = df.ChoiceFilter(
        method="with_state", choices=InvitationState.choices, label="Om den väntar, är använd eller slut"
    )

    class Meta:
        model = Invitation
        fields = ("role",)

    def with_state(self, queryset, name, value):
        return queryset.in_state(value)


class AccessViewSet(WriteViewSet):
    queryset = Access.objects.all()
    serializer_class = AccessSerializer
    filterset_class = AccessFilter
    ordering_fields = ("valid_from", "created_at")
    ordering = ("-created_at",)
    noun, nouns = "behörighet", "behörigheter"
    about = "En roll som ett konto har, hos en huvudman eller i hela landet, under en period."

    def get_input_class(self):
        return AccessPeriodInput if self.action in ("update", "partial_update") else AccessSerializer

    def for_list(self, queryset):
        return queryset.select_related("user", "huvudman", "unit")

    def perform_create(self, serializer):
        return access_services.grant_access.steps(**serializer.validated_data, by=self.request.scope)

    def perform_update(self, serializer):
        return access_services.change_access.steps(
            access=serializer.instance, **serializer.validated_data, by=self.request.scope
        )

    @extend_schema(
        summary="Avsluta behörigheten",
        description="Gäller från nästa anrop. En som började i dag tas bort: då är svaret 204.",
        request=AccessEndInput,
        responses={200: AccessSerializer, 204: None},
    )
    @action(detail=True, methods=["post"], url_path="end")
    def end(self, request, *args, **kwargs):
        access, data = self.get_object(), read_body(self, AccessEndInput)
        row = access_services.end_access(access=access, **data, by=request.scope)
        return Response(status=204) if row is None else self.became(row)


class InvitationSerializer(StrictModelSerializer):
    email = serializers.CharField(
        source="shown_email", read_only=True, help_text="E-postadress, tom för en skyddad person"
    )
    name = serializers.CharField(source="shown_name", read_only=True, help_text="Namn, eller Skyddad person")
    units = serializers.SerializerMethodField(help_text="Id för en rektors enheter")
    state = serializers.ChoiceField(
        choices=InvitationState.choices, read_only=True, help_text="Om den väntar, är använd eller slut"
    )
    link = serializers.SerializerMethodField(
        help_text="Länken, en enda gång och bara när ingen e-post skickades: då lämnar du över den själv"
    )

    class Meta:
        model = Invitation
        fields = (
            "id",
            "email",
            "name",
            "role",
            "huvudman",
            "units",
            "valid_from",
            "valid_to",
            "state",
            "link",
            "created_at",
            "expires_at",
            "accepted_at",
            "revoked_at",
        )

    def get_units(self, invitation) -> list[str]:
        return [str(uuid) for uuid in invitation.unit_uuids]

    def get_link(self, invitation) -> str | None:
        return getattr(self.context["view"], "links", {}).get(invitation.pk)


class InvitationInput(StrictSerializer):
    """Who is invited to what."""

    email = serializers.EmailField(max_length=254, help_text="Den som har adressen kan använda länken")
    name = serializers.CharField(max_length=200, required=False, help_text="Namn, om du vet det")
    role = serializers.ChoiceField(choices=Role.choices, help_text="Roll")
    huvudman = _place()
    units = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=UNIT,
        many=True,
        required=False,
        help_text="Enheter, bara för en rektor",
    )
    person = ScopedRelatedField(
        queryset=Person.objects.all(),
        editable=True,
        required=False,
        allow_null=True,
        help_text="Personen i registret som kontot hör till",
    )
    valid_from = serializers.DateField(required=False, allow_null=True, help_text="Första dag")
    valid_to = serializers.DateField(required=False, allow_null=True, help_text="Sista dag")


class InvitationViewSet(CreateMixin, ReadViewSet):
    queryset = Invitation.objects.all()
    serializer_class = InvitationSerializer
    plain = "an invitation's state is of the moment, and its link of the one answer"
    input_serializer_class = InvitationInput
    filterset_class = InvitationFilter
    ordering_fields = ("created_at",)
    ordering = ("-created_at",)
    # The answer may hold the link.
    unkept_actions = frozenset({"create", "bulk_create", "resend"})
    noun, nouns = "inbjudan", "inbjudningar"
    about = "En inbjudan till en e-postadress. Behörigheten ges när den inbjudna har tackat ja."

    def for_list(self, queryset):
        ids = ArrayField(BigIntegerField())
        units = SchoolUnit.objects.annotate(wanted=ExpressionWrapper(OuterRef("unit_ids"), output_field=ids))
        units = units.filter(wanted__contains=[F("pk")]).order_by("sort_key", "pk").values("uuid")
        return queryset.select_related("huvudman", "accepted_by").annotate(unit_uuids=ArraySubquery(units))

    @cached_property
    def keys(self) -> dict[int, str]:
        """The keys of what is invited in this request, by the invitation's pk."""
        return {}

    def perform_create(self, serializer):
        steps = invitation_services.invite.steps(**serializer.validated_data, by=self.request.scope)
        return self._with_key(steps)

    def _with_key(self, steps):
        invitation, key = yield from steps
        self.keys[invitation.pk] = key
        return invitation

    def after_create(self, rows):
        # Only when all of them stand: no letter about an invitation that was taken back.
        self._deliver(rows)

    @extend_schema(
        summary="Skicka om inbjudan",
        description="Den får en ny länk och sju nya dagar. Den förra länken slutar gälla.",
        request=NothingInput,
        responses=InvitationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="resend")
    def resend(self, request, *args, **kwargs):
        invitation = self.get_object()
        read_body(self, NothingInput)
        row = done(self._with_key(invitation_services.resend.steps(invitation=invitation, by=request.scope)))
        self._deliver([row])
        return self.became(row)

    @extend_schema(
        summary="Återkalla inbjudan",
        description="Länken slutar gälla.",
        request=NothingInput,
        responses=InvitationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="revoke")
    def revoke(self, request, *args, **kwargs):
        invitation = self.get_object()
        read_body(self, NothingInput)
        return self.became(invitation_services.revoke(invitation=invitation, by=request.scope))

    def _deliver(self, rows):
        """Mail the links; those that cannot be stand in this one answer."""
        links = {
            row: self.request.build_absolute_uri(reverse("invitation", args=[self.keys[row.pk]]))
            for row in rows
        }
        self.links = {row.pk: links[row] for row in invitation_services.deliver(links)}


ROUTES = (("accesses", AccessViewSet), ("invitations", InvitationViewSet))
