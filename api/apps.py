"""Configuration of the app of the HTTP API."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The app of the HTTP API."""

    name = "api"
    verbose_name = _("API")
