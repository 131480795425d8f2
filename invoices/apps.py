"""The app of invoices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """Its name in Django admin."""

    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Have those warned who correct what has been invoiced."""
        from invoices.issuing.affected import IssuedInvoices
        from tariffs import affected_invoices

        affected_invoices.register(IssuedInvoices())
