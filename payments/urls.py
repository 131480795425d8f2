"""URLs of payments and receivables."""

from django.urls import path

from payments import (
    allocation_views,
    list_views,
    organization_views,
    payment_views,
    payout_views,
    receivable_views,
    views,
)
from payments.account import views as account_views
from payments.imports import views as import_views

app_name = "payments"
urlpatterns = [
    path("payments/", list_views.payments, name="list"),
    path("payments/<int:pk>/", payment_views.payment, name="payment"),
    path("payments/<int:pk>/history/", payment_views.history, name="history"),
    path("invoices/receivables/", receivable_views.receivables, name="receivables"),
    path(
        "invoices/receivables/export.csv",
        receivable_views.export,
        {"kind": "csv"},
        name="receivables_export_csv",
    ),
    path(
        "invoices/receivables/export.xlsx",
        receivable_views.export,
        {"kind": "xlsx"},
        name="receivables_export_xlsx",
    ),
    path("organizations/<int:pk>/payments/", organization_views.payments, name="of_organization"),
    path("organizations/<int:pk>/account/", account_views.account, name="account"),
    *(
        path(
            f"organizations/<int:pk>/account.{kind}",
            account_views.export,
            {"kind": kind},
            name=f"account_{kind}",
        )
        for kind in account_views.FILE_KINDS
    ),
    path("organizations/<int:pk>/payments/add/", views.add_on_account, name="add_on_account"),
    path("payments/<int:pk>/allocate/", allocation_views.allocate, name="allocate"),
    path(
        "payments/<int:pk>/allocations/<int:invoice>/undo/",
        allocation_views.undo,
        name="undo_allocation",
    ),
    path("payments/<int:pk>/refund/", payout_views.refund, name="refund"),
    path("payments/<int:pk>/transfer/", payout_views.transfer, name="transfer"),
    path("invoices/<int:pk>/payments/write-off/", payout_views.write_off, name="write_off"),
    path("invoices/<int:pk>/payments/add/", views.add, name="add"),
    path("invoices/payments/<int:pk>/reverse/", views.reverse, name="reverse"),
    path("invoices/payments/import/", import_views.upload, name="import"),
    *import_views.PAGES.urls("invoices/payments/import/"),
]
