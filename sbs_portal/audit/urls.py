"""Addresses of the review list."""

from django.urls import path

from sbs_portal.audit.views import history, national
from sbs_portal.audit.views import statement as views

urlpatterns = [
    path("andringar/", national.ChangeListView.as_view(), name="change_list"),
    path("journal/<uuid:uuid>/aterkalla/", history.WithdrawView.as_view(), name="journal_withdraw"),
    path("uppgifter/", views.StatementListView.as_view(), name="statement_list"),
    path("uppgifter/<uuid:uuid>/", views.StatementPage.as_view(), name="statement_detail"),
    path("uppgifter/<uuid:uuid>/godta/", views.AcceptView.as_view(), name="statement_accept"),
    path("uppgifter/<uuid:uuid>/avvisa/", views.RejectView.as_view(), name="statement_reject"),
    path("uppgifter/<uuid:uuid>/ater/", views.ReopenView.as_view(), name="statement_reopen"),
    path("uppgifter/<uuid:uuid>/knyt/", views.AttachView.as_view(), name="statement_attach"),
]
