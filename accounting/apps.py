"""Configuration of the accounting app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    """The accounting app."""

    name = "accounting"
    verbose_name = _("Accounting")
