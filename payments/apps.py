"""Configuration of the payments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """The payments app."""

    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Show payments in the history of their invoice."""
        from invoices import history
        from payments.history import OF_INVOICE

        history.add_part(OF_INVOICE)
