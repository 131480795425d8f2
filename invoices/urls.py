"""Addresses of invoices."""

from django.urls import path

from invoices import cancel_views, document_views, issue_views, views

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.invoices, name="list"),
    path("invoices/export.csv", views.export, {"kind": "csv"}, name="export_csv"),
    path("invoices/export.xlsx", views.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("invoices/<int:pk>/", views.invoice, name="invoice"),
    path("invoices/<int:pk>.pdf", document_views.pdf, name="pdf"),
    path("invoices/<int:pk>.xml", document_views.cii, name="cii"),
    path("invoices/<int:pk>.ubl.xml", document_views.ubl, name="ubl"),
    path("invoices/<int:pk>/charges/", document_views.charges, name="charges"),
    path("invoices/<int:pk>/charges.csv", document_views.charges_csv, name="charges_csv"),
    path("invoices/<int:pk>/differences/", document_views.differences, name="differences"),
    path("invoices/<int:pk>/cancel/", cancel_views.cancel, name="cancel"),
    path("invoices/<int:pk>/history/", views.history, name="history"),
    path("organizations/<int:pk>/invoices/", views.of_organization, name="of_organization"),
    path("organizations/<int:pk>/invoices/issue/", issue_views.issue, name="issue"),
]
