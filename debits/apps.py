"""Configuration of the app of direct debits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DebitsConfig(AppConfig):
    """The app of direct debits."""

    name = "debits"
    verbose_name = _("Direct debit")

    def ready(self) -> None:
        """Mark the mandate whose collection is taken back; show mandates of an organization."""
        from debits.returns import payment_reversed
        from foundation.web import tabs
        from payments.followers import REVERSED

        REVERSED.register(payment_reversed)
        views = ("debits:mandates", "debits:add_mandate")
        tabs.register(tabs.Tab(55, _("Direct debit"), views, is_for_owners=False))
