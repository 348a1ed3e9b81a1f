"""Log-in and the account under Swedish addresses, with allauth's own names so that allauth finds them."""

from functools import wraps

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path

from sbs_portal.accounts import oidc
from sbs_portal.accounts import views as account

UNPROCESSABLE = 422


def answers(view):
    """allauth draws a refused form with status 200; here that is 422, as of every form."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = UNPROCESSABLE
        return response

    return answered


def leaves_nothing(view):
    """After a log-out the browser's own copies of pages go too: "back" on a shared machine shows nothing."""

    @wraps(view)
    def left(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        return response

    return left


urlpatterns = [
    path("", account.AccountView.as_view(), name="account"),
    path("inloggningar/", account.LogInsView.as_view(), name="log_ins"),
    path("inloggningar/avsluta/", account.LogInsEndView.as_view(), name="log_ins_end"),
    path("inloggningar/<int:pk>/avsluta/", account.LogInEndView.as_view(), name="log_in_end"),
    path(
        "logga-in/",
        answers(views.LoginView.as_view(extra_context={"providers": oidc.providers})),
        name="account_login",
    ),
    path("logga-in/via/<slug:provider>/", account.ProviderStartView.as_view(), name="provider_start"),
    path("logga-in/via/<slug:provider>/svar/", account.ProviderAnswerView.as_view(), name="provider_answer"),
    path("logga-in/steg-tva/", answers(mfa.authenticate), name="mfa_authenticate"),
    path("logga-in/nyckel/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("logga-ut/", leaves_nothing(views.logout), name="account_logout"),
    path("bekrafta/", answers(views.reauthenticate), name="account_reauthenticate"),
    path("bekrafta/kod/", answers(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("bekrafta/nyckel/", answers(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("inaktivt/", views.account_inactive, name="account_inactive"),
    path("nytt/", views.signup, name="account_signup"),
    path("losenord/byt/", answers(views.password_change), name="account_change_password"),
    path("losenord/valj/", answers(views.password_set), name="account_set_password"),
    path("losenord/glomt/", answers(views.password_reset), name="account_reset_password"),
    path("losenord/skickat/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        answers(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("losenord/klart/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("tvasteg/", account.SecondStepView.as_view(), name="mfa_index"),
    path("tvasteg/app/", answers(totp.activate_totp), name="mfa_activate_totp"),
    path("tvasteg/app/ta-bort/", answers(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("tvasteg/nycklar/", account.SecondStepView.as_view(), name="mfa_list_webauthn"),
    path("tvasteg/nycklar/ny/", answers(keys.add_webauthn), name="mfa_add_webauthn"),
    path("tvasteg/nycklar/<int:pk>/namn/", answers(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("tvasteg/nycklar/<int:pk>/ta-bort/", answers(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("tvasteg/koder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tvasteg/koder/nya/", answers(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
