"""Configuration of the invoices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Register what others show of invoices and the provider, and the text of emails."""
        from accounts.mail_texts import kinds
        from foundation.web import brand, tabs
        from invoices.beside_charges import beside_charges
        from invoices.differences.affected import IssuedInvoices
        from invoices.history import OF_ORGANIZATION, TERMS_OF_ORGANIZATION
        from invoices.issuing.missing import missing_for
        from invoices.provider.parties import (
            country_of_provider,
            provider_brand,
            suspended_are_charged,
        )
        from invoices.sending.texts import INVOICE
        from invoices.uninvoiced.fact import uninvoiced_for
        from organizations import header, history
        from organizations.agreement import provider_default
        from organizations.billing import provider_country
        from tariffs import affected_invoices
        from usage.statements import additions

        brand.register(provider_brand)
        kinds.register(INVOICE)
        provider_country.register(country_of_provider)
        provider_default.register(suspended_are_charged)
        affected_invoices.register(IssuedInvoices())
        additions.register(beside_charges)
        header.register("invoices/uninvoiced/_fact.html", uninvoiced_for)
        header.register("invoices/_missing_fact.html", missing_for)
        history.add_part(OF_ORGANIZATION)
        history.add_part(TERMS_OF_ORGANIZATION)
        views = ("invoices:of_organization",)
        tabs.register(tabs.Tab(40, _("Invoices"), views, is_for_readers=False))
