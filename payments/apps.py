"""Configuration of the payments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """The payments app."""

    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Show payments in the history of their invoice, and on pages of an organization."""
        from foundation.web import tabs
        from invoices import history
        from invoices.issuing.followers import ISSUED
        from organizations import header
        from payments.allocating import use_for_issued
        from payments.balances import balances_today
        from payments.history import OF_INVOICE

        for part in OF_INVOICE:
            history.add_part(part)
        ISSUED.register(use_for_issued)
        header.register("payments/_balance_fact.html", balances_today)
        views = ("payments:of_organization", "payments:account", "payments:add_on_account")
        tabs.register(tabs.Tab(50, _("Payments"), views, is_for_readers=False))
