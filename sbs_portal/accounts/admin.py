"""Accounts and API keys in the admin: for coordinators."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.accounts.second_step import remove_second_steps
from sbs_portal.accounts.sessions import end_log_ins
from sbs_portal.api.tokens import revoke_token
from sbs_portal.rights import Action
from sbs_portal.web.model_admin import PortalModelAdmin

# Rights come from access rows; groups would be a second truth.
admin.site.unregister(Group)
# Secrets and devices are the user's own.
admin.site.unregister([Authenticator, UserSession])
# The address is the account's; a list of its own would name the protected.
admin.site.unregister(EmailAddress)


class ForCoordinators:
    """Accounts have no huvudman of their own: whoever grants access anywhere keeps them."""

    def has_view_permission(self, request, obj=None):
        return request.scope.is_coordinator and request.scope.may(Action.ACCESS_GRANT)

    has_module_permission = has_view_permission
    has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False


class NamesOnlyTheUnprotected:
    """A protected person's account is found by no search or address, and sorted by no name."""

    protected = "is_protected"

    def get_search_results(self, request, queryset, search_term):
        rows, several = super().get_search_results(request, queryset, search_term)
        return (rows.filter(**{self.protected: False}) if search_term else rows), several

    def lookup_allowed(self, lookup, value, request):
        return any(lookup == name or lookup.startswith(f"{name}__") for name in self.list_filter)


@admin.register(User)
class UserAdmin(NamesOnlyTheUnprotected, ForCoordinators, PortalModelAdmin, DjangoUserAdmin):
    """Who somebody is. What they may do, and whether the account is open, is on the page of who has access."""

    list_display = ["masked_name", "masked_email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["is_protected", "email"]
    readonly_fields = ["masked_name", "is_active", "is_staff", "last_login", "date_joined"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Konto", {"fields": ["is_active", "is_staff", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    actions = ["end_log_ins", "remove_second_steps"]

    @admin.display(description="namn")
    def masked_name(self, user):
        return user.shown_name

    @admin.display(description="e-postadress")
    def masked_email(self, user):
        return user.shown_email

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.is_protected:
            return fieldsets
        return [(None, {"fields": ["masked_name"]}), *fieldsets[1:]]

    def user_change_password(self, request, id, form_url=""):
        """Django's page is headed by the address; whose account it is chooses the password anyway."""
        user = self.get_object(request, unquote(id))
        if user is not None and user.is_protected:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @admin.action(description="Logga ut valda överallt", permissions=["change"])
    def end_log_ins(self, request, queryset):
        ended = sum(end_log_ins(user=user) for user in queryset)
        self.message_user(request, f"Avslutade inloggningar: {ended}.")

    @admin.action(description="Ta bort det andra steget i inloggningen", permissions=["change"])
    def remove_second_steps(self, request, queryset):
        """For someone who has lost app, keys and codes. They log in anew and set up another."""
        for user in queryset:
            remove_second_steps(user)
            self.log_change(request, user, "Tog bort det andra steget i inloggningen.")
        self.message_user(request, "Det andra steget är borttaget, och inloggningarna avslutade.")


@admin.register(ApiToken)
class ApiTokenAdmin(NamesOnlyTheUnprotected, ForCoordinators, PortalModelAdmin):
    """Issued on the account page or the command line, where the key is shown once; ended here too."""

    protected = "user__is_protected"
    sortable_by = ["name", "expires_at", "last_used_at", "revoked_at"]
    list_display = ["name", "user", "prefix", "can_write", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["can_write"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email", "prefix"]
    fields = [
        "name",
        "user",
        "issued_by",
        "prefix",
        "can_write",
        "huvudman_ids",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]
    readonly_fields = fields
    actions = ["revoke"]

    @admin.action(description="Återkalla valda nycklar", permissions=["change"])
    def revoke(self, request, queryset):
        ended = 0
        for token in queryset.filter(revoked_at=None):
            revoke_token(token=token, by=request.user)
            ended += 1
        self.message_user(
            request, f"{ended} {'nyckel är återkallad' if ended == 1 else 'nycklar är återkallade'}."
        )

    def has_add_permission(self, request):
        return False
