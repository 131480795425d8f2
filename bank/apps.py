"""Configuration of the bank app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    """The bank app."""

    name = "bank"
    verbose_name = _("Bank statements")

    def ready(self) -> None:
        """Reopen the line whose payment is reversed."""
        from bank.posting import payment_reversed
        from payments.followers import REVERSED

        REVERSED.register(payment_reversed)
