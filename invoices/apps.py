"""Configuration of the invoices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Register warnings, what pages show of invoices, the provider's brand, and mail texts."""
        from accounts.mail_texts import kinds
        from foundation.web import brand
        from invoices.beside_charges import beside_charges
        from invoices.differences.affected import IssuedInvoices
        from invoices.provider.parties import provider_brand
        from invoices.sending.texts import INVOICE
        from tariffs import affected_invoices
        from usage.statements import additions

        brand.register(provider_brand)
        kinds.register(INVOICE)
        affected_invoices.register(IssuedInvoices())
        additions.register(beside_charges)
