"""Configuration of the invoices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Enable warnings about corrections that affect issued invoices."""
        from invoices.differences.affected import IssuedInvoices
        from tariffs import affected_invoices

        affected_invoices.register(IssuedInvoices())
