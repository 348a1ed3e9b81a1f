"""The other end of an invitation: open to those who are nobody yet."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from sbs_portal.web.views import ServiceFormView
from schools.access.forms import AcceptForm
from schools.periods import in_words
from schools.services import invitation as services
from schools.services.invitation import InvitationClosed

GONE = {
    "unknown": (
        404,
        "Länken stämmer inte",
        "Kontrollera att hela länken kom med. Den kan också ha ersatts av en nyare: öppna den länk du fick senast.",
    ),
    "accepted": (
        410,
        "Inbjudan är redan använd",
        "En inbjudan kan användas en gång. Logga in med ditt konto.",
    ),
    "expired": (410, "Inbjudan har gått ut", "Be den som bjöd in dig att skicka den igen."),
    "revoked": (410, "Inbjudan är återkallad", "Hör av dig till den som bjöd in dig om det är ett misstag."),
    "sender": (
        410,
        "Inbjudan gäller inte längre",
        "Den som bjöd in dig kan inte längre ge den behörigheten. Be någon annan hos er om en ny inbjudan.",
    ),
}


@method_decorator([login_not_required, never_cache], name="dispatch")
class InvitationView(ServiceFormView):
    """Who is invited to what. Without an account: a name and a password. With one: logged in as it, a yes."""

    form_class = AcceptForm
    title = "Inbjudan"
    template_name = "schools/access/accept.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            # What the page is made of is read before it: a closed invitation is a page of its own.
            self.invitation = services.find_open(self.kwargs["key"])
            self.offer = services.offer_of(self.invitation)
            return super().dispatch(request, *args, **kwargs)
        except InvitationClosed as closed:
            status, title, text = GONE[closed.why]
            return self._page("schools/access/invitation_closed.html", status, page_title=title, text=text)

    def _page(self, template: str, status: int = 200, **context):
        return self.response_class(self.request, template, context, status=status)

    @property
    def is_another(self) -> bool:
        user = self.request.user
        return user.is_authenticated and user.email != self.invitation.email

    def get(self, request, *args, **kwargs):
        if self.is_another:
            return self._forwarded()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.is_another:
            return self._forwarded()
        if request.user.is_authenticated:
            services.accept_as(key=kwargs["key"], user=request.user)
            return HttpResponseRedirect(reverse("start"))
        if self.offer.has_account:
            return self.render_to_response(self.get_context_data(), status=409)
        return super().post(request, *args, **kwargs)

    def _forwarded(self):
        context = {"page_title": "Inbjudan är till en annan adress", "here": self.request.path}
        return self._page("schools/access/invitation_forwarded.html", 403, **context)

    def get_initial(self):
        return {"name": self.offer.name}

    def perform(self, form):
        return services.accept_as_new(key=self.kwargs["key"], **form.cleaned_data)

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        return perform_login(self.request, self.result, redirect_url=reverse("start"))

    def get_success_url(self):
        return reverse("start")

    def get_context_data(self, **kwargs):
        period = in_words(self.offer.valid_from, self.offer.valid_to, self.today)
        return super().get_context_data(offer=self.offer, period=period, here=self.request.path, **kwargs)
