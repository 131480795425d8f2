"""The app of invoices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """Its name in Django admin."""

    name = "invoices"
    verbose_name = _("Invoices")
