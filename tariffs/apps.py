"""The app for tariff plans and their prices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TariffsConfig(AppConfig):
    """The configuration, with the app's name in Django admin."""

    name = "tariffs"
    verbose_name = _("Tariff plans")
