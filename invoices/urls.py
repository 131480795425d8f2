"""URLs of invoices, runs and the provider."""

from datetime import date

from django.urls import path, register_converter

from invoices import settle_views, views
from invoices.checking import views as checking_views
from invoices.differences import views as difference_views
from invoices.documents import views as document_views
from invoices.issuing import cancel_views, one_off_views
from invoices.issuing import views as issuing_views
from invoices.many import views as many_views
from invoices.months import PATTERN, month_from
from invoices.provider import design_views, french_views
from invoices.provider import views as provider_views
from invoices.provider.e_invoicing import e_invoicing
from invoices.rates import views as rate_views
from invoices.runs import schedule_views
from invoices.runs import views as run_views
from invoices.sending import views as sending_views
from invoices.terms import views as terms_views
from invoices.uninvoiced import views as uninvoiced_views


class MonthConverter:
    """A month in a URL, such as 2026-10. Its value is the first date of the month."""

    regex = PATTERN

    def to_python(self, text: str) -> date:
        """Return the first date of the month."""
        return month_from(text)

    def to_url(self, month: date) -> str:
        """Return the month of a date as it is written in URLs."""
        return f"{month:%Y-%m}"


register_converter(MonthConverter, "month")

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.invoices, name="list"),
    path("invoices/export.csv", views.export, {"kind": "csv"}, name="export_csv"),
    path("invoices/export.xlsx", views.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("invoices/<int:pk>/", views.invoice, name="invoice"),
    path("invoices/<int:pk>.pdf", document_views.pdf, name="pdf"),
    path("invoices/<int:pk>.xml", document_views.cii, name="cii"),
    path("invoices/<int:pk>.ubl.xml", document_views.ubl, name="ubl"),
    path("invoices/<int:pk>.fa3.xml", document_views.ksef, name="ksef"),
    path("invoices/<int:pk>/charges/", document_views.charges, name="charges"),
    path("invoices/<int:pk>/charges.csv", document_views.charges_csv, name="charges_csv"),
    path("invoices/<int:pk>/differences/", difference_views.differences, name="differences"),
    path("invoices/<int:pk>/withdraw/", settle_views.withdraw, name="withdraw_deferred"),
    path("invoices/settle/", settle_views.settle, name="settle"),
    path("invoices/settle/next/", settle_views.settle_with_next, name="settle_with_next"),
    path("invoices/send/", many_views.send_many, name="send_many"),
    path("invoices/mailings/<uuid:pk>/", many_views.mailing, name="mailing"),
    path("invoices/pack/", many_views.pack, name="pack"),
    path("invoices/files/<uuid:pk>/", many_views.file, name="file"),
    path("invoices/files/<uuid:pk>.zip", many_views.download, name="download"),
    path("invoices/check/", checking_views.check_document, name="check_document"),
    path("invoices/check/<uuid:pk>/", checking_views.check, name="check"),
    path("invoices/<int:pk>/cancel/", cancel_views.cancel, name="cancel"),
    path("invoices/<int:pk>/send/", sending_views.send, name="send"),
    path("invoices/<int:pk>/history/", views.history, name="history"),
    path("invoices/late-usage/", difference_views.late_usage, name="late_usage"),
    path("invoices/uninvoiced/", uninvoiced_views.uninvoiced, name="uninvoiced"),
    path(
        "invoices/uninvoiced/export.csv",
        uninvoiced_views.export,
        {"kind": "csv"},
        name="uninvoiced_export_csv",
    ),
    path(
        "invoices/uninvoiced/export.xlsx",
        uninvoiced_views.export,
        {"kind": "xlsx"},
        name="uninvoiced_export_xlsx",
    ),
    path("invoices/runs/", run_views.invoice_runs, name="runs"),
    path("invoices/runs/schedules/", schedule_views.run_schedules, name="schedules"),
    path(
        "invoices/runs/schedules/<int:pk>/edit/",
        schedule_views.edit_schedule,
        name="edit_schedule",
    ),
    path(
        "invoices/runs/schedules/<int:pk>/pause/",
        schedule_views.pause_schedule,
        name="pause_schedule",
    ),
    path(
        "invoices/runs/schedules/<int:pk>/delete/",
        schedule_views.delete_schedule,
        name="delete_schedule",
    ),
    path("invoices/runs/<month:month>/", run_views.invoice_run, name="run"),
    path("invoices/runs/<month:month>/start/", run_views.start, name="start_run"),
    path("invoices/runs/<month:month>/history/", run_views.history, name="run_history"),
    path("invoices/runs/<month:month>/release/", run_views.release, name="release_run"),
    path("invoices/runs/<month:month>/withdraw/", run_views.withdraw, name="withdraw_run"),
    path("invoices/runs/<month:month>/accept/", run_views.accept, name="accept_amounts"),
    path("invoices/runs/<month:month>/exclude/", run_views.exclude, name="exclude_from_run"),
    path("invoices/runs/<month:month>/include/", run_views.include, name="include_in_run"),
    path("invoices/provider/", provider_views.provider, name="provider"),
    path("invoices/provider/e-invoicing/", e_invoicing, name="e_invoicing"),
    path("invoices/provider/history/", provider_views.provider_history, name="provider_history"),
    path("invoices/provider/design/", design_views.design, name="design"),
    path("invoices/provider/design/preview/", design_views.preview, name="design_preview"),
    path("invoices/provider/france/", french_views.french_notes, name="french_notes"),
    path(
        "invoices/provider/france/history/",
        french_views.french_notes_history,
        name="french_notes_history",
    ),
    path("invoices/provider/rates/", rate_views.rates, name="rates"),
    path("invoices/provider/rates/add/", rate_views.add, name="add_rate"),
    path("invoices/provider/rates/<int:pk>/delete/", rate_views.delete, name="delete_rate"),
    path("invoices/provider/logo/", provider_views.logo, name="provider_logo"),
    path("invoices/provider/terms/", terms_views.document_terms, name="document_terms"),
    path("invoices/provider/accounts/", terms_views.accounts, name="accounts"),
    path("invoices/provider/accounts/add/", terms_views.add_account, name="add_account"),
    path("invoices/provider/accounts/<int:pk>/", terms_views.edit_account, name="edit_account"),
    path(
        "invoices/provider/accounts/<int:pk>/delete/",
        terms_views.delete_account,
        name="delete_account",
    ),
    path(
        "organizations/<int:pk>/payment-terms/",
        terms_views.organization_terms,
        name="organization_terms",
    ),
    path("organizations/<int:pk>/invoices/", views.of_organization, name="of_organization"),
    path("organizations/<int:pk>/invoices/issue/", issuing_views.issue, name="issue"),
    path(
        "organizations/<int:pk>/invoices/one-off/",
        one_off_views.issue_charges,
        name="issue_charges",
    ),
]
