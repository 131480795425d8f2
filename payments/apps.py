"""The app of payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Its name in Django admin."""

    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Show payments in the history of their invoice."""
        from invoices import history
        from payments.history import OF_INVOICE

        history.show_too(OF_INVOICE)
