"""Addresses of who has access, and of keys to the API."""

from django.urls import path

from schools.access import accept, keys, views

urlpatterns = [
    path("inbjudan/<str:key>/", accept.InvitationView.as_view(), name="invitation"),
    path("behorighet/", views.AccessListView.as_view(), name="access_list"),
    path("behorighet/bjud-in/", views.InviteView.as_view(), name="access_invite"),
    path("behorighet/inbjudna/", views.InvitationListView.as_view(), name="access_invitations"),
    path("behorighet/inbjudna/<uuid:uuid>/", views.InvitationDetailView.as_view(), name="access_invitation"),
    path(
        "behorighet/inbjudna/<uuid:uuid>/skicka-om/",
        views.InvitationResendView.as_view(),
        name="access_resend",
    ),
    path(
        "behorighet/inbjudna/<uuid:uuid>/aterkalla/",
        views.InvitationRevokeView.as_view(),
        name="access_revoke",
    ),
    path("behorighet/konton/<uuid:uuid>/", views.AccountView.as_view(), name="access_account"),
    path("behorighet/konton/<uuid:uuid>/ge/", views.GrantView.as_view(), name="access_grant"),
    path("behorighet/konton/<uuid:uuid>/stang-av/", views.AccountCloseView.as_view(), name="account_close"),
    path("behorighet/konton/<uuid:uuid>/oppna/", views.AccountOpenView.as_view(), name="account_open"),
    path("behorighet/<uuid:uuid>/andra/", views.AccessChangeView.as_view(), name="access_change"),
    path("behorighet/<uuid:uuid>/avsluta/", views.AccessEndView.as_view(), name="access_end"),
    path("konto/nycklar/", keys.KeyListView.as_view(), name="key_list"),
    path("konto/nycklar/ny/", keys.KeyNewView.as_view(), name="key_new"),
    path("konto/nycklar/<uuid:uuid>/", keys.KeyDetailView.as_view(), name="key"),
    path("konto/nycklar/<uuid:uuid>/aterkalla/", keys.KeyRevokeView.as_view(), name="key_revoke"),
]
