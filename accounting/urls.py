"""URLs of accounting."""

from django.urls import path

from accounting import views
from foundation.lists.exports import EXPORT_KINDS

app_name = "accounting"
urlpatterns = [
    path("", views.journal, name="journal"),
    *(
        path(f"journal.{kind}", views.export_journal, {"kind": kind}, name=f"journal_{kind}")
        for kind in EXPORT_KINDS
    ),
    path("datev.csv", views.export_datev, name="datev"),
    path("commerceml.xml", views.export_commerceml, name="commerceml"),
    path("taxes/", views.taxes, name="taxes"),
    *(
        path(f"taxes.{kind}", views.export_taxes, {"kind": kind}, name=f"taxes_{kind}")
        for kind in EXPORT_KINDS
    ),
    path("closing/", views.closing, name="closing"),
    path("closing/close/", views.close, name="close"),
    path("closing/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("settings/", views.settings, name="settings"),
    path("revenue-accounts/", views.revenue_accounts, name="revenue_accounts"),
    path("revenue-accounts/add/", views.add_revenue_account, name="add_revenue_account"),
    path("revenue-accounts/<int:pk>/", views.edit_revenue_account, name="edit_revenue_account"),
]
