"""Configuration of the invoices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Enable warnings about changes that affect invoices; add documents to Usages pages."""
        from invoices.beside_charges import beside_charges
        from invoices.differences.affected import IssuedInvoices
        from tariffs import affected_invoices
        from usage.statements import additions

        affected_invoices.register(IssuedInvoices())
        additions.register(beside_charges)
