"""Configuration of the app of direct debits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DebitsConfig(AppConfig):
    """The app of direct debits."""

    name = "debits"
    verbose_name = _("Direct debit")

    def ready(self) -> None:
        """Mark mandates whose collections are taken back; register what other pages show."""
        from debits.returns import payment_reversed
        from debits.shown import needing_attention, pending_of
        from foundation.web import attention, tabs
        from invoices.issuing import cautions
        from payments.followers import REVERSED

        REVERSED.register(payment_reversed)
        attention.register(needing_attention)
        cautions.register(pending_of)
        views = ("debits:mandates", "debits:add_mandate")
        tabs.register(tabs.Tab(55, _("Direct debit"), views, is_for_owners=False))
