"""Who has access: seen, invited, given, changed and ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from sbs_portal.accounts.models import User
from sbs_portal.accounts.second_step import is_set_up
from sbs_portal.rights import Action
from sbs_portal.web.views import (
    ScopedDetailView,
    ScopedFormView,
    ScopedListView,
    ScopedServiceView,
    ServiceFormView,
)
from schools.access.filters import ACCESS_PILLS, INVITATION_PILLS, AccessFilter, InvitationFilter
from schools.access.forms import GrantForm, InviteForm, PeriodForm, ReasonForm
from schools.access.tables import AccessTable, InvitationTable, period_of
from schools.models import Access, Invitation, SchoolUnit
from schools.services import access as access_services
from schools.services import account as account_services
from schools.services import invitation as invitation_services


class GiverMixin:
    """For those who give access somewhere."""

    active = "access"
    takes_date = False

    def dispatch(self, request, *args, **kwargs):
        if not request.scope.may(Action.ACCESS_GRANT):
            raise PermissionDenied("Du saknar behörighet att se vilka som har behörighet.")
        return super().dispatch(request, *args, **kwargs)


class AccessListView(GiverMixin, ScopedListView):
    model = Access
    table_class = AccessTable
    filterset_class = AccessFilter
    pills = ACCESS_PILLS
    title = "Behörighet"
    template_name = "schools/access/access_list.html"
    search_placeholder = "Sök namn, e-post, huvudman eller enhet"
    empty_title = "Ingen har behörighet ännu"
    empty_text = "Bjud in den som ska kunna läsa eller skriva hos er."

    def narrow(self, queryset):
        last_here = User.objects.with_last_here().filter(pk=OuterRef("user_id")).values("last_here")
        return queryset.select_related("user", "huvudman", "unit").annotate(
            last_here=Subquery(last_here), second_step=is_set_up()
        )

    def get_lede(self):
        if self.scope.national:
            return "Alla som kommer in, i hela landet."
        return "Alla som kommer in hos er. Skolverkets samordnare når också er, som alla."

    def empty_url(self):
        return reverse("access_invite")

    empty_label = "Bjud in"

    def get_context_data(self, **kwargs):
        waiting = Invitation.objects.visible_to(self.scope).in_state("waiting").count()
        return super().get_context_data(waiting=waiting, **kwargs)


class InvitationListView(GiverMixin, ScopedListView):
    model = Invitation
    table_class = InvitationTable
    filterset_class = InvitationFilter
    pills = INVITATION_PILLS
    title = "Inbjudna"
    template_name = "schools/access/invitation_list.html"
    search_placeholder = "Sök e-post eller namn"
    empty_title = "Inga inbjudningar"
    empty_text = "Här står de som är inbjudna, tills de har tackat ja och efteråt."
    empty_label = "Bjud in"

    def narrow(self, queryset):
        return queryset.select_related("huvudman", "invited_by", "accepted_by")

    def empty_url(self):
        return reverse("access_invite")


class LinkShownMixin:
    """After a new key: the link is mailed, or shown this once to the inviter, who hands it over."""

    def link_or(self, response):
        invitation, key = self.result
        link = self.request.build_absolute_uri(reverse("invitation", args=[key]))
        if not invitation_services.deliver({invitation: link}):
            messages.success(self.request, "Inbjudan är mejlad. Länken gäller i sju dagar.")
            return response
        context = {
            "page_title": "Lämna över länken",
            "invitation": invitation,
            "link": link,
            "mails": invitation_services.mails(),
        }
        return render(self.request, "schools/access/invitation_link.html", context)


@method_decorator(never_cache, name="dispatch")
class InviteView(GiverMixin, LinkShownMixin, ServiceFormView):
    form_class = InviteForm
    title = "Bjud in"
    submit_label = "Bjud in"
    template_name = "schools/access/invite.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "scope": self.scope}

    def get_initial(self):
        asked = self.request.GET.get("huvudman")
        return {"huvudman": asked} if asked else {}

    def perform(self, form):
        return invitation_services.invite(**form.cleaned_data, by=self.request.user)

    def form_valid(self, form):
        response = super().form_valid(form)
        return self.link_or(response) if response.status_code == 302 else response

    def get_success_url(self):
        return reverse("access_invitations")

    def get_cancel_url(self):
        return reverse("access_list")


class InvitationDetailView(GiverMixin, ScopedDetailView):
    model = Invitation
    template_name = "schools/access/invitation_detail.html"
    object_name = "invitation"

    def narrow(self, queryset):
        return queryset.select_related("huvudman", "invited_by", "accepted_by")

    def get_title(self):
        return self.object.shown_email or self.object.shown_name

    def get_context_data(self, **kwargs):
        units = SchoolUnit.objects.visible_to(self.scope).filter(pk__in=self.object.unit_ids)
        may_change = Invitation.objects.editable_by(self.scope).filter(pk=self.object.pk).exists()
        return super().get_context_data(
            units=units,
            period=period_of(self.object),
            may_change=may_change and self.object.is_unused,
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class InvitationResendView(GiverMixin, LinkShownMixin, ScopedServiceView):
    model = Invitation

    def perform(self):
        return invitation_services.resend(invitation=self.object, by=self.request.user)

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        return self.link_or(response) if hasattr(self, "result") else response

    def get_success_url(self):
        return reverse("access_invitation", args=[self.kwargs["uuid"]])


class InvitationRevokeView(GiverMixin, ScopedServiceView):
    model = Invitation
    success_message = "Inbjudan är återkallad. Länken gäller inte längre."

    def perform(self):
        return invitation_services.revoke(invitation=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("access_invitations")


class AccountView(GiverMixin, ScopedDetailView):
    """One account: what it may do at the huvudmän where the reader gives access, and when it was here."""

    model = User
    page = "access_account"
    template_name = "schools/access/account.html"
    object_name = "account"

    def narrow(self, queryset):
        return queryset.with_last_here()

    def get_context_data(self, **kwargs):
        rows = Access.objects.visible_to(self.scope).filter(user=self.object)
        rows = list(
            rows.select_related("user", "huvudman", "unit", "granted_by", "ended_by").order_by(
                F("valid_to").desc(nulls_first=True), "-valid_from", "pk"
            )
        )
        may_change = set(
            Access.objects.editable_by(self.scope).filter(user=self.object).values_list("pk", flat=True)
        )
        for row in rows:
            row.period = period_of(row)
            row.may_end = row.pk in may_change and not row.is_over
            row.may_change = row.may_end and self.object != self.request.user
        return super().get_context_data(
            rows=rows,
            may_close=account_services.may_close(self.scope) and self.object != self.request.user,
            may_grant=self.object != self.request.user,
            **kwargs,
        )


class AccountFormView(GiverMixin, ScopedFormView):
    """A form about one account."""

    model = User

    def get_success_url(self):
        return reverse("access_account", args=[self.object.uuid])

    get_cancel_url = get_success_url


class GrantView(AccountFormView):
    form_class = GrantForm
    for_change = False
    submit_label = "Ge behörighet"
    success_message = "Behörigheten är given."

    def get_title(self):
        return f"Ge {self.object} behörighet"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "scope": self.scope}

    def perform(self, form):
        return access_services.grant_access(user=self.object, **form.cleaned_data, by=self.request.user)


class AccountCloseView(AccountFormView):
    form_class = ReasonForm
    submit_label = "Stäng av kontot"
    success_message = "Kontot är avstängt."
    template_name = "schools/access/account_close.html"

    def get_title(self):
        return f"Stäng av kontot för {self.object}"

    def perform(self, form):
        return account_services.close_account(user=self.object, **form.cleaned_data, by=self.request.user)


class AccountOpenView(GiverMixin, ScopedServiceView):
    model = User
    success_message = "Kontot är öppet igen."

    def perform(self):
        return account_services.open_account(user=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("access_account", args=[self.kwargs["uuid"]])


class AccessFormView(GiverMixin, ScopedFormView):
    """A form about one row of access."""

    model = Access

    def narrow(self, queryset):
        return queryset.select_related("user", "huvudman", "unit")

    def get_success_url(self):
        return reverse("access_account", args=[self.object.user.uuid])

    get_cancel_url = get_success_url


class AccessChangeView(AccessFormView):
    form_class = PeriodForm
    submit_label = "Ändra perioden"
    success_message = "Perioden är ändrad."
    template_name = "schools/access/access_form.html"
    title = "Ändra perioden"

    def get_initial(self):
        return {"valid_from": self.object.valid_from, "valid_to": self.object.valid_to}

    def perform(self, form):
        return access_services.change_access(access=self.object, **form.cleaned_data, by=self.request.user)


class AccessEndView(AccessFormView):
    form_class = ReasonForm
    submit_label = "Avsluta nu"
    success_message = "Behörigheten är avslutad."
    template_name = "schools/access/access_end.html"
    title = "Avsluta behörigheten"

    def perform(self, form):
        return access_services.end_access(access=self.object, **form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        # Who ended the last row here that they could see, or their own, has no page of the account to go to.
        return reverse("access_list")

    def get_cancel_url(self):
        return reverse("access_account", args=[self.object.user.uuid])
