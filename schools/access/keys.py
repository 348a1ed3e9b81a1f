"""Keys to the API: one's own, and for coordinators everybody's."""

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from sbs_portal.accounts.models import ApiToken
from sbs_portal.api.tokens import VALID_FOR, issue_token, revoke_token
from sbs_portal.rights import Action
from sbs_portal.time import today
from sbs_portal.web.sections import register_section
from sbs_portal.web.views import ScopedDetailView, ScopedListView, ScopedServiceView, ServiceFormView
from schools.access.filters import KEY_PILLS, KeyFilter
from schools.access.forms import KeyForm
from schools.access.tables import KeyTable, OwnKeyTable
from schools.models import Huvudman

SHOWN_ON_ACCOUNT = 5


def may_issue(scope) -> bool:
    """Whoever gives people access may give a system it, as far as she or he reaches."""
    return scope.may(Action.ACCESS_GRANT)


class KeyListView(ScopedListView):
    model = ApiToken
    filterset_class = KeyFilter
    pills = KEY_PILLS
    title = "API-nycklar"
    template_name = "schools/access/key_list.html"
    takes_date = False
    search_placeholder = "Sök namn eller nyckelns början"
    empty_title = "Inga nycklar ännu"
    empty_text = "Med en nyckel läser ett annat system samma uppgifter som du, och skriver om du vill."
    empty_label = "Ny nyckel"

    @property
    def table_class(self):
        return KeyTable if self.scope.is_coordinator else OwnKeyTable

    def narrow(self, queryset):
        return queryset.select_related("user", "issued_by")

    def get_lede(self):
        return "Allas nycklar." if self.scope.is_coordinator else "Dina nycklar."

    def empty_url(self):
        return reverse("key_new") if may_issue(self.scope) else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_issue=may_issue(self.scope), **kwargs)


class KeyDetailView(ScopedDetailView):
    model = ApiToken
    template_name = "schools/access/key_detail.html"
    object_name = "key"
    takes_date = False

    def narrow(self, queryset):
        return queryset.select_related("user", "issued_by")

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        ids = self.object.huvudman_ids or []
        places = Huvudman.objects.visible_to(self.scope).filter(pk__in=ids).order_by("sort_key")
        return super().get_context_data(places=places, **kwargs)


@method_decorator([never_cache, reauthentication_required], name="dispatch")
class KeyNewView(ServiceFormView):
    """A new key, shown this once. A key works for long, so the one who asks proves who it is anew."""

    form_class = KeyForm
    title = "Ny API-nyckel"
    submit_label = "Skapa nyckeln"
    template_name = "schools/access/key_form.html"

    def dispatch(self, request, *args, **kwargs):
        if not may_issue(request.scope):
            raise PermissionDenied("Du saknar behörighet att skapa nycklar till API:et.")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "scope": self.scope}

    def get_initial(self):
        return {"expires_at": today() + VALID_FOR}

    def perform(self, form):
        return issue_token(**{"user": self.request.user} | form.cleaned_data, by=self.request.user)

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        key, plaintext = self.result
        context = {"page_title": "Kopiera nyckeln", "key": key, "plaintext": plaintext}
        return render(self.request, "schools/access/key_shown.html", context)

    def get_success_url(self):
        return reverse("key_list")

    get_cancel_url = get_success_url


class KeyRevokeView(ScopedServiceView):
    model = ApiToken
    success_message = "Nyckeln är återkallad. Den fungerar inte längre."

    def perform(self):
        return revoke_token(token=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("key", args=[self.kwargs["uuid"]])


def register() -> None:
    """Fill the account page's place."""
    register_section(
        page="account",
        name="nycklar",
        title="API-nycklar",
        order=50,
        loader=_own_keys,
        template="schools/access/_own_keys.html",
    )


def _own_keys(request, user) -> dict | None:
    keys = list(ApiToken.objects.filter(user=user).working().select_related("user"))
    issues = may_issue(request.scope)
    if not keys and not issues:
        return None
    action = {"url": reverse("key_new"), "label": "Ny nyckel"} if issues else None
    return {"keys": keys[:SHOWN_ON_ACCOUNT], "count": len(keys), "action": action}
