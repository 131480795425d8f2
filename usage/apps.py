"""Configure the app for cameras and their usage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    """Give the app its name in Django admin."""

    name = "usage"
    verbose_name = _("Usage")
