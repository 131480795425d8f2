"""Configuration of the accounting app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    """The accounting app."""

    name = "accounting"
    verbose_name = _("Accounting")

    def ready(self) -> None:
        """Tell organizations which debtor numbers are counted."""
        from accounting.journal import stored_settings
        from organizations import debtors

        debtors.register(lambda: stored_settings().first_debtor)
