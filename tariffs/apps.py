"""The app of tariff plans and their prices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TariffsConfig(AppConfig):
    """Its name in Django admin."""

    name = "tariffs"
    verbose_name = _("Tariff plans")
