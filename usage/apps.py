"""The app of cameras and their use."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    """Its name in Django admin."""

    name = "usage"
    verbose_name = _("Usage")
